import type { ObservedRule, ServerSideEncryptionRule } from "../rule";

/** One bucket's default encryption rule, reached through a storage service's API. */
export interface EncryptionStore {
    /**
     * Reads the rule.
     * @throws ServiceError of kind `rule-not-found` when the bucket has none, `bucket-not-found` when there is no bucket.
     * Every other kind means that the rule is not known, and must never count as its absence.
     */
    getRule(bucket: string): Promise<ObservedRule>;

    /**
     * Replaces the rule. Settings that the rule leaves out (`bucketKeyEnabled`) keep their values. Once it
     * resolves, the service has acknowledged it.
     */
    putRule(bucket: string, rule: ServerSideEncryptionRule): Promise<void>;

    /**
     * Removes the rule, after which the bucket has none, or the service's own default (`serviceRule`).
     * Removing what is not there succeeds; a missing bucket is `bucket-not-found`.
     */
    deleteRule(bucket: string): Promise<void>;

    /**
     * Writes, reads back and deletes one tiny object under a name of its own, and returns how the service encrypted it:
     * `undefined` when it did not. The object is always deleted.
     * @param rule whose key no message shows
     * @throws ServiceError when one of the three fails
     */
    encryptProof(bucket: string, rule?: ObservedRule): Promise<ObservedRule | undefined>;

    /** The bucket's region, where the target does not name it and an answer of the service did. Makes no request. */
    regionOf?(bucket: string): string | undefined;
}

/** Where a bucket is reached, as declared: nothing is checked yet, and any part may be missing or `notYetKnown`. */
export interface StoreTarget {
    readonly bucket?: unknown;
    readonly region?: unknown;
    readonly endpoint?: unknown;
    /** Whether the bucket's name is put into the path instead of in front of the host. */
    readonly forcePathStyle?: unknown;
    /** Whether the user confirms that a request to remove a rule removes only the rule. */
    readonly deletionIsSafe?: unknown;
}
