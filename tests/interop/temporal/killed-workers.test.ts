import type { ChildProcess } from "node:child_process";
import { expect } from "chai";
import { type RolloutReport, readPlan, readRolloutFile } from "../../../lib/rollout";
import { FolderPlace } from "../../../lib/rollout/temporal/place/folder-place";
import { KeptRollout } from "../../../lib/rollout/temporal/place/kept-rollout";
import { randomFor } from "../../seed";
import { needed } from "../needed-tool";
import { killUntilOver } from "./kills";
import { recordedKills } from "./recorded-kills";
import { type TemporalTools, temporalTools, withControl } from "./temporal-environment";
import { TemporalRollout } from "./temporal-rollout";

describe("a rollout on Temporal whose workers and server are killed", function () {
    this.timeout(1_800_000);
    let tools: TemporalTools;
    before(async function () {
        tools = await needed(this, temporalTools);
    });

    it("deploys each of 60 stacks once, with 12 kills of workers, their engines and the server", async () => {
        const stacks = Number(process.env.TEMPORAL_STACKS ?? 60);
        const temporal = await TemporalRollout.create(
            tools,
            Array.from({ length: stacks }, () => 1),
        );
        const { rollout, server } = temporal;
        try {
            const names = rollout.accounts.map(({ profile }) => profile);
            const third = Math.ceil(stacks / 3);
            rollout.write({
                refresh: false,
                stacks: names.map((_, index) => rollout.stack(index + 1)),
                waves: [0, 1, 2].map((wave) => ({
                    name: `wave ${wave + 1}`,
                    stacks: names.slice(wave * third, (wave + 1) * third),
                    maxConcurrent: 2 * (wave + 1),
                })),
                temporal: { sharedPlace: "shared", heartbeatTimeout: "3s" },
            });
            await rollout.plan();
            const file = readRolloutFile(rollout.file);
            const plan = readPlan(`${rollout.stateFolder}/plan.json`);
            const ask = <Result>(work: Parameters<typeof withControl<Result>>[4]) =>
                withControl(tools, file, plan, rollout.environment, work);
            await ask((control) => control.start());
            const { kills, workers } = await killUntilOver({
                kills: 12,
                random: randomFor("kills of workers with engines"),
                server,
                worker: () => temporal.worker(),
                freezeFor: 5000,
                longestPause: 4000,
                isOver: async () => {
                    const kept = new KeptRollout(new FolderPlace(`${rollout.folder}/shared`), plan.id);
                    return (await kept.readLog()).flat().some(({ kind }) => ["completed", "stopped"].includes(kind));
                },
            });
            const report: RolloutReport = await ask((control) => control.report());
            for (const worker of workers as ChildProcess[]) worker.kill("SIGKILL");
            console.log(`    killed: ${JSON.stringify(kills)}`);
            const reasons = report.waves.flatMap(({ stacks: all }) => all.flatMap(({ reason }) => reason ?? []));
            expect(report.state, reasons.join("\n")).to.equal("completed");
            expect(report.totals.stacks.deployed + report.totals.stacks.unchanged).to.equal(stacks);
            const buckets = rollout.accounts.flatMap((account) => account.buckets);
            expect(rollout.writes()).to.deep.equal(Object.fromEntries(buckets.map((bucket) => [bucket, 1])));
        } finally {
            await temporal.dispose();
        }
    });

    it("deploys each of 300 stacks once, with 6 kills and freezes", async () => {
        const { kills, retries, doubled, lost } = await recordedKills(tools, {
            stacks: 300,
            kills: 6,
            milliseconds: 300,
        });
        console.log(`    killed: ${JSON.stringify(kills)}, attempts that followed a first one: ${retries}`);
        expect({ doubled, lost }).to.deep.equal({ doubled: [], lost: [] });
    });
});
