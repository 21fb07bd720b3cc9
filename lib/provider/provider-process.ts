import { setTimeout } from "node:timers/promises";
import { KmsKeys } from "../accounts";
import { keyOf, type Properties, type ReachableTarget, type StoreSettings } from "../declaration";
import { UserError } from "../errors";
import { DeclaredBuckets, type KeyLookup, type KeyRequest, type LifecyclePorts } from "../lifecycle";
import type { RuleIssue } from "../rule";
import { storeFamilies } from "../stores";
import { AccountAccess, type DeclaredAccount } from "./account-access";
import { S3Access } from "./s3-access";
import { kmsEndpoint, readStackSettings, type StackConfiguration } from "./stack-settings";

/**
 * What the resources of one provider process share: the stack's configuration, the accounts with their credentials and limits,
 * looked-up keys, and the buckets that the program has declared so far.
 */
export class ProviderProcess {
    readonly declared = new DeclaredBuckets();
    /** Aborted once nothing more is to be begun, with the error that says so. */
    readonly cancelled: AbortSignal;
    #configuration: StackConfiguration = { get: () => undefined };
    readonly #settings = new Map<string, StoreSettings>();
    readonly #told = new Set<string>();
    readonly #identityFindings = new Map<string, RuleIssue>();
    readonly #keys = new Map<unknown, KmsKeys>();
    readonly #s3: S3Access;
    readonly access: AccountAccess;

    /** @param cancelled aborted, with the reason, when the engine cancels the operation */
    constructor(cancelled: AbortSignal) {
        const configuration: StackConfiguration = { get: (key) => this.#configuration.get(key) };
        this.cancelled = cancelled;
        this.#s3 = new S3Access(configuration, cancelled);
        this.access = new AccountAccess(configuration, process.env, cancelled);
    }

    configure(configuration: StackConfiguration): void {
        this.#configuration = configuration;
        this.#settings.clear();
    }

    notice(text: string): void {
        console.log(`bucket-encryption: ${text}`);
    }

    /** Whether the credentials are the declared account's. A warning is told once. */
    async identityIssues({ account, store = "oss" }: Properties): Promise<RuleIssue[]> {
        // Services of the S3 family judge with each request.
        if (store !== "oss") return [];
        const issues = await this.access.identityIssues(account as DeclaredAccount, (text) => {
            if (this.#told.has(text)) return;
            this.#told.add(text);
            this.notice(text);
        });
        const [first] = issues;
        if (first !== undefined) this.#identityFindings.set(keyOf({ account, store }), first);
        return issues;
    }

    /** What `identityIssues` has found for the declared account. Makes no request. */
    identityFinding({ account, store = "oss" }: Properties): RuleIssue | undefined {
        return this.#identityFindings.get(keyOf({ account, store }));
    }

    /** @throws UserError of kind `wrong-account` when `identityIssues` has found that the credentials are another account's */
    refuseOtherAccount(inputs: Properties): void {
        const finding = this.identityFinding(inputs);
        if (finding === undefined) return;
        const what = finding.message.charAt(0).toUpperCase() + finding.message.slice(1);
        throw new UserError("wrong-account", what, typeof inputs.bucket === "string" ? { bucket: inputs.bucket } : {});
    }

    /** Asks once for all buckets of the account whose they are, where a guard would ask for each. */
    async learnOwners({ store = "oss", region, endpoint, account }: Properties): Promise<void> {
        if (store !== "oss") return;
        const settings = this.#settingsOf("oss");
        const text = (value: unknown, setting: { readonly value: string } | undefined) =>
            typeof value === "string" ? value : setting?.value;
        const target = { region: text(region, settings.region), endpoint: text(endpoint, settings.endpoint) };
        await this.access.learnOwners(target, account as DeclaredAccount);
    }

    /** @param notice takes what a lifecycle tells of one bucket */
    ports(notice: (text: string) => void = this.notice): LifecyclePorts {
        return {
            families: storeFamilies,
            settings: (store) => this.#settingsOf(store),
            open: ({ store, account, ...target }: ReachableTarget) =>
                store === "s3" ? this.#s3.open(target, account) : this.access.open(target, account),
            lookUpKey: (request) => this.#lookUpKey(request),
            notice,
            wait: (milliseconds) =>
                setTimeout(milliseconds, undefined, { ref: false, signal: this.cancelled }).catch(() =>
                    this.cancelled.throwIfAborted(),
                ),
        };
    }

    /** Read once: a set with very many buckets asks for each. */
    #settingsOf(store: string): StoreSettings {
        const settings = this.#settings.get(store) ?? readStackSettings(this.#configuration, process.env, store);
        this.#settings.set(store, settings);
        return settings;
    }

    async #lookUpKey(request: KeyRequest): Promise<KeyLookup | undefined> {
        const endpoint = kmsEndpoint(this.#configuration, process.env, request);
        if (endpoint === undefined) return undefined;
        const source = this.access.sourceOf(request.account);
        const keys = this.#keys.get(source) ?? new KmsKeys(source);
        this.#keys.set(source, keys);
        return keys.lookUp(request.name, endpoint);
    }
}
