import { spawn } from "node:child_process";
import path from "node:path";
import { expect } from "chai";
import { finished } from "../finished";

const root = path.join(__dirname, "..", "..");

describe("examples/baseline", () => {
    it("brings baselines to an account, and shows a bucket that was made since in the next preview", async () => {
        const walkthrough = path.join(root, "examples", "baseline", "walkthrough.ts");
        const args = ["--require", "tsx/cjs", walkthrough];
        const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
        const { status, output } = await finished(child);
        expect(status, output).to.equal(0);
        const [, preview = ""] = output.split("The preview:");
        expect(preview).to.include("prod-invoices");
        expect(output).to.include("Every bucket has the rule that its baseline declares.");
    }).timeout(240_000);
});
