/** The type token of every `BucketEncryption` in a state. Policies match it, so it never changes. */
export const bucketEncryptionType = "pulumi-nodejs:dynamic/bucket-encryption:BucketEncryption";

/** The type token of every `BucketEncryptionSet` in a state. */
export const bucketEncryptionSetType = "pulumi-nodejs:dynamic/bucket-encryption:BucketEncryptionSet";

/** The type token of every `EncryptionBaseline` in a state. */
export const encryptionBaselineType = "bucket-encryption:index:EncryptionBaseline";

/** The tokens of the provider plugin, which stand in states, programs and schemas. They never change. */
export const nativeTypes = {
    bucketEncryption: "bucket-encryption:index:BucketEncryption",
    bucketEncryptionSet: "bucket-encryption:index:BucketEncryptionSet",
    getBucketEncryption: "bucket-encryption:index:getBucketEncryption",
} as const;
