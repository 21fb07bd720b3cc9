import type { AuditReport } from "../audit/audit-report";
import { findingWords, managedWords, ruleWords, statusWords } from "./audit-words";
import { printable } from "./printable-text";

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
    "findings",
    "notes",
];

/** An audit as a table for spreadsheets (RFC 4180). No cell begins with what a spreadsheet would take for a formula. */
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
        bucket.findings.map((finding) => findingWords[finding]).join("; "),
        bucket.notes.join(" "),
    ]);
    return [columns, ...rows].map((row) => `${row.map(cellText).join(",")}\r\n`).join("");
}

/** Source: https://owasp.org/www-community/attacks/CSV_Injection, with the full-width forms that spreadsheets take too. */
function cellText(value: string): string {
    const shown = printable(value);
    const isFormula = /^[\s]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20|%]/.test(shown);
    return `"${isFormula ? "'" : ""}${shown.replaceAll('"', '""')}"`;
}
