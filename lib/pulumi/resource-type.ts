/** The type token of every `BucketEncryption` in a state. Policies match it, so it never changes. */
export const bucketEncryptionType = "pulumi-nodejs:dynamic/bucket-encryption:BucketEncryption";
