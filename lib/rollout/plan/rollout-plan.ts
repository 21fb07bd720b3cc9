import type { StackFailure, Violation } from "./operation-record";
import type { PlannedStep } from "./planned-step";

/** What `rollout plan` found, and all that `rollout run` may do. Holds no secret. */
export interface RolloutPlan {
    readonly version: 1;
    /** SHA-256 of everything else in it: a plan that was edited is none. */
    readonly id: string;
    readonly name: string;
    /** Of the rollout file that it was made from. */
    readonly fileDigest: string;
    readonly engine: string;
    /** ISO 8601. */
    readonly madeAt: string;
    /** By stack of the file, in its order. */
    readonly stacks: readonly PlannedStack[];
}

export interface PlannedStack {
    readonly name: string;
    readonly steps: readonly PlannedStep[];
    /** Why there is no preview; such a stack counts as failed when its turn comes. */
    readonly failure?: StackFailure;
    /** Steps by kind. */
    readonly changes: Readonly<Record<string, number>>;
    /** The worst that the review found, for instance `weakened`; `unchanged` when nothing changes. */
    readonly risk: string;
    /** Buckets by what the review says of them. */
    readonly counts: Readonly<Record<string, number>>;
    readonly violations: readonly Violation[];
    /** What the preview warned of, for instance that a role couldn't be assumed. */
    readonly warnings: readonly string[];
    readonly buckets: readonly PlannedBucket[];
}

export interface PlannedBucket {
    readonly bucket: string;
    readonly urn: string;
    readonly op: string;
    /** What the review says of the change. */
    readonly risk?: string;
}
