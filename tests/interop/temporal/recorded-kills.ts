import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { randomFor } from "../../seed";
import { type Kills, killUntilOver } from "./kills";
import { RecordedRollout } from "./recorded-rollout";
import { TemporalServer, type TemporalTools } from "./temporal-environment";

/**
 * Rolls out stacks that are files while workers and server are killed and frozen. Each stack must have been deployed once.
 * @returns what was killed, and how many attempts there were
 */
export async function recordedKills(
    tools: TemporalTools,
    { stacks, kills, milliseconds }: { readonly stacks: number; readonly kills: number; readonly milliseconds: number },
): Promise<Kills> {
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
            isOver: async () => (await rollout.log()).some(({ kind }) => kind === "completed"),
        });
        const deployments = rollout.deployments();
        const doubled = [...deployments].filter(([, count]) => count > 1);
        const lost = names.filter((name) => !deployments.has(name));
        expect({ doubled, lost }).to.deep.equal({ doubled: [], lost: [] });
        const { totals } = await rollout.report();
        expect(totals.stacks.deployed).to.equal(stacks);
        for (const worker of workers) worker.kill("SIGKILL");
        return done;
    } finally {
        await server.dispose();
        rollout.dispose();
        rmSync(folder, { recursive: true });
    }
}
