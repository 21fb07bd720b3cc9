import {
    type Account,
    type AccountVerdict,
    accountIssues,
    CallerAccounts,
    type CallerDescription,
    type KeyLookup,
} from "../accounts";
import type { DeclaredAccount, ReachableTarget, StoreSettings } from "../declaration";
import { UserError, warningOf } from "../errors";
import type { RuleIssue } from "../rule";
import {
    type BucketDirectory,
    defaultStoreFamily,
    type EncryptionStore,
    type KeyQuestion,
    type ObjectStore,
    type StoreAccess,
    type StoreFamily,
    storeFamilyOf,
} from "../stores";
import { settingNamespace } from "./setting";
import { issuesOfStack, refuseSettings, type SettingIssue } from "./setting-issues";
import { readIds, readSetting, readStoreSettings, readText, type StackConfiguration } from "./stack-configuration";

export interface BucketAccessOptions {
    readonly configuration: StackConfiguration;
    readonly environment: NodeJS.ProcessEnv;
    /** Aborted, with the reason, when no further request may begin. */
    readonly cancelled?: AbortSignal | undefined;
}

/** Whose buckets a program listed, and with which access key, in a form that shows none. */
export interface BucketLister {
    readonly account: string;
    readonly key: string;
}

/** Reaches the buckets of every family on behalf of accounts, for one process. */
export class BucketAccess {
    readonly #options: BucketAccessOptions;
    readonly #settings = new Map<string, StoreSettings>();
    readonly #connected = new Map<StoreFamily, StoreAccess>();
    #accounts: CallerAccounts | undefined;
    #issues: readonly SettingIssue[] | undefined;

    constructor(options: BucketAccessOptions) {
        this.#options = options;
    }

    /** Defaults for parts that declarations of this store omit. Read once: a large set asks for each bucket. */
    settingsOf(store: string): StoreSettings {
        const { configuration, environment } = this.#options;
        const family = storeFamilyOf(store);
        const settings =
            this.#settings.get(store) ??
            (family === undefined ? {} : readStoreSettings(configuration, environment, family));
        this.#settings.set(store, settings);
        return settings;
    }

    /** All faults of the stack's settings and of a declared account. Makes no request. */
    accountIssues(declared: unknown, store: unknown = defaultStoreFamily.name): RuleIssue[] {
        const ofSettings = this.#settingIssues().map(
            ({ path, message }): RuleIssue => ({ code: "not-allowed", path, message }),
        );
        const family = storeFamilyOf(store);
        // A store that is not known yet, or no store, is the declaration's fault or none.
        if (family === undefined) return ofSettings;
        const issues = [...ofSettings, ...accountIssues(declared, family.account)];
        return issues.length > 0 ? issues : this.#listIssues(declared as DeclaredAccount | undefined, family);
    }

    /**
     * Whether the credentials are the declared account's: an issue when they are not, and a warning when the account could not be
     * determined. Nothing is written in both cases.
     */
    async identityIssues(
        declared: DeclaredAccount | undefined,
        store: unknown,
        warn: (text: string) => void,
    ): Promise<RuleIssue[]> {
        const verdict = await this.judge(declared, store);
        if (verdict?.verdict === "wrong") return [{ code: "conflicting", path: "account", message: verdict.reason }];
        if (verdict?.verdict === "not-known") {
            const id = this.#accountOf(declared, familyOf(store))?.id;
            const expected = id === undefined ? "" : ` (expected: ${id})`;
            const what = `the account of the credentials could not be determined${expected}: ${verdict.reason}; nothing is written until it is`;
            warn(warningOf("account-not-known", what));
        }
        return [];
    }

    /** Who lists buckets with these credentials, for `listerIssues` in another process. @param owner of the listed buckets */
    async listerWith(
        declared: DeclaredAccount | undefined,
        store: unknown,
        owner: string,
    ): Promise<BucketLister | undefined> {
        const family = familyOf(store);
        const account = this.#accountOf(declared, family);
        // With an id or a role, both processes reach the same account, or the guard refuses.
        if (account?.id !== undefined || account?.roleArn !== undefined) return undefined;
        const key = await this.#accessOf(family).callerKey?.(account);
        return key === undefined ? undefined : { account: owner, key };
    }

    /**
     * Whether the credentials in use belong to the account whose buckets a program listed. A program and its provider run in two
     * processes, which may have two environments. Asks only where their access keys differ.
     */
    async listerIssues(
        lister: BucketLister,
        declared: DeclaredAccount | undefined,
        store: unknown,
        warn: (text: string) => void,
    ): Promise<RuleIssue[]> {
        const family = familyOf(store);
        const account = this.#accountOf(declared, family);
        const access = this.#accessOf(family);
        if (account?.id !== undefined || access.judgeCaller === undefined) return [];
        if ((await access.callerKey?.(account)) === lister.key) return [];
        const verdict = await access.judgeCaller({ ...account, id: lister.account });
        const listed = `the program listed the buckets of the account ${lister.account}`;
        if (verdict.verdict === "wrong") {
            const message = `${listed}, but the provider's credentials belong to the account ${verdict.account}; give both the same credentials, or set account.id`;
            return [{ code: "conflicting", path: "account", message }];
        }
        if (verdict.verdict === "not-known") {
            const what = `${listed}, and the account of the provider's credentials could not be determined: ${verdict.reason}`;
            warn(warningOf("account-not-known", what));
        }
        return [];
    }

    /** The credentials in use, and their account as far as the services report it. @throws UserError `no-credentials` */
    async describeCaller(declared: DeclaredAccount | undefined, store: unknown): Promise<CallerDescription> {
        const family = familyOf(store);
        return this.#accessOf(family).describeCaller(this.#accountOf(declared, family));
    }

    /** The id of the account that owns the buckets of a list; `undefined` where lists have no owner, or it is not known. @throws UserError */
    async ownerOfLists(declared: DeclaredAccount | undefined, store: unknown): Promise<string | undefined> {
        const family = familyOf(store);
        const access = this.#accessOf(family);
        if (access.judgeCaller === undefined) return undefined;
        const { identity } = await access.describeCaller(this.#accountOf(declared, family));
        return "account" in identity ? identity.account : undefined;
    }

    /** @returns `undefined` where the services check the account with each request */
    async judge(declared: DeclaredAccount | undefined, store: unknown): Promise<AccountVerdict | undefined> {
        const family = familyOf(store);
        return this.#accessOf(family).judgeCaller?.(this.#accountOf(declared, family));
    }

    /** The store that reaches buckets there. Makes no request. @throws UserError of kind `invalid-target` */
    open({ store, account, ...place }: ReachableTarget): EncryptionStore {
        const family = familyOf(store);
        return this.#accessOf(family).open(place, this.#accountOf(account, family));
    }

    /** The account's buckets; settings say what the target leaves out. Makes no request. @throws UserError `invalid-target` */
    directory({ store, account, ...place }: ReachableTarget): BucketDirectory {
        const family = familyOf(store);
        return this.#accessOf(family).directory(this.#completed(place, store), this.#accountOf(account, family));
    }

    /** Objects of the store's buckets, as settings and environment reach them. Makes no request. @throws UserError `invalid-target` */
    objects(store: string): ObjectStore {
        const family = familyOf(store);
        const { region, endpoint } = this.settingsOf(store);
        const place = { ...(region && { region: region.value }), ...(endpoint && { endpoint: endpoint.value }) };
        const objects = this.#accessOf(family).objects?.(place, this.#accountOf(undefined, family));
        if (objects === undefined)
            throw new UserError("invalid-target", `${family.words.title} cannot hold objects here`);
        return objects;
    }

    /** Prefetches the owners of the account's buckets, if a guard would ask for each bucket. */
    async learnOwners({ store, account, ...place }: ReachableTarget): Promise<void> {
        const family = familyOf(store);
        await this.#accessOf(family).learnOwners?.(this.#completed(place, store), this.#accountOf(account, family));
    }

    async lookUpKey(
        question: KeyQuestion,
        declared: DeclaredAccount | undefined,
        store: unknown,
    ): Promise<KeyLookup | undefined> {
        const family = familyOf(store);
        return this.#accessOf(family).lookUpKey?.(question, this.#accountOf(declared, family));
    }

    /** Ends the connections. */
    close(): void {
        for (const access of this.#connected.values()) access.close();
    }

    /**
     * Services that check `account.id` with each request have no caller to judge. So the stack's lists hold for the declared id, and
     * a declaration without an id is refused.
     */
    #listIssues(declared: DeclaredAccount | undefined, family: StoreFamily): RuleIssue[] {
        const { configuration } = this.#options;
        const allowed = readIds(configuration, "allowedAccountIds");
        const forbidden = readIds(configuration, "forbiddenAccountIds") ?? [];
        const id = declared?.id;
        if ((allowed === undefined && forbidden.length === 0) || typeof id === "symbol") return [];
        if (this.#accessOf(family).judgeCaller !== undefined) return [];
        const issue = (message: string): RuleIssue[] => [{ code: "conflicting", path: "account", message }];
        const listed = (name: string) => `${settingNamespace}:${name}`;
        if (typeof id !== "string") {
            return issue(
                `needs an id, since the stack's configuration has ${listed("allowedAccountIds")} or forbiddenAccountIds`,
            );
        }
        if (forbidden.includes(id)) return issue(`has the id ${id}, which is in ${listed("forbiddenAccountIds")}`);
        if (allowed === undefined || allowed.includes(id)) return [];
        return issue(`has the id ${id}, which is not in ${listed("allowedAccountIds")} (${allowed.join(", ")})`);
    }

    #completed<Place extends Omit<ReachableTarget, "store" | "account">>(place: Place, store: string): Place {
        const { region = this.settingsOf(store).region?.value, endpoint = this.settingsOf(store).endpoint?.value } =
            place;
        return { ...place, ...(region && { region }), ...(endpoint && { endpoint }) };
    }

    /** The declared account, or else the one that the stack's configuration has for the family. */
    #accountOf(declared: DeclaredAccount | undefined, { settings }: StoreFamily): Account | undefined {
        const setting = settings.find(({ type }) => type === "account");
        const configured = setting && readSetting(this.#options.configuration, setting.name);
        return (declared ?? configured) as Account | undefined;
    }

    #settingIssues(): readonly SettingIssue[] {
        this.#issues ??= issuesOfStack(this.#options.configuration);
        return this.#issues;
    }

    /** @throws UserError of kind `invalid-settings`, so that no request is made while a guard may be misspelt */
    #accessOf(family: StoreFamily): StoreAccess {
        refuseSettings(this.#settingIssues());
        let access = this.#connected.get(family);
        if (access === undefined) {
            const { configuration, environment, cancelled } = this.#options;
            const surroundings = {
                setting: (name: string) => readSetting(configuration, name),
                environment,
                accounts: this.#callerAccounts(),
                cancelled,
            };
            access = family.connect(surroundings);
            this.#connected.set(family, access);
        }
        return access;
    }

    // Made when first needed: only then is the configuration there.
    #callerAccounts(): CallerAccounts {
        const { configuration, environment, cancelled } = this.#options;
        this.#accounts ??= new CallerAccounts({
            credentials: {
                accessKeyId: readText(configuration, "accessKeyId"),
                accessKeySecret: readText(configuration, "accessKeySecret"),
                securityToken: readText(configuration, "securityToken"),
                profile: readText(configuration, "profile"),
                keys: configuration.keys?.() ?? [],
            },
            stsEndpoint: readText(configuration, "stsEndpoint"),
            environment,
            allowed: readIds(configuration, "allowedAccountIds"),
            forbidden: readIds(configuration, "forbiddenAccountIds"),
            cancelled,
        });
        return this.#accounts;
    }
}

/** The declaration's check has refused other names. */
function familyOf(store: unknown): StoreFamily {
    const family = storeFamilyOf(store ?? defaultStoreFamily.name);
    if (family === undefined) throw new TypeError(`There is no family of stores called ${String(store)}`);
    return family;
}
