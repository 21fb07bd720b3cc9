export { type ErrorKind, ServiceError, UserError } from "./errors";
export {
    type AccountArgs,
    type BucketChoice,
    BucketEncryption,
    type BucketEncryptionArgs,
    type BucketEncryptionLookup,
    BucketEncryptionSet,
    type BucketEncryptionSetArgs,
    type BucketList,
    EncryptionBaseline,
    type EncryptionBaselineArgs,
    type FoundRule,
    type RoleArgs,
    type RuleOverride,
} from "./pulumi";
export type { RolloutPlan, RolloutReport } from "./rollout";
