import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect } from "chai";
import { TemporaryStack } from "../../lib/testing";

describe("a stack for one test", function () {
    this.timeout(120_000);
    let folder: string;
    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "project-of-a-test-"));
        symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
        writeFileSync(join(folder, "Pulumi.yaml"), "name: tested\nruntime: nodejs\n");
        writeFileSync(
            join(folder, "index.js"),
            'const pulumi = require("@pulumi/pulumi"); const config = new pulumi.Config(); new pulumi.ComponentResource("tested:index:Thing", config.require("name")); exports.token = config.requireSecret("token"); exports.from = process.env.FROM;',
        );
    });
    const content = (): string[][] =>
        readdirSync(folder).map((name) => [
            name,
            name === "node_modules" ? "" : readFileSync(join(folder, name), "utf8"),
        ]);
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    it("runs the program of a project's folder, which it only reads, with configuration and variables of the test", async () => {
        const before = content();
        const stack = await TemporaryStack.create({
            folder,
            stack: "trial",
            config: { name: "thing" },
            secrets: { "tested:token": "hush" },
            environment: { FROM: "the test" },
        });
        try {
            expect(stack.engine.stackName).to.equal("trial");
            const deployed = await stack.engine.up();
            expect(deployed.succeeded, deployed.messages.join("\n")).to.equal(true);
            expect(deployed.outputs).to.deep.equal({ token: "hush", from: "the test" });
            expect(deployed.steps.map(({ op, name }) => `${op} ${name}`)).to.include("create thing");
            expect(JSON.stringify(await stack.engine.exportState())).to.not.contain("hush");
            expect((await stack.engine.destroy()).changes).to.deep.equal({ delete: 2 });
        } finally {
            stack.dispose();
        }
        expect(content()).to.deep.equal(before);
    });

    it("rejects a folder without a project", async () => {
        rmSync(join(folder, "Pulumi.yaml"));
        const failure = await TemporaryStack.create({ folder }).then(
            () => undefined,
            (error: Error) => error,
        );
        expect(failure?.message).to.contain("Pulumi.yaml");
    });
});
