import { spawnSync } from "node:child_process";
import path from "node:path";
import { expect } from "chai";

const root = path.join(__dirname, "..", "..", "..");
const walkthrough = path.join(root, "examples", "automation-api", "walkthrough.ts");

describe("examples/automation-api", () => {
    it("deploys a project, corrects drift and destroys, with the pulumi on the PATH or with pulumi-embedded", () => {
        const { status, stdout, stderr } = spawnSync(process.execPath, ["--require", "tsx/cjs", walkthrough], {
            cwd: root,
            encoding: "utf8",
        });
        expect(status, stdout + stderr).to.equal(0);
        expect(stdout).to.match(/^Engine: pulumi/);
        expect(stdout)
            .to.include('the rule of example-logs: {"sseAlgorithm":"AES256"}')
            .and.include("the rule of example-logs: none");
    }).timeout(300_000);
});
