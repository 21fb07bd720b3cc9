import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { keptInCache } from "./kept-in-cache";
import { ToolUnavailable } from "./needed-tool";

const run = promisify(execFile);
const MINUTE = 60_000;

/**
 * The interpreter of an environment that has the packages of a requirements file. Made once and kept in node_modules/.cache.
 * @throws ToolUnavailable
 */
export async function pythonWith(requirements: string): Promise<string> {
    const version = await run("python3", ["--version"]).then(
        ({ stdout }) => stdout.trim(),
        () => {
            throw new ToolUnavailable("python3 is not on the PATH");
        },
    );
    const folder = await keptInCache("python", [version, await readFile(requirements)], async (draft) => {
        await run("python3", ["-m", "venv", draft], { timeout: 2 * MINUTE });
        const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements];
        await run(join(draft, "bin", "python"), pip, { timeout: 8 * MINUTE });
    });
    return join(folder, "bin", "python");
}

/** Runs a script and reads the one line of JSON that it prints. @throws Error with its error output */
export async function runScript(
    python: string,
    script: string,
    args: readonly string[],
    environment: NodeJS.ProcessEnv = {},
): Promise<unknown> {
    const { stdout } = await run(python, [script, ...args], {
        timeout: MINUTE,
        env: { ...process.env, ...environment },
    });
    return JSON.parse(stdout);
}
