import type { ObservedRule } from "../rule";
import { rulePropertyNames } from "../rule";

/** Every property that a stack can declare, in the order in which they are shown. */
export const declarablePropertyNames = [
    "bucket",
    ...rulePropertyNames,
    "store",
    "region",
    "endpoint",
    "account",
    "forcePathStyle",
    "deletionIsSafe",
    "existingRule",
    "onDelete",
    "forceDelete",
    "verifyKey",
    "proveKey",
] as const;

export const existingRuleChoices = ["adopt", "overwrite", "fail"] as const;
export const onDeleteChoices = ["remove", "restore", "retain"] as const;

/** What becomes of a rule that a bucket has when the resource is created. */
export type ExistingRule = (typeof existingRuleChoices)[number];
/** What becomes of the bucket's rule when the resource is deleted. */
export type OnDelete = (typeof onDeleteChoices)[number];

/** A declaration as the engine hands it over: nothing is checked yet, and any value may be `notYetKnown`. */
export type DeclaredProperties = Readonly<Record<string, unknown>>;

/** The checked inputs of a deployment, in canonical form. */
export interface BucketEncryptionInputs {
    readonly bucket: string;
    readonly sseAlgorithm: string;
    readonly kmsMasterKeyId?: string;
    readonly kmsDataEncryption?: string;
    readonly bucketKeyEnabled?: boolean;
    /** Which kind of store has the bucket; the first of `LifecyclePorts.families` unless given. */
    readonly store?: string;
    /** Where the bucket is reached. Another region or endpoint is another way to the same bucket, not another bucket. */
    readonly region?: string;
    readonly endpoint?: string;
    /** On whose behalf the bucket is reached: another way to the same bucket as well. Holds no credential. */
    readonly account?: Readonly<Record<string, unknown>>;
    readonly forcePathStyle?: boolean;
    /** Whether somebody vouches that the service, asked to remove a rule, removes nothing else. */
    readonly deletionIsSafe?: boolean;
    /** `adopt` unless given. */
    readonly existingRule?: ExistingRule;
    /** `remove` unless given. */
    readonly onDelete?: OnDelete;
    /** Whether a rule that somebody else changed since may be removed or replaced by a deletion. */
    readonly forceDelete?: boolean;
    /** Whether a given key is looked up before it is used; where KMS can be reached unless given. */
    readonly verifyKey?: boolean;
    /** Whether each creation and update ends with an object that proves the rule. */
    readonly proveKey?: boolean;
}

/** What a stack's state keeps of a resource. Never holds a credential. */
export interface BucketEncryptionState extends BucketEncryptionInputs {
    /** Fields of the rule that this version doesn't know, as the service reported them. */
    readonly unrecognized?: Readonly<Record<string, string>>;
    /** The rule that the bucket had when the resource was created; absent when it had none. */
    readonly previousRule?: ObservedRule;
    /** The bucket's region, where nothing else says it and the service's answers told it. */
    readonly bucketRegion?: string;
    /** True while a write was begun and its outcome hasn't been seen. The next deployment writes again. */
    readonly unconfirmed?: boolean;
}

/** What stands in a state beside what was declared and what the rule is. */
export const outputOnlyNames = ["previousRule", "bucketRegion", "unconfirmed"] as const;
