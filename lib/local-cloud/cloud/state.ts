import type { AccountsDocument } from "../configuration/accounts-document";
import type { EncryptionRule } from "./encryption-rule";

export interface AccessKey {
    readonly id: string;
    readonly secret: string;
    readonly accountId: string;
    /** Present on temporary keys. */
    readonly session?: { readonly securityToken: string; readonly expiresAt: number };
}

export type BucketAcl = "private" | "public-read" | "public-read-write";

export interface StoredObject {
    readonly body: Uint8Array;
    /** With its quotation marks. */
    readonly etag: string;
    readonly lastModified: number;
    /** Headers that were given when the object was written and come back with it. */
    readonly headers: readonly (readonly [name: string, value: string])[];
    /** Fixed when the object was written; a later rule of the bucket doesn't change it. */
    readonly encryption: EncryptionRule | undefined;
}

export interface Bucket {
    readonly name: string;
    readonly accountId: string;
    readonly region: string;
    readonly creationDate: number;
    readonly storageClass: string;
    readonly dataRedundancyType: string;
    acl: BucketAcl;
    encryption: EncryptionRule | undefined;
    readonly objects: Map<string, StoredObject>;
}

export const DEFAULT_REGION = "cn-hangzhou";

/** Everything that the cloud knows. Bucket names are unique across all accounts and regions, as in OSS. */
export class CloudState {
    readonly buckets = new Map<string, Bucket>();
    readonly #accessKeys = new Map<string, AccessKey>();
    readonly #accounts: AccountsDocument["accounts"];

    constructor(document: AccountsDocument, now: number) {
        this.#accounts = document.accounts;
        for (const account of document.accounts) {
            for (const key of account.accessKeys ?? []) {
                this.addAccessKey({ ...key, accountId: account.id });
            }
            for (const { name, region, encryption } of account.buckets ?? []) {
                const bucket = newBucket({ name, accountId: account.id, creationDate: now, ...(region && { region }) });
                bucket.encryption = encryption;
                this.buckets.set(name, bucket);
            }
        }
    }

    /** The accounts as configured, with the roles and keys that STS and KMS will serve. */
    get accounts(): AccountsDocument["accounts"] {
        return this.#accounts;
    }

    hasAccount(id: string): boolean {
        return this.#accounts.some((account) => account.id === id);
    }

    addAccessKey(key: AccessKey): void {
        this.#accessKeys.set(key.id, key);
    }

    accessKey(id: string): AccessKey | undefined {
        return this.#accessKeys.get(id);
    }

    accessKeyOfToken(securityToken: string): AccessKey | undefined {
        return [...this.#accessKeys.values()].find((key) => key.session?.securityToken === securityToken);
    }

    /** In the order in which the API lists them. */
    bucketsOf(accountId: string): Bucket[] {
        return [...this.buckets.values()]
            .filter((bucket) => bucket.accountId === accountId)
            .sort((a, b) => (a.name < b.name ? -1 : 1));
    }
}

export function newBucket(given: Pick<Bucket, "name" | "accountId" | "creationDate"> & Partial<Bucket>): Bucket {
    return {
        region: DEFAULT_REGION,
        storageClass: "Standard",
        dataRedundancyType: "LRS",
        acl: "private",
        encryption: undefined,
        objects: new Map(),
        ...given,
    };
}
