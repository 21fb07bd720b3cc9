/**
 * A bucket's default server-side encryption rule, as it can be declared. The type admits the combinations that one kind of
 * store or another accepts; which of them a store has is its `RuleCapabilities`:
 *
 * | sseAlgorithm | kmsMasterKeyId | kmsDataEncryption | what it is                                              |
 * | ------------ | -------------- | ----------------- | ------------------------------------------------------- |
 * | AES256       | none           | none              | keys managed by the store (SSE-OSS, SSE-S3)             |
 * | SM4          | none           | none              | the same with SM4                                       |
 * | KMS          | none           | none              | SSE-KMS with the service's key, data in AES256          |
 * | KMS          | none           | SM4               | SSE-KMS with the service's key, data in SM4             |
 * | KMS          | a key          | none              | SSE-KMS with a given key (CMK), data in AES256          |
 * | KMS          | a key          | SM4               | SSE-KMS with a given key (CMK), data in SM4             |
 * | KMS_DSSE     | none           | none              | two layers of encryption, with the service's key        |
 * | KMS_DSSE     | a key          | none              | two layers of encryption, with a given key              |
 *
 * `bucketKeyEnabled` goes with each of them, in stores that have it; left out, it stays as the bucket has it.
 *
 * Source: https://help.aliyun.com/en/oss/developer-reference/putbucketencryption, with the error pages 0005-00000003,
 * 0005-00000203 and 0005-00000204; https://docs.aws.amazon.com/AmazonS3/latest/API/API_ServerSideEncryptionByDefault.html.
 */
export type ServerSideEncryptionRule = { readonly bucketKeyEnabled?: boolean } & (
    | { readonly sseAlgorithm: "AES256" | "SM4" }
    | { readonly sseAlgorithm: "KMS"; readonly kmsMasterKeyId?: string; readonly kmsDataEncryption?: "SM4" }
    | { readonly sseAlgorithm: "KMS_DSSE"; readonly kmsMasterKeyId?: string }
);

/**
 * A rule as a service reports it. It may have an algorithm or fields that this version doesn't know, since a newer tool
 * may have written it: what is there is shown, never dropped.
 */
export interface ObservedRule {
    readonly sseAlgorithm: string;
    readonly kmsMasterKeyId?: string;
    readonly kmsDataEncryption?: string;
    /** Of a store that has bucket keys always said, and never of another. */
    readonly bucketKeyEnabled?: boolean;
    /** Fields that this version doesn't know, by the service's own name. */
    readonly unrecognized?: Readonly<Record<string, string>>;
}
