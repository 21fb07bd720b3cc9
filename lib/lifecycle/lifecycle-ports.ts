import type { EncryptionStore, StoreFamily } from "../stores";

/** A setting for which the declaration has no value, and where it came from, for messages. */
export interface Setting {
    readonly value: string;
    /** For instance `stack configuration bucket-encryption:region`. */
    readonly source: string;
}

export interface StoreSettings {
    readonly region?: Setting;
    readonly endpoint?: Setting;
}

/** How a bucket is reached, as far as it is said. */
export interface ReachableTarget {
    /** Which of `LifecyclePorts.families` has the bucket. */
    readonly store: string;
    readonly region?: string;
    readonly endpoint?: string;
    readonly forcePathStyle?: boolean;
    readonly deletionIsSafe?: boolean;
    /** Where the bucket was when nothing said its region and the service's answers told it. */
    readonly likelyRegion?: string;
    /** On whose behalf, as it was declared. */
    readonly account?: Readonly<Record<string, unknown>>;
}

/** What the lifecycle needs of its surroundings. */
export interface LifecyclePorts {
    /** The kinds of store by the name that a declaration's `store` gives them; the first is meant where none is given. */
    readonly families: Readonly<Record<string, StoreFamily>>;
    /** What is said for buckets of that store wherever a declaration leaves it open: stack configuration before environment. */
    settings(store: string): StoreSettings;
    /** The store that reaches buckets there. Makes no request. */
    open(target: ReachableTarget): EncryptionStore;
    /** Tells the person at the engine something that is no error. */
    notice(text: string): void;
    /** Looks a key up. `undefined` when nothing says where, or that it should be. Never fails. */
    lookUpKey(request: KeyRequest): Promise<KeyLookup | undefined>;
    /** Resolves after so many milliseconds. Throws the reason when it isn't to be waited for any more. */
    wait(milliseconds: number): Promise<void>;
}

export interface KeyRequest {
    /** Id, alias or ARN. */
    readonly name: string;
    /** The key's region, as far as it is known. */
    readonly region: string | undefined;
    /** Where the bucket is reached, when that is said. */
    readonly endpoint: string | undefined;
    /** Whether the declaration itself asks for it. */
    readonly isAskedFor: boolean;
    /** On whose behalf, as it was declared. */
    readonly account?: Readonly<Record<string, unknown>>;
}

export interface KeyFacts {
    /** The key's own id, also where it was asked for by an alias or an ARN. */
    readonly keyId: string;
    readonly arn?: string;
    readonly state?: string;
    readonly spec?: string;
    readonly usage?: string;
}

/** Whether a key is known, or why that can't be told. */
export type KeyLookup = { readonly found: KeyFacts } | { readonly missing: true } | { readonly unknown: string };

/** How long the lifecycle waits for what takes effect late. */
export interface LifecycleLimits {
    /** Waits between readings after a write, each twice as long as the last, in milliseconds. */
    readonly confirmation: BackoffBounds;
    /** Waits for a bucket that was just made and isn't visible yet, when a resource is created. */
    readonly newBucket: BackoffBounds;
    /** What all checks of one operation may wait for their buckets' present rules, since an engine makes them one by one. */
    readonly foresightMilliseconds: number;
}

export interface BackoffBounds {
    readonly firstMilliseconds: number;
    readonly longestMilliseconds: number;
    /** No wait is begun that would end later than this. */
    readonly totalMilliseconds: number;
}

export const defaultLifecycleLimits: LifecycleLimits = {
    confirmation: { firstMilliseconds: 100, longestMilliseconds: 2_000, totalMilliseconds: 15_000 },
    newBucket: { firstMilliseconds: 200, longestMilliseconds: 1_000, totalMilliseconds: 3_000 },
    foresightMilliseconds: 5_000,
};
