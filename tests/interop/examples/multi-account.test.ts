import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { finished } from "../../finished";

const root = path.join(__dirname, "..", "..", "..");

describe("examples/multi-account", () => {
    it("rolls out in two waves, is stopped by a failure, resumes, and reports", async () => {
        const folder = mkdtempSync(path.join(tmpdir(), "multi-account-"));
        const report = path.join(folder, "rollout.html");
        const walkthrough = path.join(root, "examples", "multi-account", "walkthrough.ts");
        const child = spawn(process.execPath, ["--require", "tsx/cjs", walkthrough, report], {
            cwd: root,
            env: { ...process.env, COLUMNS: "200" },
            stdio: ["ignore", "pipe", "pipe"],
        });
        const { status, output } = await finished(child);
        expect(status, output).to.equal(0);
        expect(output).to.include("stopped: wave production: 1 stack failed (");
        expect(output).to.match(/production +done +analytics +1000000000000004 +deployed/);
        expect(output).to.include("Each of 6 rules was written once");
        expect(readFileSync(report, "utf8")).to.include("6 encrypted as declared");
        rmSync(folder, { recursive: true });
    }).timeout(240_000);
});
