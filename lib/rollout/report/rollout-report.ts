import type { BucketOutcome } from "../journal/journal-record";
import type { Violation } from "../plan/operation-record";
import type { StackState, WaveState } from "../waves/wave-verdict";

export type { StackState, WaveState };

/** The state of a rollout. */
export type RolloutState =
    | "planned"
    | "running"
    /** Its process is gone, or was stopped by a signal. */
    | "interrupted"
    | "paused"
    /** A wave had too many failures, a held stack, or a stack that differs from the plan. */
    | "stopped"
    | "completed"
    | "aborted";

/** The result of every wave, stack and bucket. Holds no secret. */
export interface RolloutReport {
    readonly version: 1;
    readonly name: string;
    /** The id of the plan. */
    readonly plan: string;
    readonly engine: string;
    readonly state: RolloutState;
    /** Why it stopped or was aborted, or what it waits for. */
    readonly reason?: string;
    /** ISO 8601. */
    readonly begunAt?: string;
    readonly endedAt?: string;
    readonly waves: readonly ReportedWave[];
    readonly totals: {
        readonly stacks: Readonly<Record<StackState, number>>;
        readonly buckets: Readonly<Record<BucketOutcome["status"], number>>;
    };
}

export interface ReportedWave {
    readonly name: string;
    readonly state: WaveState;
    readonly maxConcurrent: number;
    readonly failureTolerance: number;
    readonly stacks: readonly ReportedStack[];
}

export interface ReportedStack {
    readonly name: string;
    readonly account?: string;
    readonly region?: string;
    readonly state: StackState;
    readonly reason?: string;
    /** The number of its turns. */
    readonly turns: number;
    readonly seconds?: number;
    readonly risk: string;
    readonly changes: Readonly<Record<string, number>>;
    readonly violations: readonly Violation[];
    readonly buckets: readonly BucketOutcome[];
}
