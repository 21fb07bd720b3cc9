import { expect } from "chai";
import { type Extent, extentText, limitMs } from "../extent";
import { EmbeddedModelEngine } from "./embedded-engine";
import { LifecycleEngine } from "./lifecycle-engine";
import { playSequences } from "./modelled-stack";

type StartEngine = Parameters<typeof playSequences>[1];
const engines = {
    "what stands for an engine": { steps: 30, start: async (cloud) => new LifecycleEngine(cloud) },
    "the embedded engine": { steps: 10, start: (cloud) => new EmbeddedModelEngine(cloud).start() },
} satisfies Record<string, { readonly steps: number; readonly start: StartEngine }>;

/** @param extent how many sequences are played, or how long */
export function anySequence(engine: keyof typeof engines, extent: Extent): void {
    describe("any sequence of declarations, console changes, faults, crashes and operations", () => {
        it(`keeps what the resource promises, with ${engine}, ${extentText(extent)}`, async () => {
            const { steps, start } = engines[engine];
            const played = await playSequences({ extent, steps }, start);
            expect(played).to.be.at.least("rounds" in extent ? extent.rounds : 1);
        }).timeout(limitMs(extent, 60));
    });
}
