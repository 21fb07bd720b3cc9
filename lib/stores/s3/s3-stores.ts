import type { CallerDescription } from "../../accounts";
import type { ServiceError } from "../../errors";
import { ValueMap } from "../../values";
import type { EncryptionStore } from "../encryption-store";
import type { ObjectStore } from "../object-store";
import { LocatedBuckets } from "../shared/located-buckets";
import { LocatedStore } from "../shared/located-store";
import type { RequestLimits } from "../shared/request-limits";
import type { StorePlace } from "../store-family";
import { S3BucketDirectory } from "./s3-bucket-directory";
import type { S3Account } from "./s3-client";
import { S3EncryptionStore } from "./s3-encryption-store";
import { S3Requests } from "./s3-requests";
import { S3ServiceError } from "./s3-service-error";
import { firstAskedRegion, isAwsTarget, resolveS3Target, type S3Target } from "./s3-target";

/** In milliseconds. The plan of ten thousand stacks has about 25 MB. */
const objectLimits = { exchangeMilliseconds: 300_000, totalMilliseconds: 600_000 };

/** The stores of one account: one for each target. */
export class S3Stores {
    readonly #account: S3Account;
    readonly #limits: Partial<RequestLimits>;
    readonly #requests = new ValueMap<S3Target, S3Requests>();
    readonly #objectRequests = new ValueMap<S3Target, S3Requests>();
    readonly #stores = new ValueMap<S3Target, S3EncryptionStore>();
    readonly #locators = new ValueMap<object, LocatedStore>();
    readonly #directories = new ValueMap<object, S3BucketDirectory>();

    constructor(account: S3Account = {}, limits: Partial<RequestLimits> = {}) {
        this.#account = account;
        this.#limits = limits;
    }

    /**
     * The store that reaches buckets there. Makes no request.
     * @throws UserError of kind `invalid-target`
     */
    at(place: StorePlace): EncryptionStore {
        const target = resolveS3Target(place);
        const storeOf = (region: string) => this.#storeOn(this.#requestsAt(target, region));
        if (target.region !== undefined) return storeOf(target.region);
        const { likelyRegion } = place;
        return this.#locators.ensured({ target, likelyRegion }, () => {
            return new LocatedStore(located(storeOf, likelyRegion));
        });
    }

    /**
     * The account's buckets, in all regions of the partition, whichever region is asked. Makes no request. AWS's endpoint of one
     * region answers for that region's buckets alone, so buckets elsewhere are asked about at their own regions' endpoints.
     * @throws UserError of kind `invalid-target`
     */
    directory(place: StorePlace = {}): S3BucketDirectory {
        const target = resolveS3Target(place);
        const asked = target.region ?? place.likelyRegion ?? firstAskedRegion;
        return this.#directories.ensured({ target, asked }, () => {
            const isAws = isAwsTarget(target);
            const elsewhere = isAws ? resolveS3Target({ forcePathStyle: target.forcePathStyle }) : target;
            const at = (region: string) => this.#requestsAt(region === asked ? target : elsewhere, region);
            return new S3BucketDirectory({
                account: () => at(asked),
                buckets: located(at, asked),
                storeOn: (requests) => this.#storeOn(requests),
                isAws,
            });
        });
    }

    /** Objects of buckets there. Makes no request. @throws UserError of kind `invalid-target` */
    objects(place: StorePlace): ObjectStore {
        const target = resolveS3Target(place);
        const asked = { ...target, region: target.region ?? place.likelyRegion ?? firstAskedRegion };
        const limits = { ...this.#limits, ...objectLimits };
        const requests = this.#objectRequests.ensured(asked, () => {
            return new S3Requests({ target: asked, account: this.#account, limits });
        });
        const { S3Objects }: typeof import("./s3-objects") = require("./s3-objects");
        return new S3Objects(requests);
    }

    /** Which credentials the account's requests are signed with. @throws S3ServiceError of kind `no-credentials` */
    describeCaller(): Promise<CallerDescription> {
        const { describeS3Caller }: typeof import("./s3-caller") = require("./s3-caller");
        return describeS3Caller(this.#requestsAt(resolveS3Target({}), firstAskedRegion), this.#account.profile);
    }

    /** Ends the connections. */
    close(): void {
        for (const all of [this.#requests, this.#objectRequests]) for (const requests of all.values()) requests.close();
    }

    #storeOn(requests: S3Requests): S3EncryptionStore {
        return this.#stores.ensured(requests.target, () => new S3EncryptionStore(requests));
    }

    #requestsAt(declared: S3Target, region: string): S3Requests {
        const target = { ...declared, region };
        const make = () => new S3Requests({ target, account: this.#account, limits: this.#limits });
        return this.#requests.ensured(target, make);
    }
}

function located<Region>(at: (region: string) => Region, likelyRegion = firstAskedRegion): LocatedBuckets<Region> {
    return new LocatedBuckets({ at, likelyRegion, regionNamedBy });
}

function regionNamedBy(error: ServiceError): string | undefined {
    return error instanceof S3ServiceError ? error.expectedRegion : undefined;
}
