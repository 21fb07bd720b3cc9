/**
 * A bucket's default server-side encryption rule, as it can be declared. The type admits exactly the combinations that
 * OSS accepts:
 *
 * | sseAlgorithm | kmsMasterKeyId | kmsDataEncryption | what it is                                              |
 * | ------------ | -------------- | ----------------- | ------------------------------------------------------- |
 * | AES256       | none           | none              | SSE-OSS                                                 |
 * | SM4          | none           | none              | SSE-OSS                                                 |
 * | KMS          | none           | none              | SSE-KMS with the service's key, data in AES256          |
 * | KMS          | none           | SM4               | SSE-KMS with the service's key, data in SM4             |
 * | KMS          | a key          | none              | SSE-KMS with a given key (CMK), data in AES256          |
 * | KMS          | a key          | SM4               | SSE-KMS with a given key (CMK), data in SM4             |
 *
 * Source: https://help.aliyun.com/en/oss/developer-reference/putbucketencryption, with the error pages 0005-00000003,
 * 0005-00000203 and 0005-00000204.
 */
export type ServerSideEncryptionRule =
    | { readonly sseAlgorithm: "AES256" | "SM4" }
    | { readonly sseAlgorithm: "KMS"; readonly kmsMasterKeyId?: string; readonly kmsDataEncryption?: "SM4" };

/**
 * A rule as a service reports it. It may have an algorithm or fields that this version doesn't know, since a newer tool
 * may have written it: what is there is shown, never dropped.
 */
export interface ObservedRule {
    readonly sseAlgorithm: string;
    readonly kmsMasterKeyId?: string;
    readonly kmsDataEncryption?: string;
    /** Fields that this version doesn't know, by the service's own name. */
    readonly unrecognized?: Readonly<Record<string, string>>;
}
