import type { ObservedRule } from "../../rule";
import type { BucketDirectory, BucketFacts, BucketSelection, BucketSummary } from "../bucket-directory";
import type { EncryptionStore } from "../encryption-store";
import type { LocatedBuckets } from "../shared/located-buckets";
import { type BucketPage, parseBucketInfo, parseBucketPage, parseBucketTags } from "./directory-documents";
import { directoryOperations, type OssRequest } from "./oss-operations";
import type { OssRequests } from "./oss-requests";
import { DocumentFault } from "./xml-document";

/** The most that the service gives at once. */
const pageSize = "1000";

export interface OssBucketDirectoryOptions {
    /** Requests to the endpoint that is asked for the account's list: each region's endpoint lists the buckets of all. */
    readonly account: () => OssRequests;
    /** Requests to the endpoints of the buckets' own regions. */
    readonly buckets: LocatedBuckets<OssRequests>;
    /** The store of rules that makes these requests. */
    readonly storeOn: (requests: OssRequests) => EncryptionStore;
}

/** The buckets of an account in Alibaba Cloud OSS. Each method fails with an `OssServiceError`. */
export class OssBucketDirectory implements BucketDirectory {
    readonly #options: OssBucketDirectoryOptions;

    constructor(options: OssBucketDirectoryOptions) {
        this.#options = options;
    }

    /** https://help.aliyun.com/en/oss/developer-reference/listbuckets */
    async *listBuckets({ prefix, tag, regions }: BucketSelection = {}): AsyncGenerator<BucketSummary> {
        let marker: string | undefined;
        do {
            const { buckets, nextMarker }: BucketPage = await this.#options.account().make({
                operation: directoryOperations.list,
                query: {
                    "max-keys": pageSize,
                    ...(prefix && { prefix }),
                    ...(marker && { marker }),
                    ...(tag && { "tag-key": tag.key }),
                    ...(tag?.value && { "tag-value": tag.value }),
                },
                understand: (body) => pageAfter(marker, body),
            });
            for (const bucket of buckets) {
                this.#options.buckets.remember(bucket.name, bucket.region);
                if (regions === undefined || regions.includes(bucket.region)) yield bucket;
            }
            marker = nextMarker;
        } while (marker !== undefined);
    }

    /** https://help.aliyun.com/en/oss/developer-reference/getbucketinfo */
    describeBucket(bucket: string): Promise<BucketFacts> {
        const { describe: operation } = directoryOperations;
        return this.#ask({ operation, bucket, query: { bucketInfo: "" }, understand: parseBucketInfo });
    }

    getRule(bucket: string): Promise<ObservedRule> {
        return this.#options.buckets.ask(bucket, (requests) => this.#options.storeOn(requests).getRule(bucket));
    }

    /** https://help.aliyun.com/en/oss/developer-reference/getbuckettags */
    tagsOf(bucket: string): Promise<Readonly<Record<string, string>>> {
        const { tags: operation } = directoryOperations;
        return this.#ask({ operation, bucket, query: { tagging: "" }, understand: parseBucketTags });
    }

    #ask<Answer>(request: OssRequest<Answer> & { readonly bucket: string }): Promise<Answer> {
        return this.#options.buckets.ask(request.bucket, (requests) => requests.make(request));
    }
}

/** Pages are in the order of names, so pages that lead back to one another, which would never end, have an earlier marker. */
function pageAfter(marker: string | undefined, body: Buffer): BucketPage {
    const page = parseBucketPage(body);
    if (page.nextMarker !== undefined && marker !== undefined && page.nextMarker <= marker) {
        throw new DocumentFault("its next page is not a later one");
    }
    return page;
}
