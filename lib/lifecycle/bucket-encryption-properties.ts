import { rulePropertyNames } from "../rule";

/** Every property that a stack can declare, in the order in which they are shown. */
export const declarablePropertyNames = ["bucket", ...rulePropertyNames, "region", "endpoint"] as const;

/** A declaration as the engine hands it over: nothing is checked yet, and any value may be `notYetKnown`. */
export type DeclaredProperties = Readonly<Record<string, unknown>>;

/** The checked inputs of a deployment, in canonical form. */
export interface BucketEncryptionInputs {
    readonly bucket: string;
    readonly sseAlgorithm: string;
    readonly kmsMasterKeyId?: string;
    readonly kmsDataEncryption?: string;
    /** Where the bucket is reached. Another region or endpoint is another way to the same bucket, not another bucket. */
    readonly region?: string;
    readonly endpoint?: string;
}

/** What a stack's state keeps of a resource. Never holds a credential. */
export interface BucketEncryptionState extends BucketEncryptionInputs {
    /** Fields of the rule that this version doesn't know, as the service reported them. */
    readonly unrecognized?: Readonly<Record<string, string>>;
}
