import { spawnSync } from "node:child_process";
import { mkdirSync, renameSync } from "node:fs";
import path from "node:path";
import { ToolUnavailable } from "./needed-tool";

const root = path.join(__dirname, "..", "..");
export const cache = path.join(root, "node_modules", ".cache");

/** Runs a command to its end. @returns what it printed @throws ToolUnavailable when it fails */
export function installed(command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}): string {
    const { status, stdout, stderr, error } = spawnSync(command, [...args], {
        cwd,
        encoding: "utf8",
        // npm's variables for its scripts would reach other package managers too.
        env: { ...withoutNpmSettings(process.env), ...env },
    });
    if (status === 0) return stdout;
    throw new ToolUnavailable(`"${[command, ...args].join(" ")}" failed: ${error?.message ?? `${stderr}${stdout}`}`);
}

export function withoutNpmSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
    return Object.fromEntries(Object.entries(env).filter(([name]) => !/^npm_(?!config_registry$)/i.test(name)));
}

/**
 * The package as it would be published.
 * @param name of the file: package managers keep what they installed by the path, so each caller packs its own
 * @returns the file, whose name differs for each content
 */
export function packedPackage(folder: string): string {
    mkdirSync(folder, { recursive: true });
    const printed = installed("npm", ["pack", "--ignore-scripts", "--json", "--pack-destination", folder], root);
    const [{ filename, shasum }] = JSON.parse(printed) as [{ filename: string; shasum: string }];
    const file = path.join(folder, `pulumi-bucket-encryption-${shasum}.tgz`);
    renameSync(path.join(folder, filename), file);
    return file;
}
