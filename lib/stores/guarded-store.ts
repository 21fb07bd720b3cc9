import type { ObservedRule, ServerSideEncryptionRule } from "../rule";
import type { EncryptionStore } from "./encryption-store";

/** Lets nothing be written to a bucket before a guard has let it pass. Whoever holds such a store can't forget to ask. */
export class GuardedStore implements EncryptionStore {
    readonly #store: EncryptionStore;
    readonly #allow: (bucket: string) => Promise<void>;

    /** @param allow resolves when the bucket may be written to, and throws the reason when it may not */
    constructor(store: EncryptionStore, allow: (bucket: string) => Promise<void>) {
        this.#store = store;
        this.#allow = allow;
    }

    getRule(bucket: string): Promise<ObservedRule> {
        return this.#store.getRule(bucket);
    }

    async putRule(bucket: string, rule: ServerSideEncryptionRule): Promise<void> {
        await this.#allow(bucket);
        await this.#store.putRule(bucket, rule);
    }

    async deleteRule(bucket: string): Promise<void> {
        await this.#allow(bucket);
        await this.#store.deleteRule(bucket);
    }

    async encryptProof(bucket: string): Promise<ObservedRule | undefined> {
        await this.#allow(bucket);
        return this.#store.encryptProof(bucket);
    }

    regionOf(bucket: string): string | undefined {
        return this.#store.regionOf?.(bucket);
    }
}
