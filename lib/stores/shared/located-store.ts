import type { ObservedRule, ServerSideEncryptionRule } from "../../rule";
import type { EncryptionStore } from "../encryption-store";
import type { LocatedBuckets } from "./located-buckets";

/** The rules of buckets whose regions are found by the service's answers. */
export class LocatedStore implements EncryptionStore {
    readonly #buckets: LocatedBuckets<EncryptionStore>;

    constructor(buckets: LocatedBuckets<EncryptionStore>) {
        this.#buckets = buckets;
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

    encryptProof(bucket: string, rule?: ObservedRule): Promise<ObservedRule | undefined> {
        return this.#buckets.ask(bucket, (store) => store.encryptProof(bucket, rule));
    }

    regionOf(bucket: string): string | undefined {
        return this.#buckets.regionOf(bucket);
    }
}
