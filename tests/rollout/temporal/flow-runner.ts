import { progressOf } from "../../../lib/rollout/temporal/flow/flow-log";
import type { LogEntry, RolloutInput, ShardEnd, ShardInput } from "../../../lib/rollout/temporal/flow/flow-messages";
import { readLeft } from "../../../lib/rollout/temporal/flow/left-stacks";
import { RolloutFlow, type RolloutRequests, type Shard } from "../../../lib/rollout/temporal/flow/rollout-flow";
import { ShardFlow, type ShardInbox } from "../../../lib/rollout/temporal/flow/shard-flow";
import type { StackOutcome } from "../../../lib/rollout/waves/stack-outcome";
import { type StoryRunner, textsOf } from "../story-runners";
import { type StoryEvent, storyStart, type WaveStory } from "../wave-stories";

export interface FlowSettings {
    readonly shardSize: number;
    /** Whether each wave gets a history of its own. */
    readonly isLong: boolean;
}

interface Waiting {
    readonly condition: () => boolean;
    readonly deadline: number | undefined;
    readonly end: (holds: boolean) => void;
}

/** The code of the workflows, with messages and timers in memory. A turn ends when the story says so. */
export class FlowRunner implements StoryRunner {
    readonly #story: WaveStory;
    readonly #settings: FlowSettings;
    readonly log: LogEntry[] = [];
    /** How many parts of the log were kept. */
    parts = 0;
    /** How many messages went between workflows. */
    messages = 0;
    /** How many histories the rollout had. */
    histories = 0;
    #now = Date.parse(storyStart);
    #requests: RolloutRequests = newRequests();
    #isOpen = false;
    #waiting: Waiting[] = [];
    readonly #turns = new Map<string, (outcome: StackOutcome) => void>();
    readonly #taken: { entries: LogEntry[]; begun: { shard: string; stack: string }[] } = { entries: [], begun: [] };
    failure: unknown;

    constructor(story: WaveStory, settings: FlowSettings) {
        this.#story = story;
        this.#settings = settings;
    }

    async start(): Promise<void> {
        if (this.#isOpen) this.#agree();
        else void this.#run(this.#input());
        await this.settle();
    }

    async happens(event: Exclude<StoryEvent, { resumes: true }>): Promise<void> {
        if ("ends" in event) this.end(event.ends, event.as);
        else if ("agrees" in event) {
            if (event.agrees) this.#agree();
        } else if ("time" in event) this.#now = Date.parse(event.time);
        else if ("abort" in event) this.#requests.abort = { reason: event.abort, by: "somebody" };
        else this.#requests.isInterrupted = true;
        await this.settle();
    }

    /** Stacks whose turn goes on. */
    get running(): string[] {
        return [...this.#turns.keys()];
    }

    end(stack: string, outcome: StackOutcome): void {
        const end = this.#turns.get(stack);
        this.#turns.delete(stack);
        end?.(outcome);
    }

    taken(): string[] {
        const { entries, begun } = this.#taken;
        const take = (shard: (name: string) => boolean): string[] => {
            const found = begun.filter((one) => shard(one.shard));
            for (const one of found) begun.splice(begun.indexOf(one), 1);
            return found.map(({ stack }) => `stack-begun ${stack}`);
        };
        const now = entries.splice(0);
        const isNew = (name: string): boolean =>
            now.some((entry) => entry.kind === "shard-begun" && entry.shard === name);
        return [
            ...take((name) => !isNew(name)),
            ...now.flatMap((entry) => {
                if (entry.kind === "shard-begun") return take((name) => name === entry.shard);
                return entry.kind === "shard-ended" ? [] : textsOf(entry);
            }),
        ];
    }

    async dispose(): Promise<void> {
        if (this.failure !== undefined) throw this.failure;
    }

    #agree(): void {
        const paused = this.log.findLast(({ kind }) => kind === "paused");
        if (paused?.kind === "paused") this.#requests.agreed.add(paused.wave);
    }

    #input(): RolloutInput {
        return {
            plan: { place: "nowhere", id: "plan" },
            waves: this.#story.waves.map((wave) => ({ ...wave, groups: wave.groups.map(({ length }) => length) })),
            timing: { heartbeat: 30, lockWait: 0 },
            shardSize: this.#settings.shardSize,
            by: "somebody",
            logParts: this.parts,
            progress: progressOf(this.log),
        };
    }

    async #run(given: RolloutInput): Promise<void> {
        this.#isOpen = true;
        this.#requests = newRequests();
        try {
            let input: RolloutInput | undefined = given;
            while (input !== undefined) {
                this.histories += 1;
                const end = await this.#flow(input).run();
                input = end.isOver ? undefined : JSON.parse(JSON.stringify(end.next));
            }
        } catch (error) {
            this.failure = error;
        }
        this.#isOpen = false;
    }

    #flow(input: RolloutInput): RolloutFlow {
        return new RolloutFlow(input, {
            requests: this.#requests,
            now: () => this.#now,
            until: this.#until,
            startShard: async (shard) => this.#shard(shard),
            keepLog: async ({ part, entries }) => {
                if (part !== this.parts) throw new Error(`part ${part} of the log came after ${this.parts} parts`);
                this.parts += 1;
                this.log.push(...entries);
                this.#taken.entries.push(...entries);
            },
            isLong: () => this.#settings.isLong,
        });
    }

    #shard(input: ShardInput): Shard {
        const inbox: ShardInbox = { grants: [], isHalted: false };
        const [wave = 0, group = 0] = input.shard.split("/").map(Number);
        const flow = new ShardFlow(input, {
            inbox,
            now: () => this.#now,
            until: this.#until,
            names: async ({ left }) =>
                readLeft(left).map(({ position }) => this.#story.waves[wave]?.groups[group]?.[position] as string),
            turn: async ({ stack }) => {
                this.#taken.begun.push({ shard: input.shard, stack });
                const outcome = await new Promise<StackOutcome>((end) => this.#turns.set(stack, end));
                return { outcome, seconds: 0, end: "digest" };
            },
            keepTurns: async () => "digest",
            report: async (report) => {
                this.messages += 1;
                this.#requests.reports.push({ shard: input.shard, report });
            },
        });
        const ended: Promise<ShardEnd> = flow.run();
        return {
            workflow: input.shard,
            give: async (grant) => {
                this.messages += 1;
                inbox.grants.push(grant);
            },
            halt: async () => {
                inbox.isHalted = true;
            },
            ended,
        };
    }

    readonly #until = async (condition: () => boolean, milliseconds?: number): Promise<boolean> => {
        if (condition()) return true;
        const deadline = milliseconds === undefined ? undefined : this.#now + milliseconds;
        return await new Promise((end) => this.#waiting.push({ condition, deadline, end }));
    };

    /** Until nothing goes on without an event. */
    async settle(): Promise<void> {
        for (;;) {
            await new Promise((resolve) => setImmediate(resolve));
            const ready = this.#waiting.filter(
                ({ condition, deadline }) => condition() || (deadline !== undefined && deadline <= this.#now),
            );
            if (ready.length === 0) return;
            this.#waiting = this.#waiting.filter((one) => !ready.includes(one));
            for (const { condition, end } of ready) end(condition());
        }
    }
}

const newRequests = (): RolloutRequests => ({ agreed: new Set(), isInterrupted: false, reports: [] });
