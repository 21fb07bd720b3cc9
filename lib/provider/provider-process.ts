import type { Properties, ReachableTarget } from "../declaration";
import { capitalized, UserError } from "../errors";
import { DeclaredBuckets, type LifecyclePorts } from "../lifecycle";
import type { RuleIssue } from "../rule";
import { defaultStoreFamily, storeFamilies } from "../stores";
import { ValueMap } from "../values";
import { BucketAccess, type BucketLister } from "./bucket-access";
import type { OperationFolder } from "./operation-folder";
import type { StackConfiguration } from "./stack-configuration";

/**
 * What the resources of one provider process share: the stack's configuration, the accounts with their credentials and limits,
 * looked-up keys, and the buckets that the program has declared so far.
 */
export class ProviderProcess {
    readonly declared: DeclaredBuckets;
    /** Aborted when nothing more may begin, with the error that says so. */
    readonly cancelled: AbortSignal;
    /** Sends the user a notice. */
    readonly notice: (text: string) => void;
    readonly #warned = new Set<string>();
    readonly #identityFindings = new ValueMap<{ readonly account: unknown; readonly store: string }, RuleIssue>();
    #access: BucketAccess;

    /**
     * @param cancelled aborted, with the reason, when the engine cancels the operation
     * @param operation the other processes of the same operation; absent where there can be none
     * @param notice sends the user a notice; by default prints it
     */
    constructor(cancelled: AbortSignal, operation?: OperationFolder, notice: (text: string) => void = printNotice) {
        this.cancelled = cancelled;
        this.declared = new DeclaredBuckets(operation);
        this.notice = notice;
        this.#access = this.#accessWith({ get: () => undefined });
    }

    configure(configuration: StackConfiguration): void {
        this.#access = this.#accessWith(configuration);
    }

    /** All faults of the stack's settings and of a declared account. Makes no request. */
    accountIssues({ account, store }: Properties): RuleIssue[] {
        return this.#access.accountIssues(account, store);
    }

    /**
     * Whether the credentials are the declared account's. A warning is printed once.
     * @param lister whose buckets the program listed, where it declares listed buckets
     */
    async identityIssues(declared: Properties, lister?: BucketLister): Promise<RuleIssue[]> {
        const { account, store } = reachOf(declared);
        const warn = (text: string) => {
            if (this.#warned.has(text)) return;
            this.#warned.add(text);
            this.notice(text);
        };
        const issues = await this.#access.identityIssues(account, store, warn);
        if (issues.length === 0 && lister !== undefined) {
            issues.push(...(await this.#access.listerIssues(lister, account, store, warn)));
        }
        const [first] = issues;
        if (first !== undefined) this.#identityFindings.set({ account, store }, first);
        return issues;
    }

    /** What `identityIssues` has found for the declared account. Makes no request. */
    identityFinding(declared: Properties): RuleIssue | undefined {
        const { account, store } = reachOf(declared);
        return this.#identityFindings.get({ account, store });
    }

    /** @throws UserError of kind `wrong-account` when `identityIssues` has found that the credentials are another account's */
    refuseOtherAccount(inputs: Properties): void {
        const finding = this.identityFinding(inputs);
        if (finding === undefined) return;
        const what = capitalized(finding.message);
        throw new UserError("wrong-account", what, typeof inputs.bucket === "string" ? { bucket: inputs.bucket } : {});
    }

    /** Prefetches the owners of the account's buckets, if a guard would ask for each bucket. */
    async learnOwners(declared: Properties): Promise<void> {
        await this.#access.learnOwners(reachOf(declared));
    }

    /** The names of the account's buckets, sorted, as they are read page by page. @throws ServiceError while they are taken */
    async *bucketNames(declared: Properties): AsyncGenerator<string> {
        for await (const { name } of this.#access.directory(reachOf(declared)).listBuckets()) yield name;
    }

    /** @param notice takes what a lifecycle reports of one bucket */
    ports(notice: (text: string) => void = this.notice): LifecyclePorts {
        return {
            families: storeFamilies,
            settings: (store) => this.#access.settingsOf(store),
            open: (target) => this.#access.open(target),
            lookUpKey: ({ account, store, ...question }) => this.#access.lookUpKey(question, account, store),
            notice,
            wait: (milliseconds, over) => this.#wait(milliseconds, over),
        };
    }

    #wait(milliseconds: number, over: AbortSignal | undefined): Promise<void> {
        const signals = over === undefined ? [this.cancelled] : [this.cancelled, over];
        return new Promise((resolve, reject) => {
            const end = (): void => {
                clearTimeout(timer);
                for (const signal of signals) signal.removeEventListener("abort", end);
                if (this.cancelled.aborted) reject(this.cancelled.reason);
                else resolve();
            };
            const timer = setTimeout(end, milliseconds).unref();
            for (const signal of signals) signal.addEventListener("abort", end);
            if (signals.some(({ aborted }) => aborted)) end();
        });
    }

    #accessWith(configuration: StackConfiguration): BucketAccess {
        return new BucketAccess({ configuration, environment: process.env, cancelled: this.cancelled });
    }
}

/** For an engine that shows what its provider prints. */
function printNotice(text: string): void {
    console.log(`bucket-encryption: ${text}`);
}

/** How declared buckets are reached, from properties whose types are checked. */
function reachOf({ store, region, endpoint, account }: Properties): ReachableTarget {
    return {
        store: typeof store === "string" ? store : defaultStoreFamily.name,
        ...(typeof region === "string" && { region }),
        ...(typeof endpoint === "string" && { endpoint }),
        ...(isAccount(account) && { account }),
    };
}

function isAccount(value: unknown): value is NonNullable<ReachableTarget["account"]> {
    return typeof value === "object" && value !== null;
}
