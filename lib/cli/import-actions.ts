import { readJson } from "../documents";
import { type ImportFile, importFileShape, isUrn } from "../engine";
import { UserError } from "../errors";
import { type CommandIo, fileIn } from "./command-io";
import { CommandRefused } from "./command-line";
import { exitStatus } from "./exit-status";
import { type OperationFlags, runOperation } from "./operation-actions";
import { expectWritable, writeOutput } from "./output-file";

export interface ImportFlags extends OperationFlags {
    readonly file?: string;
    readonly out?: string;
    readonly generateCode?: boolean;
    readonly protect?: boolean;
    readonly parent?: string;
    readonly provider?: string;
    readonly properties?: readonly string[];
}

/**
 * Runs `import`: one resource by its type, name and id, or those of a file.
 * @returns the exit status
 */
export async function runImport(
    io: CommandIo,
    type: string | undefined,
    name: string | undefined,
    id: string | undefined,
    flags: ImportFlags,
): Promise<number> {
    const { generateCode, out, protect = true } = flags;
    const file = flags.file === undefined ? inlineFile(type, name, id, flags) : importFileOf(io, flags.file, type);
    if (generateCode === false && out !== undefined)
        io.stderr.write("Output file will not be used as --generate-code is false.\n");
    else expectWritable(io, { "--out": out });
    const importing = { file, protect, generateCode };
    return await runOperation(io, "import", { ...flags, importing }, (program) => {
        if (out !== undefined) writeOutput(io, out, program, "the program");
        else if (!flags.json) io.stdout.write(`\n${copyHint}${protect ? protectHint : ""}${program}`);
    });
}

const copyHint = `Please copy the following code into your Pulumi application. Not doing so
will cause Pulumi to report that an update will happen on the next update command.

`;

const protectHint = `Please note that the imported resources are marked as protected. To destroy them
you will need to remove the \`protect\` option and run \`pulumi update\` *before*
the destroy will take effect.

`;

/** @throws CommandRefused when the command does not name one resource, UserError `invalid-import-file` */
function inlineFile(
    type: string | undefined,
    name: string | undefined,
    id: string | undefined,
    flags: ImportFlags,
): ImportFile {
    if (type === undefined || name === undefined || id === undefined) {
        const missing = type === undefined ? "type, name, and id" : name === undefined ? "name and id" : "id";
        const what = "an inline resource must be specified if no import file is used, missing";
        throw new CommandRefused(`${what} ${missing}`, exitStatus.badInvocation);
    }
    const parent = namedUrn("parent", flags.parent);
    const provider = namedUrn("provider", flags.provider);
    if (parent !== undefined && parent[0] === provider?.[0])
        throw refused(`provider and parent must have distinct names, both were '${parent[0]}'`);
    const resource = {
        type,
        name,
        id,
        ...(parent && { parent: parent[0] }),
        ...(provider && { provider: provider[0] }),
        ...(flags.properties && { properties: flags.properties }),
    };
    const nameTable = Object.fromEntries([parent, provider].filter((entry) => entry !== undefined));
    return { nameTable, resources: [resource] };
}

/** The value of `--parent` or `--provider`: a URN, and what the printed program calls it. @throws UserError */
function namedUrn(flag: string, spec: string | undefined): readonly [name: string, urn: string] | undefined {
    if (spec === undefined) return undefined;
    const [, name = flag, urn = spec] = /^([^=:]+)=(.+)$/.exec(spec) ?? [];
    if (!isUrn(urn)) throw refused(`--${flag} must be of the form name=URN`);
    return [name, urn];
}

/** @throws CommandRefused when the command names a resource too, UserError `invalid-import-file` */
function importFileOf(io: CommandIo, file: string, type: string | undefined): ImportFile {
    if (type !== undefined)
        throw new CommandRefused(
            "an inline resource may not be specified in conjunction with an import file",
            exitStatus.badInvocation,
        );
    const source = { kind: "invalid-import-file", title: "The import file", file: fileIn(io, file) } as const;
    return readJson(importFileShape, source);
}

const refused = (what: string): UserError => new UserError("invalid-import-file", what);
