import { expect } from "chai";
import { EmbeddedModelEngine } from "./embedded-engine";
import { LifecycleEngine } from "./lifecycle-engine";
import { playSequences } from "./modelled-stack";

// A longer run: MODEL_SECONDS=3600 npx mocha tests/model/model.property.test.ts. A failure names the seed that repeats it.
const longer = Number(process.env.MODEL_SECONDS ?? 0);
const seed = Number(process.env.MODEL_SEED ?? Date.now() % 1_000_000);

describe("any sequence of declarations, console changes, faults, crashes and operations", () => {
    for (const [engine, seconds, steps, start] of [
        ["what stands for an engine", 15, 30, async (cloud) => new LifecycleEngine(cloud)],
        ["the embedded engine", 40, 10, (cloud) => new EmbeddedModelEngine(cloud).start()],
    ] as const satisfies readonly (readonly [string, number, number, Parameters<typeof playSequences>[1]])[]) {
        const time = longer || seconds;
        it(`keeps what the resource promises, with ${engine} (seed ${seed})`, async () => {
            const played = await playSequences({ seconds: time, seed, steps }, start);
            console.log(played);
            expect(played).to.be.greaterThan(0);
        }).timeout((time + 120) * 1_000);
    }
});
