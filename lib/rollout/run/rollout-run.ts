import { UserError } from "../../errors";
import type { StackEngine } from "../engines/stack-engine";
import type { RolloutFile, RolloutWave } from "../file/rollout-file";
import { Journal, type JournalDisk } from "../journal/journal";
import type { JournalEntry, JournalRecord, StackEnd } from "../journal/journal-record";
import type { RolloutFolder } from "../journal/rollout-folder";
import { userAndHost } from "../journal/rollout-lock";
import type { RolloutPlan } from "../plan/rollout-plan";
import { type EarlierProgress, earlierProgress } from "../waves/earlier-progress";
import { WaveRules, wavesOfStack, wavesOfStacks } from "../waves/wave-rules";

/** The person who is asked. */
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
    /** Begins no further stack; running ones finish. */
    readonly stop: AbortSignal;
    /** Ends the engines' operations as ^C would. */
    readonly cancel: AbortSignal;
    /** Only this stack, as a job of a CI system: no order of waves, no pauses. */
    readonly only?: string | undefined;
    /** An earlier job, on a machine whose journal is not here, may have deployed a part of the stack. */
    readonly mayBeHalfDone?: boolean | undefined;
    /** Called with every record once it is on the disk. */
    readonly onRecord?: (record: JournalRecord) => void;
    readonly lockWaitMs?: number;
    readonly disk?: JournalDisk;
}

/** One stack's turn. It reports every failure of the stack in its result, and never rejects because of one. */
export type TakeTurn = (
    stack: string,
    earlier: { readonly mayBeHalfDone: boolean },
) => Promise<Omit<StackEnd, "stack" | "seconds">>;

export type WaveRunOptions = Pick<
    RunOptions,
    "attendant" | "clock" | "stop" | "only" | "mayBeHalfDone" | "onRecord" | "disk"
>;

const abortPollMs = 1000;

/** Runs the waves on this machine: carries out the steps of the wave rules, and records them. The caller holds the rollout's lock. */
export class WaveRun {
    readonly #folder: RolloutFolder;
    readonly #takeTurn: TakeTurn;
    readonly #options: WaveRunOptions;
    readonly #earlier: EarlierProgress;
    readonly #rules: WaveRules;
    readonly #running = new Set<Promise<void>>();
    /** The first error outside a stack: nothing further begins. */
    #fault: { readonly error: unknown } | undefined;

    /** @param records of earlier runs of the same plan */
    constructor(
        waves: readonly RolloutWave[],
        folder: RolloutFolder,
        records: readonly JournalRecord[],
        takeTurn: TakeTurn,
        options: WaveRunOptions,
    ) {
        this.#folder = folder;
        this.#takeTurn = takeTurn;
        this.#options = options;
        this.#earlier = earlierProgress(records);
        const { only } = options;
        const chosen = only === undefined ? waves : wavesOfStack(waves, only);
        const earlier = only === undefined ? this.#earlier : { ...this.#earlier, endedWaves: new Set<string>() };
        this.#rules = new WaveRules(wavesOfStacks(chosen, this.#earlier.done), earlier);
    }

    /** @throws UserError `rollout-not-recorded`, once the stacks that were running have ended */
    async run(first: JournalEntry): Promise<void> {
        const { clock, disk, onRecord } = this.#options;
        const journal = Journal.open(this.#folder.journalFile, () => clock.now(), disk);
        const append = (entry: JournalEntry): void => {
            const record = journal.append(entry);
            onRecord?.(record);
        };
        try {
            append(first);
            do {
                this.#advance(journal, append);
                await this.#wait(append);
            } while (this.#fault === undefined && !this.#rules.isOver);
            await Promise.all(this.#running);
        } finally {
            journal.close();
        }
        if (this.#fault !== undefined) throw this.#fault.error;
    }

    #advance(journal: Journal, append: (entry: JournalEntry) => void): void {
        try {
            this.#look();
            for (const step of this.#rules.next(this.#options.clock.now().getTime())) {
                if (step.kind !== "lanes") {
                    append(step);
                    continue;
                }
                journal.expectRoom();
                append({ kind: "stack-begun", stack: step.unit });
                this.#start(step.unit, append);
            }
        } catch (error) {
            this.#fault ??= { error };
        }
    }

    #start(stack: string, append: (entry: JournalEntry) => void): void {
        const turn = this.#turn(stack)
            .then((end) => {
                append({ kind: "stack-ended", ...end });
                this.#rules.ended(stack, end.outcome);
            })
            .catch((error) => {
                this.#fault ??= { error };
            })
            .finally(() => void this.#running.delete(turn));
        this.#running.add(turn);
    }

    async #turn(stack: string): Promise<StackEnd> {
        const { clock, mayBeHalfDone } = this.#options;
        const begun = clock.now().getTime();
        const turn = await this.#takeTurn(stack, {
            mayBeHalfDone: mayBeHalfDone === true || this.#earlier.mayBeHalfDone.has(stack),
        });
        const seconds = Math.max(0, Math.round((clock.now().getTime() - begun) / 100) / 10);
        return { stack, seconds, ...turn };
    }

    async #wait(append: (entry: JournalEntry) => void): Promise<void> {
        const waits = this.#rules.waitsFor;
        if (this.#fault !== undefined || waits === undefined) return;
        if (waits.kind === "stacks") return await Promise.race(this.#running);
        const continues =
            waits.kind === "time"
                ? await this.#sleepUntil(Date.parse(waits.until))
                : await this.#options.attendant.confirm(`Wave ${waits.wave} is done. Continue with the next wave?`);
        this.#look();
        if (!continues) this.#rules.stayPaused();
        else for (const record of this.#rules.endPause()) append(record);
    }

    /** Requests from outside: a signal, or `rollout abort` in another process. @returns whether there is one */
    #look(): boolean {
        const request = this.#folder.abortRequest();
        if (request !== undefined) {
            this.#rules.halt({ kind: "aborted", ...request });
            this.#folder.clearAbortRequest();
        }
        if (this.#options.stop.aborted) this.#rules.halt({ kind: "interrupted" });
        return request !== undefined || this.#options.stop.aborted;
    }

    /** @returns false when it was ended early */
    async #sleepUntil(time: number): Promise<boolean> {
        const { clock, stop } = this.#options;
        for (;;) {
            if (this.#look()) return false;
            const left = time - clock.now().getTime();
            if (left <= 0) return true;
            await clock.sleep(Math.min(left, abortPollMs), stop);
        }
    }
}

/** Whether the rollout is over, so that no record can follow. */
export function isOver(records: readonly JournalRecord[]): boolean {
    const last = records.at(-1)?.kind;
    return last === "completed" || last === "aborted";
}

export function beginRecord(kind: "begun" | "resumed", plan: RolloutPlan, only?: string): JournalEntry {
    const { user, host } = userAndHost();
    return { kind, plan: plan.id, by: `${user}@${host}`, ...(only !== undefined && { only }) };
}

/** Checks that the plan was made from this file. @throws UserError `invalid-rollout-plan` */
export function expectPlanOf(file: RolloutFile, plan: RolloutPlan): void {
    if (plan.fileDigest !== file.digest)
        throw new UserError(
            "invalid-rollout-plan",
            `The rollout file was changed after the plan of ${plan.madeAt} was made`,
        );
}
