import { mkdtempSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type JournalRecord, RolloutFolder } from "../../lib/rollout";
import { type JournalDisk, readJournal } from "../../lib/rollout/journal/journal";
import { type TakeTurn, WaveRun } from "../../lib/rollout/run/rollout-run";
import { earlierProgress } from "../../lib/rollout/waves/earlier-progress";
import type { StackOutcome } from "../../lib/rollout/waves/stack-outcome";
import { WaveRules, type WaveStep, wavesOfStack, wavesOfStacks } from "../../lib/rollout/waves/wave-rules";
import { type StoryEvent, storyStart, type WaveStory } from "./wave-stories";

/** Runs a story on an engine of waves. */
export interface StoryRunner {
    /** Begins, or goes on with what earlier runs recorded. */
    start(): Promise<void>;
    happens(event: Exclude<StoryEvent, { resumes: true }>): Promise<void>;
    /** The engine's steps since the last call. */
    taken(): string[];
    dispose(): Promise<void>;
}

/** The rules alone. */
export class RulesRunner implements StoryRunner {
    readonly #story: WaveStory;
    readonly #records: JournalRecord[] = [];
    #taken: string[] = [];
    #now = Date.parse(storyStart);
    #rules = new WaveRules([]);

    constructor(story: WaveStory) {
        this.#story = story;
    }

    async start(): Promise<void> {
        const { waves, only } = this.#story;
        const earlier = earlierProgress(this.#records);
        const chosen = only === undefined ? waves : wavesOfStack(waves, only);
        this.#rules = new WaveRules(wavesOfStacks(chosen, earlier.done), earlier);
        this.#advance();
    }

    async happens(event: Exclude<StoryEvent, { resumes: true }>): Promise<void> {
        if ("ends" in event) {
            this.#rules.ended(event.ends, event.as);
            this.#records.push(endOf(event.ends, event.as));
        } else if ("agrees" in event) {
            if (event.agrees) this.#take(this.#rules.endPause());
            else this.#rules.stayPaused();
        } else if ("time" in event) this.#now = Date.parse(event.time);
        else if ("abort" in event) this.#rules.halt({ kind: "aborted", reason: event.abort, by: "somebody" });
        else this.#rules.halt({ kind: "interrupted" });
        this.#advance();
    }

    taken(): string[] {
        const taken = this.#taken;
        this.#taken = [];
        return taken;
    }

    async dispose(): Promise<void> {}

    #advance(): void {
        this.#take(this.#rules.next(this.#now));
        const waits = this.#rules.waitsFor;
        if (waits?.kind !== "time" || Date.parse(waits.until) > this.#now) return;
        this.#take(this.#rules.endPause());
        this.#advance();
    }

    #take(steps: readonly WaveStep[]): void {
        for (const step of steps) {
            const entry = step.kind === "lanes" ? { kind: "stack-begun", stack: step.unit } : step;
            const record = { at: storyStart, ...entry } as JournalRecord;
            this.#records.push(record);
            this.#taken.push(...textsOf(record));
        }
    }
}

/** A run on this machine, with its journal on the disk and turns that end when the story says so. */
export class MachineRunner implements StoryRunner {
    readonly #story: WaveStory;
    readonly #folder = new RolloutFolder(mkdtempSync(path.join(tmpdir(), "wave-story-")));
    readonly #turns = new Map<string, (outcome: StackOutcome) => void>();
    #taken: string[] = [];
    #now = Date.parse(storyStart);
    #stop = new AbortController();
    /** Ends what the run waits for beside its turns. */
    #answer: (agrees: boolean) => void = () => {};
    #run: Promise<void> = Promise.resolve();

    constructor(story: WaveStory) {
        this.#story = story;
    }

    async start(): Promise<void> {
        await this.#run;
        const { waves, only } = this.#story;
        this.#stop = new AbortController();
        const takeTurn: TakeTurn = async (stack) => {
            const outcome = await new Promise<StackOutcome>((end) => this.#turns.set(stack, end));
            return { outcome, changes: {}, buckets: [] };
        };
        const records = readJournal(this.#folder.journalFile);
        const run = new WaveRun(waves, this.#folder, records, takeTurn, {
            attendant: { confirm: async () => await this.#answered() },
            clock: { now: () => new Date(this.#now), sleep: async () => void (await this.#answered()) },
            stop: this.#stop.signal,
            only,
            onRecord: (record) => void this.#taken.push(...textsOf(record)),
            disk: unsynced,
        });
        this.#run = run.run({ kind: records.length === 0 ? "begun" : "resumed", plan: "plan", by: "somebody" });
        await idle();
    }

    async happens(event: Exclude<StoryEvent, { resumes: true }>): Promise<void> {
        if ("ends" in event) this.#turns.get(event.ends)?.(event.as);
        else if ("agrees" in event) this.#answer(event.agrees);
        else if ("time" in event) {
            this.#now = Date.parse(event.time);
            this.#answer(true);
        } else if ("abort" in event) {
            this.#folder.requestAbort(event.abort, "somebody");
            this.#answer(false);
        } else {
            this.#stop.abort();
            this.#answer(false);
        }
        await idle();
    }

    taken(): string[] {
        const taken = this.#taken;
        this.#taken = [];
        return taken;
    }

    async dispose(): Promise<void> {
        this.#stop.abort();
        rmSync(this.#folder.folder, { recursive: true, force: true });
    }

    async #answered(): Promise<boolean> {
        return await new Promise((resolve) => {
            this.#answer = resolve;
        });
    }
}

/** What a power cut would cost is not the matter here, and waiting for the disk takes most of the time. */
const unsynced: JournalDisk = {
    write: (descriptor, bytes, offset) => writeSync(descriptor, bytes, offset),
    sync: () => {},
    freeBytes: () => undefined,
};

/** Everything between two events is synchronous or a microtask. */
const idle = async (): Promise<void> => await new Promise((resolve) => setImmediate(resolve));

const endOf = (stack: string, outcome: StackOutcome): JournalRecord => ({
    at: storyStart,
    kind: "stack-ended",
    stack,
    outcome,
    seconds: 0,
    changes: {},
    buckets: [],
});

/** What the rollout did, in the words of a story; nothing for records of what happened to it. */
export function textsOf(record: JournalRecord): string[] {
    switch (record.kind) {
        case "begun":
        case "resumed":
        case "stack-ended":
            return [];
        case "stack-begun":
            return [`${record.kind} ${record.stack}`];
        case "paused":
            return [`paused ${record.wave}${record.until === undefined ? "" : ` until ${record.until}`}`];
        case "stopped":
        case "aborted":
            return [`${record.kind} ${record.reason}`];
        case "interrupted":
        case "completed":
            return [record.kind];
        default:
            return [`${record.kind} ${record.wave}`];
    }
}
