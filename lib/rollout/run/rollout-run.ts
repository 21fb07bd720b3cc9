import { UserError } from "../../errors";
import type { StackEngine } from "../engines/stack-engine";
import type { RolloutFile, RolloutStack, RolloutWave } from "../file/rollout-file";
import { Journal, type JournalDisk } from "../journal/journal";
import type { JournalEntry, JournalRecord, StackEnd } from "../journal/journal-record";
import type { RolloutFolder } from "../journal/rollout-folder";
import { whoRuns } from "../journal/rollout-lock";
import type { PlannedStack, RolloutPlan } from "../plan/rollout-plan";
import { stackHistory } from "../report/make-report";
import { forEachConcurrently } from "./for-each-concurrently";
import { stackTurn } from "./stack-turn";

/** Whoever is asked. */
export interface Attendant {
    confirm(question: string): Promise<boolean>;
}

export interface Clock {
    now(): Date;
    /** Ends early when the signal comes. */
    sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

export interface RunOptions {
    readonly engine: StackEngine;
    readonly attendant: Attendant;
    readonly clock: Clock;
    /** Begins no further stack; those that run are finished. */
    readonly stop: AbortSignal;
    /** Ends the engines' operations as ^C would. */
    readonly cancel: AbortSignal;
    /** Only this stack, as a job of a CI system: no order of waves, no pauses. */
    readonly only?: string | undefined;
    /** Hears of every record once it is on the disk. */
    readonly onRecord?: (record: JournalRecord) => void;
    readonly lockWaitMs?: number;
    readonly disk?: JournalDisk;
}

/** Why no further stack is begun. */
type Halt =
    | { readonly kind: "stopped"; readonly reason: string }
    | { readonly kind: "interrupted" }
    | { readonly kind: "aborted"; readonly reason: string; readonly by: string };

const abortPollMs = 1000;

/** Works through the waves of a plan. The caller holds the rollout's lock. */
export class RolloutRun {
    readonly #stacks: ReadonlyMap<string, RolloutStack>;
    readonly #planned: ReadonlyMap<string, PlannedStack>;
    readonly #done = new Set<string>();
    readonly #halfDone = new Set<string>();
    #halt: Halt | undefined;

    readonly #file: RolloutFile;
    readonly #folder: RolloutFolder;
    readonly #records: readonly JournalRecord[];
    readonly #options: RunOptions;

    constructor(
        file: RolloutFile,
        plan: RolloutPlan,
        folder: RolloutFolder,
        records: readonly JournalRecord[],
        options: RunOptions,
    ) {
        this.#file = file;
        this.#folder = folder;
        this.#records = records;
        this.#options = options;

        this.#stacks = new Map(file.stacks.map((stack) => [stack.name, stack]));
        this.#planned = new Map(plan.stacks.map((stack) => [stack.name, stack]));
        for (const record of records) {
            if (record.kind === "stack-begun") this.#halfDone.add(record.stack);
            // Nothing was deployed in such a turn, so the whole plan must still hold.
            if (record.kind === "stack-ended" && record.outcome === "differs") this.#halfDone.delete(record.stack);
        }
        for (const [name, { end }] of stackHistory(records))
            if (end?.outcome === "deployed" || end?.outcome === "unchanged") this.#done.add(name);
    }

    /** @throws UserError `rollout-not-recorded`, once the stacks that were running have ended */
    async run(first: JournalEntry): Promise<void> {
        const journal = Journal.open(this.#folder.journalFile, () => this.#options.clock.now(), this.#options.disk);
        const append = (entry: JournalEntry): void => {
            const record = journal.append(entry);
            this.#options.onRecord?.(record);
        };
        try {
            append(first);
            for (const [index, wave] of this.#file.waves.entries()) {
                if (this.#options.only !== undefined && !wave.groups.flat().includes(this.#options.only)) continue;
                if (this.#options.only !== undefined || !this.#hasEnded(wave)) await this.#wave(wave, journal, append);
                const isLast = index === this.#file.waves.length - 1;
                if (
                    this.#halt === undefined &&
                    !isLast &&
                    this.#options.only === undefined &&
                    !(await this.#pause(wave, append))
                )
                    return;
                if (this.#halt !== undefined) {
                    append(this.#halt.kind === "stopped" ? { ...this.#halt, wave: wave.name } : this.#halt);
                    return;
                }
            }
            append({ kind: "completed" });
        } finally {
            journal.close();
        }
    }

    #hasEnded({ name }: RolloutWave): boolean {
        return this.#records.some((record) => record.kind === "wave-ended" && record.wave === name);
    }

    async #wave(wave: RolloutWave, journal: Journal, append: (entry: JournalEntry) => void): Promise<void> {
        append({ kind: "wave-begun", wave: wave.name });
        let failures = 0;
        const limit = (): number => {
            this.#look();
            if (this.#halt !== undefined) return 0;
            const { maxConcurrent, failureTolerance, concurrencyMode } = wave;
            return concurrencyMode === "strict"
                ? Math.min(maxConcurrent, failureTolerance - failures + 1)
                : maxConcurrent;
        };
        for (const group of wave.groups) {
            const names = group.filter(
                (name) => !this.#done.has(name) && (this.#options.only === undefined || name === this.#options.only),
            );
            await forEachConcurrently(names, limit, async (name) => {
                journal.expectRoom();
                append({ kind: "stack-begun", stack: name });
                const end = await this.#turn(name);
                append({ kind: "stack-ended", ...end });
                if (end.outcome === "failed") failures += 1;
                this.#judge(wave, end, failures);
            });
        }
        if (this.#halt === undefined) append({ kind: "wave-ended", wave: wave.name });
    }

    async #turn(name: string): Promise<StackEnd> {
        const begun = this.#options.clock.now().getTime();
        const turn = await stackTurn(this.#stacks.get(name) as RolloutStack, this.#planned.get(name) as PlannedStack, {
            engine: this.#options.engine,
            file: this.#file,
            mayBeHalfDone: this.#halfDone.has(name),
            cancel: this.#options.cancel,
            lockWaitMs: this.#options.lockWaitMs ?? 60_000,
        });
        const seconds = Math.max(0, Math.round((this.#options.clock.now().getTime() - begun) / 100) / 10);
        return { stack: name, seconds, ...turn };
    }

    /** Whether the rollout may go on after a stack's end. What halts it first is the reason. */
    #judge({ name, failureTolerance }: RolloutWave, end: StackEnd, failures: number): void {
        if (end.outcome === "differs") {
            const reason = `wave ${name}: the stack ${end.stack} is not what was planned any more`;
            this.#halt ??= { kind: "stopped", reason };
        }
        if (failures > failureTolerance) {
            const failed = `${failures} ${failures === 1 ? "stack has" : "stacks have"} failed`;
            this.#halt ??= { kind: "stopped", reason: `wave ${name}: ${failed}, and ${failureTolerance} may` };
        }
        if (end.outcome === "interrupted") this.#halt ??= { kind: "interrupted" };
    }

    /** Looks for what may have come from outside. */
    #look(): void {
        const request = this.#folder.abortRequest();
        if (request !== undefined) {
            this.#halt ??= { kind: "aborted", ...request };
            this.#folder.clearAbortRequest();
        }
        if (this.#options.stop.aborted) this.#halt ??= { kind: "interrupted" };
    }

    /** @returns whether to go on with the next wave; it may also have been halted */
    async #pause(wave: RolloutWave, append: (entry: JournalEntry) => void): Promise<boolean> {
        const { pause } = wave;
        if (pause === undefined) return true;
        const earlier = this.#records.findLast(
            (record) => (record.kind === "paused" || record.kind === "pause-ended") && record.wave === wave.name,
        );
        if (earlier?.kind === "pause-ended") return true;
        if (pause.for === "person") {
            // Whoever resumes a rollout that waits for a person is one, and was asked.
            if (earlier === undefined) {
                append({ kind: "paused", wave: wave.name });
                const agreed = await this.#options.attendant.confirm(
                    `Wave ${wave.name} is done. Go on with the next wave?`,
                );
                this.#look();
                if (!agreed && this.#halt === undefined) return false;
            }
        } else {
            const now = this.#options.clock.now().getTime();
            const given = pause.for === "until" ? pause.until : new Date(now + pause.seconds * 1000).toISOString();
            const until = earlier?.kind === "paused" ? (earlier.until ?? given) : given;
            if (earlier === undefined) append({ kind: "paused", wave: wave.name, until });
            await this.#wait(Date.parse(until));
        }
        if (this.#halt === undefined) append({ kind: "pause-ended", wave: wave.name });
        return true;
    }

    async #wait(until: number): Promise<void> {
        for (;;) {
            this.#look();
            const left = until - this.#options.clock.now().getTime();
            if (this.#halt !== undefined || left <= 0) return;
            await this.#options.clock.sleep(Math.min(left, abortPollMs), this.#options.stop);
        }
    }
}

/** Whether nothing can come after these records. */
export function isOver(records: readonly JournalRecord[]): boolean {
    const last = records.at(-1)?.kind;
    return last === "completed" || last === "aborted";
}

export function beginRecord(kind: "begun" | "resumed", plan: RolloutPlan, only?: string): JournalEntry {
    const { user, host } = whoRuns();
    return { kind, plan: plan.id, by: `${user}@${host}`, ...(only !== undefined && { only }) };
}

/** A plan is for one content of its file. @throws UserError `invalid-rollout-plan` */
export function expectPlanOf(file: RolloutFile, plan: RolloutPlan): void {
    if (plan.fileDigest !== file.digest)
        throw new UserError(
            "invalid-rollout-plan",
            `The rollout file was changed since the plan of ${plan.madeAt} was made`,
        );
}
