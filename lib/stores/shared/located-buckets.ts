import { ServiceError } from "../../errors";

export interface LocatedBucketsOptions<Region> {
    /** What reaches the buckets of a region. */
    readonly at: (region: string) => Region;
    /** The region that is asked first. An answer that names another one is followed. */
    readonly likelyRegion: string;
    /** The bucket's own region, where a failed request named it. */
    readonly regionNamedBy: (error: ServiceError) => string | undefined;
}

/**
 * Finds the regions of buckets: asks in one region, and where the service answers that the bucket is in another one, asks there. The
 * next request for the bucket goes there at once. An answer decides only the region, so it cannot lead a signed request to another
 * host than the family's own.
 * Sources: https://help.aliyun.com/en/oss/user-guide/http-status-code-403 (element `Endpoint`),
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/Redirects.html
 */
export class LocatedBuckets<Region> {
    readonly #options: LocatedBucketsOptions<Region>;
    readonly #regions = new Map<string, string>();

    constructor(options: LocatedBucketsOptions<Region>) {
        this.#options = options;
    }

    regionOf(bucket: string): string | undefined {
        return this.#regions.get(bucket);
    }

    /** Keeps a region that another answer named. */
    remember(bucket: string, region: string): void {
        this.#regions.set(bucket, region);
    }

    async ask<T>(bucket: string, request: (region: Region) => Promise<T>): Promise<T> {
        const { at, likelyRegion, regionNamedBy } = this.#options;
        const region = this.#regions.get(bucket) ?? likelyRegion;
        try {
            const answer = await request(at(region));
            this.#regions.set(bucket, region);
            return answer;
        } catch (error) {
            if (!(error instanceof ServiceError)) throw error;
            // Only the bucket's own region knows whether it has a rule.
            if (error.kind === "rule-not-found") this.#regions.set(bucket, region);
            const own = error.kind === "wrong-endpoint" ? regionNamedBy(error) : undefined;
            if (own === undefined || own === region) throw error;
            this.#regions.set(bucket, own);
            return request(at(own));
        }
    }
}
