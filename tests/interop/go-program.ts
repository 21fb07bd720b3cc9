import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { ToolUnavailable } from "./needed-tool";

const run = promisify(execFile);
const CACHE = resolve(__dirname, "../../node_modules/.cache");
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
    const hash = createHash("sha256").update(version);
    for (const name of (await readdir(source)).sort()) {
        hash.update(await readFile(join(source, name)));
    }
    const program = join(CACHE, `go-${hash.digest("hex").slice(0, 16)}`);
    if (!existsSync(program)) {
        // Made aside and moved in one step, so that a program that is there is complete.
        const draft = `${program}.${process.pid}`;
        try {
            await mkdir(CACHE, { recursive: true });
            // The toolchain that is there, and exactly the modules of go.sum.
            const env = { ...process.env, GOTOOLCHAIN: "local", GOFLAGS: "-mod=readonly", GOWORK: "off" };
            await run("go", ["build", "-o", draft, "."], { cwd: source, env, timeout: 6 * MINUTE });
            await rename(draft, program);
        } catch (error) {
            await rm(draft, { force: true });
            throw new ToolUnavailable(`the Go program cannot be compiled: ${(error as Error).message}`);
        }
    }
    return program;
}

/** Runs the program and reads the one line of JSON that it prints. @throws Error with its error output */
export async function runGo(program: string, args: readonly string[]): Promise<unknown> {
    const { stdout } = await run(program, [...args], { timeout: MINUTE });
    return JSON.parse(stdout);
}
