import { accessSync, constants, existsSync, readdirSync, readFileSync } from "node:fs";
import { delimiter, dirname, isAbsolute, join, resolve } from "node:path";
import { DocumentShape, readYaml } from "../../documents";
import { UserError } from "../../errors";
import { isFile, isFolder } from "../../files";
import type { DeclaredPlugin } from "../project/project-plugins";
import { pulumiHome } from "../state/current-stack";
import { comparedVersions, isPrerelease } from "./plugin-version";

/** Where a provider plugin is, and what starts it: an executable, or a script of Node, or both. */
export interface PluginLocation {
    readonly folder: string;
    readonly executable: string | undefined;
    readonly script: string | undefined;
    /** Whether it was found on the PATH, where its version is not known. */
    readonly isAmbient: boolean;
}

/** The part of a `PulumiPlugin.yaml` that this engine uses. */
const pluginFile = new DocumentShape<{ readonly runtime?: string | { readonly name?: string } }>({ type: "object" });

const fileName = (name: string): string => `pulumi-resource-${name}`;
const extensions = process.platform === "win32" ? [".exe", ".cmd"] : [""];

/**
 * Finds a provider plugin as the CLI does (sdk/go/common/workspace/plugins.go, getPluginInfoAndPath): first what the project
 * declares, then the PATH, then the plugins that are installed for this user.
 * @param version a semantic version, or empty for the newest
 * @throws UserError `plugin-not-found`
 */
export function locatePlugin(
    name: string,
    version: string,
    declared: readonly DeclaredPlugin[],
    environment: NodeJS.ProcessEnv,
): PluginLocation {
    const own = declared.find((plugin) => plugin.name === name && fits(plugin.version, version));
    if (own !== undefined) return inFolder(name, own.path, false);
    const ignoresPath = /^(1|true)$/i.test(environment.PULUMI_IGNORE_AMBIENT_PLUGINS ?? "");
    const ambient = ignoresPath ? undefined : onPath(name, environment.PATH ?? "");
    const found = ambient ?? installed(name, version, join(pulumiHome(environment), "plugins"));
    if (found !== undefined) return found;
    const at = version === "" ? "" : ` at version v${version}`;
    const orPath = ignoresPath ? "" : " or on the PATH";
    throw new UserError(
        "plugin-not-found",
        `The plugin ${fileName(name)} was not found in the workspace${at}${orPath}`,
    );
}

const fits = (own: string | undefined, wanted: string): boolean =>
    own === undefined || wanted === "" || comparedVersions(own, wanted) === 0;

/** @param path a folder, or the executable itself. @throws UserError `plugin-not-found` when there is nothing to start */
function inFolder(name: string, path: string, isAmbient: boolean): PluginLocation {
    if (isFile(path)) return { folder: dirname(path), executable: path, script: undefined, isAmbient };
    const executable = executableIn(path, name);
    const script = scriptIn(path);
    if (executable !== undefined || script !== undefined) return { folder: path, executable, script, isAmbient };
    throw new UserError(
        "plugin-not-found",
        `The folder ${path} has no executable file ${fileName(name)}, and no PulumiPlugin.yaml of a plugin for Node that is compiled to JavaScript`,
    );
}

function onPath(name: string, path: string): PluginLocation | undefined {
    for (const folder of path.split(delimiter).filter(isAbsolute)) {
        const executable = executableIn(folder, name);
        if (executable !== undefined) return { folder, executable, script: undefined, isAmbient: true };
    }
    return undefined;
}

/**
 * The installed plugin of exactly this version, or else one without a version; a prerelease only by its exact version
 * (SelectCompatiblePlugin). Without a version the newest one, releases before prereleases (LegacySelectCompatiblePlugin).
 */
function installed(name: string, version: string, plugins: string): PluginLocation | undefined {
    if (!existsSync(plugins)) return undefined;
    const prefix = `resource-${name}`;
    const versions = readdirSync(plugins).flatMap((entry) => {
        const found =
            entry === prefix ? "" : entry.startsWith(`${prefix}-v`) ? entry.slice(prefix.length + 2) : undefined;
        const isWhole = !existsSync(join(plugins, `${entry}.partial`)) && isFolder(join(plugins, entry));
        return found !== undefined && isWhole && /^(\d|$)/.test(found) ? [found] : [];
    });
    const newestFirst = versions.sort(
        (one, other) => Number(isPrerelease(one)) - Number(isPrerelease(other)) || comparedVersions(other, one),
    );
    const match =
        version === ""
            ? newestFirst[0]
            : (newestFirst.find((found) => found !== "" && comparedVersions(found, version) === 0) ??
              newestFirst.find((found) => found === "" && !isPrerelease(version)));
    if (match === undefined) return undefined;
    return inFolder(name, join(plugins, match === "" ? prefix : `${prefix}-v${match}`), false);
}

function executableIn(folder: string, name: string): string | undefined {
    return extensions
        .map((extension) => resolve(folder, `${fileName(name)}${extension}`))
        .find((file) => isFile(file) && isExecutable(file));
}

/** The main module of a plugin that the CLI would run with Node, if it is JavaScript. */
function scriptIn(folder: string): string | undefined {
    try {
        const file = join(folder, "PulumiPlugin.yaml");
        const { runtime } = readYaml(pluginFile, { kind: "plugin-not-found", title: "The plugin's file", file });
        if ((typeof runtime === "string" ? runtime : runtime?.name) !== "nodejs") return undefined;
        const { main = "index.js" } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
            main?: string;
        };
        const script = resolve(folder, main);
        return /\.c?js$/.test(script) && isFile(script) ? script : undefined;
    } catch {
        return undefined;
    }
}

function isExecutable(file: string): boolean {
    try {
        accessSync(file, constants.X_OK);
        return true;
    } catch {
        return false;
    }
}
