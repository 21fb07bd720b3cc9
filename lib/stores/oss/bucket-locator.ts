import type { ObservedRule, ServerSideEncryptionRule } from "../../rule";
import type { EncryptionStore } from "../encryption-store";
import { parseEndpoint, regionOfEndpoint } from "./oss-endpoint";
import { OssServiceError } from "./oss-service-error";

/** Where a bucket is asked for first when nothing says its region: the oldest one. */
const firstAskedRegion = "cn-hangzhou";

export interface BucketLocatorOptions {
    /** The store that reaches the buckets of a region. */
    readonly storeOf: (region: string) => EncryptionStore;
    /** Where the buckets are probably; an answer to the contrary is heeded. */
    readonly likelyRegion?: string | undefined;
}

/**
 * Reaches buckets whose region isn't said: asks in one region, and where the service answers that the bucket is reached
 * through another region's endpoint, asks there, from then on at once. Nothing but an Alibaba Cloud endpoint is taken for
 * such an answer, so no answer can lead a signed request anywhere else.
 * Source: https://help.aliyun.com/en/oss/user-guide/http-status-code-403 (element `Endpoint`)
 */
export class BucketLocator implements EncryptionStore {
    readonly #storeOf: (region: string) => EncryptionStore;
    readonly #likelyRegion: string;
    readonly #regions = new Map<string, string>();

    constructor({ storeOf, likelyRegion = firstAskedRegion }: BucketLocatorOptions) {
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
            if (!(error instanceof OssServiceError)) throw error;
            // Only the bucket's own region knows whether it has a rule.
            if (error.kind === "rule-not-found") this.#regions.set(bucket, region);
            const own = error.kind === "wrong-endpoint" ? regionNamedBy(error.expectedEndpoint) : undefined;
            if (own === undefined || own === region) throw error;
            this.#regions.set(bucket, own);
            return request(this.#storeOf(own));
        }
    }
}

function regionNamedBy(endpoint: string | undefined): string | undefined {
    const url = endpoint === undefined ? undefined : parseEndpoint(endpoint);
    return url instanceof URL ? regionOfEndpoint(url.hostname) : undefined;
}
