import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { expect } from "chai";

const root = path.join(__dirname, "..", "..");

describe("examples/baseline", () => {
    it("brings baselines to an account, and shows a bucket that was made since in the next preview", async () => {
        const walkthrough = path.join(root, "examples", "baseline", "walkthrough.ts");
        const args = ["--require", "tsx/cjs", walkthrough];
        const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
        let output = "";
        for (const stream of [child.stdout, child.stderr]) {
            stream.setEncoding("utf8").on("data", (text) => {
                output += text;
            });
        }
        const [status] = await once(child, "close");
        expect(status, output).to.equal(0);
        const [, preview = ""] = output.split("The preview:");
        expect(preview).to.include("prod-invoices");
        expect(output).to.include("Every bucket has the rule that its baseline declares.");
    }).timeout(240_000);
});
