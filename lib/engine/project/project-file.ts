import { existsSync, realpathSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { checkedValue, DocumentShape, readYaml } from "../../documents";
import { UserError } from "../../errors";
import { isFolder } from "../../files";
import { nameFault } from "../state/stack-reference";
import { type ConfigDeclaration, configDeclarationFaults, configDeclarations } from "./project-config";
import { type DeclaredPlugin, declaredPlugins } from "./project-plugins";
import { projectShape, type WrittenProject } from "./project-shape";

/** The parts of a `Pulumi.yaml` that this engine uses. */
export interface Project {
    readonly name: string;
    /** Absolute path of the file itself. */
    readonly file: string;
    /** The folder of `Pulumi.yaml`. */
    readonly root: string;
    /** Where program and provider host run: `main`, if it names a folder or a file in one, else the root. */
    readonly programFolder: string;
    /** The launcher's argument: a file's base name, or `.`. */
    readonly entry: string;
    readonly runtime: NodeRuntimeOptions;
    /** `options.refresh: always`. */
    readonly refreshAlways: boolean;
    readonly backendUrl: string | undefined;
    /** Where `Pulumi.<stack>.yaml` files are. */
    readonly stackSettingsFolder: string;
    /** Project-wide configuration. */
    readonly config: readonly ConfigDeclaration[];
    /** The provider plugins that the project names. */
    readonly plugins: readonly DeclaredPlugin[];
}

/** `runtime.options`; the provider host gets all of them as `PULUMI_RUNTIME_<NAME>`. */
export interface NodeRuntimeOptions {
    readonly typescript: boolean;
    readonly tsconfig: string | undefined;
    readonly nodeargs: string | undefined;
    readonly all: ReadonlyMap<string, string>;
}

const fileNames = ["Pulumi.yaml", "Pulumi.yml", "Pulumi.json"];

/**
 * Finds and reads the project that a folder belongs to.
 * @throws UserError `project-not-found`, `invalid-project`, `not-supported-by-embedded-engine` (another runtime)
 */
export function loadProject(folder: string): Project {
    const file = findProjectFile(realFolder(folder));
    const root = dirname(file);
    const source = { kind: "invalid-project", title: "The project file", file } as const;
    const written = readYaml(projectShape, source);
    const { name, config, options, backend } = written;
    const fault = nameFault(name);
    if (fault !== undefined)
        throw new UserError("invalid-project", `"name" in the project file cannot be used: ${fault}`, { file });
    return {
        name,
        file,
        root,
        ...programPlace(written.main ?? "", root),
        runtime: nodeRuntime(written.runtime, file),
        refreshAlways: options?.refresh === "always",
        backendUrl: backend?.url,
        stackSettingsFolder: settingsFolder(written, root, file),
        config: typeof config === "object" && config !== null ? declaredConfig(config, name, file) : [],
        plugins: declaredPlugins(written, root, file),
    };
}

function findProjectFile(start: string): string {
    for (let folder = start; ; folder = dirname(folder)) {
        const found = fileNames.map((name) => join(folder, name)).find((path) => existsSync(path));
        if (found !== undefined) return found;
        if (dirname(folder) === folder) {
            throw new UserError(
                "project-not-found",
                `no Pulumi.yaml project file found (searching upwards from ${start})`,
            );
        }
    }
}

function realFolder(folder: string): string {
    try {
        return realpathSync(folder);
    } catch (cause) {
        throw new UserError(
            "project-not-found",
            `There is no folder ${JSON.stringify(folder)}`,
            {},
            { cause, cure: "Name an existing folder." },
        );
    }
}

function programPlace(main: string, root: string): Pick<Project, "programFolder" | "entry"> {
    if (main === "") return { programFolder: root, entry: "." };
    const target = resolve(root, main);
    return isFolder(target)
        ? { programFolder: target, entry: "." }
        : { programFolder: dirname(target), entry: basename(target) };
}

function settingsFolder({ config, stackConfigDir }: WrittenProject, root: string, file: string): string {
    if (typeof config !== "string") return resolve(root, stackConfigDir ?? ".");
    if (stackConfigDir !== undefined && stackConfigDir !== null) {
        throw new UserError(
            "invalid-project",
            'The project file names the folder of the stacks\' settings twice, as "config" and as "stackConfigDir"',
            { file },
        );
    }
    return resolve(root, config);
}

function nodeRuntime(runtime: WrittenProject["runtime"], file: string): NodeRuntimeOptions {
    const { name, options = {} } = typeof runtime === "object" ? runtime : { name: runtime };
    if (name === undefined) throw new UserError("invalid-project", 'The project file has no "runtime"', { file });
    if (name !== "nodejs") notSupported(`The runtime ${JSON.stringify(name)} in Pulumi.yaml`, file);
    const source = { kind: "invalid-project", title: 'In the project file, "runtime.options"', file } as const;
    const { typescript = true, tsconfig, nodeargs } = checkedValue(options, nodeOptionsShape, source);
    return { typescript, tsconfig: tsconfig ?? undefined, nodeargs: nodeargs ?? undefined, all: textsOf(options) };
}

const nodeOptionsShape = new DocumentShape<{
    readonly typescript?: boolean;
    readonly tsconfig?: string | null;
    readonly nodeargs?: string | null;
}>({
    type: "object",
    properties: {
        typescript: { type: "boolean" },
        tsconfig: { type: ["string", "null"], pattern: "^[^\\u0000]*$" },
        nodeargs: { type: ["string", "null"], pattern: "^[^\\u0000]*$" },
    },
});

/** The host gets each option as text, structured ones as JSON. */
const textsOf = (options: Readonly<Record<string, unknown>>): ReadonlyMap<string, string> =>
    new Map(
        Object.entries(options).map(([key, value]) => [
            key,
            typeof value === "object" ? JSON.stringify(value) : String(value),
        ]),
    );

function declaredConfig(
    config: Readonly<Record<string, unknown>>,
    project: string,
    file: string,
): readonly ConfigDeclaration[] {
    const faults = configDeclarationFaults(config, project);
    if (faults.length === 0) return configDeclarations(config, project);
    throw new UserError("invalid-project", `The project file declares configuration wrongly: ${faults.join("; ")}`, {
        file,
    });
}

function notSupported(what: string, file: string): never {
    throw new UserError("not-supported-by-embedded-engine", `${what} is not supported by pulumi-embedded`, { file });
}
