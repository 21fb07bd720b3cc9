/** Every algorithm that a rule can name. No store has them all. */
export const sseAlgorithms = ["AES256", "KMS", "SM4", "KMS_DSSE"] as const;

export type SseAlgorithm = (typeof sseAlgorithms)[number];

/** The algorithms whose key can be given. */
export const keyedAlgorithms: readonly SseAlgorithm[] = ["KMS", "KMS_DSSE"];

/** Which rules a kind of store can hold. A store declares it, and nothing else about a store matters to a rule. */
export interface RuleCapabilities {
    /** The algorithms that it has, in the order in which messages name them. */
    readonly sseAlgorithms: readonly SseAlgorithm[];
    /** Whether a rule says how KMS encrypts the data. */
    readonly kmsDataEncryption: boolean;
    /** Whether a rule says that the bucket keeps a key of its own, so that KMS is asked less often. */
    readonly bucketKeyEnabled: boolean;
}

/** What one store or another can hold, for where the store isn't known. */
export const capabilitiesOfAnyStore: RuleCapabilities = {
    sseAlgorithms,
    kmsDataEncryption: true,
    bucketKeyEnabled: true,
};
