import { type CisRecommendation, cisRecommendationNames } from "../../rule";
import type { BucketSelection } from "../../stores";
import type { RuleView } from "../changes/encryption-change";

/** Whether a bucket encrypts new objects by default, as the service reports it. */
export type BucketStatus = "encrypted" | "not-encrypted" | "not-known";

/**
 * What deserves a look, the worst first.
 *
 * | finding              | meaning                                                                                       |
 * | -------------------- | --------------------------------------------------------------------------------------------- |
 * | `not-encrypted`      | the bucket has no rule                                                                        |
 * | `key-unusable`       | the rule's key is missing or not enabled: writes fail, and objects cannot be read                     |
 * | `differs-from-state` | a stack's state says another rule                                                             |
 * | `not-known`          | the rule could not be read; the bucket may have one                                            |
 * | `key-not-known`      | the rule's key could not be looked up                                                          |
 * | `not-managed`        | none of the given states has a resource for the bucket's rule                                 |
 *
 * The recommendations of a benchmark are findings of the audits that ask for it: a bucket does not meet it, or that is not known.
 */
export const auditFindings = [
    "not-encrypted",
    "key-unusable",
    "differs-from-state",
    "not-known",
    "key-not-known",
    "not-managed",
    ...cisRecommendationNames,
] as const;

export type AuditFinding = (typeof auditFindings)[number];

/** A stack's resource that declares a bucket's rule. */
export interface ManagingResource {
    readonly stack: string;
    readonly urn: string;
}

/** The audit of one bucket. */
export interface BucketAudit {
    readonly account: string;
    readonly bucket: string;
    readonly region: string;
    readonly owner?: string;
    readonly createdAt?: string;
    readonly storageClass?: string;
    readonly status: BucketStatus;
    /** Absent if there is none or it is unknown. */
    readonly rule?: RuleView;
    /** The rule's given key, by its last four characters unless the report shows keys. */
    readonly key?: string;
    /** KMS's own word (`Enabled`, `Disabled`, `PendingDeletion`, `PendingImport`), or what is known instead of it. */
    readonly keyState?: string;
    /** Absent where no states were given. */
    readonly managedBy?: readonly ManagingResource[];
    /** Whether it meets the recommendations of the benchmarks that are about its store. Absent if there are none. */
    readonly cis?: Readonly<Record<CisRecommendation, CisStatus>>;
    readonly findings: readonly AuditFinding[];
    /** Unknown facts with their reasons, and the meaning of the findings, a sentence each. */
    readonly notes: readonly string[];
}

/** `not-known` where the rule is. */
export type CisStatus = "met" | "not-met" | "not-known";

/** The audit of one account. */
export interface AccountAudit {
    readonly account: string;
    /** The account's id, if the list of its buckets contains it, or a request for it. */
    readonly id?: string;
    readonly buckets: number;
    /** Why the account's buckets are unknown, or some of them. */
    readonly failure?: string;
}

/**
 * How a bucket differs from the earlier audit. `not-audited`: the earlier audit has it, and its rule could not be read now, or its account's
 * buckets could not all be listed, or its account is not among those of now. Such a bucket is in the report as not known.
 */
export const changeKinds = ["new", "changed", "gone", "not-audited"] as const;

export type ChangeKind = (typeof changeKinds)[number];

/** How a bucket differs from the earlier audit. */
export interface AuditChange {
    readonly account: string;
    readonly bucket: string;
    readonly kind: ChangeKind;
    /** What changed, in words. */
    readonly text: string;
}

/** The changes since an earlier audit. */
export interface ChangesSince {
    /** When the earlier audit was made, in ISO 8601. */
    readonly at: string;
    readonly changes: readonly AuditChange[];
}

/** Which buckets of the accounts an audit is about. */
export interface AuditScope extends BucketSelection {
    readonly store: string;
    /** The service that has the buckets: the name of the store's own cloud, or the endpoint of another service. */
    readonly service: string;
}

export interface AuditReport {
    /** ISO 8601. */
    readonly at: string;
    /** The scope of the audit. Only audits of the same scope can be compared. */
    readonly scope: AuditScope;
    /** Kinds of buckets that the service does not list, and whose encryption is thus not in the report. */
    readonly unlisted: readonly string[];
    readonly accounts: readonly AccountAudit[];
    /** The worst first, then by account and name. */
    readonly buckets: readonly BucketAudit[];
    /** How many states the buckets were compared with; absent where none were given. */
    readonly states?: number;
    /** Unknown facts about the whole audit, a sentence each. */
    readonly notes: readonly string[];
    /** The changes, if only what changed since an earlier audit is reported. */
    readonly since?: ChangesSince;
}
