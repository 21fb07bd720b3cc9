import { counted, foldedLine, textTable, visible } from "../../text";
import type { AccountAudit, AuditReport, BucketAudit } from "../audit/audit-report";
import { cisCounts, findingCounts, managedWords, ruleCounts, ruleWords, sinceText, unlistedText } from "./audit-words";

/** An audit for a terminal or a log, in plain text: first the totals, then each bucket, the worst first. */
export function auditText(report: AuditReport, columns: number): string {
    const { accounts, buckets, notes, states } = report;
    const head = ["bucket", "account", "region", "rule", "key", ...(states === undefined ? [] : ["managed by"])];
    const rows = buckets.map((bucket) => ({ cells: cellsOf(bucket, states !== undefined), notes: bucket.notes }));
    const summary = [
        ...sinceText(report).map((line) => visible(line)),
        ...accounts.map(accountLine),
        ...ruleCounts(report)
            .filter(({ count }) => count > 0)
            .map(({ name, count }) => `  ${count} ${name}`),
        ...findingCounts(report).map(({ name, count }) => `  ! ${count}: ${name}`),
        ...cisCounts(report).map((line) => `  ${line}`),
        ...[...notes, ...unlistedText(report)].map((note) => `  ${visible(note)}`),
    ].flatMap((line) => foldedLine(line, columns));
    return `${summary.join("\n")}\n\n${rows.length === 0 ? "" : textTable(head, rows, { indent: 2, columns })}`;
}

function accountLine({ account, id, buckets, failure }: AccountAudit): string {
    const shownId = id === undefined || id === account ? "" : ` (${visible(id)})`;
    const text = `${visible(account)}${shownId}: ${counted(buckets, "bucket")}`;
    return failure === undefined ? text : `${text}; some are unknown: ${visible(failure)}`;
}

function cellsOf(bucket: BucketAudit, withStates: boolean): string[] {
    const { key = "", keyState } = bucket;
    return [
        bucket.bucket,
        bucket.account,
        bucket.region,
        ruleWords(bucket),
        keyState === undefined ? "-" : `${key} ${keyState}`,
        ...(withStates ? [managedWords(bucket)] : []),
    ];
}
