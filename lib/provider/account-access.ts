import {
    type Account,
    AccountGuard,
    AccountSessions,
    accountIssues,
    type CredentialSource,
    configuredCredentials,
    SecurityTokenService,
    SharedSessions,
    s3AccountIssues,
    stsEndpoint,
} from "../accounts";
import { ServiceError, UserError, warningOf } from "../errors";
import type { RuleIssue } from "../rule";
import { type BucketDirectory, type EncryptionStore, GuardedStore, OssStores, type OssStoreTarget } from "../stores";
import { type AccountSettings, readAccountSettings } from "./account-settings";
import { readCredentialConfiguration, type StackConfiguration } from "./stack-settings";

/** The account that a declaration names; the stack's configuration says it where the declaration doesn't. */
export type DeclaredAccount = Readonly<Record<string, unknown>> | undefined;

/** The stores of one account, and what is known of its buckets' owners. */
interface Working {
    readonly account: Account;
    readonly source: CredentialSource;
    readonly stores: OssStores;
    readonly owners: Map<string, Promise<string>>;
}

/**
 * Reaches buckets on behalf of accounts, for one process: each account has one source of credentials and one set of limits,
 * and nothing is written for an account before it is known that the credentials and the bucket belong to it.
 */
export class AccountAccess {
    readonly #configuration: StackConfiguration;
    readonly #environment: NodeJS.ProcessEnv;
    readonly #cancelled: AbortSignal | undefined;
    readonly #working = new Map<string, Working>();
    #settings: AccountSettings | undefined;
    #sessions: { readonly sessions: AccountSessions; readonly guard: AccountGuard } | undefined;

    /** @param cancelled aborted, with the reason, once no further request is to be made */
    constructor(configuration: StackConfiguration, environment: NodeJS.ProcessEnv, cancelled?: AbortSignal) {
        this.#configuration = configuration;
        this.#environment = environment;
        this.#cancelled = cancelled;
    }

    /** All faults of a declared account and of what the configuration says of accounts. Makes no request. */
    issues(declared: unknown, store: unknown = "oss"): RuleIssue[] {
        if (typeof store === "symbol") return [];
        if (store === "s3") return [...s3AccountIssues(declared), ...this.#s3ListIssues(declared as DeclaredAccount)];
        const configured = this.#accountSettings().issues.map(({ path, ...issue }) => ({
            ...issue,
            path: "account",
            message: `${issue.message} (from stack configuration ${path})`,
        }));
        return [...accountIssues(declared), ...configured];
    }

    /**
     * Services of the S3 family are told with each request whose the bucket has to be, and refuse it otherwise. So the lists hold
     * for what a declaration says, and one that says nothing can't be held to them.
     */
    #s3ListIssues(declared: DeclaredAccount): RuleIssue[] {
        const { allowed, forbidden = [] } = this.#accountSettings();
        const id = declared?.id;
        if ((allowed === undefined && forbidden.length === 0) || typeof id === "symbol") return [];
        const issue = (message: string): RuleIssue => ({ code: "conflicting", path: "account", message });
        const lists = "bucket-encryption:allowedAccountIds or forbiddenAccountIds";
        if (typeof id !== "string") return [issue(`needs an id, since the stack's configuration has ${lists}`)];
        if (forbidden.includes(id))
            return [issue(`has the id ${id}, which bucket-encryption:forbiddenAccountIds holds`)];
        if (allowed === undefined || allowed.includes(id)) return [];
        return [
            issue(`has the id ${id}, which is none of bucket-encryption:allowedAccountIds (${allowed.join(", ")})`),
        ];
    }

    /**
     * Whether the credentials are the declared account's: an issue when they aren't, and a warning when that can't be told,
     * since nothing is written then.
     */
    async identityIssues(declared: DeclaredAccount, warn: (text: string) => void): Promise<RuleIssue[]> {
        const working = this.#workingFor(declared);
        const verdict = await this.#judge(working);
        if (verdict.verdict === "wrong") return [{ code: "conflicting", path: "account", message: verdict.reason }];
        if (verdict.verdict === "not-known") {
            const whose = working.account.id === undefined ? "" : ` (expected is ${working.account.id})`;
            const what = `which account the credentials belong to isn't known${whose}: ${verdict.reason}; nothing is written before it is`;
            warn(warningOf("account-not-known", what));
        }
        return [];
    }

    /** The account's credentials. */
    sourceOf(declared: DeclaredAccount): CredentialSource {
        return this.#workingFor(declared).source;
    }

    /** The store that reaches buckets there on behalf of the account. Makes no request. */
    open(target: OssStoreTarget, declared: DeclaredAccount): EncryptionStore {
        const working = this.#workingFor(declared);
        const store = working.stores.at(target);
        return new GuardedStore(store, (bucket) => this.#allow(working, target, bucket, store));
    }

    /** The account's buckets. Makes no request. */
    directory(target: OssStoreTarget, declared: DeclaredAccount): BucketDirectory {
        return this.#workingFor(declared).stores.directory(target);
    }

    /** Learns from the account's list of buckets which are its own, where otherwise each would be asked about. */
    async learnOwners(target: OssStoreTarget, declared: DeclaredAccount): Promise<void> {
        const { account, owners, stores } = this.#workingFor(declared);
        if (account.id === undefined) return;
        try {
            for await (const { name, owner } of stores.directory(target).listBuckets()) {
                if (owner !== undefined) owners.set(name, Promise.resolve(owner));
            }
        } catch (error) {
            // Without the right to list, each bucket is asked about.
            if (!(error instanceof UserError)) throw error;
        }
    }

    async #allow(working: Working, target: OssStoreTarget, bucket: string, store: EncryptionStore): Promise<void> {
        const { account } = working;
        const where = { bucket, account: account.id };
        const verdict = await this.#judge(working);
        if (verdict.verdict === "wrong") throw new UserError("wrong-account", capitalized(verdict.reason), where);
        if (verdict.verdict === "not-known") {
            const what = `Which account the credentials belong to isn't known: ${verdict.reason}`;
            throw new UserError("account-not-known", what, where);
        }
        if (account.id === undefined) return;
        const region = target.region ?? store.regionOf?.(bucket);
        const owner = await this.#ownerOf(working, { ...target, ...(region && { likelyRegion: region }) }, bucket);
        if (owner === account.id) return;
        const what = `The bucket belongs to the account ${owner}, and account.id is ${account.id}`;
        throw new UserError("wrong-account", what, where);
    }

    async #ownerOf({ account, owners, stores }: Working, target: OssStoreTarget, bucket: string): Promise<string> {
        const known = owners.get(bucket);
        if (known !== undefined) return known;
        try {
            const { owner } = await stores.directory(target).describeBucket(bucket);
            if (owner === undefined) {
                const what = "Which account the bucket belongs to isn't known, since the service doesn't tell it";
                throw new UserError("account-not-known", what, { bucket, account: account.id });
            }
            owners.set(bucket, Promise.resolve(owner));
            return owner;
        } catch (error) {
            if (!(error instanceof ServiceError) || error.kind !== "access-denied") throw error;
            const what = `Which account the bucket belongs to isn't known, since it may not be asked: ${error.message.replace(/\.$/, "")}`;
            throw new UserError("account-not-known", what, { bucket, account: account.id });
        }
    }

    #judge({ account, source }: Working): ReturnType<AccountGuard["judge"]> {
        const { allowed, forbidden } = this.#accountSettings();
        return this.#identities().guard.judge(source, { id: account.id, allowed, forbidden });
    }

    #workingFor(declared: DeclaredAccount): Working {
        const account = (declared as Account | undefined) ?? this.#accountSettings().account ?? {};
        const key = JSON.stringify(account, Object.keys(account).sort());
        const complete = `${key} ${JSON.stringify([account.through, account.oidc])}`;
        let working = this.#working.get(complete);
        if (working === undefined) {
            const source = this.#identities().sessions.sourceOf(account);
            working = {
                account,
                source,
                stores: new OssStores(source, { cancelled: this.#cancelled }),
                owners: new Map(),
            };
            this.#working.set(complete, working);
        }
        return working;
    }

    // Made when first needed: only then is the configuration there.
    #accountSettings(): AccountSettings {
        this.#settings ??= readAccountSettings(this.#configuration);
        return this.#settings;
    }

    #identities(): { readonly sessions: AccountSessions; readonly guard: AccountGuard } {
        if (this.#sessions === undefined) {
            const sts = new SecurityTokenService(stsEndpoint(this.#accountSettings().stsEndpoint, this.#environment), {
                cancelled: this.#cancelled,
                shared: SharedSessions.of(this.#environment),
            });
            const configured = readCredentialConfiguration(this.#configuration);
            // A profile that an account names goes before whatever the configuration says of credentials.
            const base = (profile: string | undefined) => configuredCredentials(profile ? { profile } : configured);
            this.#sessions = { sessions: new AccountSessions({ base, sts }), guard: new AccountGuard(sts) };
        }
        return this.#sessions;
    }
}

function capitalized(text: string): string {
    return text.charAt(0).toUpperCase() + text.slice(1);
}
