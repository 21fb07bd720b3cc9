import type { ObservedRule, ServerSideEncryptionRule } from "../../rule";
import type { EncryptionStore } from "../encryption-store";
import { LocatedBuckets } from "./located-buckets";

export interface RegionLocatorOptions {
    /** The store that reaches the buckets of a region. */
    readonly storeOf: (region: string) => EncryptionStore;
    /** Where the buckets are probably; an answer to the contrary is heeded. */
    readonly likelyRegion?: string | undefined;
}

/** Reaches buckets whose region isn't said: the service's answers tell it. */
export class RegionLocator implements EncryptionStore {
    readonly #buckets: LocatedBuckets<EncryptionStore>;

    constructor({ storeOf, likelyRegion }: RegionLocatorOptions) {
        this.#buckets = new LocatedBuckets({ at: storeOf, likelyRegion });
    }

    getRule(bucket: string): Promise<ObservedRule> {
        return this.#buckets.ask(bucket, (store) => store.getRule(bucket));
    }

    putRule(bucket: string, rule: ServerSideEncryptionRule): Promise<void> {
        return this.#buckets.ask(bucket, (store) => store.putRule(bucket, rule));
    }

    deleteRule(bucket: string): Promise<void> {
        return this.#buckets.ask(bucket, (store) => store.deleteRule(bucket));
    }

    encryptProof(bucket: string): Promise<ObservedRule | undefined> {
        return this.#buckets.ask(bucket, (store) => store.encryptProof(bucket));
    }

    regionOf(bucket: string): string | undefined {
        return this.#buckets.regionOf(bucket);
    }
}
