import type { DeclaredAccount, ReachableTarget, StoreSettings } from "../declaration";
import type { EncryptionStore, KeyLookup, KeyQuestion, StoreFamily } from "../stores";

/** The services that the lifecycle needs. */
export interface LifecyclePorts {
    /** The kinds of store by the name that a declaration's `store` gives them; the first is the default. */
    readonly families: Readonly<Record<string, StoreFamily>>;
    /** The defaults for buckets of that store: from the stack's configuration, then from the environment. */
    settings(store: string): StoreSettings;
    /** The store that reaches buckets there. Makes no request. */
    open(target: ReachableTarget): EncryptionStore;
    /** Sends the user a notice. */
    notice(text: string): void;
    /** Looks a key up; `undefined` when the place of its KMS is not known or must not be guessed. Never fails. */
    lookUpKey(request: KeyRequest): Promise<KeyLookup | undefined>;
    /**
     * Sleeps. Rejects with the abort reason when the operation is cancelled.
     * @param over ends the sleep early
     */
    wait(milliseconds: number, over?: AbortSignal): Promise<void>;
}

/** A key that a declaration names. */
export interface KeyRequest extends KeyQuestion {
    /** The kind of store that has the bucket. */
    readonly store?: string;
    readonly account?: DeclaredAccount;
}

/** How long the lifecycle waits for effects that are not immediate. */
export interface LifecycleLimits {
    /** Waits between readings after a write, each twice as long as the last, in milliseconds. */
    readonly confirmation: BackoffBounds;
    /** Waits for a bucket that was just created and is not visible yet, when a resource is created. */
    readonly newBucket: BackoffBounds;
    /** How long all checks of one operation together may wait for slow readings, since an engine makes them one by one. */
    readonly foresightMilliseconds: number;
    /** A reading that is quicker takes nothing of that time, so that all buckets of a responsive service are read. */
    readonly quickReadingMilliseconds: number;
    /** Creating a resource uses what its check has read if that is not older. */
    readonly freshReadingMilliseconds: number;
}

export interface BackoffBounds {
    readonly firstMilliseconds: number;
    readonly longestMilliseconds: number;
    /** A wait that would end later than this does not start. */
    readonly totalMilliseconds: number;
}

export const defaultLifecycleLimits: LifecycleLimits = {
    confirmation: { firstMilliseconds: 100, longestMilliseconds: 2_000, totalMilliseconds: 15_000 },
    newBucket: { firstMilliseconds: 200, longestMilliseconds: 1_000, totalMilliseconds: 3_000 },
    foresightMilliseconds: 5_000,
    quickReadingMilliseconds: 500,
    freshReadingMilliseconds: 10_000,
};
