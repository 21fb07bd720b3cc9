import type { CredentialSource } from "../../accounts";
import type { ServiceError } from "../../errors";
import { ValueMap } from "../../values";
import type { BucketDirectory } from "../bucket-directory";
import type { EncryptionStore } from "../encryption-store";
import type { ObjectStore } from "../object-store";
import { LocatedBuckets } from "../shared/located-buckets";
import { LocatedStore } from "../shared/located-store";
import type { StorePlace } from "../store-family";
import type { OssBucketDirectory } from "./oss-bucket-directory";
import { OssEncryptionStore } from "./oss-encryption-store";
import { firstAskedRegion, regionNamedBy } from "./oss-endpoint";
import { defaultOssLimits, type OssLimits } from "./oss-limits";
import { OssRequests } from "./oss-requests";
import { OssServiceError } from "./oss-service-error";
import { namesRegion, type OssTarget, resolveOssTarget } from "./oss-target";
import { RequestLimiter } from "./request-limiter";

/** The plan of ten thousand stacks has about 25 MB, a rule some hundred bytes. */
const objectLimits = { answerBytes: 512 * 1024 * 1024, exchangeMilliseconds: 300_000, totalMilliseconds: 600_000 };

/** The stores of one account: one for each target, and one limiter for all requests to a region. */
export class OssStores {
    readonly #credentials: CredentialSource;
    readonly #limits: OssLimits;
    readonly #requests = new ValueMap<OssTarget, OssRequests>();
    readonly #objectRequests = new ValueMap<OssTarget, OssRequests>();
    readonly #stores = new ValueMap<OssTarget, OssEncryptionStore>();
    /** By the declared place, so that it is read once and not for each bucket of a large set. */
    readonly #reached = new ValueMap<StorePlace, EncryptionStore>();
    readonly #directories = new ValueMap<object, OssBucketDirectory>();
    readonly #limiters = new ValueMap<string, RequestLimiter>();

    constructor(credentials: CredentialSource, limits: Partial<OssLimits> = {}) {
        this.#credentials = credentials;
        this.#limits = { ...defaultOssLimits, ...limits };
    }

    /**
     * The store that reaches buckets there. Makes no request.
     * @throws UserError of kind `invalid-target`
     */
    at({ region, endpoint, likelyRegion }: StorePlace): EncryptionStore {
        return this.#reached.ensured({ region, endpoint, likelyRegion }, () => {
            if (namesRegion({ region, endpoint })) return this.#storeAt(resolveOssTarget({ region, endpoint }));
            const at = (own: string) => this.#storeAt(resolveOssTarget({ region: own, endpoint }));
            return new LocatedStore(located(at, likelyRegion));
        });
    }

    /**
     * The account's buckets in all regions, whichever region is asked. Makes no request. A public or internal endpoint of one
     * region answers for that region's buckets alone, so buckets elsewhere are asked about at their own regions' public ones.
     * @throws UserError of kind `invalid-target`
     */
    directory(place: StorePlace = {}): BucketDirectory {
        const { endpoint, likelyRegion = firstAskedRegion } = place;
        const asked = resolveOssTarget(namesRegion(place) ? place : { region: likelyRegion, endpoint });
        return this.#directories.ensured({ asked, endpoint }, () => {
            // An endpoint that names no region (a local cloud, a gateway) is taken to stand for all of them.
            const standsForAll = endpoint !== undefined && !namesRegion({ endpoint });
            const targetOf = (own: string): OssTarget => {
                if (own === asked.region) return asked;
                return resolveOssTarget({ region: own, endpoint: standsForAll ? endpoint : undefined });
            };
            // Loaded with the first list that is asked for: most runs ask for none.
            const { OssBucketDirectory: Directory }: typeof import("./oss-bucket-directory") =
                require("./oss-bucket-directory");
            return new Directory({
                account: () => this.#requestsAt(asked),
                buckets: located((region) => this.#requestsAt(targetOf(region)), asked.region),
                storeOn: (requests) => this.#storeOn(requests),
            });
        });
    }

    /**
     * Objects of buckets there; without a place, in the region that is asked first. Makes no request.
     * @throws UserError of kind `invalid-target`
     */
    objects(place: StorePlace): ObjectStore {
        const { endpoint } = place;
        const target = resolveOssTarget(namesRegion(place) ? place : { region: firstAskedRegion, endpoint });
        const limits = { ...this.#limits, ...objectLimits };
        const requests = this.#objectRequests.ensured(target, () => {
            return new OssRequests({ target, credentials: this.#credentials, limits });
        });
        const { OssObjects }: typeof import("./oss-objects") = require("./oss-objects");
        return new OssObjects(requests);
    }

    /** Ends the connections, and the requests under way with them. */
    close(): void {
        for (const all of [this.#requests, this.#objectRequests]) for (const requests of all.values()) requests.close();
    }

    #storeAt(target: OssTarget): OssEncryptionStore {
        return this.#storeOn(this.#requestsAt(target));
    }

    #storeOn(requests: OssRequests): OssEncryptionStore {
        return this.#stores.ensured(requests.target, () => new OssEncryptionStore(requests));
    }

    #requestsAt(target: OssTarget): OssRequests {
        return this.#requests.ensured(target, () => {
            const limiter = this.#limiters.ensured(target.region, () => new RequestLimiter(this.#limits.connections));
            return new OssRequests({ target, credentials: this.#credentials, limits: this.#limits, limiter });
        });
    }
}

function located<Region>(at: (region: string) => Region, likelyRegion = firstAskedRegion): LocatedBuckets<Region> {
    return new LocatedBuckets({ at, likelyRegion, regionNamedBy: ownRegion });
}

/** Only an Alibaba Cloud endpoint counts as the bucket's own. */
function ownRegion(error: ServiceError): string | undefined {
    return error instanceof OssServiceError ? regionNamedBy(error.expectedEndpoint ?? "") : undefined;
}
