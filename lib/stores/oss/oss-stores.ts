import type { CredentialSource } from "../../accounts";
import type { EncryptionStore } from "../encryption-store";
import { BucketLocator } from "./bucket-locator";
import { OssEncryptionStore } from "./oss-encryption-store";
import { defaultOssLimits, type OssLimits } from "./oss-limits";
import { type OssTarget, resolveOssTarget, tellsRegion } from "./oss-target";
import { RequestLimiter } from "./request-limiter";

/** How buckets are reached, as far as it is said. */
export interface OssStoreTarget {
    readonly region?: string | undefined;
    readonly endpoint?: string | undefined;
    /** Where the buckets are probably, when neither of the others says it. */
    readonly likelyRegion?: string | undefined;
}

/** The stores of one account: one for each target, and one limiter for all requests to a region. */
export class OssStores {
    readonly #credentials: CredentialSource;
    readonly #limits: OssLimits;
    readonly #stores = new Map<string, OssEncryptionStore>();
    readonly #locators = new Map<string, BucketLocator>();
    readonly #limiters = new Map<string, RequestLimiter>();

    constructor(credentials: CredentialSource, limits: Partial<OssLimits> = {}) {
        this.#credentials = credentials;
        this.#limits = { ...defaultOssLimits, ...limits };
    }

    /**
     * The store that reaches buckets there. Makes no request.
     * @throws UserError of kind `invalid-target`
     */
    at({ region, endpoint, likelyRegion }: OssStoreTarget): EncryptionStore {
        if (tellsRegion({ region, endpoint })) return this.#storeAt(resolveOssTarget({ region, endpoint }));
        return ensured(this.#locators, JSON.stringify([endpoint, likelyRegion]), () => {
            const storeOf = (located: string) => this.#storeAt(resolveOssTarget({ region: located, endpoint }));
            return new BucketLocator({ storeOf, likelyRegion });
        });
    }

    /** Ends the connections, and the requests under way with them. */
    close(): void {
        for (const store of this.#stores.values()) store.close();
    }

    #storeAt(target: OssTarget): OssEncryptionStore {
        return ensured(this.#stores, JSON.stringify(target), () => {
            const limiter = ensured(this.#limiters, target.region, () => new RequestLimiter(this.#limits.connections));
            return new OssEncryptionStore({ target, credentials: this.#credentials, limits: this.#limits, limiter });
        });
    }
}

function ensured<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
    let value = map.get(key);
    if (value === undefined) {
        value = make();
        map.set(key, value);
    }
    return value;
}
