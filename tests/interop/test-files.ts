import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { finished } from "../finished";
import { packageRoot } from "../stacks/test-project";

const endToEnd = path.join(packageRoot, "tests", "end-to-end");

/** The files whose stacks take the engine from TEST_ENGINE and the kind of resource from RESOURCE_KIND. */
export function endToEndFiles(): string[] {
    return readdirSync(endToEnd)
        .filter((name) => name.endsWith(".test.ts"))
        .map((name) => path.join(endToEnd, name))
        .filter((file) => readFileSync(file, "utf8").includes("new BucketStack("));
}

/** Runs test files in one process of mocha, with patience for commands that take seconds. */
export async function runTestFiles(
    files: readonly string[],
    variables: NodeJS.ProcessEnv,
): Promise<{ readonly status: number | null; readonly output: string }> {
    const mocha = path.join(packageRoot, "node_modules", "mocha", "bin", "mocha.js");
    const child = spawn(process.execPath, [mocha, "--no-parallel", "--timeout", "300000", ...files], {
        cwd: packageRoot,
        env: { ...process.env, ...variables },
        stdio: ["ignore", "pipe", "pipe"],
    });
    return await finished(child);
}
