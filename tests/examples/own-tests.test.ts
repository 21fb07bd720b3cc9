import { spawnSync } from "node:child_process";
import path from "node:path";
import { expect } from "chai";

const root = path.join(__dirname, "..", "..");

describe("the tests that examples have", function () {
    this.timeout(120_000);

    for (const [file, passing] of Object.entries({
        "examples/with-alicloud/stack.test.ts": 1,
        "examples/stack-tests/buckets.test.ts": 3,
    })) {
        it(`pass: ${file}`, () => {
            const mocha = path.join(root, "node_modules", "mocha", "bin", "mocha.js");
            // A process of its own: mocks change Pulumi's runtime for the whole process.
            const args = [mocha, "--no-config", "--require", "tsx/cjs", file];
            const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
            expect(status, stdout + stderr).to.equal(0);
            expect(stdout).to.include(`${passing} passing`);
        });
    }
});
