import type { ObservedRule, ServerSideEncryptionRule } from "../../rule";
import type { EncryptionStore } from "../encryption-store";
import { S3ServiceError } from "./s3-service-error";
import { firstAskedRegion } from "./s3-target";

export interface RegionLocatorOptions {
    /** The store that reaches the buckets of a region. */
    readonly storeOf: (region: string) => EncryptionStore;
    /** Where the buckets are probably; an answer to the contrary is heeded. */
    readonly likelyRegion?: string | undefined;
}

/**
 * Reaches buckets whose region isn't said: asks in one region, and where the service answers that the bucket is in another,
 * asks there, from then on at once. An answer decides only the region, so it can't lead a request away from AWS.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/Redirects.html
 */
export class RegionLocator implements EncryptionStore {
    readonly #storeOf: (region: string) => EncryptionStore;
    readonly #likelyRegion: string;
    readonly #regions = new Map<string, string>();

    constructor({ storeOf, likelyRegion = firstAskedRegion }: RegionLocatorOptions) {
        this.#storeOf = storeOf;
        this.#likelyRegion = likelyRegion;
    }

    getRule(bucket: string): Promise<ObservedRule> {
        return this.#ask(bucket, (store) => store.getRule(bucket));
    }

    putRule(bucket: string, rule: ServerSideEncryptionRule): Promise<void> {
        return this.#ask(bucket, (store) => store.putRule(bucket, rule));
    }

    deleteRule(bucket: string): Promise<void> {
        return this.#ask(bucket, (store) => store.deleteRule(bucket));
    }

    encryptProof(bucket: string): Promise<ObservedRule | undefined> {
        return this.#ask(bucket, (store) => store.encryptProof(bucket));
    }

    regionOf(bucket: string): string | undefined {
        return this.#regions.get(bucket);
    }

    async #ask<T>(bucket: string, request: (store: EncryptionStore) => Promise<T>): Promise<T> {
        const region = this.#regions.get(bucket) ?? this.#likelyRegion;
        try {
            const answer = await request(this.#storeOf(region));
            this.#regions.set(bucket, region);
            return answer;
        } catch (error) {
            if (!(error instanceof S3ServiceError)) throw error;
            // Only the bucket's own region knows whether it has a rule.
            if (error.kind === "rule-not-found") this.#regions.set(bucket, region);
            if (error.kind !== "wrong-endpoint" || error.expectedRegion === undefined) throw error;
            this.#regions.set(bucket, error.expectedRegion);
            return request(this.#storeOf(error.expectedRegion));
        }
    }
}
