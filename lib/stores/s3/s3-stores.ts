import type { EncryptionStore } from "../encryption-store";
import { RegionLocator } from "./region-locator";
import type { S3Account } from "./s3-client";
import { S3EncryptionStore } from "./s3-encryption-store";
import type { S3Limits } from "./s3-limits";
import { type DeclaredS3Target, resolveS3Target, type S3Target } from "./s3-target";

/** How buckets are reached, as far as it is said. */
export interface S3StoreTarget extends DeclaredS3Target {
    /** Where the buckets are probably, when nothing else says it. */
    readonly likelyRegion?: string | undefined;
}

/** The stores of one account: one for each target. */
export class S3Stores {
    readonly #account: S3Account;
    readonly #limits: Partial<S3Limits>;
    readonly #stores = new Map<string, S3EncryptionStore>();
    readonly #locators = new Map<string, RegionLocator>();

    constructor(account: S3Account = {}, limits: Partial<S3Limits> = {}) {
        this.#account = account;
        this.#limits = limits;
    }

    /**
     * The store that reaches buckets there. Makes no request.
     * @throws UserError of kind `invalid-target`
     */
    at({ likelyRegion, ...declared }: S3StoreTarget): EncryptionStore {
        const target = resolveS3Target(declared);
        if (target.region !== undefined) return this.#storeAt(target, target.region);
        return ensured(this.#locators, JSON.stringify([target, likelyRegion]), () => {
            return new RegionLocator({ storeOf: (region) => this.#storeAt(target, region), likelyRegion });
        });
    }

    /** Ends the connections. */
    close(): void {
        for (const store of this.#stores.values()) store.close();
    }

    #storeAt(declared: S3Target, region: string): S3EncryptionStore {
        const target = { ...declared, region };
        const make = () => new S3EncryptionStore({ target, account: this.#account, limits: this.#limits });
        return ensured(this.#stores, JSON.stringify(target), make);
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
