import { type LaneGrant, type UnitReport, WaveRules, type WaveStep } from "../../waves/wave-rules";
import { progressOf, shardsOf } from "./flow-log";
import type {
    FlowProgress,
    FlowWave,
    KeepLogInput,
    LogEntry,
    RolloutInput,
    ShardEnd,
    ShardInput,
    ShardReport,
} from "./flow-messages";
import { readLeft } from "./left-stacks";

/** Requests to a rollout from outside. Signals change it. */
export interface RolloutRequests {
    /** Waves after whose pause a person agreed to go on. */
    readonly agreed: Set<string>;
    abort?: { readonly reason: string; readonly by: string };
    isInterrupted: boolean;
    /** Reports of shards that are not taken into account yet. */
    reports: ShardReport[];
}

/** The workflow of a shard. */
export interface Shard {
    readonly workflow: string;
    give(grant: Omit<LaneGrant, "unit">): Promise<void>;
    halt(): Promise<void>;
    readonly ended: Promise<ShardEnd>;
}

/** The port to Temporal. */
export interface RolloutHost {
    readonly requests: RolloutRequests;
    /** Milliseconds since 1970. */
    now(): number;
    /** @returns whether the condition holds; false after the time */
    until(condition: () => boolean, milliseconds?: number): Promise<boolean>;
    startShard(input: ShardInput, run: number): Promise<Shard>;
    keepLog(input: KeepLogInput): Promise<void>;
    /** Whether the history is long enough for a new one. */
    isLong(): boolean;
}

export type RolloutEnd =
    /** `kind` is that of the last record. */
    | { readonly isOver: true; readonly kind: LogEntry["kind"] }
    | { readonly isOver: false; readonly next: RolloutInput };

type LogEntryBody = LogEntry extends infer Each ? (Each extends LogEntry ? Omit<Each, "at"> : never) : never;

/** Runs a rollout by the wave rules: gives lanes to shards, counts failures, pauses, and keeps the log. */
export class RolloutFlow {
    readonly #input: RolloutInput;
    readonly #host: RolloutHost;
    readonly #rules: WaveRules;
    readonly #shards = new Map<string, Shard>();
    readonly #left = new Map<string, string>();
    /** Shards that ended and are not taken into account yet. */
    #ended: { readonly shard: string; readonly end: ShardEnd | undefined }[] = [];
    #progress: FlowProgress;
    #entries: LogEntry[] = [];
    #parts: number;
    #kept: Promise<void> = Promise.resolve();
    #isHalted = false;
    #hasBegunWave = false;
    #last: LogEntry["kind"] = "begun";

    constructor(input: RolloutInput, host: RolloutHost) {
        this.#input = input;
        this.#host = host;
        this.#progress = input.progress;
        this.#parts = input.logParts;
        const { endedWaves, pauses } = input.progress;
        const waves = input.waves.map((wave, index) => ({ ...wave, groups: this.#unitsOf(wave, index) }));
        this.#rules = new WaveRules(waves, {
            endedWaves: new Set(endedWaves),
            pauses: new Map(Object.entries(pauses)),
        });
    }

    async run(): Promise<RolloutEnd> {
        const { plan, by, isContinued } = this.#input;
        if (isContinued !== true)
            this.#note({ kind: this.#input.progress.runs === 0 ? "begun" : "resumed", plan: plan.id, by });
        while (!this.#rules.isOver) {
            this.#look();
            for (const step of this.#rules.next(this.#host.now())) {
                // Between two waves nothing runs.
                if (step.kind === "wave-begun" && this.#hasBegunWave && this.#host.isLong()) {
                    await this.#keep();
                    return { isOver: false, next: this.#next() };
                }
                await this.#take(step);
            }
            void this.#keep();
            await this.#wait();
        }
        await this.#keep();
        return { isOver: true, kind: this.#last };
    }

    #unitsOf(wave: FlowWave, index: number) {
        return shardsOf(wave, index, this.#input.shardSize, this.#progress).map((group) =>
            group.map(({ shard, left }) => {
                this.#left.set(shard, left);
                return { id: shard, stacks: readLeft(left).length };
            }),
        );
    }

    #next(): RolloutInput {
        return { ...this.#input, logParts: this.#parts, progress: this.#progress, isContinued: true };
    }

    /** Takes everything into account that came from outside. */
    #look(): void {
        const { requests } = this.#host;
        for (const { shard, report } of requests.reports.splice(0)) this.#rules.reported(shard, report);
        for (const { shard, end } of this.#ended.splice(0)) {
            this.#shards.delete(shard);
            if (end !== undefined) this.#note({ kind: "shard-ended", shard, left: end.left, records: end.records });
            this.#rules.reported(shard, end?.report ?? lostShard);
        }
        if (requests.abort !== undefined) this.#rules.halt({ kind: "aborted", ...requests.abort });
        if (requests.isInterrupted) this.#rules.halt({ kind: "interrupted" });
        if (!this.#rules.isHalting || this.#isHalted) return;
        this.#isHalted = true;
        for (const shard of this.#shards.values()) void shard.halt();
    }

    async #take(step: WaveStep): Promise<void> {
        if (step.kind !== "lanes") {
            this.#hasBegunWave ||= step.kind === "wave-begun";
            this.#note(step);
            return;
        }
        const { unit: shard, lanes, mayFail, reports } = step;
        const grant = { lanes, mayFail, reports };
        const open = this.#shards.get(shard);
        if (open !== undefined) {
            void open.give(grant);
            return;
        }
        const { plan, timing } = this.#input;
        const left = this.#left.get(shard) ?? "";
        const begun = await this.#host.startShard({ plan, timing, shard, left, grant }, this.#progress.runs);
        this.#shards.set(shard, begun);
        this.#note({ kind: "shard-begun", shard, left, workflow: begun.workflow });
        begun.ended.then(
            (end) => void this.#ended.push({ shard, end }),
            () => void this.#ended.push({ shard, end: undefined }),
        );
    }

    async #wait(): Promise<void> {
        const waits = this.#rules.waitsFor;
        if (waits === undefined) return;
        const { requests } = this.#host;
        const isAsked = () =>
            requests.reports.length > 0 ||
            this.#ended.length > 0 ||
            (!this.#isHalted && (requests.abort !== undefined || requests.isInterrupted));
        if (waits.kind === "stacks") {
            await this.#host.until(isAsked);
            return;
        }
        if (waits.kind === "person") await this.#host.until(() => isAsked() || requests.agreed.has(waits.wave));
        else if (await this.#host.until(isAsked, Math.max(0, Date.parse(waits.until) - this.#host.now()))) return;
        this.#look();
        for (const record of this.#rules.endPause()) this.#note(record);
    }

    #note(entry: LogEntryBody): void {
        const noted = { at: new Date(this.#host.now()).toISOString(), ...entry } as LogEntry;
        this.#last = noted.kind;
        this.#entries.push(noted);
        this.#progress = progressOf([noted], this.#progress);
    }

    /** Writes the notes in order. @returns when all are written */
    async #keep(): Promise<void> {
        const entries = this.#entries.splice(0);
        if (entries.length > 0) {
            const input = { plan: this.#input.plan, part: this.#parts, entries };
            this.#parts += 1;
            this.#kept = this.#kept.then(() => this.#host.keepLog(input));
        }
        await this.#kept;
    }
}

/** A shard whose workflow was ended by a person, or by a defect. */
const lostShard: UnitReport = {
    lanes: 0,
    waiting: 0,
    isOver: true,
    failed: [],
    held: [],
    differs: [],
    interrupted: true,
};
