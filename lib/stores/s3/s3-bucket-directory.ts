import type { Bucket, ListBucketsCommandOutput } from "@aws-sdk/client-s3";
import { unlessAbsent } from "../../errors";
import { forEachInParallel } from "../../parallel";
import type { ObservedRule } from "../../rule";
import type { BucketDirectory, BucketFacts, BucketSelection, BucketSummary } from "../bucket-directory";
import type { EncryptionStore } from "../encryption-store";
import type { LocatedBuckets } from "../shared/located-buckets";
import { regionInAnswer, unusableAnswer } from "./s3-errors";
import { s3Library } from "./s3-library";
import type { S3Requests } from "./s3-requests";
import { S3ServiceError } from "./s3-service-error";

/** AWS returns up to 10,000 at once; it returns regions, and pages, only if the request says how many. */
const pageSize = 1_000;

export interface S3BucketDirectoryOptions {
    /** Requests to the endpoint that is asked for the account's list: each region's lists the buckets of all. */
    readonly account: () => S3Requests;
    /** Requests to the endpoints of the buckets' own regions. */
    readonly buckets: LocatedBuckets<S3Requests>;
    /** The store of rules that makes these requests. */
    readonly storeOn: (requests: S3Requests) => EncryptionStore;
    /** Whether AWS itself answers. Any other service stands for all its regions, and may know none. */
    readonly isAws: boolean;
}

/**
 * The buckets of an account in AWS S3, or in a service that speaks its API. An account has no number in the answers of S3 (the
 * owner in a list is another kind of id), so the owner is known only where the service was asked to confirm one.
 *
 * Each method fails with an `S3ServiceError`, or with a `UserError` of kind `missing-package` before any request.
 */
export class S3BucketDirectory implements BucketDirectory {
    readonly #options: S3BucketDirectoryOptions;
    /** Buckets whose region the service named. */
    readonly #located = new Set<string>();

    constructor(options: S3BucketDirectoryOptions) {
        this.#options = options;
    }

    /** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html */
    async *listBuckets({ prefix = "", tag, regions }: BucketSelection = {}): AsyncGenerator<BucketSummary> {
        let token: string | undefined;
        do {
            const page = await this.#page(prefix, token);
            // Not every service knows a prefix, and none a tag.
            const named = page.buckets.filter(({ Name }) => Name.startsWith(prefix)).sort(byName);
            const listed = await this.#mapped(named, (bucket) => this.#summaryOf(bucket, regions !== undefined));
            const there = listed.filter(({ region }) => regions === undefined || regions.includes(region));
            const has = tag === undefined ? [] : await this.#mapped(there, ({ name }) => this.#hasTag(name, tag));
            yield* tag === undefined ? there : there.filter((_, index) => has[index]);
            token = page.token;
        } while (token !== undefined);
    }

    /** The rule, and whether the expected account owns the bucket, which the service confirms by answering at all. */
    async describeBucket(bucket: string): Promise<BucketFacts> {
        const { buckets, account, isAws } = this.#options;
        const rule = await unlessAbsent(this.getRule(bucket), "rule-not-found").catch((error) => {
            if (error instanceof S3ServiceError && error.kind === "not-supported") return "not-reported" as const;
            throw error;
        });
        const asked = account();
        const region = buckets.regionOf(bucket) ?? asked.target.region;
        // A service without rules confirms nothing.
        const owner = rule === "not-reported" ? undefined : asked.expectedBucketOwner;
        // AWS answers a request for the rule in the bucket's own region only.
        const isAssumed = !isAws && !this.#located.has(bucket);
        return {
            name: bucket,
            region,
            owner,
            createdAt: undefined,
            storageClass: undefined,
            rule: rule ?? "none",
            ...(isAssumed && { isRegionAssumed: isAssumed }),
        };
    }

    getRule(bucket: string): Promise<ObservedRule> {
        return this.#options.buckets.ask(bucket, (requests) => this.#options.storeOn(requests).getRule(bucket));
    }

    /** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketTagging.html */
    async tagsOf(bucket: string): Promise<Readonly<Record<string, string>>> {
        const { GetBucketTaggingCommand } = s3Library();
        try {
            const { TagSet } = await this.#options.buckets.ask(bucket, (requests) =>
                requests.make({ operation: "tags", bucket }, (client, options) =>
                    client.send(new GetBucketTaggingCommand(requests.addressed(bucket)), options),
                ),
            );
            return Object.fromEntries((TagSet ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));
        } catch (error) {
            if (error instanceof S3ServiceError && error.code === "NoSuchTagSet") return {};
            throw error;
        }
    }

    async #page(prefix: string, token: string | undefined): Promise<Page> {
        const { ListBucketsCommand } = s3Library();
        const requests = this.#options.account();
        const input = {
            MaxBuckets: pageSize,
            ...(prefix && { Prefix: prefix }),
            ...(token && { ContinuationToken: token }),
        };
        const answer = await requests.make({ operation: "list" }, (client, options) =>
            client.send(new ListBucketsCommand(input), options),
        );
        const page = pageOf(answer);
        const notUnderstood = (reason: string) =>
            unusableAnswer(
                { kind: "invalid-answer", reason },
                requests.failed({ operation: "list" }),
                answer.$metadata,
            );
        // An answer that is not a list must not count as an account without buckets.
        if (page === undefined) throw notUnderstood("the answering server does not answer with a list of buckets");
        if (page.token !== undefined && page.token === token)
            throw notUnderstood("the list's next page is the same page");
        return page;
    }

    /** Services other than AWS have one endpoint for all buckets, so the region is requested only where it decides. */
    async #summaryOf(
        { Name: name, BucketRegion, CreationDate }: NamedBucket,
        decides: boolean,
    ): Promise<BucketSummary> {
        const { buckets, account, isAws } = this.#options;
        const region = BucketRegion || (isAws || decides ? await this.#locate(name) : account().target.region);
        buckets.remember(name, region);
        if (BucketRegion) this.#located.add(name);
        return { name, region, owner: undefined, createdAt: CreationDate?.toISOString(), storageClass: undefined };
    }

    /** The answer names the region even when it is a refusal: https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html */
    async #locate(bucket: string): Promise<string> {
        const { HeadBucketCommand } = s3Library();
        const requests = this.#options.account();
        const { BucketRegion = requests.target.region } = await requests.make(
            { operation: "locate", bucket },
            async (client, options): Promise<{ BucketRegion?: string | undefined }> => {
                try {
                    return await client.send(new HeadBucketCommand(requests.addressed(bucket)), options);
                } catch (error) {
                    const region = regionInAnswer(error);
                    if (region === undefined) throw error;
                    return { BucketRegion: region };
                }
            },
        );
        return BucketRegion;
    }

    async #hasTag(bucket: string, { key, value }: NonNullable<BucketSelection["tag"]>): Promise<boolean> {
        const tags = new Map(Object.entries(await this.tagsOf(bucket)));
        return tags.has(key) && (value === undefined || tags.get(key) === value);
    }

    /** As many at once as there are connections: the time limit of a request that waits for one is running already. */
    async #mapped<Item, Result>(items: readonly Item[], map: (item: Item) => Promise<Result>): Promise<Result[]> {
        const results: Result[] = [];
        const { connections } = this.#options.account();
        await forEachInParallel(items.entries(), { parallel: connections }, async ([index, item]) => {
            results[index] = await map(item);
        });
        return results;
    }
}

type NamedBucket = Bucket & { readonly Name: string };

interface Page {
    readonly buckets: readonly NamedBucket[];
    /** Where the rest begins, if there is any. */
    readonly token: string | undefined;
}

/** A service without pages answers with the whole list and no token. */
function pageOf({ Buckets, ContinuationToken }: ListBucketsCommandOutput): Page | undefined {
    const named = Buckets?.filter((bucket): bucket is NamedBucket => typeof bucket.Name === "string");
    if (named === undefined || named.length !== Buckets?.length) return undefined;
    return { buckets: named, token: ContinuationToken || undefined };
}

function byName(one: NamedBucket, other: NamedBucket): number {
    return one.Name < other.Name ? -1 : 1;
}
