import { expect } from "chai";
import { conditions, table, writeResults } from "../../bench/results-file";
import { type Extent, extentText, limitMs } from "../extent";
import { seed } from "../seed";
import { fuzzTargets } from "./fuzz-targets";
import { foundFolder, playInputs } from "./play-inputs";
import { Watchdog } from "./watchdog";

/**
 * @param extent inputs of each target beside its corpus and its samples, or the time of all targets together
 * @param from the seed
 */
export function fuzz(extent: Extent, from = seed): void {
    const chosen = process.env.FUZZ_TARGET;
    const targets = fuzzTargets.filter(({ name }) => chosen === undefined || name === chosen);
    const share: Extent =
        "rounds" in extent ? extent : { seconds: Math.round((10 * extent.seconds) / targets.length) / 10 };

    describe("foreign data", () => {
        let watchdog: Watchdog;
        const counts: [string, number][] = [];
        const { stackTraceLimit } = Error;
        before(() => {
            watchdog = new Watchdog(foundFolder);
            // Node's own: a test runner's endless traces make a reader that throws often look slow.
            Error.stackTraceLimit = 10;
        });
        after(async () => {
            Error.stackTraceLimit = stackTraceLimit;
            await watchdog.stop();
            if ("rounds" in extent) return;
            const total = counts.reduce((sum, [, count]) => sum + count, 0);
            const text = `${conditions()} Seed ${from}, ${extent.seconds} s: ${total.toLocaleString("en")} inputs.\n\n${table(["kind", ">inputs"], counts)}`;
            console.log(text);
            if (process.env.SOAK_RESULTS === "1") writeResults("fuzz", text);
        });

        for (const target of targets) {
            it(`of the kind ${target.name} is read, or refused with a documented error, ${extentText(share)}`, async function () {
                this.retries(0);
                const deadline = performance.now() + ("seconds" in share ? share.seconds * 1000 : 0);
                const isOver = (played: number): boolean =>
                    "rounds" in share ? played >= share.rounds : performance.now() > deadline;
                const played = await playInputs(target, from, isOver, watchdog);
                counts.push([target.name, played]);
                expect(played).to.be.greaterThan(0);
            }).timeout(limitMs(share, 1));
        }
    });
}
