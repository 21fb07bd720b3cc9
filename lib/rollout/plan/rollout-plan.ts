import type { StackFailure, Violation } from "./operation-record";
import type { PlannedStep } from "./planned-step";

/** The result of `rollout plan`, and everything that `rollout run` may do. Holds no secret. */
export interface RolloutPlan {
    readonly version: 1;
    /** SHA-256 of everything else in the plan; an edited plan is refused. */
    readonly id: string;
    readonly name: string;
    /** The digest of its rollout file. */
    readonly fileDigest: string;
    readonly engine: string;
    /** ISO 8601. */
    readonly madeAt: string;
    /** In the order of the file. */
    readonly stacks: readonly PlannedStack[];
}

export interface PlannedStack {
    readonly name: string;
    readonly steps: readonly PlannedStep[];
    /** Why it cannot be deployed; the stack counts as failed when its turn comes. */
    readonly failure?: StackFailure;
    /** Steps by kind. */
    readonly changes: Readonly<Record<string, number>>;
    /** The worst class of the review, for instance `weakened`; `unchanged` when nothing changes. */
    readonly risk: string;
    /** Numbers of buckets by class of the review. */
    readonly counts: Readonly<Record<string, number>>;
    readonly violations: readonly Violation[];
    /** Warnings of the preview, for instance that a role could not be assumed. */
    readonly warnings: readonly string[];
    readonly buckets: readonly PlannedBucket[];
}

export interface PlannedBucket {
    readonly bucket: string;
    readonly urn: string;
    readonly op: string;
    /** The class of the change in the review. */
    readonly risk?: string;
}
