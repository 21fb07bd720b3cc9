import type { StackFailure, Violation } from "../plan/operation-record";
import type { StackOutcome } from "../waves/stack-outcome";

/** The status of a bucket's rule after a stack's turn. */
export type BucketStatus = "as-declared" | "different" | "not-known";

export interface BucketOutcome {
    readonly bucket: string;
    readonly urn: string;
    readonly status: BucketStatus;
    /** The reason, unless it is as declared. */
    readonly why?: string;
}

export interface StackEnd {
    readonly stack: string;
    readonly outcome: StackOutcome;
    readonly failure?: StackFailure;
    /** For `differs`: the differences from the plan. */
    readonly differences?: readonly string[];
    readonly seconds: number;
    readonly changes: Readonly<Record<string, number>>;
    readonly violations?: readonly Violation[];
    readonly buckets: readonly BucketOutcome[];
}

/** One line of a rollout's journal. Holds no secret. */
export type JournalRecord = { readonly at: string } & (
    | { readonly kind: "begun" | "resumed"; readonly plan: string; readonly by: string; readonly only?: string }
    | { readonly kind: "wave-begun" | "wave-ended"; readonly wave: string }
    | { readonly kind: "stack-begun"; readonly stack: string }
    | ({ readonly kind: "stack-ended" } & StackEnd)
    /** The rollout waits after this wave: for a person, or until a time. */
    | { readonly kind: "paused"; readonly wave: string; readonly until?: string }
    | { readonly kind: "pause-ended"; readonly wave: string }
    | { readonly kind: "stopped"; readonly wave: string; readonly reason: string }
    | { readonly kind: "interrupted" }
    | { readonly kind: "completed" }
    | { readonly kind: "aborted"; readonly reason: string; readonly by: string }
);

/** A record without its time. */
export type JournalEntry = JournalRecord extends infer Each
    ? Each extends JournalRecord
        ? Omit<Each, "at">
        : never
    : never;
