import { regionNamedBy } from "./oss-endpoint";
import { OssServiceError } from "./oss-service-error";

/** Where a bucket is asked for first when nothing says its region: the oldest one. */
export const firstAskedRegion = "cn-hangzhou";

export interface LocatedBucketsOptions<Region> {
    /** What reaches the buckets of a region. */
    readonly at: (region: string) => Region;
    /** Where the buckets are probably; an answer to the contrary is heeded. */
    readonly likelyRegion?: string | undefined;
}

/**
 * Finds the regions of buckets: asks in one region, and where the service answers that the bucket is reached through another
 * region's endpoint, asks there, from then on at once. Nothing but an Alibaba Cloud endpoint is taken for such an answer, so
 * no answer can lead a signed request anywhere else.
 * Source: https://help.aliyun.com/en/oss/user-guide/http-status-code-403 (element `Endpoint`)
 */
export class LocatedBuckets<Region> {
    readonly #at: (region: string) => Region;
    readonly #likelyRegion: string;
    readonly #regions = new Map<string, string>();

    constructor({ at, likelyRegion = firstAskedRegion }: LocatedBucketsOptions<Region>) {
        this.#at = at;
        this.#likelyRegion = likelyRegion;
    }

    regionOf(bucket: string): string | undefined {
        return this.#regions.get(bucket);
    }

    /** Takes from elsewhere where a bucket is. */
    remember(bucket: string, region: string): void {
        this.#regions.set(bucket, region);
    }

    async ask<T>(bucket: string, request: (region: Region) => Promise<T>): Promise<T> {
        const region = this.#regions.get(bucket) ?? this.#likelyRegion;
        try {
            const answer = await request(this.#at(region));
            this.#regions.set(bucket, region);
            return answer;
        } catch (error) {
            if (!(error instanceof OssServiceError)) throw error;
            // Only the bucket's own region knows whether it has a rule.
            if (error.kind === "rule-not-found") this.#regions.set(bucket, region);
            const own = error.kind === "wrong-endpoint" ? regionNamedBy(error.expectedEndpoint ?? "") : undefined;
            if (own === undefined || own === region) throw error;
            this.#regions.set(bucket, own);
            return request(this.#at(own));
        }
    }
}
