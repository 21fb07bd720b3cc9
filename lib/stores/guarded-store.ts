import type { ObservedRule, ServerSideEncryptionRule } from "../rule";
import type { EncryptionStore } from "./encryption-store";

/** Asks a guard before each write, so that no caller can forget to. */
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

    async encryptProof(bucket: string, rule?: ObservedRule): Promise<ObservedRule | undefined> {
        await this.#allow(bucket);
        return this.#store.encryptProof(bucket, rule);
    }

    regionOf(bucket: string): string | undefined {
        return this.#store.regionOf?.(bucket);
    }
}
