import path from "node:path";
import vm from "node:vm";
import { expect } from "chai";
import { buildSync } from "esbuild";
import { earlierProgress } from "../../lib/rollout/waves/earlier-progress";
import { countOf, lanesOf, regionGroups } from "../../lib/rollout/waves/wave-limits";
import { type KnownStack, waveVerdict } from "../../lib/rollout/waves/wave-verdict";
import { MachineRunner, RulesRunner, type StoryRunner } from "./story-runners";
import { FlowRunner } from "./temporal/flow-runner";
import { type WaveStory, waveStories } from "./wave-stories";

const engines: readonly (readonly [string, (story: WaveStory) => StoryRunner])[] = [
    ["the rules alone", (story) => new RulesRunner(story)],
    ["a run on this machine", (story) => new MachineRunner(story)],
    ["the workflows of Temporal", (story) => new FlowRunner(story, { shardSize: 500, isLong: false })],
    ["workflows with shards of two stacks", (story) => new FlowRunner(story, { shardSize: 2, isLong: false })],
    ["workflows with a history for each wave", (story) => new FlowRunner(story, { shardSize: 1, isLong: true })],
];

describe("the rules of waves", () => {
    for (const [engine, runnerOf] of engines) {
        describe(`in ${engine}`, () => {
            for (const story of waveStories) {
                // Temporal runs no jobs of a CI system.
                if (story.only !== undefined && engine.includes("workflows")) continue;
                it(story.title, async () => {
                    const runner = runnerOf(story);
                    try {
                        await runner.start();
                        let expected: string[] = [];
                        for (const step of [...story.steps, "end"]) {
                            if (typeof step === "string" && step !== "end") {
                                expected.push(step);
                                continue;
                            }
                            expect(runner.taken(), `before ${JSON.stringify(step)}`).to.deep.equal(expected);
                            expected = [];
                            if (typeof step === "string") break;
                            if ("resumes" in step) await runner.start();
                            else await runner.happens(step);
                        }
                    } finally {
                        await runner.dispose();
                    }
                });
            }
        });
    }

    it("run where there is no file system, no clock and no module loader, as in a workflow's sandbox", () => {
        const entry = path.join(__dirname, "..", "..", "lib", "rollout", "waves", "wave-rules.ts");
        const { outputFiles } = buildSync({
            entryPoints: [entry],
            bundle: true,
            write: false,
            format: "iife",
            globalName: "bundle",
            platform: "neutral",
        });
        const [{ text } = { text: "" }] = outputFiles;
        const found = vm.runInNewContext(
            `Date.now = () => { throw new Error("the clock was read"); };
            ${text}
            const wave = { name: "one", groups: [[{ id: "a", stacks: 1 }]], maxConcurrent: 1, failureTolerance: 0, concurrencyMode: "soft" };
            const rules = new bundle.WaveRules([wave]);
            const begun = rules.next(0);
            rules.ended("a", "deployed");
            JSON.stringify([...begun, ...rules.next(0)].map(({ kind }) => kind));`,
        );
        expect(JSON.parse(found)).to.deep.equal(["wave-begun", "lanes", "wave-ended", "completed"]);
    });

    it("round shares down, and leave at least one lane and at most one for each stack", () => {
        expect(["20%", "100%", "1%", 3].map((limit) => countOf(limit, 14))).to.deep.equal([2, 14, 0, 3]);
        expect(["20%", "1%", 30, 1].map((limit) => lanesOf(limit, 14))).to.deep.equal([2, 1, 14, 1]);
    });

    it("put the given regions first, in their order, and all others together", () => {
        const regionOf = new Map([
            ["a", "one"],
            ["b", "two"],
            ["c", undefined],
            ["d", "one"],
            ["e", "three"],
        ]);
        const groups = regionGroups([...regionOf.keys()], regionOf, ["two", "four", "one"]);
        expect(groups).to.deep.equal([["b"], ["a", "d"], ["c", "e"]]);
    });

    describe("about a wave's results", () => {
        const rows: readonly (readonly [string, string, string | undefined])[] = [
            ["a deployed, b unchanged", "done", undefined],
            ["a deployed, b failed", "done", undefined],
            ["a not-planned, b failed", "stopped", "wave one: 2 stacks failed (a, b); 1 may fail"],
            ["a deployed, b differs", "stopped", "wave one: b differs from the plan"],
            ["a held, b deployed", "stopped", "wave one: 1 stack is held by a lock (a)"],
            ["a held, b waiting", "running", "wave one: no result yet of a, b"],
            ["a deployed, b interrupted", "running", "wave one: no result yet of b"],
            ["a waiting, b waiting", "waiting", "wave one: no result yet of a, b"],
        ];
        for (const [results, state, reason] of rows)
            it(`say that it is ${state} with ${results}`, () => {
                const stacks = results.split(", ").map((result) => {
                    const [name, outcome] = result.split(" ");
                    return { name, state: outcome } as KnownStack;
                });
                const verdict = waveVerdict({ name: "one", failureTolerance: 1 }, stacks);
                expect(verdict).to.deep.equal(reason === undefined ? { state } : { state, reason });
            });
    });

    it("treat a stack as half done after every turn that may have deployed a part, even if a later one deployed nothing", () => {
        const at = "2027-01-01T00:00:00Z";
        const begun = (stack: string) => ({ at, kind: "stack-begun", stack }) as const;
        const ended = (stack: string, outcome: "failed" | "differs" | "held" | "interrupted") =>
            ({ at, kind: "stack-ended", stack, outcome, seconds: 0, changes: {}, buckets: [] }) as const;
        const { mayBeHalfDone } = earlierProgress([
            ...[begun("failed"), ended("failed", "failed")],
            ...[begun("differs"), ended("differs", "differs")],
            ...[begun("held"), ended("held", "held")],
            ...[begun("failed, then held"), ended("failed, then held", "failed")],
            ...[begun("failed, then held"), ended("failed, then held", "held")],
            ...[
                begun("cut off, then differs"),
                begun("cut off, then differs"),
                ended("cut off, then differs", "differs"),
            ],
            begun("cut off"),
        ]);
        expect([...mayBeHalfDone].sort()).to.deep.equal([
            "cut off",
            "cut off, then differs",
            "failed",
            "failed, then held",
        ]);
    });
});
