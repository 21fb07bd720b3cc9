import type { ObservedRule } from "../rule";

/** One line of an account's list of buckets. */
export interface BucketSummary {
    readonly name: string;
    /** Region id, for instance `cn-hangzhou`. */
    readonly region: string;
    /** Id of the account of the list, if the service reports it. */
    readonly owner: string | undefined;
    /** ISO 8601, as the service writes it. */
    readonly createdAt: string | undefined;
    /** For instance `Standard`. */
    readonly storageClass: string | undefined;
}

/** What the service reports of a bucket. */
export interface BucketFacts extends BucketSummary {
    /** Id of the account that the bucket belongs to, if the service reports or confirms it. */
    readonly owner: string | undefined;
    /** Whether the service named no region, so that `region` is only the one that requests are signed for. */
    readonly isRegionAssumed?: true;
    /** Its default encryption rule, or that it has none, or that the service's answer says nothing of it. */
    readonly rule: ObservedRule | "none" | "not-reported";
}

export interface BucketSelection {
    /** Only buckets whose names begin so. */
    readonly prefix?: string;
    /** Only buckets with this tag, and this value of it where one is given. */
    readonly tag?: { readonly key: string; readonly value?: string };
    /** Only buckets in these regions. */
    readonly regions?: readonly string[];
}

/** Lists and describes the buckets of an account. Never writes. */
export interface BucketDirectory {
    /**
     * All buckets of the account in all regions, sorted by name, read page by page as they are taken.
     * @throws ServiceError while they are taken; what was listed by then is not the whole
     */
    listBuckets(selection?: BucketSelection): AsyncIterable<BucketSummary>;

    /** @throws ServiceError of kind `bucket-not-found`, or `access-denied` where its owner does not allow it */
    describeBucket(bucket: string): Promise<BucketFacts>;

    /** The bucket's rule, from its own region's endpoint. Fails as `EncryptionStore.getRule` does. */
    getRule(bucket: string): Promise<ObservedRule>;

    /** The bucket's tags by their keys, empty where it has none. @throws ServiceError */
    tagsOf(bucket: string): Promise<Readonly<Record<string, string>>>;
}
