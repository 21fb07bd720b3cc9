import type {
    AccountEntry,
    AccountsDocument,
    BucketEntry,
    OidcProviderEntry,
    RoleEntry,
} from "../configuration/accounts-document";
import { accountPrincipal, type Principal } from "../ram/principal";
import { readStatement } from "../ram/statement";
import { AccessKeyTable } from "./access-key-table";
import { type Bucket, defaultRegion, newBucket } from "./bucket";
import { BucketTable } from "./bucket-table";
import type { Change, RecordChange } from "./change";
import { newKmsKey } from "./kms-key";
import { KmsKeyTable } from "./kms-key-table";

/** The changes of earlier runs, and the function that records new ones. */
export interface Durability {
    readonly saved: Iterable<Change>;
    readonly record: RecordChange;
}

const inMemory: Durability = { saved: [], record: () => {} };

/**
 * The whole state of the cloud. Bucket names are unique across all accounts and regions, as in OSS. Accounts, users and
 * roles come from the accounts file at each start; what they own comes from the saved changes.
 */
export class CloudState {
    readonly bucketTable: BucketTable;
    readonly kmsKeys: KmsKeyTable;
    readonly accessKeys: AccessKeyTable;
    readonly #accounts: AccountsDocument["accounts"];
    readonly #seeded = new Set<string>();

    constructor(document: AccountsDocument, now: number, { saved, record }: Durability = inMemory) {
        this.#accounts = document.accounts;
        this.bucketTable = new BucketTable(record);
        this.kmsKeys = new KmsKeyTable(record);
        this.accessKeys = new AccessKeyTable(record, (accountId, role) => {
            const entry = this.role(accountId, role);
            return entry === undefined ? [] : statementsOf(entry);
        });
        for (const account of document.accounts) {
            this.#addAccessKeys(account);
        }
        for (const change of saved) {
            this.#restore(change);
        }
        for (const account of document.accounts) {
            this.#seed(account, now, record);
        }
    }

    get buckets(): ReadonlyMap<string, Bucket> {
        return this.bucketTable.byName;
    }

    get firstAccountId(): string {
        return this.#accounts[0]?.id ?? "";
    }

    hasAccount(id: string): boolean {
        return this.#accounts.some((account) => account.id === id);
    }

    role(accountId: string, name: string): RoleEntry | undefined {
        return this.#accounts.find(({ id }) => id === accountId)?.roles?.find((role) => role.name === name);
    }

    oidcProvider(accountId: string, name: string): OidcProviderEntry | undefined {
        const account = this.#accounts.find(({ id }) => id === accountId);
        return account?.oidcProviders?.find((provider) => provider.name === name);
    }

    /** The state to save, as changes that would recreate it. */
    *changes(): Generator<Change> {
        for (const key of this.#seeded) {
            yield { table: "seeded", key, value: true };
        }
        yield* this.bucketTable.changes();
        yield* this.kmsKeys.changes();
        yield* this.accessKeys.changes();
    }

    #addAccessKeys({ id: accountId, accessKeys = [], users = [] }: AccountEntry): void {
        for (const key of accessKeys) {
            this.accessKeys.add({ ...key, principal: accountPrincipal(accountId) });
        }
        for (const user of users) {
            const identity = { type: "RAMUser", name: user.name } as const;
            const principal: Principal = { accountId, identity, statements: statementsOf(user) };
            for (const key of user.accessKeys ?? []) {
                this.accessKeys.add({ ...key, principal });
            }
        }
    }

    /**
     * Creates each key and each bucket of an account once, so that one that was deleted does not return with the next start.
     */
    #seed({ id: accountId, keys = [], buckets = [] }: AccountEntry, now: number, record: RecordChange): void {
        const once = (key: string, add: () => void) => {
            if (!this.#seeded.has(key)) {
                this.#seeded.add(key);
                record({ table: "seeded", key, value: true });
                add();
            }
        };
        for (const { alias, region = defaultRegion, ...key } of keys) {
            const aliases = alias === undefined ? [] : [alias];
            once(`kms key ${key.id}`, () =>
                this.kmsKeys.put(newKmsKey({ ...key, region, accountId, aliases, creationDate: now })),
            );
        }
        for (const entry of buckets) {
            once(`bucket ${entry.name}`, () => {
                if (!this.buckets.has(entry.name)) {
                    this.bucketTable.add(bucketOf(entry, accountId, now));
                }
            });
        }
    }

    #restore(change: Change): void {
        if (change.table === "kms key") {
            this.kmsKeys.restore(change);
        } else if (change.table === "session") {
            this.accessKeys.restore(change);
        } else if (change.table === "seeded") {
            this.#seeded.add(change.key);
        } else {
            this.bucketTable.restore(change);
        }
    }
}

/** The bucket that an entry of the accounts file describes. */
export function bucketOf(entry: BucketEntry, accountId: string, creationDate: number): Bucket {
    const { tags = {}, ...given } = entry;
    return newBucket({ ...given, accountId, creationDate, tags: Object.entries(tags) });
}

/** Users and roles without statements may do everything that their account may do. */
function statementsOf({ statements }: { readonly statements?: readonly unknown[] }): Principal["statements"] {
    return statements?.map(readStatement);
}
