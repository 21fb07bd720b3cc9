import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { noTerminal, terminalArguments } from "../engine/cli/on-terminal";
import { TestRollout } from "../rollout/test-rollout";
import { skipBecause } from "../skip-because";

const command = path.join(__dirname, "..", "..", "dist", "cli", "bucket-encryption.js");

describe("bucket-encryption rollout on a terminal", () => {
    let rollout: TestRollout;
    before(async function () {
        const reason = noTerminal();
        if (reason !== undefined) skipBecause(this, reason);
        rollout = await TestRollout.create([1, 1]);
        rollout.write({
            stacks: [rollout.stack(1), rollout.stack(2)],
            waves: [
                { name: "canary", stacks: ["account-1"], pause: "person" },
                { name: "rest", stacks: ["account-2"] },
            ],
        });
        await rollout.plan();
    });
    after(async () => await rollout?.dispose());

    async function onTerminal(answers: string, ...args: string[]): Promise<{ status: number; text: string }> {
        const call = [process.execPath, command, "rollout", ...args];
        const child = spawn("python3", terminalArguments(call, { columns: 40, answers }), {
            cwd: rollout.folder,
            env: rollout.environment,
            stdio: ["ignore", "pipe", "inherit"],
        });
        let text = "";
        child.stdout.setEncoding("utf8").on("data", (chunk) => {
            text += chunk;
        });
        const [status] = await once(child, "close");
        return { status, text };
    }

    it("starts nothing when the answer is no", async () => {
        const { status, text } = await onTerminal("no", "run", "rollout.yaml");
        expect(status, text).to.equal(8);
        expect(text).to.include("Roll out 2 stacks in 2 waves, 2 of them with changes?");
        expect(rollout.journal()).to.deep.equal([]);
    }).timeout(60_000);

    for (const key of ["^C", "^D"]) {
        it(`begins nothing at ${key}, and is not locked afterwards`, async () => {
            const { status, text } = await onTerminal(`perhaps,${key}`, "run", "rollout.yaml");
            expect(status, text).to.equal(8);
            expect(text).to.include("Not confirmed; nothing was started.");
            expect(rollout.journal()).to.deep.equal([]);
            expect(readdirSync(path.join(rollout.stateFolder, "lock"))).to.deep.equal([]);
        }).timeout(60_000);
    }

    it("asks before the first wave and at a pause, and shows its progress in one line of a narrow terminal", async () => {
        const { status, text } = await onTerminal("yes,no", "run", "rollout.yaml");
        expect(status, text).to.equal(8);
        const shown = text
            .replaceAll("\r\u001b[K", "\r\n")
            .split("\r\n")
            .filter((line) => / of \d stacks, /.test(line));
        expect(shown).not.to.deep.equal([]);
        for (const line of shown) expect(line, line).to.match(/^canary: .{0,31}$/);
        expect(text).to.include("Wave canary is done. Continue with the next wave?");
        expect(text).to.match(/canary: 0 of 2 stacks, 1 running/);
        expect(await rollout.outcomes()).to.deep.equal({ "account-1": "deployed", "account-2": "waiting" });
        const state = JSON.parse(await rollout.succeed("status", "--json"));
        expect(state).to.include({ state: "paused", reason: "for a person, after wave canary" });
    }).timeout(120_000);

    it("ends for good with a reason", async () => {
        await rollout.succeed("abort", "--reason", "the key\u001b[2J was withdrawn");
        expect(await rollout.succeed("status")).to.match(/aborted: the key\\u\{1b\}\[2J was withdrawn \(/);
        expect((await rollout.run("resume", "--yes")).stderr).to.include("was aborted at");
        expect((await rollout.run("abort", "--reason", " ")).status).to.equal(64);
    }).timeout(60_000);
});
