import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { needed } from "../needed-tool";
import { cache } from "../packed-package";
import { RecordedRollout } from "./recorded-rollout";
import { TemporalServer, type TemporalTools, temporalTools, withSdk } from "./temporal-environment";

const folder = path.join(__dirname, "histories");

/** Records the histories of a rollout with a pause and two waves; for a new version, beside those of the earlier ones. */
async function record(tools: TemporalTools, version: string): Promise<void> {
    const work = mkdtempSync(path.join(tmpdir(), "histories-"));
    const server = await TemporalServer.start(tools, work);
    const waves = [
        { name: "canary", stacks: ["a"], pause: "person" },
        { name: "others", stacks: ["b", "c", "d", "e"], maxConcurrent: 2, failureTolerance: 1, pause: "1s" },
        { name: "last", stacks: ["f"] },
    ];
    const rollout = await RecordedRollout.create(tools, server.address, waves);
    try {
        const worker = await rollout.worker(50);
        await rollout.control(async (control) => {
            await control.start();
            let { isOpen, log } = await control.state();
            for (; isOpen; { isOpen, log } = await control.state()) {
                const last = log.at(-1);
                if (last?.kind === "paused" && last.wave === "canary") await control.agree("canary");
                await delay(300);
            }
        });
        worker.kill("SIGKILL");
        const temporal = (...args: string[]): string =>
            spawnSync(tools.server, ["workflow", ...args, "--address", server.address, "--output", "json"], {
                encoding: "utf8",
                maxBuffer: 2 ** 28,
            }).stdout;
        const listed = JSON.parse(temporal("list")) as { execution: { workflowId: string }; type: { name: string } }[];
        mkdirSync(folder, { recursive: true });
        for (const { execution, type } of listed) {
            const shard = type.name === "shard" ? execution.workflowId.split("/").slice(-3).join("-") : "";
            const file = `${version}-${type.name}${shard === "" ? "" : `-${shard}`}.json`;
            const text = temporal("show", "--workflow-id", execution.workflowId).replaceAll(
                rollout.folder,
                "/rollouts",
            );
            writeFileSync(path.join(folder, file), text);
        }
    } finally {
        await server.dispose();
        rollout.dispose();
        rmSync(work, { recursive: true });
    }
}

describe("the recorded histories of rollouts on Temporal", function () {
    this.timeout(300_000);
    let tools: TemporalTools;
    before(async function () {
        tools = await needed(this, temporalTools);
        const version = process.env.RECORD_HISTORIES;
        if (version !== undefined) await record(tools, version);
    });

    const replay = (file: string) =>
        spawnSync(process.execPath, [path.join(__dirname, "replay-history.js"), file], {
            cwd: path.dirname(tools.modules),
            env: { ...process.env, ...withSdk(tools), XDG_CACHE_HOME: cache },
            encoding: "utf8",
        });

    it("are replayed by today's workflows, so that a paused rollout survives an upgrade (RECORD_HISTORIES=VERSION records more)", () => {
        const files = readdirSync(folder);
        expect(files).to.include("0.1.0-rollout.json");
        for (const name of files) {
            const { status, stderr } = replay(path.join(folder, name));
            expect(status, `${name}: ${stderr}`).to.equal(0);
        }
    });

    it("fail to replay with other workflows", () => {
        const text = readFileSync(path.join(folder, "0.1.0-rollout.json"), "utf8");
        const changed = path.join(mkdtempSync(path.join(tmpdir(), "history-")), "changed.json");
        writeFileSync(changed, text.replaceAll('"keepRolloutLog"', '"keepAnotherLog"'));
        const { status, stderr } = replay(changed);
        rmSync(path.dirname(changed), { recursive: true });
        expect(status).to.equal(1);
        expect(stderr).to.match(/Determinism|Nondeterminism/i);
    });
});
