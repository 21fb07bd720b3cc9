import type { SseAlgorithm } from "./rule-arguments";

/** One kind of rule that can be declared, and the kinds of store that have it. */
export interface AllowedCombination {
    readonly sseAlgorithm: SseAlgorithm;
    readonly kmsMasterKeyId: boolean;
    readonly kmsDataEncryption: boolean;
    readonly stores: readonly string[];
    readonly meaning: string;
}

/**
 * The truth table of rules. Settings that a bucket keeps (`isSetting`) go with each row of their store.
 *
 * | sseAlgorithm | kmsMasterKeyId | kmsDataEncryption | stores  | meaning                                      |
 * | ------------ | -------------- | ----------------- | ------- | -------------------------------------------- |
 * | AES256       | none           | none              | oss, s3 | keys that the store manages                  |
 * | SM4          | none           | none              | oss     | keys that the store manages                  |
 * | KMS          | none           | none              | oss, s3 | SSE-KMS with the service's key               |
 * | KMS          | none           | SM4               | oss     | SSE-KMS with the service's key, data in SM4  |
 * | KMS          | a key          | none              | oss, s3 | SSE-KMS with a given key (CMK)               |
 * | KMS          | a key          | SM4               | oss     | SSE-KMS with a given key (CMK), data in SM4  |
 * | KMS_DSSE     | none           | none              | s3      | two layers, with the service's key           |
 * | KMS_DSSE     | a key          | none              | s3      | two layers, with a given key                 |
 *
 * Source: https://help.aliyun.com/en/oss/developer-reference/putbucketencryption, with the error pages 0005-00000003,
 * 0005-00000203 and 0005-00000204; https://docs.aws.amazon.com/AmazonS3/latest/API/API_ServerSideEncryptionByDefault.html;
 * for blocked types https://docs.aws.amazon.com/AmazonS3/latest/API/API_BlockedEncryptionTypes.html.
 */
export const allowedCombinations: readonly AllowedCombination[] = [
    combination("AES256", "", "oss s3", "keys that the store manages"),
    combination("SM4", "", "oss", "keys that the store manages"),
    combination("KMS", "", "oss s3", "SSE-KMS with the service's key"),
    combination("KMS", "data", "oss", "SSE-KMS with the service's key, data in SM4"),
    combination("KMS", "key", "oss s3", "SSE-KMS with a given key (CMK)"),
    combination("KMS", "key data", "oss", "SSE-KMS with a given key (CMK), data in SM4"),
    combination("KMS_DSSE", "", "s3", "two layers, with the service's key"),
    combination("KMS_DSSE", "key", "s3", "two layers, with a given key"),
];

function combination(sseAlgorithm: SseAlgorithm, parts: string, stores: string, meaning: string): AllowedCombination {
    return {
        sseAlgorithm,
        kmsMasterKeyId: parts.includes("key"),
        kmsDataEncryption: parts.includes("data"),
        stores: stores.split(" "),
        meaning,
    };
}

/** The algorithms of each kind of store of this package, in the order in which messages name them. */
export const storeAlgorithms = {
    oss: ["AES256", "KMS", "SM4"],
    s3: ["AES256", "KMS", "KMS_DSSE"],
} as const satisfies Readonly<Record<string, readonly SseAlgorithm[]>>;

export type StoreAlgorithms = {
    readonly [store in keyof typeof storeAlgorithms]: (typeof storeAlgorithms)[store][number];
};
