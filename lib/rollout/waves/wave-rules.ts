import type { RolloutWave } from "../file/rollout-file";
import { type EarlierProgress, nothingEarlier } from "./earlier-progress";
import { outcomeMeanings, type StackOutcome } from "./stack-outcome";
import { differsReason, heldReason, toleranceReason } from "./wave-verdict";

/** One thing to record and do. Each is a record of the journal. */
export type WaveStep =
    | { readonly kind: "wave-begun" | "wave-ended" | "pause-ended"; readonly wave: string }
    | { readonly kind: "stack-begun"; readonly stack: string }
    /** `until` is ISO 8601; without it the pause is for a person. */
    | { readonly kind: "paused"; readonly wave: string; readonly until?: string }
    | { readonly kind: "completed" }
    | { readonly kind: "stopped"; readonly wave: string; readonly reason: string }
    | OutsideHalt;

/** A request from outside to begin nothing further. Stacks that run are finished. */
export type OutsideHalt =
    | { readonly kind: "interrupted" }
    | { readonly kind: "aborted"; readonly reason: string; readonly by: string };

type Halt = OutsideHalt | { readonly kind: "stopped"; readonly reason: string };

/** What must happen before there is another step. */
export type WaitsFor =
    | { readonly kind: "stacks" }
    | { readonly kind: "person"; readonly wave: string }
    | { readonly kind: "time"; readonly until: string };

type Phase = "stacks" | "pause" | "over";

/**
 * The order in which the stacks of a rollout get their turns. It reads no clock, no file and no network: an engine asks for the
 * next steps, carries them out, and reports what happened. Every engine that runs waves uses it, so all follow the same rules:
 *
 * - Waves run one after another, and so do the region groups of a wave.
 * - In a group, stacks begin in order, `maxConcurrent` at the same time. In strict mode there are never more than may still fail, plus one.
 * - More failures than `failureTolerance`, or one stack that differs from the plan, stop the wave. Failures count for the whole wave.
 * - A held stack is no failure. The others go on, but the wave does not end without it, so the rollout stops.
 * - A stop, an interruption or an abort begins nothing further, lets running stacks finish, and then ends the rollout. The first reason counts.
 * - A pause follows a wave that ended, unless it is the last one. A pause that an earlier run began is not begun again.
 */
export class WaveRules {
    readonly #waves: readonly RolloutWave[];
    readonly #earlier: EarlierProgress;
    #index = -1;
    #phase: Phase = "pause";
    /** Groups of the current wave, and stacks of its current group, that have not begun. */
    #groups: (readonly string[])[] = [];
    #queue: string[] = [];
    readonly #running = new Set<string>();
    #failed: string[] = [];
    #held: string[] = [];
    #pause: Exclude<WaitsFor, { kind: "stacks" }> | undefined;
    #halt: Halt | undefined;

    constructor(waves: readonly RolloutWave[], earlier: EarlierProgress = nothingEarlier) {
        this.#waves = waves;
        this.#earlier = earlier;
    }

    /** Whether there is nothing left to do: the rollout ended, or it stays paused for now. */
    get isOver(): boolean {
        return this.#phase === "over";
    }

    /** What to wait for once the steps of `next` are begun; undefined when `next` has more. */
    get waitsFor(): WaitsFor | undefined {
        if (this.isOver) return undefined;
        if (this.#running.size > 0) return { kind: "stacks" };
        return this.#pause;
    }

    /** @param now milliseconds since 1970, for pauses that last a time */
    next(now: number): WaveStep[] {
        const steps: WaveStep[] = [];
        while (this.#phase !== "over") {
            if (this.#halt !== undefined) {
                if (this.#running.size > 0) return steps;
                return [...steps, this.#end(this.#halt)];
            }
            if (this.#phase === "stacks") {
                this.#begin(steps);
                if (this.#running.size > 0) return steps;
                if (this.#halt === undefined) this.#endWave(steps, now);
            }
            if (this.#pause !== undefined) return steps;
            if (this.#phase === "pause" && this.#halt === undefined) this.#nextWave(steps, now);
        }
        return steps;
    }

    /** A stack's turn ended. */
    ended(stack: string, outcome: StackOutcome): void {
        this.#running.delete(stack);
        if (outcomeMeanings[outcome].failed) this.#failed.push(stack);
        const wave = this.#wave;
        if (outcome === "held") this.#held.push(stack);
        if (outcome === "differs") this.#stop(differsReason(wave, [stack]));
        if (outcome === "interrupted") this.halt({ kind: "interrupted" });
        if (this.#failed.length > wave.failureTolerance) this.#stop(toleranceReason(wave, this.#failed));
    }

    /** Begins nothing further. */
    halt(halt: OutsideHalt): void {
        this.#halt ??= halt;
    }

    /** The pause is over. @returns the steps that this makes */
    endPause(): WaveStep[] {
        if (this.#pause === undefined || this.#halt !== undefined) return [];
        this.#pause = undefined;
        return [{ kind: "pause-ended", wave: this.#wave.name }];
    }

    /** No person wants to go on now: the rollout stays paused. */
    stayPaused(): void {
        if (this.#halt === undefined) this.#phase = "over";
    }

    get #wave(): RolloutWave {
        return this.#waves[this.#index] as RolloutWave;
    }

    #stop(reason: string): void {
        this.#halt ??= { kind: "stopped", reason };
    }

    #end(halt: Halt): WaveStep {
        this.#phase = "over";
        return halt.kind === "stopped" ? { ...halt, wave: this.#wave.name } : halt;
    }

    #nextWave(steps: WaveStep[], now: number): void {
        this.#index += 1;
        const wave = this.#waves[this.#index];
        if (wave === undefined) {
            this.#phase = "over";
            steps.push({ kind: "completed" });
            return;
        }
        this.#failed = [];
        this.#held = [];
        if (this.#earlier.endedWaves.has(wave.name)) {
            this.#beginPause(steps, now);
            return;
        }
        this.#groups = wave.groups.map((group) => group.filter((name) => !this.#earlier.done.has(name)));
        this.#phase = "stacks";
        steps.push({ kind: "wave-begun", wave: wave.name });
    }

    /** Begins as many stacks of the current group as may run; goes on to the next group when all of it ended. */
    #begin(steps: WaveStep[]): void {
        const { maxConcurrent, failureTolerance, concurrencyMode } = this.#wave;
        const mayStillFail = failureTolerance - this.#failed.length;
        const lanes = concurrencyMode === "strict" ? Math.min(maxConcurrent, mayStillFail + 1) : maxConcurrent;
        while (this.#queue.length === 0 && this.#running.size === 0 && this.#groups.length > 0)
            this.#queue = [...(this.#groups.shift() as readonly string[])];
        while (this.#queue.length > 0 && this.#running.size < lanes) {
            const stack = this.#queue.shift() as string;
            this.#running.add(stack);
            steps.push({ kind: "stack-begun", stack });
        }
    }

    #endWave(steps: WaveStep[], now: number): void {
        if (this.#held.length > 0) {
            this.#stop(heldReason(this.#wave, this.#held));
            return;
        }
        steps.push({ kind: "wave-ended", wave: this.#wave.name });
        this.#beginPause(steps, now);
    }

    #beginPause(steps: WaveStep[], now: number): void {
        this.#phase = "pause";
        const { name: wave, pause } = this.#wave;
        const earlier = this.#earlier.pauses.get(wave);
        if (pause === undefined || this.#index === this.#waves.length - 1 || earlier?.ended === true) return;
        if (pause.for === "person") {
            // A rollout that waits for a person was resumed by one.
            if (earlier === undefined) {
                this.#pause = { kind: "person", wave };
                steps.push({ kind: "paused", wave });
            } else steps.push({ kind: "pause-ended", wave });
            return;
        }
        const given = pause.for === "until" ? pause.until : new Date(now + pause.seconds * 1000).toISOString();
        const until = earlier?.until ?? given;
        this.#pause = { kind: "time", until };
        if (earlier === undefined) steps.push({ kind: "paused", wave, until });
    }
}

/** The waves of a job that runs one stack: no other stacks, and no pause. */
export function wavesOfStack(waves: readonly RolloutWave[], stack: string): RolloutWave[] {
    return waves
        .filter(({ groups }) => groups.some((group) => group.includes(stack)))
        .map(({ pause: _, ...wave }) => ({ ...wave, groups: [[stack]] }));
}
