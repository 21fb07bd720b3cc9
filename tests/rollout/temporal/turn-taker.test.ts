import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { makePlan, type RolloutFile, type RolloutPlan } from "../../../lib/rollout";
import { FolderPlace } from "../../../lib/rollout/temporal/place/folder-place";
import { KeptRollout } from "../../../lib/rollout/temporal/place/kept-rollout";
import { TurnTaker } from "../../../lib/rollout/temporal/worker/turn-taker";
import { ScriptedEngine, type StackScript } from "../scripted-engine";
import { fileOf } from "../wave-fixture";

const held = "error: the stack is currently locked by somebody@elsewhere (pid 1)";

describe("a turn that Temporal hands to a worker", () => {
    let folder: string;
    let file: RolloutFile;
    let plan: RolloutPlan;
    let kept: KeptRollout;
    let engine: ScriptedEngine;
    const cancel = new AbortController();

    /** Plans a stack, and leaves it to a worker whose engine follows the script. */
    async function worker(script: StackScript): Promise<TurnTaker> {
        file = fileOf({ stacks: ["shop"] });
        plan = await makePlan(file, {
            engine: new ScriptedEngine({ shop: { declares: script.declares } }),
            concurrency: 1,
            createStacks: false,
            cancel: cancel.signal,
            now: () => new Date(),
            onPlanned: () => {},
        });
        kept = new KeptRollout(new FolderPlace(folder), plan.id);
        await kept.writePlan(plan);
        engine = new ScriptedEngine({ shop: script });
        return new TurnTaker({ file, engine, environment: {}, cancel: cancel.signal });
    }

    const take = async (turns: TurnTaker, number = 1, begunAt = Date.now(), cancelled = new AbortController().signal) =>
        await turns.take(
            { plan: { place: folder, id: plan.id }, stack: "shop", mayBeHalfDone: false, lockWait: 600 },
            { number, begunAt, cancelled },
        );

    beforeEach(() => {
        folder = mkdtempSync(path.join(tmpdir(), "turn-taker-"));
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    it("keeps its result in the shared place, under its digest, and returns only the outcome", async () => {
        const turns = await worker({ declares: { a: "AES256" } });
        const end = await take(turns);
        expect(end).to.include({ outcome: "deployed" });
        expect(Object.keys(end).sort()).to.deep.equal(["end", "outcome", "seconds"]);
        const text = readFileSync(path.join(folder, "ends", end.end), "utf8");
        expect(JSON.parse(text)).to.deep.include({ outcome: "deployed", changes: { create: 1 } });
    });

    it("treats a stack as half done from the second attempt on: steps of an earlier one are no difference", async () => {
        const turns = await worker({ declares: { a: "AES256" } });
        // The plan starts from a bucket without a rule.
        engine.set("shop", { a: "SM4" });
        expect(await take(turns, 1)).to.include({ outcome: "differs" });
        expect(await take(turns, 2)).to.include({ outcome: "deployed" });
        expect(engine.deployments).to.deep.equal(["shop"]);
    });

    it("is tried again later while the stack is locked, longer each time, and is held when the wait is over", async () => {
        const turns = await worker({ declares: { a: "AES256" }, previews: [held, held, held, held] });
        const fault = async (number: number, begunAt: number) =>
            await take(turns, number, begunAt).then(
                () => undefined,
                (error: { kind: string; isPermanent: boolean; retryAfter: number; message: string }) => error,
            );
        const first = await fault(1, Date.now());
        expect(first).to.include({ kind: "held", isPermanent: false, retryAfter: 5000 });
        expect(first?.message).to.match(/^the stack is locked: .*somebody@elsewhere/s);
        expect(await fault(3, Date.now())).to.include({ retryAfter: 20_000 });
        expect(await fault(9, Date.now())).to.include({ retryAfter: 60_000 });
        expect(await take(turns, 10, Date.now() - 601_000)).to.include({ outcome: "held" });
    });

    it("waits for an earlier attempt that goes on in the same process, so that no stack is deployed twice", async () => {
        const turns = await worker({ declares: { a: "AES256" } });
        const deploying = new Promise<() => void>((begun) => {
            engine.duringUp = () => new Promise<void>((end) => begun(end));
        });
        const first = take(turns, 1);
        const release = await deploying;
        const second = take(turns, 2);
        release();
        expect([(await first).outcome, (await second).outcome]).to.deep.equal(["deployed", "deployed"]);
        expect([engine.deployments, engine.mostAtOnce]).to.deep.equal([["shop"], 1]);
    });

    it("begins nothing for an attempt that Temporal has given up", async () => {
        const turns = await worker({ declares: { a: "AES256" } });
        const given = await take(turns, 1, Date.now(), AbortSignal.abort()).catch((error) => error);
        expect(given).to.include({ kind: "worker-stopped", isPermanent: false });
        expect(engine.asked).to.deep.equal([]);
    });

    it("rejects a plan of another rollout file, and one that was changed in the shared place", async () => {
        const turns = await worker({ declares: { a: "AES256" } });
        const other = new TurnTaker({
            file: { ...file, digest: "1".repeat(64) },
            engine,
            environment: {},
            cancel: cancel.signal,
        });
        const foreign = await take(other).catch((error) => error);
        expect(foreign).to.include({ kind: "invalid-rollout-plan" });
        expect(foreign.message).to.match(/^The rollout file was changed after the plan of .+ was made/);
        const { stacks, ...rest } = plan;
        await new FolderPlace(folder).write(
            `plans/${plan.id}.json`,
            JSON.stringify({ ...rest, name: "other", stacks }),
        );
        const changed = await take(turns).catch((error) => error);
        expect(changed.message).to.match(/was changed since it was made/);
        expect(readdirSync(folder)).to.deep.equal(["plans"]);
    });
});
