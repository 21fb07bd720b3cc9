export { type ErrorKind, ServiceError, UserError } from "./errors";
export type { AccountArgs, RoleArgs } from "./pulumi/account-args";
export type { BucketChoice } from "./pulumi/bucket-choice";
export {
    BucketEncryption,
    type BucketEncryptionArgs,
    type BucketEncryptionLookup,
    type FoundRule,
} from "./pulumi/bucket-encryption";
export {
    BucketEncryptionSet,
    type BucketEncryptionSetArgs,
    type BucketList,
    type RuleOverride,
} from "./pulumi/bucket-encryption-set";
export { EncryptionBaseline, type EncryptionBaselineArgs } from "./pulumi/encryption-baseline";
export type { RolloutPlan, RolloutReport } from "./rollout";
