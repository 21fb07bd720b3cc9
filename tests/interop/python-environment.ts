import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { ToolUnavailable } from "./needed-tool";

const run = promisify(execFile);
const CACHE = resolve(__dirname, "../../node_modules/.cache");
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
    const name = createHash("sha256")
        .update(version)
        .update(await readFile(requirements))
        .digest("hex")
        .slice(0, 16);
    const folder = join(CACHE, `python-${name}`);
    await mkdir(CACHE, { recursive: true });
    const release = await taken(`${folder}.lock`, folder);
    try {
        if (!existsSync(folder)) await install(requirements, folder);
    } finally {
        await release();
    }
    return join(folder, "bin", "python");
}

async function install(requirements: string, folder: string): Promise<void> {
    // Made aside and moved in one step, so that an environment that is there is complete.
    const draft = `${folder}.${process.pid}`;
    try {
        await run("python3", ["-m", "venv", draft], { timeout: 2 * MINUTE });
        const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements];
        await run(join(draft, "bin", "python"), pip, { timeout: 8 * MINUTE });
        await rename(draft, folder);
    } catch (error) {
        await rm(draft, { recursive: true, force: true });
        if (!existsSync(folder)) {
            throw new ToolUnavailable(`the Python packages cannot be installed: ${(error as Error).message}`);
        }
    }
}

/** Test files run side by side, and one installation serves all. A lock whose process is gone is nobody's. */
async function taken(lock: string, wanted: string): Promise<() => Promise<void>> {
    for (let waited = 0; waited < 9 * MINUTE && !existsSync(wanted); waited += 500) {
        try {
            await writeFile(lock, String(process.pid), { flag: "wx" });
            return () => rm(lock, { force: true });
        } catch {
            const owner = Number(await readFile(lock, "utf8").catch(() => "0"));
            if (owner > 0 && !isAlive(owner)) await rm(lock, { force: true });
            else await delay(500);
        }
    }
    return async () => {};
}

function isAlive(processId: number): boolean {
    try {
        return process.kill(processId, 0);
    } catch {
        return false;
    }
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
