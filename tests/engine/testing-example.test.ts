import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect } from "chai";

/** The documentation's example is run as a user would run it: by mocha, in a project that has this package installed. */
describe("the documented test of a stack", function () {
    this.timeout(120_000);
    let folder: string;
    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "documented-test-"));
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    const run = (example: string) => {
        symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
        writeFileSync(join(folder, "package.json"), "{}");
        writeFileSync(join(folder, "buckets.test.ts"), example);
        const mocha = resolve("node_modules/mocha/bin/mocha.js");
        return spawnSync(process.execPath, [mocha, "--require", "tsx/cjs", "buckets.test.ts"], {
            cwd: folder,
            timeout: 90_000,
            encoding: "utf8",
        });
    };
    const documented = (): string => {
        const [, example = ""] = /```ts\n([\s\S]*?)```/.exec(readFileSync("docs/test-a-stack.md", "utf8")) ?? [];
        expect(example).to.contain("TemporaryStack.create({");
        return example;
    };

    it("passes without a change", () => {
        const { status, stdout } = run(documented());
        expect(stdout).to.contain("2 passing");
        expect(status).to.equal(0);
    });

    it("fails and ends mocha when the stack cannot be created", () => {
        const example = documented().replace("TemporaryStack.create({", 'TemporaryStack.create({ stack: "not a name",');
        const { status, signal, stdout } = run(example);
        expect(stdout).to.contain("is not a stack name");
        expect({ status, signal }).to.deep.equal({ status: 1, signal: null });
    });
});
