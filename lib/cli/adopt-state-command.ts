import type { Command } from "commander";
import { DocumentShape, parseJson, readDocument } from "../documents";
import { UserError } from "../errors";
import {
    type Adoption,
    adoptPulumiState,
    adoptTerraformState,
    isTerraformState,
    programText,
    type StateFile,
} from "../migration";
import { counted, shellCommand, valueText, visible } from "../text";
import { type CommandIo, fileIn } from "./command-io";
import type { Invocation } from "./command-line";
import { expectWritable, writeOutput } from "./output-file";

interface AdoptStateFlags {
    readonly into?: string;
    readonly output: string;
    readonly program?: string;
    readonly plugin?: boolean;
    readonly json?: boolean;
}

/** Adds `adopt-state` to the program: reads another tool's state, writes a stack's state to import. Makes no request. */
export function registerAdoptStateCommand(program: Command, { action }: Invocation): void {
    program
        .command("adopt-state")
        .description("convert a state of @pulumi/alicloud or Terraform into one of BucketEncryption, without a request")
        .argument("<state>", "output of `pulumi stack export` or `terraform state pull`")
        .requiredOption("--output <file>", "write the state to import with `pulumi stack import --file`")
        .option(
            "--into <file>",
            "for a Terraform state: output of `pulumi stack export` of the stack that gets the rules",
        )
        .option("--program <file>", "also write TypeScript that declares the rules")
        .option(
            "--plugin",
            "with --program: declare resources of the provider plugin, which replace the adopted dynamic ones",
        )
        .option("--json", "print what was adopted as JSON")
        .addHelpText(
            "after",
            [
                "",
                "Examples:",
                "  $ pulumi stack export --file before.json",
                "  $ bucket-encryption adopt-state before.json --output after.json",
                "  $ pulumi stack import --file after.json",
                "",
                "  $ terraform state pull > terraform.json",
                "  $ bucket-encryption adopt-state terraform.json --into before.json --output after.json --program index.ts",
            ].join("\n"),
        )
        .action(action(adoptState));
}

function adoptState(io: CommandIo, stateFile: string, flags: AdoptStateFlags): void {
    if (flags.plugin && flags.program === undefined) throw new UserError("invalid-command", "--plugin needs --program");
    expectWritable(io, { "--output": flags.output, "--program": flags.program });
    const adoption = adoptionOf(io, stateFile, flags);
    const rules = counted(adoption.rules.length, "rule");
    const state = `${JSON.stringify(adoption.state, undefined, 4)}\n`;
    writeOutput(io, flags.output, state, `a state with ${rules}`, { secret: true });
    if (flags.program !== undefined)
        writeOutput(io, flags.program, programText(adoption.rules, flags.plugin), `a program with ${rules}`);
    io.stdout.write(flags.json ? `${JSON.stringify(report(adoption))}\n` : summary(adoption, stateFile, flags));
}

function adoptionOf(io: CommandIo, stateFile: string, { into }: AdoptStateFlags): Adoption {
    const state = readState(io, stateFile);
    if (!isTerraformState(state.document)) return adoptPulumiState(state);
    if (into === undefined) {
        const what = "A Terraform state needs a stack that gets its rules";
        const cure = "Pass the output of that stack's `pulumi stack export` with --into.";
        throw new UserError("invalid-state-file", what, { file: stateFile }, { cure });
    }
    return adoptTerraformState(state, readState(io, into));
}

const anyShape = new DocumentShape<unknown>({});

function readState(io: CommandIo, file: string): StateFile {
    const source = { kind: "invalid-state-file", title: "The state", file: fileIn(io, file) } as const;
    const text = readDocument(source);
    return { document: parseJson(text, anyShape, source), file, text };
}

function report({ rules, warnings }: Adoption): object {
    const shown = rules.map(({ source, name, properties }) => ({
        source,
        name,
        bucket: properties.bucket,
        sseAlgorithm: typeof properties.sseAlgorithm === "string" ? properties.sseAlgorithm : "[secret]",
    }));
    return { rules: shown, warnings };
}

function summary({ rules, warnings }: Adoption, stateFile: string, { into, output }: AdoptStateFlags): string {
    const importing = `\`${shellCommand(["pulumi", "stack", "import", "--file", output])}\``;
    const next =
        into === undefined
            ? [`Change the class in the program, run ${importing}, and check that \`pulumi preview\` shows no change.`]
            : [
                  `Run ${importing}, declare the rules, and check that \`pulumi preview\` shows no change.`,
                  "Then remove them from Terraform's state, which changes no bucket:",
                  ...rules.map(({ source }) => `  ${shellCommand(["terraform", "state", "rm", source])}`),
              ];
    return [
        `${counted(rules.length, "rule")} of ${visible(stateFile)} adopted:`,
        ...rules.map(({ name, properties }) => `  ${visible(name)}: bucket ${visible(valueText(properties.bucket))}`),
        ...warnings.map((warning) => `warning: ${visible(warning)}`),
        ...next,
        "",
    ].join("\n");
}
