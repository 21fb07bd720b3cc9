export { BucketEncryptionLifecycle, type CheckOutcome, type DiffOutcome } from "./bucket-encryption-lifecycle";
export {
    type BucketEncryptionInputs,
    type BucketEncryptionState,
    type DeclaredProperties,
    declarablePropertyNames,
} from "./bucket-encryption-properties";
export type { LifecyclePorts, ReachableTarget, Setting, StoreSettings } from "./lifecycle-ports";
