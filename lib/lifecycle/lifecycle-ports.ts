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
    readonly region?: string;
    readonly endpoint?: string;
}

/** What the lifecycle needs of its surroundings. */
export interface LifecyclePorts {
    readonly family: StoreFamily;
    /** Region and endpoint of whatever a declaration leaves open: stack configuration before environment. */
    settings(): StoreSettings;
    /** The store that reaches buckets there. Makes no request. */
    open(target: ReachableTarget): EncryptionStore;
    /** Tells the person at the engine something that is no error. */
    notice(text: string): void;
}
