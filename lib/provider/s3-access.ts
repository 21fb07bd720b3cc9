import type { BucketDirectory, EncryptionStore, S3Stores, S3StoreTarget } from "../stores";
import type { DeclaredAccount } from "./account-access";
import { readS3Configuration, type S3Configuration, type StackConfiguration } from "./stack-settings";

/** Reaches buckets of the S3 family on behalf of accounts, for one process: each account has one set of connections. */
export class S3Access {
    readonly #configuration: StackConfiguration;
    readonly #cancelled: AbortSignal | undefined;
    readonly #stores = new Map<string, S3Stores>();

    /** @param cancelled aborted, with the reason, once no further request is to be made */
    constructor(configuration: StackConfiguration, cancelled?: AbortSignal) {
        this.#configuration = configuration;
        this.#cancelled = cancelled;
    }

    /** The store that reaches buckets there on behalf of the account. Makes no request. */
    open(target: S3StoreTarget, account: DeclaredAccount): EncryptionStore {
        const configured = readS3Configuration(this.#configuration);
        const deletionIsSafe = target.deletionIsSafe ?? configured.deletionIsSafe;
        return this.#storesOf(account, configured).at({ ...target, deletionIsSafe });
    }

    /** The account's buckets. Makes no request. */
    directory(target: S3StoreTarget, account: DeclaredAccount): BucketDirectory {
        return this.#storesOf(account, readS3Configuration(this.#configuration)).directory(target);
    }

    #storesOf(account: DeclaredAccount, configured: S3Configuration): S3Stores {
        // Loaded with the first bucket of S3: most stacks have none.
        const { S3Stores: Stores }: typeof import("../stores/s3/s3-stores") = require("../stores/s3/s3-stores");
        const profile = (account?.profile as string | undefined) ?? configured.profile;
        const expectedBucketOwner = account?.id as string | undefined;
        const key = JSON.stringify([profile, expectedBucketOwner]);
        const stores =
            this.#stores.get(key) ?? new Stores({ profile, expectedBucketOwner }, { cancelled: this.#cancelled });
        this.#stores.set(key, stores);
        return stores;
    }
}
