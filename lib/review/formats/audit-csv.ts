import { cisRecommendationNames } from "../../rule";
import { csvText } from "../../text";
import type { AuditReport } from "../audit/audit-report";
import { findingWords, managedWords, ruleWords, statusWords } from "./audit-words";

const columns = [
    "account",
    "bucket",
    "region",
    "owner",
    "created",
    "storage class",
    "status",
    "rule",
    "algorithm",
    "key",
    "key state",
    "managed by",
    "CIS 5.8",
    "CIS 5.9",
    "findings",
    "notes",
];

/** An audit as a table for spreadsheets. */
export function auditCsv({ buckets }: AuditReport): string {
    const rows = buckets.map((bucket) => [
        bucket.account,
        bucket.bucket,
        bucket.region,
        bucket.owner ?? "",
        bucket.createdAt ?? "",
        bucket.storageClass ?? "",
        statusWords[bucket.status],
        ruleWords(bucket),
        bucket.rule?.sseAlgorithm ?? "",
        bucket.key ?? "",
        bucket.keyState ?? "",
        managedWords(bucket),
        ...cisRecommendationNames.map((name) => bucket.cis?.[name] ?? ""),
        bucket.findings.map((finding) => findingWords[finding]).join("; "),
        bucket.notes.join(" "),
    ]);
    return csvText([columns, ...rows]);
}
