export type { Account, AssumableRole, OidcIdentity } from "../accounts";
export type { ObservedRule } from "../declaration";
export type { AccountArgs, RoleArgs } from "./account-args";
export type { BucketChoice } from "./bucket-choice";
export {
    BucketEncryption,
    type BucketEncryptionArgs,
    type BucketEncryptionLookup,
    type FoundRule,
} from "./bucket-encryption";
export {
    BucketEncryptionSet,
    type BucketEncryptionSetArgs,
    type BucketList,
    type RuleOverride,
} from "./bucket-encryption-set";
export { EncryptionBaseline, type EncryptionBaselineArgs } from "./encryption-baseline";
