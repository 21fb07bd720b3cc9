import { createHash } from "node:crypto";
import type { Account, AccountVerdict, CallerDescription, CredentialSource, KeyLookup } from "../../accounts";
import { capitalized, ServiceError, UserError } from "../../errors";
import { ValueMap } from "../../values";
import type { BucketDirectory } from "../bucket-directory";
import type { EncryptionStore } from "../encryption-store";
import { GuardedStore } from "../guarded-store";
import type { ObjectStore } from "../object-store";
import type { KeyQuestion, StoreAccess, StorePlace, StoreSurroundings } from "../store-family";
import { kmsEndpoint } from "./kms-endpoint";
import type { OssStores } from "./oss-stores";

/** The stores of one account, and the known owners of its buckets. */
class Connection {
    readonly owners = new Map<string, string>();
    readonly account: Account;
    readonly source: CredentialSource;
    readonly #cancelled: AbortSignal | undefined;
    #stores: OssStores | undefined;

    constructor(account: Account, source: CredentialSource, cancelled: AbortSignal | undefined) {
        this.account = account;
        this.source = source;
        this.#cancelled = cancelled;
    }

    /** Loaded on first use, since an operation without a change makes no request. */
    get stores(): OssStores {
        const { OssStores: Stores }: typeof import("./oss-stores") = require("./oss-stores");
        this.#stores ??= new Stores(this.source, { cancelled: this.#cancelled });
        return this.#stores;
    }

    close(): void {
        this.#stores?.close();
    }
}

/**
 * Reaches OSS buckets on behalf of accounts. Each account has one source of credentials and one set of limits. With `account.id`,
 * nothing is written before it is known that the credentials and the bucket belong to that account.
 */
export class OssAccess implements StoreAccess {
    readonly #surroundings: StoreSurroundings;
    readonly #connections = new ValueMap<Account, Connection>();

    constructor(surroundings: StoreSurroundings) {
        this.#surroundings = surroundings;
    }

    open(place: StorePlace, account: Account | undefined): EncryptionStore {
        const connection = this.#connectionOf(account);
        const store = connection.stores.at(place);
        return new GuardedStore(store, (bucket) => this.#allow(connection, place, bucket, store));
    }

    directory(place: StorePlace, account: Account | undefined): BucketDirectory {
        return this.#connectionOf(account).stores.directory(place);
    }

    objects(place: StorePlace, account: Account | undefined): ObjectStore {
        return this.#connectionOf(account).stores.objects(place);
    }

    judgeCaller(account: Account | undefined): Promise<AccountVerdict> {
        return this.#judge(this.#connectionOf(account));
    }

    describeCaller(account: Account | undefined): Promise<CallerDescription> {
        return this.#surroundings.accounts.describe(this.#connectionOf(account).source);
    }

    async callerKey(account: Account | undefined): Promise<string> {
        const { accessKeyId } = await this.#connectionOf(account).source.getCredentials();
        return createHash("sha256").update(accessKeyId).digest("hex").slice(0, 16);
    }

    async learnOwners(place: StorePlace, declared: Account | undefined): Promise<void> {
        const connection = this.#connectionOf(declared);
        if (connection.account.id === undefined) return;
        try {
            for await (const { name, owner } of connection.stores.directory(place).listBuckets()) {
                if (owner !== undefined) connection.owners.set(name, owner);
            }
        } catch (error) {
            // Without the right to list, the guard asks for each bucket.
            if (!(error instanceof UserError)) throw error;
        }
    }

    async lookUpKey(question: KeyQuestion, account: Account | undefined): Promise<KeyLookup | undefined> {
        const { environment, accounts } = this.#surroundings;
        const configured = this.#surroundings.setting("kmsEndpoint") ?? environment.ALIBABA_CLOUD_KMS_ENDPOINT;
        const endpoint = kmsEndpoint(configured, question);
        if (endpoint === undefined) return undefined;
        return accounts.keysOf(this.#connectionOf(account).source).lookUp(question.name, endpoint);
    }

    close(): void {
        for (const connection of this.#connections.values()) connection.close();
    }

    async #allow(connection: Connection, place: StorePlace, bucket: string, store: EncryptionStore): Promise<void> {
        const { account } = connection;
        const where = { bucket, account: account.id };
        const verdict = await this.#judge(connection);
        if (verdict.verdict === "wrong") throw new UserError("wrong-account", capitalized(verdict.reason), where);
        if (verdict.verdict === "not-known") {
            const what = `The account of the credentials could not be determined: ${verdict.reason}`;
            throw new UserError("account-not-known", what, where);
        }
        if (account.id === undefined) return;
        const region = place.region ?? store.regionOf?.(bucket);
        const owner = await ownerOf(connection, { ...place, ...(region && { likelyRegion: region }) }, bucket);
        if (owner === account.id) return;
        const what = `The bucket belongs to the account ${owner}, and account.id is ${account.id}`;
        throw new UserError("wrong-account", what, where);
    }

    #judge({ account, source }: Connection): Promise<AccountVerdict> {
        return this.#surroundings.accounts.judge(source, account.id);
    }

    #connectionOf(account: Account = {}): Connection {
        const { accounts, cancelled } = this.#surroundings;
        return this.#connections.ensured(account, () => new Connection(account, accounts.sourceOf(account), cancelled));
    }
}

async function ownerOf({ account, owners, stores }: Connection, place: StorePlace, bucket: string): Promise<string> {
    const known = owners.get(bucket);
    if (known !== undefined) return known;
    const notKnown = (why: string) =>
        new UserError("account-not-known", `The account that owns the bucket could not be determined: ${why}`, {
            bucket,
            account: account.id,
        });
    try {
        const { owner } = await stores.directory(place).describeBucket(bucket);
        if (owner === undefined) throw notKnown("the service's answer does not name it");
        owners.set(bucket, owner);
        return owner;
    } catch (error) {
        if (!(error instanceof ServiceError) || error.kind !== "access-denied") throw error;
        throw notKnown(error.message.replace(/\.$/, ""));
    }
}
