import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";

const root = path.join(__dirname, "..");
const usage = "Usage: npm test | npm run test:interop | npm run test:long -- [NAME…] [--minutes N] [--seed S]";

/** Folders of tests that are suites of their own. */
const others = ["interop", "long"];

/** The test files of a suite, relative to the package. */
function filesOf(suite: string): string[] {
    const names = readdirSync(__dirname, { recursive: true, encoding: "utf8" }).filter((name) =>
        name.endsWith(".test.ts"),
    );
    const suiteOf = (name: string): string => others.find((other) => name.startsWith(`${other}${path.sep}`)) ?? "test";
    return names.filter((name) => suiteOf(name) === suite).map((name) => path.join("tests", name));
}

const bin = (name: string): string => path.join(root, "node_modules", ".bin", name);

function start(command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): ChildProcess {
    return spawn(command, args, { cwd: root, env, stdio: "inherit" });
}

async function statusOf(child: ChildProcess): Promise<number> {
    const [status] = (await once(child, "close")) as [number | null];
    return status ?? 1;
}

/** The soak plays for the whole time, in a worker of its own. All other files of its suite share the rest. */
const isWholeTime = (file: string): boolean => file === path.join("tests", "long", "soak.test.ts");

/** What each file of the long suite may take: each worker plays one file after the other. */
function secondsOfEach(files: readonly string[], jobs: number, minutes: number): number {
    const others = files.filter((file) => !isWholeTime(file)).length;
    const workers = Math.max(1, jobs - (files.length - others));
    return Math.ceil((minutes * 60) / Math.max(1, Math.ceil(others / workers)));
}

/** The slowest files first, as `bench/test-time.ts` measured them, so that no core waits for a last long one. */
function inOrder(files: readonly string[]): string[] {
    const slowest: string[] = JSON.parse(readFileSync(path.join(__dirname, "slowest-files.json"), "utf8"));
    const rank = (file: string): number =>
        isWholeTime(file) ? -1 : slowest.includes(file) ? slowest.indexOf(file) : slowest.length;
    return [...files].sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
}

async function main(): Promise<number> {
    const { values, positionals } = parseArgs({
        allowPositionals: true,
        options: { minutes: { type: "string" }, seed: { type: "string" } },
    });
    const [name = "test", ...wanted] = positionals;
    const minutes = Number(values.minutes ?? 10);
    const seed = Number(values.seed ?? process.env.TEST_SEED ?? Date.now() % 1_000_000_000);
    if (!["test", ...others].includes(name) || !(minutes > 0) || !Number.isSafeInteger(seed)) {
        console.error(usage);
        return 2;
    }
    const files = inOrder(filesOf(name)).filter(
        (file) => wanted.length === 0 || wanted.some((text) => file.includes(text)),
    );
    if (files.length === 0) {
        console.error(`No file of the suite has a name with ${wanted.join(" or ")}.\n${usage}`);
        return 2;
    }
    console.log(`Seed ${seed}. TEST_SEED=${seed} repeats what is random in this run.`);
    const built = await statusOf(start("npm", ["run", "--silent", "build"]));
    if (built !== 0) return built;
    // Coverage of processes leads back to lib by source maps, which the package does not have.
    const tsc = ["node_modules/typescript-7/bin/tsc", "-b", "tsconfig.build.json", "--sourceMap"];
    if (process.env.NODE_V8_COVERAGE !== undefined) await statusOf(start(process.execPath, tsc));

    // Two for each core: a test often waits for a process, a server or the disk.
    const jobs = 2 * availableParallelism();
    const env: NodeJS.ProcessEnv = {
        ...process.env,
        TEST_SEED: String(seed),
        TEST_SECONDS: String(secondsOfEach(files, jobs, minutes)),
        TEST_WHOLE_SECONDS: String(Math.ceil(minutes * 60)),
        NODE_COMPILE_CACHE: path.join(root, "node_modules", ".cache", "node-compile-cache"),
    };
    const mocha = start(bin("mocha"), ["--jobs", String(jobs), ...files], env);
    const tests = statusOf(mocha);
    if (name !== "test") return await tests;
    const checks = statusOf(start("npm", ["run", "--silent", "check"]));
    const failedCheck = await Promise.race([checks, tests.then(() => checks)]);
    if (failedCheck !== 0) mocha.kill("SIGINT");
    return failedCheck || (await tests);
}

void main().then((status) => {
    process.exitCode = status;
});
