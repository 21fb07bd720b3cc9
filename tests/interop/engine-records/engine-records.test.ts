import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";

const run = promisify(execFile);

/** The others take minutes more; they are compared when EMBEDDED_RECORDS is `all`. */
const always = ["basic", "reads", "targets"];
const onDemand = [
    "callbacks",
    "delete-before-replace",
    "failures",
    "options",
    "options-further",
    "provider-answers",
    "secrets",
];

describe("the records of the real engine", function () {
    this.timeout(900_000);
    const records = resolve("tests/engine/records");
    const command = `node ${resolve("dist/cli/pulumi-embedded.js")}`;
    let output: string;
    beforeEach(() => {
        output = mkdtempSync(join(tmpdir(), "embedded-records-"));
    });
    afterEach(() => rmSync(output, { recursive: true, force: true }));

    for (const sample of process.env.EMBEDDED_RECORDS === "all" ? [...always, ...onDemand] : always) {
        it(`show the same steps, states and effects for the sample \`${sample}\``, async () => {
            await run(process.execPath, [
                join(records, "capture.mjs"),
                join(records, sample),
                resolve("."),
                output,
                command,
            ]);
            const { stdout } = await run(process.execPath, [
                join(records, "compare.mjs"),
                join(records, sample, "golden"),
                output,
            ]).catch((failed: { stdout: string }) => failed);
            expect(stdout.trim()).to.match(/^\d+ passed, 0 failed$/);
        });
    }
});
