import type { BucketEncryptionSetLifecycle, SetLifecycleOptions } from "./set/bucket-encryption-set-lifecycle";

export {
    BucketEncryptionLifecycle,
    type BucketEncryptionState,
    type CheckOutcome,
    type DiffOutcome,
} from "./bucket-encryption-lifecycle";
export type { BucketReconciler, Removal } from "./bucket-reconciler";
export { type BucketFact, DeclaredBuckets, type OtherProcesses, readBucketFact } from "./declared-buckets";
export type {
    BackoffBounds,
    KeyRequest,
    LifecycleLimits,
    LifecyclePorts,
} from "./lifecycle-ports";
export type { BucketEncryptionSetLifecycle, SetLifecycleOptions };

/** The lifecycle of sets. It is loaded with the first set: most stacks have none. */
export function newSetLifecycle(options: SetLifecycleOptions): BucketEncryptionSetLifecycle {
    const { BucketEncryptionSetLifecycle: Lifecycle }: typeof import("./set/bucket-encryption-set-lifecycle") =
        require("./set/bucket-encryption-set-lifecycle");
    return new Lifecycle(options);
}
