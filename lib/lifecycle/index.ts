export { BucketEncryptionLifecycle, type CheckOutcome, type DiffOutcome } from "./bucket-encryption-lifecycle";
export {
    type BucketEncryptionInputs,
    type BucketEncryptionState,
    type DeclaredProperties,
    declarablePropertyNames,
    type ExistingRule,
    type OnDelete,
    outputOnlyNames,
} from "./bucket-encryption-properties";
export { DeclaredBuckets } from "./declared-buckets";
export {
    type BackoffBounds,
    defaultLifecycleLimits,
    type KeyFacts,
    type KeyLookup,
    type KeyRequest,
    type LifecycleLimits,
    type LifecyclePorts,
    type ReachableTarget,
    type Setting,
    type StoreSettings,
} from "./lifecycle-ports";
export { UnfinishedWrite } from "./unfinished-write";
