import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { conditions, writeResults } from "../../bench/results-file";
import { type Extent, extentText, limitMs, roundsOf } from "../extent";
import { seed } from "../seed";
import { Counts } from "./counts";
import { playRollouts, type RolloutScenario, rolloutScenario } from "./soaked-rollout";
import { type StackScenario, stackScenario } from "./stack-scenario";
import { playOnStack } from "./stack-world";

/** How long a failure may be made smaller. */
const shrinkMs = 5 * 60_000;
const cache = path.join(__dirname, "..", "..", "node_modules", ".cache", "soak");

export type Scenario = StackScenario | RolloutScenario;
const anyScenario = fc.oneof(
    { weight: 5, arbitrary: stackScenario as fc.Arbitrary<Scenario> },
    { weight: 1, arbitrary: rolloutScenario },
);

/** Plays one scenario. @throws what did not hold */
export const play = (scenario: Scenario, counts: Counts): Promise<void> =>
    "rolls" in scenario ? playRollouts(scenario, counts) : playOnStack(scenario, counts);

/**
 * Plays scenarios, each drawn from a seed of its own: the run's seed plus its number. A failure is made smaller and thrown with how to
 * repeat it.
 */
export async function playScenarios(extent: Extent, counts: Counts): Promise<void> {
    // One at a time: the SDK gives an unhandled rejection to every program that runs in this process.
    for (const round of roundsOf(extent)) {
        const from = seed + round;
        counts.add("scenarios", "played");
        let isFirst = true;
        const found = await fc.check(
            fc.asyncProperty(anyScenario, async (scenario) => {
                try {
                    await play(scenario, isFirst ? counts : new Counts());
                } catch (error) {
                    if (isFirst) console.log(`    seed ${from} fails and is made smaller: ${(error as Error).message}`);
                    throw error;
                } finally {
                    isFirst = false;
                }
            }),
            { seed: from, numRuns: 1, interruptAfterTimeLimit: shrinkMs },
        );
        if (!found.failed || found.counterexample === null) {
            console.log(`      seed ${from} held, ${counts.total("operations")} operations so far`);
            continue;
        }
        counts.add("scenarios", "failed");
        const file = path.join(cache, `${from}.json`);
        mkdirSync(cache, { recursive: true });
        writeFileSync(file, `${JSON.stringify(found.counterexample[0], undefined, 4)}\n`);
        throw new Error(
            `${(found.errorInstance as Error | null)?.message}\n\nnpm run test:long -- soak --seed ${from} repeats it as it was drawn, SOAK_SCENARIO=${file} npm run test:long -- soak what is left of it after ${found.numShrinks} reductions.`,
        );
    }
}

/** @param extent how many scenarios are played, or how long */
export function soak(extent: Extent): void {
    describe("a stack whose network, cloud, clock, disk, processes and buckets fail", () => {
        const chosen = process.env.SOAK_SCENARIO;
        it(`${chosen === undefined ? extentText(extent) : chosen}, keeps every promise`, async function () {
            this.retries(0);
            const counts = new Counts();
            const begun = performance.now();
            try {
                if (chosen !== undefined) {
                    await play(JSON.parse(readFileSync(chosen, "utf8")) as Scenario, counts);
                } else await playScenarios(extent, counts);
            } finally {
                const seconds = Math.round((performance.now() - begun) / 1000);
                const memory = Math.round(process.resourceUsage().maxRSS / 1024);
                const figures = `Seed ${seed}, ${seconds} s, at most ${memory} MB in this process.`;
                const text = `${conditions()} ${figures}\n\n${counts.table()}`;
                console.log(text);
                if (process.env.SOAK_RESULTS === "1") writeResults("soak", text);
            }
        }).timeout(limitMs(extent, 120) + shrinkMs);
    });
}
