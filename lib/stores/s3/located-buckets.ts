import { S3ServiceError } from "./s3-service-error";
import { firstAskedRegion } from "./s3-target";

export interface LocatedBucketsOptions<Region> {
    /** What reaches the buckets of a region. */
    readonly at: (region: string) => Region;
    /** Where the buckets are probably; an answer to the contrary is heeded. */
    readonly likelyRegion?: string | undefined;
}

/**
 * Finds the regions of buckets: asks in one region, and where the service answers that the bucket is in another, asks there,
 * from then on at once. An answer decides only the region, so it can't lead a request away from AWS.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/Redirects.html
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
            if (!(error instanceof S3ServiceError)) throw error;
            // Only the bucket's own region knows whether it has a rule.
            if (error.kind === "rule-not-found") this.#regions.set(bucket, region);
            if (error.kind !== "wrong-endpoint" || error.expectedRegion === undefined) throw error;
            this.#regions.set(bucket, error.expectedRegion);
            return request(this.#at(error.expectedRegion));
        }
    }
}
