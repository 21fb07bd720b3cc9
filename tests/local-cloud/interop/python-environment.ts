import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const REQUIREMENTS = join(__dirname, "requirements.txt");
const CACHE = resolve(__dirname, "../../../node_modules/.cache");
const MINUTE = 60_000;

/** Why the Python clients can't be run here. */
export class PythonUnavailable extends Error {}

/**
 * The interpreter of an environment that has the packages of requirements.txt. Made once and kept in node_modules/.cache.
 * @throws PythonUnavailable
 */
export async function pythonWithSdks(): Promise<string> {
    const version = await run("python3", ["--version"]).then(
        ({ stdout }) => stdout.trim(),
        () => {
            throw new PythonUnavailable("python3 is not on the PATH");
        },
    );
    const name = createHash("sha256")
        .update(version)
        .update(await readFile(REQUIREMENTS))
        .digest("hex")
        .slice(0, 16);
    const folder = join(CACHE, `local-cloud-interop-${name}`);
    if (!existsSync(folder)) {
        // Made aside and moved in one step, so that an environment that is there is complete.
        const draft = `${folder}.${process.pid}`;
        try {
            await mkdir(CACHE, { recursive: true });
            await run("python3", ["-m", "venv", draft], { timeout: 2 * MINUTE });
            const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", REQUIREMENTS];
            await run(join(draft, "bin", "python"), pip, { timeout: 8 * MINUTE });
            await rename(draft, folder);
        } catch (error) {
            await rm(draft, { recursive: true, force: true });
            if (!existsSync(folder)) {
                throw new PythonUnavailable(`the Python SDKs can't be installed: ${(error as Error).message}`);
            }
        }
    }
    return join(folder, "bin", "python");
}

/** Runs a script of this folder and reads the one line of JSON that it prints. @throws Error with its error output */
export async function runScript(python: string, script: string, args: readonly string[]): Promise<unknown> {
    const { stdout } = await run(python, [join(__dirname, script), ...args], { timeout: MINUTE });
    return JSON.parse(stdout);
}
