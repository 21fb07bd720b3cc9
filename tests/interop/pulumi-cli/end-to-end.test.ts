import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { needPulumi } from "./real-cli";

const root = path.join(__dirname, "..", "..", "..");
const endToEnd = path.join(root, "tests", "end-to-end");

// The files whose stacks take the engine from TEST_ENGINE, and the documentation's shell blocks and the examples' pipelines, in which `pulumi` is then the
// real one.
const files = [
    ...readdirSync(endToEnd)
        .filter((name) => name.endsWith(".test.ts"))
        .map((name) => path.join(endToEnd, name))
        .filter((file) => readFileSync(file, "utf8").includes("BucketStack")),
    path.join(root, "tests", "documentation", "shell-blocks.test.ts"),
    path.join(root, "tests", "interop", "pipelines", "pipelines.test.ts"),
];

describe("the pulumi CLI on the PATH", function () {
    this.timeout(1_800_000);
    this.retries(0);

    before(function () {
        needPulumi(this);
    });

    for (const file of files) {
        it(`passes ${path.relative(root, file)}`, () => {
            // A command of the CLI takes seconds.
            const args = ["--no-parallel", "--timeout", "300000", "--reporter", "dot", file];
            const { status, stdout, stderr } = spawnSync(
                process.execPath,
                [path.join(root, "node_modules", "mocha", "bin", "mocha.js"), ...args],
                { cwd: root, encoding: "utf8", env: { ...process.env, TEST_ENGINE: "pulumi" } },
            );
            expect(status, `${stdout}${stderr}`).to.equal(0);
            expect(stdout).to.match(/[1-9]\d* passed, 0 failed/);
        });
    }
});
