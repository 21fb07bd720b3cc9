import path from "node:path";
import vm from "node:vm";
import { expect } from "chai";
import { buildSync } from "esbuild";
import type { RolloutWave } from "../../../lib/rollout";
import type { StackOutcome } from "../../../lib/rollout/waves/stack-outcome";
import { randomFor } from "../../seed";
import { FlowRunner } from "./flow-runner";

const lib = path.join(__dirname, "..", "..", "..", "lib");
const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `stack-${index}`);

function story(stacks: readonly string[], settings: Partial<RolloutWave>) {
    const wave: RolloutWave = {
        name: "one",
        groups: [stacks],
        maxConcurrent: 40,
        failureTolerance: 0,
        concurrencyMode: "soft",
        ...settings,
    };
    return { title: "", waves: [wave], steps: [] };
}

/** Ends the running stacks, the first ones first, until nothing runs. */
async function run(runner: FlowRunner, outcomeOf: (stack: string) => StackOutcome, most: number): Promise<string[]> {
    const ended: string[] = [];
    await runner.start();
    for (let running = runner.running; running.length > 0; running = runner.running) {
        expect(running.length).to.be.at.most(most);
        for (const stack of running.slice(0, Math.ceil(running.length / 4))) {
            ended.push(stack);
            runner.end(stack, outcomeOf(stack));
        }
        await runner.settle();
    }
    return ended;
}

describe("the workflows of a rollout", () => {
    it("fill all lanes across shards, also more lanes than a shard has stacks, and need few messages and records for it", async () => {
        for (const maxConcurrent of [1, 40, 700]) {
            const stacks = names(2000);
            const runner = new FlowRunner(story(stacks, { maxConcurrent }), { shardSize: 500, isLong: false });
            await runner.start();
            expect(runner.running).to.deep.equal(stacks.slice(0, maxConcurrent));
            const ended = await run(runner, () => "deployed", maxConcurrent);
            expect(ended.length).to.equal(2000);
            expect(runner.log.at(-1)?.kind).to.equal("completed");
            expect(runner.messages).to.be.below(150);
            expect(runner.parts).to.be.below(20);
            await runner.dispose();
        }
    });

    it("count failures for the whole wave, and need few messages for many that are tolerated", async () => {
        const stacks = names(1500);
        const settings = { failureTolerance: 700, maxConcurrent: 30 };
        const tolerant = new FlowRunner(story(stacks, settings), { shardSize: 500, isLong: false });
        const isFailed = (stack: string): boolean => Number(stack.slice(6)) % 2 === 1;
        await run(tolerant, (stack) => (isFailed(stack) ? "failed" : "deployed"), 30);
        expect(tolerant.log.at(-1)).to.include({ kind: "stopped", wave: "one" });
        expect((tolerant.log.at(-1) as { reason: string }).reason).to.match(/^wave one: 70\d stacks failed/);
        expect(tolerant.messages).to.be.below(150);
        await tolerant.dispose();
    });

    it("never begin a stack after one failure more than tolerated, and in strict mode never have more lanes than may fail", async () => {
        const random = randomFor("outcomes of stacks in shards");
        for (let round = 0; round < 25; round += 1) {
            const failureTolerance = Math.floor(random() * 6);
            const concurrencyMode = random() < 0.5 ? ("strict" as const) : ("soft" as const);
            const maxConcurrent = 1 + Math.floor(random() * 6);
            const settings = { failureTolerance, concurrencyMode, maxConcurrent };
            // One shard: its lanes are one process's, so the rule holds to the stack.
            const runner = new FlowRunner(story(names(60), settings), { shardSize: 60, isLong: false });
            let failed = 0;
            await runner.start();
            for (let running = runner.running; running.length > 0; running = runner.running) {
                const allowed =
                    concurrencyMode === "strict"
                        ? Math.max(0, Math.min(maxConcurrent, failureTolerance - failed + 1))
                        : maxConcurrent;
                if (failed <= failureTolerance) expect(running.length).to.be.at.most(Math.max(allowed, 0));
                const stack = running[Math.floor(random() * running.length)] as string;
                const isFailed = random() < 0.2;
                const others = running.length - 1;
                if (isFailed) failed += 1;
                runner.end(stack, isFailed ? "failed" : "deployed");
                await runner.settle();
                if (failed > failureTolerance) expect(runner.running.length).to.equal(others);
            }
            expect(runner.log.at(-1)?.kind).to.equal(failed > failureTolerance ? "stopped" : "completed");
            await runner.dispose();
        }
    });

    it("give each wave a history of its own when it gets long, and take nothing twice", async () => {
        const waves = [1, 2, 3].map((number) => ({
            ...(story([`a${number}`, `b${number}`], {}).waves[0] as RolloutWave),
            name: `wave ${number}`,
        }));
        const runner = new FlowRunner({ title: "", waves, steps: [] }, { shardSize: 1, isLong: true });
        const ended = await run(runner, () => "deployed", 2);
        expect(ended).to.deep.equal(["a1", "b1", "a2", "b2", "a3", "b3"]);
        expect(runner.histories).to.equal(3);
        expect(runner.log.map(({ kind }) => kind).filter((kind) => kind === "begun")).to.deep.equal(["begun"]);
        await runner.dispose();
    });

    it("are bundled without a module of Node, for a sandbox without clock, files and network", () => {
        const { outputFiles } = buildSync({
            entryPoints: [path.join(lib, "rollout", "temporal", "workflows.ts")],
            bundle: true,
            write: false,
            format: "iife",
            globalName: "bundle",
            platform: "neutral",
            external: ["@temporalio/workflow"],
        });
        const [{ text } = { text: "" }] = outputFiles;
        const found = vm.runInNewContext(
            `const proxies = [];
            const require = (name) => {
                if (name !== "@temporalio/workflow") throw new Error(name + " was required");
                return { proxyActivities: () => ({}) };
            };
            ${text}
            JSON.stringify(Object.keys(bundle).sort());`,
        );
        expect(JSON.parse(found)).to.deep.equal(["rollout", "shard"]);
    });
});
