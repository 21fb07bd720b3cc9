import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { keptInCache } from "./kept-in-cache";
import { ToolUnavailable } from "./needed-tool";

const run = promisify(execFile);
const MINUTE = 60_000;

/**
 * The program of a folder, compiled. Made once and kept in node_modules/.cache.
 * @throws ToolUnavailable
 */
export async function goProgram(source: string): Promise<string> {
    const version = await run("go", ["env", "GOVERSION"]).then(
        ({ stdout }) => stdout.trim(),
        () => {
            throw new ToolUnavailable("go is not on the PATH");
        },
    );
    const files = (await readdir(source)).sort().map((name) => join(source, name));
    const contents = await Promise.all(files.map((file) => readFile(file)));
    const folder = await keptInCache("go", [version, ...contents], (draft) => {
        // The toolchain that is there, and exactly the modules of go.sum.
        const env = { ...process.env, GOTOOLCHAIN: "local", GOFLAGS: "-mod=readonly", GOWORK: "off" };
        return run("go", ["build", "-o", join(draft, "program"), "."], { cwd: source, env, timeout: 6 * MINUTE });
    });
    return join(folder, "program");
}

/** Runs the program and reads the one line of JSON that it prints. @throws Error with its error output */
export async function runGo(program: string, args: readonly string[]): Promise<unknown> {
    const { stdout } = await run(program, [...args], { timeout: MINUTE });
    return JSON.parse(stdout);
}
