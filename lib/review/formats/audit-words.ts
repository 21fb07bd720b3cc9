import type { AuditFinding, AuditReport, BucketAudit, BucketStatus } from "../audit/audit-report";

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
};

export const findingDescriptions: Readonly<Record<AuditFinding, string>> = {
    "not-encrypted": "A bucket has no default encryption rule: new objects are stored as they arrive.",
    "key-unusable": "The key of a bucket's rule is missing or not enabled.",
    "differs-from-state": "A bucket's rule differs from a stack's state.",
    "not-known": "A bucket's rule could not be read. The bucket may have one.",
    "key-not-known": "The state of the key of a bucket's rule could not be read.",
    "not-managed": "No given stack declares a bucket's rule.",
};

/** What a bucket's rule is, as far as it is known. */
export function ruleWords({ status, rule }: BucketAudit): string {
    return rule?.text ?? (status === "not-encrypted" ? "no rule" : "not known");
}

/** Which stack manages the rule, as far as states were given. */
export function managedWords({ managedBy }: BucketAudit): string {
    if (managedBy === undefined) return "not asked";
    return managedBy.length === 0 ? "no stack" : [...new Set(managedBy.map(({ stack }) => stack))].join(", ");
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
