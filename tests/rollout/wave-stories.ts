import type { RolloutWave } from "../../lib/rollout";
import type { StackOutcome } from "../../lib/rollout/waves/stack-outcome";

/** What happens to a rollout. */
export type StoryEvent =
    | { readonly ends: string; readonly as: StackOutcome }
    /** A person answers at a pause. */
    | { readonly agrees: boolean }
    /** The clock's time, ISO 8601. */
    | { readonly time: string }
    | { readonly abort: string }
    /** ^C. */
    | { readonly stop: true }
    /** A new run goes on with the records of the earlier ones. */
    | { readonly resumes: true };

/** Texts are what the rollout does next; everything between two events comes at once, in this order, and nothing else does. */
export interface WaveStory {
    readonly title: string;
    readonly waves: readonly RolloutWave[];
    /** A job that runs only this stack. */
    readonly only?: string;
    readonly steps: readonly (string | StoryEvent)[];
}

export const storyStart = "2027-01-01T00:00:00.000Z";

function wave(name: string, stacks: string, settings: Partial<RolloutWave> = {}): RolloutWave {
    const groups = stacks.split("|").map((group) => group.trim().split(" "));
    return { name, groups, maxConcurrent: 1, failureTolerance: 0, concurrencyMode: "soft", ...settings };
}

const ends = (stack: string, outcome: StackOutcome = "deployed"): StoryEvent => ({ ends: stack, as: outcome });
const resumes: StoryEvent = { resumes: true };
const stop: StoryEvent = { stop: true };

export const waveStories: readonly WaveStory[] = [
    {
        title: "order: waves run one after another, and a wave's stacks in their order",
        waves: [wave("one", "a b"), wave("two", "c")],
        steps: [
            ...[
                "wave-begun one",
                "stack-begun a",
                ends("a"),
                "stack-begun b",
                ends("b", "unchanged"),
                "wave-ended one",
            ],
            ...["wave-begun two", "stack-begun c", ends("c"), "wave-ended two", "completed"],
        ],
    },
    {
        title: "lanes: as many stacks run at the same time as the wave allows, and the next begins when one ends",
        waves: [wave("one", "a b c d", { maxConcurrent: 2 })],
        steps: [
            ...[
                "wave-begun one",
                "stack-begun a",
                "stack-begun b",
                ends("b"),
                "stack-begun c",
                ends("a"),
                "stack-begun d",
            ],
            ...[ends("d"), ends("c"), "wave-ended one", "completed"],
        ],
    },
    {
        title: "region order: a group begins when the one before it has ended",
        waves: [wave("one", "a b | c d", { maxConcurrent: 3 })],
        steps: [
            ...["wave-begun one", "stack-begun a", "stack-begun b", ends("a"), ends("b")],
            ...["stack-begun c", "stack-begun d", ends("d"), ends("c"), "wave-ended one", "completed"],
        ],
    },
    {
        title: "tolerance: a wave goes on with as many failures as it tolerates",
        waves: [wave("one", "a b", { failureTolerance: 1 }), wave("two", "c")],
        steps: [
            ...["wave-begun one", "stack-begun a", ends("a", "failed"), "stack-begun b", ends("b"), "wave-ended one"],
            ...["wave-begun two", "stack-begun c", ends("c"), "wave-ended two", "completed"],
        ],
    },
    {
        title: "tolerance: one failure more begins nothing further, and the running stacks finish",
        waves: [wave("one", "a b c d", { maxConcurrent: 3, failureTolerance: 1 }), wave("two", "e")],
        steps: [
            ...[
                "wave-begun one",
                "stack-begun a",
                "stack-begun b",
                "stack-begun c",
                ends("a", "failed"),
                "stack-begun d",
            ],
            ...[ends("b", "failed"), ends("c"), ends("d"), "stopped wave one: 2 stacks failed (a, b); 1 may fail"],
        ],
    },
    {
        title: "tolerance: failures count for the whole wave, also across regions",
        waves: [wave("one", "a | b | c", { failureTolerance: 1 })],
        steps: [
            ...["wave-begun one", "stack-begun a", ends("a", "failed"), "stack-begun b", ends("b", "failed")],
            "stopped wave one: 2 stacks failed (a, b); 1 may fail",
        ],
    },
    {
        title: "tolerance: each wave counts its own failures",
        waves: [wave("one", "a b", { failureTolerance: 1 }), wave("two", "c d", { failureTolerance: 1 })],
        steps: [
            ...["wave-begun one", "stack-begun a", ends("a", "failed"), "stack-begun b", ends("b"), "wave-ended one"],
            ...["wave-begun two", "stack-begun c", ends("c", "failed"), "stack-begun d", ends("d"), "wave-ended two"],
            "completed",
        ],
    },
    {
        title: "strict mode: never more at the same time than may still fail, plus one",
        waves: [wave("one", "a b c d e", { maxConcurrent: 5, failureTolerance: 2, concurrencyMode: "strict" })],
        steps: [
            ...["wave-begun one", "stack-begun a", "stack-begun b", "stack-begun c", ends("a", "failed")],
            ...[ends("b"), "stack-begun d", ends("c", "failed"), ends("d"), "stack-begun e", ends("e")],
            ...["wave-ended one", "completed"],
        ],
    },
    {
        title: "soft mode: failures do not narrow the lanes",
        waves: [wave("one", "a b c", { maxConcurrent: 2, failureTolerance: 2 })],
        steps: [
            ...["wave-begun one", "stack-begun a", "stack-begun b", ends("a", "failed"), "stack-begun c"],
            ...[ends("b", "failed"), ends("c"), "wave-ended one", "completed"],
        ],
    },
    {
        title: "a stack that differs from the plan stops the wave, whatever it tolerates",
        waves: [wave("one", "a b c", { maxConcurrent: 2, failureTolerance: 3 })],
        steps: [
            ...["wave-begun one", "stack-begun a", "stack-begun b", ends("a", "differs"), ends("b")],
            "stopped wave one: a differs from the plan",
        ],
    },
    {
        title: "a held stack is no failure: the others go on, but the wave does not end, and a later run tries it again",
        waves: [wave("one", "a b c"), wave("two", "d")],
        steps: [
            ...["wave-begun one", "stack-begun a", ends("a", "held"), "stack-begun b", ends("b")],
            ...["stack-begun c", ends("c"), "stopped wave one: 1 stack is held by a lock (a)", resumes],
            ...["wave-begun one", "stack-begun a", ends("a"), "wave-ended one"],
            ...["wave-begun two", "stack-begun d", ends("d"), "wave-ended two", "completed"],
        ],
    },
    {
        title: "resume: what arrived is not begun again, what failed is, and its failures count anew",
        waves: [wave("one", "a b c", { failureTolerance: 1 })],
        steps: [
            ...["wave-begun one", "stack-begun a", ends("a"), "stack-begun b", ends("b", "failed")],
            ...["stack-begun c", ends("c", "failed"), "stopped wave one: 2 stacks failed (b, c); 1 may fail", resumes],
            ...["wave-begun one", "stack-begun b", ends("b", "failed"), "stack-begun c", ends("c")],
            ...["wave-ended one", "completed"],
        ],
    },
    {
        title: "interruption: running stacks finish, nothing further begins, and a later run goes on",
        waves: [wave("one", "a b c", { maxConcurrent: 2 })],
        steps: [
            ...["wave-begun one", "stack-begun a", "stack-begun b", stop, ends("a"), ends("b"), "interrupted", resumes],
            ...["wave-begun one", "stack-begun c", ends("c"), "wave-ended one", "completed"],
        ],
    },
    {
        title: "interruption: a stack that was cancelled interrupts the rollout",
        waves: [wave("one", "a b")],
        steps: [
            ...["wave-begun one", "stack-begun a", ends("a", "interrupted"), "interrupted", resumes],
            ...[
                "wave-begun one",
                "stack-begun a",
                ends("a"),
                "stack-begun b",
                ends("b"),
                "wave-ended one",
                "completed",
            ],
        ],
    },
    {
        title: "abort: running stacks finish, and the reason is kept",
        waves: [wave("one", "a b")],
        steps: [
            ...["wave-begun one", "stack-begun a", { abort: "the key was withdrawn" }, ends("a")],
            "aborted the key was withdrawn",
        ],
    },
    {
        title: "the first reason to halt counts",
        waves: [wave("one", "a b c", { maxConcurrent: 2 })],
        steps: [
            ...["wave-begun one", "stack-begun a", "stack-begun b", ends("a", "failed"), stop, ends("b", "differs")],
            "stopped wave one: 1 stack failed (a); 0 may fail",
        ],
    },
    {
        title: "pause: a person agrees, and the next wave begins; after the last wave there is no pause",
        waves: [wave("one", "a", { pause: { for: "person" } }), wave("two", "b", { pause: { for: "person" } })],
        steps: [
            ...["wave-begun one", "stack-begun a", ends("a"), "wave-ended one", "paused one", { agrees: true }],
            ...["pause-ended one", "wave-begun two", "stack-begun b", ends("b"), "wave-ended two", "completed"],
        ],
    },
    {
        title: "pause: a person who does not agree leaves it paused, and a later run goes on without asking",
        waves: [wave("one", "a", { pause: { for: "person" } }), wave("two", "b")],
        steps: [
            ...[
                "wave-begun one",
                "stack-begun a",
                ends("a"),
                "wave-ended one",
                "paused one",
                { agrees: false },
                resumes,
            ],
            ...["pause-ended one", "wave-begun two", "stack-begun b", ends("b"), "wave-ended two", "completed"],
        ],
    },
    {
        title: "pause: ^C at the question interrupts",
        waves: [wave("one", "a", { pause: { for: "person" } }), wave("two", "b")],
        steps: [
            ...["wave-begun one", "stack-begun a", ends("a"), "wave-ended one", "paused one", stop, "interrupted"],
            ...[
                resumes,
                "pause-ended one",
                "wave-begun two",
                "stack-begun b",
                ends("b"),
                "wave-ended two",
                "completed",
            ],
        ],
    },
    {
        title: "pause: a time passes; after an interruption only the rest of it is waited for",
        waves: [wave("one", "a", { pause: { for: "time", seconds: 600 } }), wave("two", "b")],
        steps: [
            ...[
                "wave-begun one",
                "stack-begun a",
                ends("a"),
                "wave-ended one",
                "paused one until 2027-01-01T00:10:00.000Z",
            ],
            ...[{ time: "2027-01-01T00:05:00Z" }, stop, "interrupted", resumes, { time: "2027-01-01T00:09:59Z" }],
            ...[{ time: "2027-01-01T00:10:00Z" }, "pause-ended one", "wave-begun two", "stack-begun b", ends("b")],
            ...["wave-ended two", "completed"],
        ],
    },
    {
        title: "pause: a given time that is over already lets the next wave begin",
        waves: [wave("one", "a", { pause: { for: "until", until: "2026-12-31T00:00:00Z" } }), wave("two", "b")],
        steps: [
            ...[
                "wave-begun one",
                "stack-begun a",
                ends("a"),
                "wave-ended one",
                "paused one until 2026-12-31T00:00:00Z",
            ],
            ...["pause-ended one", "wave-begun two", "stack-begun b", ends("b"), "wave-ended two", "completed"],
        ],
    },
    {
        title: "pause: an abort ends it",
        waves: [wave("one", "a", { pause: { for: "time", seconds: 600 } }), wave("two", "b")],
        steps: [
            ...[
                "wave-begun one",
                "stack-begun a",
                ends("a"),
                "wave-ended one",
                "paused one until 2027-01-01T00:10:00.000Z",
            ],
            ...[{ abort: "enough" }, "aborted enough"],
        ],
    },
    {
        title: "a job of one stack has no order of waves and no pause",
        waves: [wave("one", "a", { pause: { for: "person" } }), wave("two", "b c", { pause: { for: "person" } })],
        only: "c",
        steps: ["wave-begun two", "stack-begun c", ends("c"), "wave-ended two", "completed"],
    },
];
