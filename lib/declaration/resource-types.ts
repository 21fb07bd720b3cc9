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

/** The types of resources of one bucket, of either kind. */
export const bucketEncryptionTypes: readonly string[] = [bucketEncryptionType, nativeTypes.bucketEncryption];

/** The types of sets, of either kind. */
export const bucketEncryptionSetTypes: readonly string[] = [bucketEncryptionSetType, nativeTypes.bucketEncryptionSet];

/** Whether a resource is one bucket's, of either kind. */
export function isBucketEncryption(type: string): boolean {
    return bucketEncryptionTypes.includes(type);
}

/** Whether a resource is a set, of either kind. */
export function isBucketEncryptionSet(type: string): boolean {
    return bucketEncryptionSetTypes.includes(type);
}

/** The module whose classes declare resources of a kind. A resource of one kind becomes the other's by its alias. */
export function programModule(isPlugin: boolean): string {
    return isPlugin ? "pulumi-bucket-encryption/native" : "pulumi-bucket-encryption";
}
