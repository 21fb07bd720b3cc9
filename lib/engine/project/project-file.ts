import { existsSync, readFileSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { parse } from "yaml";
import { UserError } from "../../errors";

/** What a `Pulumi.yaml` says, as far as this engine follows it. */
export interface Project {
    readonly name: string;
    /** Absolute path of the file itself. */
    readonly file: string;
    /** The folder of `Pulumi.yaml`. */
    readonly root: string;
    /** Where program and provider host run: `main`, if it names a folder or a file in one, else the root. */
    readonly programFolder: string;
    /** What the launcher is told to run: a file's base name, or `.`. */
    readonly entry: string;
    readonly runtime: NodeRuntimeOptions;
    /** `options.refresh: always`. */
    readonly refreshAlways: boolean;
    readonly backendUrl: string | undefined;
    /** Where `Pulumi.<stack>.yaml` files are. */
    readonly stackSettingsFolder: string;
    /** Project-wide configuration: key with namespace → value or default. */
    readonly config: ReadonlyMap<string, unknown>;
}

/** `runtime.options`; the provider host gets all of them as `PULUMI_RUNTIME_<NAME>`. */
export interface NodeRuntimeOptions {
    readonly typescript: boolean;
    readonly tsconfig: string | undefined;
    readonly nodeargs: string | undefined;
    readonly all: ReadonlyMap<string, string>;
}

const fileNames = ["Pulumi.yaml", "Pulumi.yml", "Pulumi.json"];
const namePattern = /^[A-Za-z0-9_.-]{1,100}$/;

/**
 * Finds and reads the project that a folder belongs to.
 * @throws UserError `project-not-found`, `invalid-project`, `not-supported-by-embedded-engine` (another runtime)
 */
export function loadProject(folder: string): Project {
    const file = findProjectFile(realFolder(folder));
    const root = dirname(file);
    let yaml: unknown;
    try {
        yaml = parse(readFileSync(file, "utf8"));
    } catch (cause) {
        throw new UserError(
            "invalid-project",
            `The project file is not YAML: ${(cause as Error).message.split("\n")[0]}`,
            { file },
            { cause },
        );
    }
    const fields = asMap(yaml, "the file", file);
    const name = fields.name;
    if (typeof name !== "string" || !namePattern.test(name)) {
        throw new UserError(
            "invalid-project",
            `"name" must be 1 to 100 letters, digits, "_", "." or "-", found ${JSON.stringify(name)}`,
            { file },
        );
    }
    const { plugins, packages } = fields;
    if (plugins !== undefined) notSupported('"plugins" in Pulumi.yaml', file);
    if (packages !== undefined) notSupported('"packages" in Pulumi.yaml', file);
    const options = asMap(fields.options ?? {}, '"options"', file);
    return {
        name,
        file,
        root,
        ...programPlace(fields.main, root, file),
        runtime: nodeRuntime(fields.runtime, file),
        refreshAlways: options.refresh === "always",
        backendUrl: text(asMap(fields.backend ?? {}, '"backend"', file).url, '"backend.url"', file),
        stackSettingsFolder: resolve(
            root,
            text(fields.stackConfigDir, '"stackConfigDir"', file) ??
                (typeof fields.config === "string" ? fields.config : "."),
        ),
        config: projectConfig(fields.config, name, file),
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
        throw new UserError("project-not-found", `There is no folder ${folder}`, {}, { cause });
    }
}

function programPlace(main: unknown, root: string, file: string): Pick<Project, "programFolder" | "entry"> {
    const path = text(main, '"main"', file);
    if (path === undefined || path === "") return { programFolder: root, entry: "." };
    const target = resolve(root, path);
    const isFolder = existsSync(target) && statSync(target).isDirectory();
    return isFolder
        ? { programFolder: target, entry: "." }
        : { programFolder: dirname(target), entry: basename(target) };
}

function nodeRuntime(runtime: unknown, file: string): NodeRuntimeOptions {
    const { name, options = {} } = typeof runtime === "string" ? { name: runtime } : asMap(runtime, '"runtime"', file);
    if (name !== "nodejs") notSupported(`The runtime ${JSON.stringify(name)} in Pulumi.yaml`, file);
    const fields = asMap(options, '"runtime.options"', file);
    const { typescript = true, tsconfig, nodeargs } = fields;
    if (typeof typescript !== "boolean") {
        throw new UserError(
            "invalid-project",
            `"runtime.options.typescript" must be true or false, found ${JSON.stringify(typescript)}`,
            { file },
        );
    }
    return {
        typescript,
        tsconfig: text(tsconfig, '"runtime.options.tsconfig"', file),
        nodeargs: text(nodeargs, '"runtime.options.nodeargs"', file),
        all: new Map(Object.entries(fields).map(([key, value]) => [key, String(value)])),
    };
}

function projectConfig(config: unknown, project: string, file: string): ReadonlyMap<string, unknown> {
    const result = new Map<string, unknown>();
    if (config === undefined || config === null || typeof config === "string") return result;
    for (const [key, declared] of Object.entries(asMap(config, '"config"', file))) {
        const isDeclaration = typeof declared === "object" && declared !== null && !Array.isArray(declared);
        const { value = undefined, default: standard = undefined } = isDeclaration
            ? (declared as Record<string, unknown>)
            : { value: declared };
        const found = value ?? standard;
        if (found !== undefined) result.set(key.includes(":") ? key : `${project}:${key}`, found);
    }
    return result;
}

function asMap(value: unknown, what: string, file: string): Record<string, unknown> {
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
    throw new UserError("invalid-project", `Expected a map as ${what}, found ${JSON.stringify(value) ?? "nothing"}`, {
        file,
    });
}

function text(value: unknown, what: string, file: string): string | undefined {
    if (value === undefined || value === null) return undefined;
    if (typeof value === "string") return value;
    throw new UserError("invalid-project", `Expected text as ${what}, found ${JSON.stringify(value)}`, { file });
}

function notSupported(what: string, file: string): never {
    throw new UserError("not-supported-by-embedded-engine", `${what} is not supported by pulumi-embedded`, { file });
}
