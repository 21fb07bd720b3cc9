import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { randomFor } from "../../seed";
import { type Kills, killUntilOver } from "./kills";
import { RecordedRollout } from "./recorded-rollout";
import { TemporalServer, type TemporalTools } from "./temporal-environment";
import { TemporalHistories } from "./temporal-histories";

export interface RecordedKills {
    readonly kills: Kills;
    /** Attempts of activities after a first one. */
    readonly retries: number;
    /** Stacks that were deployed more than once. */
    readonly doubled: readonly string[];
    /** Stacks that were not deployed, though the rollout completed. */
    readonly lost: readonly string[];
}

/** Rolls out stacks that are files while workers and server are killed and frozen, until the rollout completes. */
export async function recordedKills(
    tools: TemporalTools,
    { stacks, kills, milliseconds }: { readonly stacks: number; readonly kills: number; readonly milliseconds: number },
): Promise<RecordedKills> {
    const names = Array.from({ length: stacks }, (_, index) => `stack-${index}`);
    const half = Math.ceil(stacks / 2);
    const waves = [
        { name: "first", stacks: names.slice(0, half), maxConcurrent: 40 },
        { name: "second", stacks: names.slice(half), maxConcurrent: 40 },
    ];
    const folder = mkdtempSync(path.join(tmpdir(), "recorded-kills-"));
    const server = await TemporalServer.start(tools, folder);
    const rollout = await RecordedRollout.create(tools, server.address, waves, { heartbeatTimeout: "2s" });
    try {
        await rollout.control((control) => control.start());
        const { kills: done, workers } = await killUntilOver({
            kills,
            random: randomFor("kills of workers on Temporal"),
            server,
            worker: () => rollout.worker(milliseconds),
            freezeFor: 4000,
            longestPause: 2000,
            isOver: async () => (await rollout.log()).some(({ kind }) => kind === "completed" || kind === "stopped"),
        });
        expect((await rollout.log()).at(-1)).to.include({ kind: "completed" });
        const deployments = rollout.deployments();
        const doubled = names.filter((name) => (deployments.get(name) ?? 0) > 1);
        const { totals } = await rollout.report();
        expect(totals.stacks.deployed).to.equal(stacks);
        const lost = names.filter((name) => !deployments.has(name));
        for (const worker of workers) worker.kill("SIGKILL");
        const retries = new TemporalHistories(tools, server.address).retries();
        return { kills: done, retries, doubled, lost };
    } finally {
        await server.dispose();
        rollout.dispose();
        rmSync(folder, { recursive: true });
    }
}
