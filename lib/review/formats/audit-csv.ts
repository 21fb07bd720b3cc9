import { csvText } from "../../text";
import type { AuditReport, BucketAudit } from "../audit/audit-report";
import { cisOf } from "../audit/cis-status";
import { failedAccounts, findingWords, managedWords, ruleWords, statusWords, unlistedWords } from "./audit-words";

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
] as const;

type Row = { readonly [Column in (typeof columns)[number]]?: string | undefined };

/** An audit as a table for spreadsheets. An account whose buckets could not all be listed has a row without a bucket. */
export function auditCsv(report: AuditReport): string {
    const cis = cisOf(report.scope.store, "not-known");
    const failures = failedAccounts(report).map(
        ({ account, id, failure }): Row => ({
            account,
            owner: id,
            status: statusWords["not-known"],
            rule: statusWords["not-known"],
            ...cisCells(cis),
            findings: unlistedWords,
            notes: failure,
        }),
    );
    const rows = [...failures, ...report.buckets.map(bucketRow)];
    return csvText([columns, ...rows.map((row) => columns.map((name) => row[name] ?? ""))]);
}

function bucketRow(bucket: BucketAudit): Row {
    return {
        account: bucket.account,
        bucket: bucket.bucket,
        region: bucket.region,
        owner: bucket.owner,
        created: bucket.createdAt,
        "storage class": bucket.storageClass,
        status: statusWords[bucket.status],
        rule: ruleWords(bucket),
        algorithm: bucket.rule?.sseAlgorithm,
        key: bucket.key,
        "key state": bucket.keyState,
        "managed by": managedWords(bucket),
        ...cisCells(bucket.cis),
        findings: bucket.findings.map((finding) => findingWords[finding]).join("; "),
        notes: bucket.notes.join(" "),
    };
}

function cisCells(cis: BucketAudit["cis"]): Row {
    return { "CIS 5.8": cis?.["cis-alibaba-cloud-5.8"], "CIS 5.9": cis?.["cis-alibaba-cloud-5.9"] };
}
