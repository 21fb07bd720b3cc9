import type { Account, AccountTerms, AccountVerdict, CallerAccounts, CallerDescription, KeyLookup } from "../accounts";
import type { RuleIssue, StoreCapabilities } from "../rule";
import type { BucketDirectory } from "./bucket-directory";
import type { EncryptionStore, StoreTarget } from "./encryption-store";
import type { ObjectStore } from "./object-store";
import type { StoreRights } from "./store-right";

/** What a setting's value must be. `account ids`: a list, or one text with commas. */
export type SettingType = "text" | "boolean" | "account" | "account ids";

/** One setting of a stack's configuration, `bucket-encryption:<name>`. */
export interface StoreSetting {
    readonly name: string;
    readonly type: SettingType;
    /** For the documentation. */
    readonly meaning: string;
    /** The argument that the setting stands in for. */
    readonly argument?: "region" | "endpoint";
    /** Variables of the environment that are read when the setting is absent, the first before the others. */
    readonly variables?: readonly string[];
    /** Whether the stack must hold it encrypted. */
    readonly isSecret?: boolean;
}

/** The texts about a family for people. */
export interface StoreWords {
    /** For instance `Alibaba Cloud OSS`. */
    readonly title: string;
    /** What the service does with new objects of a bucket without a rule: a clause without a full stop. */
    readonly withoutRule: string;
    /** The actions that an audit takes. */
    readonly auditActions: string;
    /** Kinds of buckets that the service does not list with the others, because another API manages them. */
    readonly unlistedBuckets: readonly string[];
    /** The region that is asked for the list of buckets when nothing names one. */
    readonly firstAskedRegion: string;
}

/** How a bucket is reached, with parts of the right types. A missing part comes from the service's answers. */
export interface StorePlace {
    readonly region?: string | undefined;
    readonly endpoint?: string | undefined;
    readonly forcePathStyle?: boolean | undefined;
    readonly deletionIsSafe?: boolean | undefined;
    /** Where the bucket probably is, when no other part says it. */
    readonly likelyRegion?: string | undefined;
}

/** A key that is to be looked up. */
export interface KeyQuestion {
    /** Id, alias or ARN. */
    readonly name: string;
    /** The key's region, where it is known. */
    readonly region: string | undefined;
    /** Where the bucket is reached, where that is declared. */
    readonly endpoint: string | undefined;
    /** Whether the declaration itself asks for the lookup. */
    readonly isAskedFor: boolean;
}

/** The parts of a place that decide which service has its buckets. */
export interface ServicePlace {
    readonly region?: string | undefined;
    readonly endpoint?: string | undefined;
}

/** Reaches a family's buckets on behalf of accounts, for one process. */
export interface StoreAccess {
    /**
     * The store that reaches buckets there. It writes nothing before the family's guard allows it. Makes no request.
     * @throws UserError of kind `invalid-target`
     */
    open(place: StorePlace, account: Account | undefined): EncryptionStore;

    /** The account's buckets. Makes no request. @throws UserError of kind `invalid-target` */
    directory(place: StorePlace, account: Account | undefined): BucketDirectory;

    /** Objects of buckets there. Absent where this package writes none. Makes no request. @throws UserError of kind `invalid-target` */
    objects?(place: StorePlace, account: Account | undefined): ObjectStore;

    /** Whether the credentials in use are the account's. Absent where the services check `account.id` with each request. */
    judgeCaller?(account: Account | undefined): Promise<AccountVerdict>;

    /** The credentials in use, and their account as far as the services report it. @throws UserError `no-credentials` */
    describeCaller(account: Account | undefined): Promise<CallerDescription>;

    /** Distinguishes one caller's credentials from another's without showing them. Absent where `judgeCaller` is. @throws UserError */
    callerKey?(account: Account | undefined): Promise<string>;

    /** Prefetches the owners of the account's buckets, if a guard would ask for each bucket. */
    learnOwners?(place: StorePlace, account: Account | undefined): Promise<void>;

    /** Absent where keys cannot be looked up. `undefined` when no KMS endpoint is known. Never fails. */
    lookUpKey?(question: KeyQuestion, account: Account | undefined): Promise<KeyLookup | undefined>;

    /** Ends the connections. */
    close(): void;
}

/** What a family's access needs from its process. */
export interface StoreSurroundings {
    /** The value of one of the family's settings in the stack's configuration; `undefined` where it is absent or empty. */
    setting(name: string): unknown;
    readonly environment: NodeJS.ProcessEnv;
    readonly accounts: CallerAccounts;
    /** Aborted, with the reason, when no further request may begin. */
    readonly cancelled?: AbortSignal | undefined;
}

/** A family of storage services. Everything that differs between families stands behind this port, in one folder each. */
export interface StoreFamily {
    /** Its value of `store`. */
    readonly name: string;
    readonly words: StoreWords;
    readonly settings: readonly StoreSetting[];
    /** What an account can say. */
    readonly account: AccountTerms;
    /** Whether two endpoints can both have a bucket of one name. Otherwise all endpoints lead to the same bucket. */
    readonly hasBucketsByEndpoint: boolean;
    /** Published benchmarks that are about this family, for instance `cis-alibaba-cloud`. */
    readonly benchmarks: readonly string[];

    /** What the services can do; it may depend on the endpoint. A target that is not valid has the family's own. */
    capabilities(target?: StoreTarget): StoreCapabilities;

    /**
     * All faults of the target at once; a missing part is one only if it cannot be derived. A target that names no
     * place is not a fault: the caller knows the other sources.
     */
    validateTarget(target: StoreTarget): RuleIssue[];

    /**
     * Whether another vendor's service answers there, which speaks the family's API and may differ in everything else, such as regions, the
     * time that a request may be off, and who sees which buckets in a list. Absent where that is never so.
     */
    isCompatibleOnly?(target: StoreTarget): boolean;

    /** The rights that this package needs in its services. */
    rights(): StoreRights;

    /** The endpoint of a region of the family's own cloud. */
    endpointOf(region: string): string;

    /**
     * Names the service that has the buckets of a place, in one text for every way to it: the family's own cloud without an endpoint and
     * with each of its own, otherwise the endpoint. Within a service no two buckets have one name.
     */
    serviceAt(place: ServicePlace): string;

    /** The region that an endpoint of the family's own cloud names; `undefined` for any other endpoint. */
    regionOf?(endpoint: string): string | undefined;

    /** Makes no request, and loads what makes requests on first use. */
    connect(surroundings: StoreSurroundings): StoreAccess;
}
