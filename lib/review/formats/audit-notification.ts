import { counted, shortened, visible } from "../../text";
import type { AuditReport, BucketAudit } from "../audit/audit-report";
import { findingCounts, findingWords, ruleCounts, ruleWords, sinceText } from "./audit-words";

export const notificationFormats = ["json", "slack"] as const;
export type NotificationFormat = (typeof notificationFormats)[number];

/** More buckets do not help a reader, and services limit a message. */
const mostBuckets = 20;

/** Slack truncates the text of a section beyond. Source: https://docs.slack.dev/reference/block-kit/blocks/section-block/ */
const longestSection = 3_000;

/** The notification of an audit: counts, and the buckets that changed or have findings, the worst first. Contains no key. */
export function auditNotification(report: AuditReport, format: NotificationFormat): object {
    const { at, scope, accounts, since } = report;
    const listed = since === undefined ? report.buckets.filter(({ findings }) => findings.length > 0) : report.buckets;
    if (format === "slack") return slackMessage(report, listed);
    return {
        version: 1,
        at,
        scope,
        accounts: accounts.map(({ account, id, buckets, failure }) => ({ account, id, buckets, failure })),
        rules: Object.fromEntries(ruleCounts(report).map(({ name, count }) => [name, count])),
        findings: Object.fromEntries(findingCounts(report).map(({ finding, count }) => [finding, count])),
        ...(since === undefined ? {} : { since: { ...since, changes: since.changes.slice(0, 1_000) } }),
        buckets: listed.slice(0, 1_000).map(({ account, bucket, region, status, rule, findings }) => ({
            account,
            bucket,
            region,
            status,
            rule: rule?.text,
            findings,
        })),
    };
}

function slackMessage(report: AuditReport, listed: readonly BucketAudit[]): object {
    const { accounts, since } = report;
    const gone = since?.changes.filter(({ kind }) => kind === "gone") ?? [];
    const lines = [
        ...listed.map(
            (bucket) => `• ${mrkdwn(`${bucket.bucket} (${bucket.account}): ${bucketWords(bucket, report)}`)}`,
        ),
        ...gone.map(({ account, bucket, text }) => `• ${mrkdwn(`${bucket} (${account}): ${text}`)}`),
    ];
    const more = lines.length > mostBuckets ? [`… and ${lines.length - mostBuckets} more`] : [];
    const summary = [
        ...sinceText(report),
        ...accounts.map(({ account, buckets, failure }) => {
            const failed = failure === undefined ? "" : "; some are unknown";
            return `${account}: ${counted(buckets, "bucket")}${failed}`;
        }),
        ...findingCounts(report).map(({ name, count }) => `${count}: ${name}`),
    ];
    const text = ["Bucket encryption audit", ...summary].map(mrkdwn).join("\n");
    const section = (content: string): object => ({
        type: "section",
        text: { type: "mrkdwn", text: content },
    });
    const body = [...lines.slice(0, mostBuckets), ...more].map((line) =>
        shortened(line, longestSection / (mostBuckets + 2)),
    );
    return {
        text,
        blocks: [section(shortened(text, longestSection)), ...(body.length > 0 ? [section(body.join("\n"))] : [])],
    };
}

function bucketWords(bucket: BucketAudit, { since }: AuditReport): string {
    if (since !== undefined) return bucket.notes[0] ?? "";
    return `${ruleWords(bucket)}; ${bucket.findings.map((finding) => findingWords[finding]).join("; ")}`;
}

/** Text that Slack shows as it is: no mention, no link. Source: https://docs.slack.dev/messaging/formatting-message-text/#escaping */
const mrkdwn = (text: string): string =>
    visible(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
