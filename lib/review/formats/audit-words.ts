import { type CisRecommendation, cisRecommendationNames } from "../../rule";
import {
    type AccountAudit,
    type AuditFinding,
    type AuditReport,
    type BucketAudit,
    type BucketStatus,
    type CisStatus,
    changeKinds,
} from "../audit/audit-report";

export const statusWords: Readonly<Record<BucketStatus, string>> = {
    encrypted: "encrypted",
    "not-encrypted": "NOT encrypted",
    "not-known": "not known",
};

export const findingWords: Readonly<Record<AuditFinding, string>> = {
    "not-encrypted": "no default encryption",
    "key-unusable": "key not usable",
    "differs-from-state": "differs from a stack's state",
    "not-known": "rule not known",
    "key-not-known": "key not looked up",
    "not-managed": "no stack manages it",
    "cis-alibaba-cloud-5.8": "CIS 5.8 not met, or not known",
    "cis-alibaba-cloud-5.9": "CIS 5.9 not met, or not known",
};

export const findingDescriptions: Readonly<Record<AuditFinding, string>> = {
    "not-encrypted": "A bucket has no default encryption rule: new objects are stored as they arrive.",
    "key-unusable": "The key of a bucket's rule is missing or not enabled.",
    "differs-from-state": "A bucket's rule differs from a stack's state.",
    "not-known": "A bucket's rule could not be read. The bucket may have one.",
    "key-not-known": "The state of the key of a bucket's rule could not be read.",
    "not-managed": "No given stack declares a bucket's rule.",
    "cis-alibaba-cloud-5.8":
        "A bucket is not known to be encrypted by KMS with the service's key (CIS Alibaba Cloud 5.8).",
    "cis-alibaba-cloud-5.9":
        "A bucket is not known to be encrypted by KMS with a customer's key (CIS Alibaba Cloud 5.9).",
};

export const unlistedWords = "buckets not all listed";

export type FailedAccount = AccountAudit & { readonly failure: string };

/** The accounts whose buckets could not all be listed, so that those that are missing do not count as fine. */
export function failedAccounts({ accounts }: AuditReport): readonly FailedAccount[] {
    return accounts.flatMap((account) =>
        account.failure === undefined ? [] : [{ ...account, failure: account.failure }],
    );
}

export const cisStatusWords: Readonly<Record<CisStatus, string>> = {
    met: "met",
    "not-met": "not met",
    "not-known": "not known",
};

/** How many buckets meet each recommendation of a benchmark; nothing where none is about the store. */
export function cisCounts({ buckets }: AuditReport): readonly string[] {
    if (!buckets.some(({ cis }) => cis !== undefined)) return [];
    return cisRecommendationNames.map((name) => {
        const counts = (Object.keys(cisStatusWords) as CisStatus[])
            .map((status) => ({ status, count: buckets.filter(({ cis }) => cis?.[name] === status).length }))
            .filter(({ count }) => count > 0);
        return `${cisTitle(name)}: ${counts.map(({ status, count }) => `${count} ${cisStatusWords[status]}`).join(", ")}`;
    });
}

/** For instance `CIS Alibaba Cloud 5.8`. */
export const cisTitle = (name: CisRecommendation): string => `CIS Alibaba Cloud ${name.split("-").at(-1)}`;

/** Which kinds of buckets an audit cannot see; nothing if there are none. */
export function unlistedText({ unlisted }: AuditReport): readonly string[] {
    return unlisted.length === 0 ? [] : [`Not listed by the service, and not in this audit: ${unlisted.join(", ")}.`];
}

/** The first lines of a report of changes. */
export function sinceText({ since }: AuditReport): readonly string[] {
    if (since === undefined) return [];
    const counts = changeKinds.map(
        (kind) => `${since.changes.filter((change) => change.kind === kind).length} ${kind.replace("-", " ")}`,
    );
    return [`Only what changed since ${since.at}: ${counts.join(", ")}.`];
}

/** What a bucket's rule is, as far as it is known. */
export function ruleWords({ status, rule }: BucketAudit): string {
    return rule?.text ?? (status === "not-encrypted" ? "no rule" : "not known");
}

/** Which stack manages the rule, as far as states were given. */
export function managedWords({ managedBy }: BucketAudit): string {
    if (managedBy === undefined) return "not asked";
    return managedBy.length === 0 ? "none" : [...new Set(managedBy.map(({ stack }) => stack))].join(", ");
}

export interface AuditCount {
    readonly name: string;
    readonly count: number;
}

/** How many buckets have which rule, the strongest first; then those without one, and the unknown ones. */
export function ruleCounts({ buckets }: AuditReport): readonly (AuditCount & { readonly tone: string })[] {
    const groups = [
        { name: "KMS, a given key", tone: "given", has: ({ rule }: BucketAudit) => rule?.key === "given" },
        { name: "KMS, the service's key", tone: "service", has: ({ rule }: BucketAudit) => rule?.key === "service" },
        {
            name: "SSE-OSS (AES256, SM4)",
            tone: "sse",
            has: ({ rule }: BucketAudit) => rule?.sseAlgorithm === "AES256" || rule?.sseAlgorithm === "SM4",
        },
        { name: "no rule", tone: "none", has: ({ status }: BucketAudit) => status === "not-encrypted" },
        { name: "not known", tone: "unknown", has: ({ status }: BucketAudit) => status === "not-known" },
    ];
    const counted = groups.map(({ name, tone, has }) => ({ name, tone, count: buckets.filter(has).length }));
    const rest = buckets.length - counted.reduce((sum, { count }) => sum + count, 0);
    return rest === 0 ? counted : [...counted, { name: "another rule", tone: "other", count: rest }];
}

/** How many buckets have which finding, the worst first. */
export function findingCounts({ buckets }: AuditReport): readonly (AuditCount & { readonly finding: AuditFinding })[] {
    return (Object.keys(findingWords) as AuditFinding[])
        .map((finding) => ({
            finding,
            name: findingWords[finding],
            count: buckets.filter(({ findings }) => findings.includes(finding)).length,
        }))
        .filter(({ count }) => count > 0);
}
