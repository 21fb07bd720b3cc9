export const sseAlgorithms = ["AES256", "SM4", "KMS"] as const;
export type SseAlgorithm = (typeof sseAlgorithms)[number];

/** A bucket's default encryption, in the server's form: an absent member is an absent element of the API. */
export interface EncryptionRule {
    readonly sseAlgorithm: SseAlgorithm;
    /** Only with KMS; absent means the key that KMS manages for OSS. */
    readonly kmsMasterKeyId?: string;
    /** Only with KMS; absent means AES256. */
    readonly kmsDataEncryption?: "SM4";
}

export function isSseAlgorithm(value: string): value is SseAlgorithm {
    return (sseAlgorithms as readonly string[]).includes(value);
}
