export type { Account, AssumableRole, OidcIdentity } from "../accounts";
export type { ObservedRule } from "../declaration";
export type { AccountArgs, RoleArgs } from "./account-args";
export type { BucketChoice } from "./bucket-choice";
export {
    BucketEncryption,
    type BucketEncryptionArgs,
    type BucketEncryptionLookup,
} from "./bucket-encryption";
export {
    BucketEncryptionSet,
    type BucketEncryptionSetArgs,
    type BucketList,
    type RuleOverride,
} from "./bucket-encryption-set";
export { EncryptionBaseline, type EncryptionBaselineArgs } from "./encryption-baseline";
export { NativeBucketEncryption } from "./native/bucket-encryption";
export { NativeBucketEncryptionSet } from "./native/bucket-encryption-set";
export { NativeEncryptionBaseline } from "./native/encryption-baseline";
export {
    getBucketEncryption,
    getBucketEncryptionOutput,
    type RuleLookupArgs,
    type RuleLookupResult,
} from "./native/get-bucket-encryption";
export { Provider, type ProviderArgs } from "./native/provider";
export type { FoundRule } from "./resource-outputs";
