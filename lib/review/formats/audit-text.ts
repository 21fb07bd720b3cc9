import type { AccountAudit, AuditReport, BucketAudit } from "../audit/audit-report";
import { findingCounts, managedWords, ruleCounts, ruleWords } from "./audit-words";
import { printable } from "./printable-text";

/** An audit for a terminal or a log, in plain text: first what was found in all, then each bucket, the worst first. */
export function auditText(report: AuditReport): string {
    const { accounts, buckets, notes, states } = report;
    const rows = buckets.map((bucket) => cellsOf(bucket, states !== undefined));
    const head = ["bucket", "account", "region", "rule", "key", ...(states === undefined ? [] : ["managed by"])];
    const widths = head.map((_, column) =>
        rows.reduce((most, row) => Math.max(most, (row[column] ?? "").length), head[column]?.length ?? 0),
    );
    const line = (cells: readonly string[]) =>
        `  ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd();
    return [
        ...accounts.map(accountLine),
        ...ruleCounts(report)
            .filter(({ count }) => count > 0)
            .map(({ name, count }) => `  ${count} ${name}`),
        ...findingCounts(report).map(({ name, count }) => `  ! ${count}: ${name}`),
        ...notes.map((note) => `  ${printable(note)}`),
        "",
        ...(rows.length === 0 ? [] : [line(head)]),
        ...buckets.flatMap((bucket, index) => [
            line(rows[index] ?? []),
            ...bucket.notes.map((note) => `      ${printable(note)}`),
        ]),
        "",
    ].join("\n");
}

function accountLine({ account, id, buckets, failure }: AccountAudit): string {
    const shownId = id === undefined || id === account ? "" : ` (${printable(id)})`;
    const text = `${printable(account)}${shownId}: ${buckets} ${buckets === 1 ? "bucket" : "buckets"}`;
    return failure === undefined ? text : `${text}, and not all are known: ${printable(failure)}`;
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
    ].map(printable);
}
