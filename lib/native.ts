/** The classes of the provider plugin, for programs in Node. Programs in other languages generate theirs from the plugin's schema. */

export {
    type AccountArgs,
    type BucketChoice,
    type BucketEncryptionArgs,
    type BucketEncryptionLookup,
    type BucketEncryptionSetArgs,
    type BucketList,
    type EncryptionBaselineArgs,
    type FoundRule,
    getBucketEncryption,
    getBucketEncryptionOutput,
    NativeBucketEncryption as BucketEncryption,
    NativeBucketEncryptionSet as BucketEncryptionSet,
    NativeEncryptionBaseline as EncryptionBaseline,
    Provider,
    type ProviderArgs,
    type RoleArgs,
    type RuleLookupArgs,
    type RuleLookupResult,
    type RuleOverride,
} from "./pulumi";
