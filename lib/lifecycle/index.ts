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
export { BucketEncryptionSetLifecycle, type SetLifecycleOptions } from "./set/bucket-encryption-set-lifecycle";
export { type DeclaredMembers, type Member, type Members, packMembers } from "./set/members";
export { UnfinishedSet } from "./set/set-failure";
export { mostBuckets, type SetState, setOutputNames, setPropertyNames } from "./set/set-properties";
export { UnfinishedWrite } from "./unfinished-write";
