import type { RuleIssue, StoreCapabilities } from "../rule";

/** The account that a declaration names, as it was declared. Holds no credential. */
export type DeclaredAccount = Readonly<Record<string, unknown>>;

/** A value that a declaration omits, and its source, for messages. */
export interface Setting {
    readonly value: string;
    /** For instance `stack configuration bucket-encryption:region`. */
    readonly source: string;
}

export interface StoreSettings {
    readonly region?: Setting;
    readonly endpoint?: Setting;
}

/** How a bucket's service is reached, and for which account. */
export interface ReachableTarget {
    /** The kind of store, one of `DeclarationContext.families`. */
    readonly store: string;
    readonly region?: string;
    readonly endpoint?: string;
    readonly forcePathStyle?: boolean;
    readonly deletionIsSafe?: boolean;
    /** Where the bucket was found earlier, when nothing says its region. */
    readonly likelyRegion?: string;
    readonly account?: DeclaredAccount;
}

/** The facts about a kind of store that reading a declaration needs. */
export interface DeclarableStore {
    capabilities(target?: Readonly<Record<string, unknown>>): StoreCapabilities;
    validateTarget(target: Readonly<Record<string, unknown>>): RuleIssue[];
    /** The service that has the buckets of a place: one text for every way to it. */
    serviceAt(place: { readonly region?: string | undefined; readonly endpoint?: string | undefined }): string;
    /** The region that an endpoint of the kind's own cloud names. */
    regionOf?(endpoint: string): string | undefined;
}

/** The input for reading declarations. */
export interface DeclarationContext {
    /** The kinds of store by the name that `store` gives them; the first is the default. */
    readonly families: Readonly<Record<string, DeclarableStore>>;
    /** The defaults for a kind of store from the stack's configuration and the environment. */
    settings(store: string): StoreSettings;
}

/** A bucket by its name and kind of store. */
export function identityOf(store: string, bucket: string): string {
    return `${store} ${bucket}`;
}

/** How the buckets of one service are reached. */
export interface Reach {
    /** One object for all equal declarations, so that stores can be remembered by it. */
    readonly target: ReachableTarget;
    readonly features: StoreCapabilities;
    /** The region, where the target or its endpoint names it. */
    readonly region: string | undefined;
    /** A text that tells the service from others, see `DeclarableStore.serviceAt`. */
    readonly service: string;
}

/** A bucket, and how it is reached. */
export class Place {
    readonly bucket: string;
    readonly reach: Reach;
    /**
     * The bucket at the service that has it, for maps: equal for every way to the same bucket. All endpoints of the cloud itself
     * are one service.
     */
    readonly key: string;
    /**
     * The bucket by its name and kind of store, which identifies a resource. Two services may both have such a bucket, so only
     * a decision to leave a rule alone may rely on it.
     */
    readonly identity: string;

    constructor(bucket: string, reach: Reach) {
        this.bucket = bucket;
        this.reach = reach;
        this.identity = identityOf(reach.target.store, bucket);
        this.key = `${this.identity} ${reach.service}`;
    }
}
