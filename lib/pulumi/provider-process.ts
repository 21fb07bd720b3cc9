import { setTimeout } from "node:timers/promises";
import type { KmsKeys } from "../accounts/kms-keys";
import type {
    DeclaredProperties,
    KeyLookup,
    KeyRequest,
    LifecyclePorts,
    ReachableTarget,
    StoreSettings,
} from "../lifecycle";
import { DeclaredBuckets } from "../lifecycle";
import type { RuleIssue } from "../rule";
import { storeFamilies } from "../stores";
import { AccountAccess, type DeclaredAccount } from "./account-access";
import { hostCancellation } from "./host-cancellation";
import { S3Access } from "./s3-access";
import { kmsEndpoint, readStackSettings, type StackConfiguration } from "./stack-settings";

/**
 * What all providers of one dynamic provider host share: the stack's configuration, the accounts with their credentials and
 * limits, what was looked up, and which buckets the program has declared so far.
 */
export class ProviderProcess {
    readonly declared = new DeclaredBuckets();
    /** Aborted once nothing more is to be begun, with the error that says so. */
    readonly cancelled: AbortSignal;
    #configuration: StackConfiguration = { get: () => undefined };
    readonly #settings = new Map<string, StoreSettings>();
    readonly #told = new Set<string>();
    readonly #keys = new Map<unknown, KmsKeys>();
    readonly #s3: S3Access;
    readonly access: AccountAccess;

    /** @param cancelled what the engine tells this process unless given */
    constructor(cancelled: AbortSignal = hostCancellation()) {
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
    async identityIssues({ account, store = "oss" }: DeclaredProperties): Promise<RuleIssue[]> {
        // Services of the S3 family judge with each request.
        if (store !== "oss") return [];
        return this.access.identityIssues(account as DeclaredAccount, (text) => {
            if (this.#told.has(text)) return;
            this.#told.add(text);
            this.notice(text);
        });
    }

    /** Asks once for all buckets of the account whose they are, where a guard would ask for each. */
    async learnOwners({ store = "oss", region, endpoint, account }: DeclaredProperties): Promise<void> {
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
        // Loaded with the first key that is looked up: most runs look none up.
        const { KmsKeys: Keys }: typeof import("../accounts/kms-keys") = require("../accounts/kms-keys");
        const keys = this.#keys.get(source) ?? new Keys(source);
        this.#keys.set(source, keys);
        return keys.lookUp(request.name, endpoint);
    }
}

let present: { readonly process: ProviderProcess; readonly kinds: Set<string> } | undefined;

/**
 * The process of a provider that is made now. A host makes one provider of each kind, and these share a process; another of
 * the same kind belongs to another host.
 */
export function processFor(kind: "each" | "set"): ProviderProcess {
    if (present === undefined || present.kinds.has(kind)) {
        present = { process: new ProviderProcess(), kinds: new Set() };
    }
    present.kinds.add(kind);
    return present.process;
}
