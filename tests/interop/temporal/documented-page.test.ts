import { type ChildProcess, spawn } from "node:child_process";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { finished } from "../../finished";
import { TestRollout } from "../../rollout/test-rollout";
import { freePort } from "../free-port";
import { needed } from "../needed-tool";
import { accepting, type TemporalTools, temporalTools, withSdk } from "./temporal-environment";

const root = path.join(__dirname, "..", "..", "..");
const page = readFileSync(path.join(root, "docs", "rollout-temporal.md"), "utf8");

/** The blocks of a language in the page's order, without the list's indentation. */
function blocksOf(language: string): string[] {
    const found = page.matchAll(new RegExp(`^( *)\`\`\`${language}\\n([\\s\\S]*?)^\\1\`\`\``, "gm"));
    return [...found].map(([, indentation = "", text = ""]) => text.replace(new RegExp(`^${indentation}`, "gm"), ""));
}

describe("docs/rollout-temporal.md", function () {
    this.timeout(240_000);
    let tools: TemporalTools;
    let rollout: TestRollout;
    const started: ChildProcess[] = [];

    before(async function () {
        tools = await needed(this, temporalTools);
        rollout = await TestRollout.create([1, 1]);
    });
    after(async () => {
        for (const { pid, exitCode, signalCode } of started)
            if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, "SIGKILL");
        await rollout?.dispose();
    });

    it("leads from a development server to a finished rollout, with the codec that it shows", async () => {
        const [port, http, metrics] = [await freePort(), await freePort(), await freePort()];
        const cli = `"${process.execPath}" "${path.join(root, "dist", "cli", "bucket-encryption.js")}"`;
        const script = (text: string): string =>
            text
                .replace(/^temporal server start-dev/, `${tools.server} server start-dev --headless --port ${port}`)
                .replace(
                    "--db-filename",
                    `--http-port ${http} --metrics-port ${metrics} --log-level never --db-filename`,
                )
                .replaceAll("127.0.0.1:7233", `127.0.0.1:${port}`)
                .replaceAll("npx bucket-encryption", cli)
                // The reader has the pulumi CLI or not, and confirms.
                .replace(/(rollout (?:plan|worker) rollout\.yaml)/g, "$1 --engine embedded")
                .replace("--engine temporal", "--engine temporal --yes");
        const env: NodeJS.ProcessEnv = {
            ...rollout.environment,
            ...withSdk(tools),
            ROLLOUT_CODEC_KEY: Buffer.alloc(32, 7).toString("base64"),
        };
        const start = (text: string): ChildProcess => {
            const child = spawn("sh", ["-ec", `exec ${script(text)}`], {
                cwd: rollout.folder,
                env,
                stdio: "ignore",
                detached: true,
            });
            started.push(child);
            return child;
        };
        let exported = "";
        const run = async (text: string): Promise<string> => {
            const child = spawn("sh", ["-ec", `${exported}\n${script(text)}`], {
                cwd: rollout.folder,
                env,
                detached: true,
            });
            started.push(child);
            const { status, output } = await finished(child);
            expect(status, output).to.equal(0);
            return output;
        };

        const [, server = "", plan = "", worker = "", go = "", look = ""] = blocksOf("sh");
        const [settings = ""] = blocksOf("yaml");
        const [codec = ""] = blocksOf("js");
        rollout.write({
            stacks: [rollout.stack(1), rollout.stack(2)],
            waves: [{ name: "all", stacks: ["account-1", "account-2"], maxConcurrent: 2 }],
        });
        appendFileSync(rollout.file, `${settings}  codec: payload-codec.js\n`);
        writeFileSync(path.join(rollout.folder, "payload-codec.js"), codec);

        start(server);
        await accepting(port);
        exported = script(plan.split("\n")[0] ?? "");
        await run(plan);
        env.TEMPORAL_ADDRESS = `127.0.0.1:${port}`;
        start(worker);
        start(worker);
        expect(await run(go)).to.match(/account-2: deployed[\s\S]*completed/);
        expect(await run(look)).to.match(/stacks: 2 deployed/);
        expect(readFileSync(path.join(rollout.folder, "rollout.html"), "utf8")).to.contain("account-1-bucket-1");
        const kept = readFileSync(path.join(rollout.folder, "temporal.db"), "latin1");
        expect(kept).to.contain("binary/aes-256-gcm");
        expect(kept).not.to.contain("sharedPlace");
    });
});
