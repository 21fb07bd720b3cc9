import type { Account, CallerDescription } from "../../accounts";
import { ValueMap } from "../../values";
import type { BucketDirectory } from "../bucket-directory";
import type { EncryptionStore } from "../encryption-store";
import type { ObjectStore } from "../object-store";
import type { StoreAccess, StorePlace, StoreSurroundings } from "../store-family";
import { S3Stores } from "./s3-stores";

/**
 * Reaches buckets of the S3 family on behalf of accounts. Credentials come from the AWS SDK's own chain. `account.id` is sent with each
 * request, and the service refuses a bucket of another account.
 */
export class S3Access implements StoreAccess {
    readonly #surroundings: StoreSurroundings;
    readonly #stores = new ValueMap<object, S3Stores>();

    constructor(surroundings: StoreSurroundings) {
        this.#surroundings = surroundings;
    }

    open(place: StorePlace, account: Account | undefined): EncryptionStore {
        const isSafe = place.deletionIsSafe ?? this.#surroundings.setting("s3DeletionIsSafe") === true;
        return this.#storesOf(account).at({ ...place, deletionIsSafe: isSafe });
    }

    directory(place: StorePlace, account: Account | undefined): BucketDirectory {
        return this.#storesOf(account).directory(place);
    }

    objects(place: StorePlace, account: Account | undefined): ObjectStore {
        return this.#storesOf(account).objects(place);
    }

    describeCaller(account: Account | undefined): Promise<CallerDescription> {
        return this.#storesOf(account).describeCaller();
    }

    close(): void {
        for (const stores of this.#stores.values()) stores.close();
    }

    #storesOf(account: Account | undefined): S3Stores {
        const configured = this.#surroundings.setting("s3Profile");
        const profile = account?.profile ?? (typeof configured === "string" ? configured : undefined);
        const expectedBucketOwner = account?.id;
        return this.#stores.ensured({ profile, expectedBucketOwner }, () => {
            return new S3Stores({ profile, expectedBucketOwner }, { cancelled: this.#surroundings.cancelled });
        });
    }
}
