import type { RolloutWave } from "../file/rollout-file";
import { type EarlierProgress, nothingEarlier } from "./earlier-progress";
import { outcomeMeanings, type StackOutcome } from "./stack-outcome";
import { differsReason, heldReason, toleranceReason } from "./wave-verdict";

/** A unit that runs in lanes: one stack, or a shard of stacks that fills its lanes itself. */
export interface LaneUnit {
    readonly id: string;
    /** How many stacks wait for a turn. */
    readonly stacks: number;
}

/** A wave in groups of units. */
export interface UnitWave extends Omit<RolloutWave, "groups"> {
    readonly groups: readonly (readonly LaneUnit[])[];
}

/** The results of a unit since its last report. Failed, held and different stacks are given by name. */
export interface UnitReport {
    /** Lanes that it gives back. */
    readonly lanes: number;
    /** Stacks that have not begun. */
    readonly waiting: number;
    /** Nothing of it runs, and nothing will. */
    readonly isOver: boolean;
    readonly failed: readonly string[];
    readonly held: readonly string[];
    readonly differs: readonly string[];
    readonly interrupted: boolean;
}

/** Lanes for a unit: it begins as many stacks at the same time, in their order. */
export interface LaneGrant {
    readonly unit: string;
    /** How many more. */
    readonly lanes: number;
    /** How many of its stacks may fail before it has to report. */
    readonly mayFail: number;
    /** How many of its reports are taken into account. */
    readonly reports: number;
}

/** One thing to do. */
export type WaveStep = WaveRecord | ({ readonly kind: "lanes" } & LaneGrant);

/** The state of a rollout's waves, according to its journal. */
export type WaveRecord =
    | { readonly kind: "wave-begun" | "wave-ended" | "pause-ended"; readonly wave: string }
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

/** The event that must happen before there is another step. */
export type WaitsFor =
    | { readonly kind: "stacks" }
    | { readonly kind: "person"; readonly wave: string }
    | { readonly kind: "time"; readonly until: string };

type Phase = "stacks" | "pause" | "over";

/** A unit that has begun. */
interface OpenUnit {
    waiting: number;
    lanes: number;
    /** Failures that it may have without a report. */
    mayFail: number;
    reports: number;
    isAnswered: boolean;
}

/**
 * The order in which the stacks of a rollout get their turns. It reads no clock, no file and no network: an engine asks for the
 * next steps, carries them out, and reports what happened. Every engine that runs waves uses it, so all follow the same rules:
 *
 * - Waves run one after another, and so do the region groups of a wave.
 * - In a group, stacks begin in order, `maxConcurrent` at the same time. In strict mode there are never more than may still fail, plus one.
 *   A group is in units: single stacks on one machine, shards of stacks where a process far away fills the lanes that it is given.
 * - More failures than `failureTolerance`, or one stack that differs from the plan, stop the wave. Failures count for the whole wave. A
 *   shard may have a part of the failures that are left without a report; all such parts together are never more than are left.
 * - A held stack is no failure. The others go on, but the wave does not end without it, so the rollout stops.
 * - A stop, an interruption or an abort begins nothing further, lets running stacks finish, and then ends the rollout. The first reason counts.
 * - A pause follows a wave that ended, unless it is the last one. A pause that an earlier run began is not begun again.
 */
export class WaveRules {
    readonly #waves: readonly UnitWave[];
    readonly #earlier: Pick<EarlierProgress, "endedWaves" | "pauses">;
    #index = -1;
    #phase: Phase = "pause";
    /** Groups of the current wave that have not begun. */
    #groups: (readonly LaneUnit[])[] = [];
    /** Units of its current group that have not begun. */
    #queue: LaneUnit[] = [];
    /** Those that have begun and are not over, in their order. */
    readonly #open = new Map<string, OpenUnit>();
    #failed: string[] = [];
    #held: string[] = [];
    #pause: Exclude<WaitsFor, { kind: "stacks" }> | undefined;
    #halt: Halt | undefined;

    constructor(waves: readonly UnitWave[], earlier: Pick<EarlierProgress, "endedWaves" | "pauses"> = nothingEarlier) {
        this.#waves = waves;
        this.#earlier = earlier;
    }

    /** Whether there is nothing left to do: the rollout ended, or it stays paused for now. */
    get isOver(): boolean {
        return this.#phase === "over";
    }

    /** Whether nothing further begins, because of a stop or a request from outside. */
    get isHalting(): boolean {
        return this.#halt !== undefined;
    }

    /** The event to wait for once the steps of `next` are begun; undefined when `next` has more. */
    get waitsFor(): WaitsFor | undefined {
        if (this.isOver) return undefined;
        if (this.#isRunning) return { kind: "stacks" };
        return this.#pause;
    }

    /** @param now milliseconds since 1970, for pauses that last a time */
    next(now: number): WaveStep[] {
        const steps: WaveStep[] = [];
        while (this.#phase !== "over") {
            if (this.#halt !== undefined) {
                if (this.#isRunning) return steps;
                return [...steps, this.#end(this.#halt)];
            }
            if (this.#phase === "stacks") {
                this.#begin(steps);
                if (this.#isRunning) return steps;
                if (this.#halt === undefined) this.#endWave(steps, now);
            }
            if (this.#pause !== undefined) return steps;
            if (this.#phase === "pause" && this.#halt === undefined) this.#nextWave(steps, now);
        }
        return steps;
    }

    /** A stack's turn ended, where each unit is one stack. */
    ended(stack: string, outcome: StackOutcome): void {
        const only = (is: boolean): string[] => (is ? [stack] : []);
        this.reported(stack, {
            lanes: 1,
            waiting: 0,
            isOver: true,
            failed: only(outcomeMeanings[outcome].failed),
            held: only(outcome === "held"),
            differs: only(outcome === "differs"),
            interrupted: outcome === "interrupted",
        });
    }

    reported(id: string, { lanes, waiting, isOver, failed, held, differs, interrupted }: UnitReport): void {
        const unit = this.#open.get(id);
        if (unit === undefined) return;
        if (isOver) this.#open.delete(id);
        unit.lanes -= lanes;
        unit.waiting = waiting;
        unit.mayFail = 0;
        unit.reports += 1;
        unit.isAnswered = false;
        const wave = this.#wave;
        this.#failed.push(...failed);
        this.#held.push(...held);
        if (differs.length > 0) this.#stop(differsReason(wave, differs));
        if (interrupted) this.halt({ kind: "interrupted" });
        if (this.#failed.length > wave.failureTolerance) this.#stop(toleranceReason(wave, this.#failed));
    }

    /** Begins nothing further. */
    halt(halt: OutsideHalt): void {
        this.#halt ??= halt;
    }

    /** The pause is over. @returns the steps that this makes */
    endPause(): WaveRecord[] {
        if (this.#pause === undefined || this.#halt !== undefined) return [];
        this.#pause = undefined;
        return [{ kind: "pause-ended", wave: this.#wave.name }];
    }

    /** No person agreed to continue: the rollout stays paused. */
    stayPaused(): void {
        if (this.#halt === undefined) this.#phase = "over";
    }

    get #wave(): UnitWave {
        return this.#waves[this.#index] as UnitWave;
    }

    get #isRunning(): boolean {
        return this.#open.size > 0;
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
        this.#groups = [...wave.groups];
        this.#phase = "stacks";
        steps.push({ kind: "wave-begun", wave: wave.name });
    }

    /** Gives away as many lanes as the current group may have; continues with the next group when all of it ended. */
    #begin(steps: WaveStep[]): void {
        const { maxConcurrent, failureTolerance, concurrencyMode } = this.#wave;
        const mayStillFail = failureTolerance - this.#failed.length;
        const allowed = concurrencyMode === "strict" ? Math.min(maxConcurrent, mayStillFail + 1) : maxConcurrent;
        while (this.#queue.length === 0 && !this.#isRunning && this.#groups.length > 0)
            this.#queue = [...(this.#groups.shift() as readonly LaneUnit[])];
        let free = allowed - sum([...this.#open.values()].map(({ lanes }) => lanes));
        const give = (id: string, unit: OpenUnit): void => {
            const lanes = Math.max(0, Math.min(free, unit.waiting));
            if (lanes === 0 && unit.isAnswered) return;
            free -= lanes;
            unit.lanes += lanes;
            unit.waiting -= lanes;
            unit.isAnswered = true;
            unit.mayFail = this.#mayFailUnreported(unit);
            steps.push({ kind: "lanes", unit: id, lanes, mayFail: unit.mayFail, reports: unit.reports });
        };
        for (const [id, unit] of this.#open) give(id, unit);
        while (free > 0 && this.#queue.length > 0) {
            const { id, stacks } = this.#queue.shift() as LaneUnit;
            const unit: OpenUnit = { waiting: stacks, lanes: 0, mayFail: 0, reports: 0, isAnswered: true };
            this.#open.set(id, unit);
            give(id, unit);
        }
    }

    /** Half of the failures that are left to the wave. In strict mode only of those that do not narrow the lanes. */
    #mayFailUnreported(unit: OpenUnit): number {
        const { maxConcurrent, failureTolerance, concurrencyMode } = this.#wave;
        const others = sum([...this.#open.values()].map((other) => (other === unit ? 0 : other.mayFail)));
        const narrowing = concurrencyMode === "strict" ? maxConcurrent - 1 : 0;
        const spare = Math.floor((failureTolerance - this.#failed.length - others - narrowing) / 2);
        return Math.max(0, Math.min(spare, unit.waiting + unit.lanes));
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
        const planned = pause.for === "until" ? pause.until : new Date(now + pause.seconds * 1000).toISOString();
        const until = earlier?.until ?? planned;
        this.#pause = { kind: "time", until };
        if (earlier === undefined) steps.push({ kind: "paused", wave, until });
    }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/** Waves whose units are single stacks. Those that arrived are left out. */
export const wavesOfStacks = (waves: readonly RolloutWave[], done: ReadonlySet<string>): UnitWave[] =>
    waves.map((wave) => ({
        ...wave,
        groups: wave.groups.map((group) => group.filter((id) => !done.has(id)).map((id) => ({ id, stacks: 1 }))),
    }));

/** The waves of a job that runs one stack: no other stacks, and no pause. */
export function wavesOfStack(waves: readonly RolloutWave[], stack: string): RolloutWave[] {
    return waves
        .filter(({ groups }) => groups.some((group) => group.includes(stack)))
        .map(({ pause: _, ...wave }) => ({ ...wave, groups: [[stack]] }));
}
