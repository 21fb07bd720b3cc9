import type { Pause, RolloutWave } from "../../file/rollout-file";
import type { JournalRecord } from "../../journal/journal-record";
import type { StackFailure } from "../../plan/operation-record";
import type { EarlierPause } from "../../waves/earlier-progress";
import type { StackOutcome } from "../../waves/stack-outcome";
import type { LaneGrant, UnitReport } from "../../waves/wave-rules";

// The messages between workflows and activities. All of it is in Temporal's histories: references, counts and names, no contents.

/** Where the plan is, and which one. */
export interface PlanReference {
    /** The place that every worker and command can reach; see `SharedPlace`. */
    readonly place: string;
    /** The plan's id, a digest of its content. */
    readonly id: string;
}

/** In seconds. */
export interface FlowTiming {
    /** How long a worker may be silent before another one takes its stacks. */
    readonly heartbeat: number;
    /** How long workers wait for the lock of a stack before the stack counts as held. */
    readonly lockWait: number;
}

export interface FlowWave extends Pick<RolloutWave, "name" | "maxConcurrent" | "failureTolerance" | "concurrencyMode"> {
    /** How many stacks each region group has. */
    readonly groups: readonly number[];
    readonly pause?: Pause;
}

/** The remaining work, according to a rollout's log. */
export interface FlowProgress {
    readonly endedWaves: readonly string[];
    /** By wave. */
    readonly pauses: Readonly<Record<string, EarlierPause>>;
    /** The stacks that are left, by shard that has begun; see `leftText`. */
    readonly left: Readonly<Record<string, string>>;
    /** How often it was begun or resumed. */
    readonly runs: number;
}

/** The input of the workflow of a whole rollout. */
export interface RolloutInput {
    readonly plan: PlanReference;
    readonly waves: readonly FlowWave[];
    readonly timing: FlowTiming;
    /** The most stacks of a shard. */
    readonly shardSize: number;
    /** Who started or resumed it. */
    readonly by: string;
    /** How many parts of the log exist. */
    readonly logParts: number;
    readonly progress: FlowProgress;
    /** The same run, in a new history. */
    readonly isContinued?: boolean;
}

/** The input of the workflow of a shard: at most `shardSize` stacks of one region group of one wave. */
export interface ShardInput {
    readonly plan: PlanReference;
    readonly timing: FlowTiming;
    /** `<wave>/<group>/<first position>`, each from 0. */
    readonly shard: string;
    /** See `leftText`. */
    readonly left: string;
    readonly grant: Omit<LaneGrant, "unit">;
}

export interface ShardEnd {
    readonly report: UnitReport;
    /** The stacks that are left; see `leftText`. */
    readonly left: string;
    /** The digest of the shard's records in the shared place. */
    readonly records: string;
}

export interface ShardReport {
    readonly shard: string;
    readonly report: UnitReport;
}

/** Asks for the names of stacks. */
export interface NamesInput {
    readonly plan: PlanReference;
    readonly shard: string;
    readonly left: string;
}

export interface TurnInput {
    readonly plan: PlanReference;
    readonly stack: string;
    /** An earlier turn may have deployed a part. A repeated attempt of this turn may have too. */
    readonly mayBeHalfDone: boolean;
    readonly lockWait: number;
}

export interface TurnEnd {
    readonly outcome: StackOutcome;
    readonly seconds: number;
    /** The digest of the turn's end in the shared place. */
    readonly end: string;
}

/** What a shard knows of one turn. */
export interface TurnNote {
    readonly stack: string;
    /** ISO 8601. */
    readonly begunAt: string;
    readonly endedAt?: string;
    readonly outcome?: StackOutcome;
    readonly end?: string;
    /** Why the turn has no end of its own: no worker could finish it. */
    readonly failure?: StackFailure;
}

export interface KeepTurnsInput {
    readonly plan: PlanReference;
    readonly turns: readonly TurnNote[];
}

/** One part of a rollout's log. */
export interface KeepLogInput {
    readonly plan: PlanReference;
    /** From 0. */
    readonly part: number;
    readonly entries: readonly LogEntry[];
}

/** The log of a rollout: its journal, in which a shard's records stand at one place. */
export type LogEntry =
    | Exclude<JournalRecord, { kind: "stack-begun" | "stack-ended" }>
    | {
          readonly at: string;
          readonly kind: "shard-begun";
          readonly shard: string;
          readonly left: string;
          /** The id of its workflow. */
          readonly workflow: string;
      }
    | {
          readonly at: string;
          readonly kind: "shard-ended";
          readonly shard: string;
          readonly left: string;
          readonly records: string;
      };
