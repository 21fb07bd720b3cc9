import { cisRecommendationNames } from "../../rule";
import { visible } from "../../text";
import { type AuditReport, auditFindings, type BucketAudit, type BucketStatus } from "../audit/audit-report";

type Labels = Readonly<Record<string, string>>;

interface Sample {
    readonly labels: Labels;
    readonly value: number;
}

const statuses: readonly BucketStatus[] = ["encrypted", "not-encrypted", "not-known"];

/**
 * An audit as gauges, for the textfile collector of Prometheus's node exporter.
 * Source: https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 */
export function auditPrometheus(report: AuditReport): string {
    const { at, scope, accounts, buckets, unlisted } = report;
    const { store } = scope;
    const hasCis = buckets.some(({ cis }) => cis !== undefined);
    return [
        ...unlisted.map((kind) => `# Not in these numbers: ${visible(kind)}.\n`),
        gauge("timestamp_seconds", "When the audit was made.", [{ labels: { store }, value: Date.parse(at) / 1_000 }]),
        gauge(
            "account_complete",
            "1 if all buckets of the account could be listed, 0 if some are missing in the numbers.",
            accounts.map(({ account, failure }) => ({
                labels: { store, account },
                value: failure === undefined ? 1 : 0,
            })),
        ),
        gauge(
            "buckets",
            "Buckets by what is known of their default encryption.",
            counts(report, "status", statuses, ({ status }, value) => status === value),
        ),
        gauge(
            "findings",
            "Buckets with a finding.",
            counts(report, "finding", auditFindings, ({ findings }, value) => findings.includes(value)),
        ),
        hasCis
            ? gauge(
                  "cis_met",
                  "Buckets that meet a recommendation of the CIS benchmark.",
                  counts(report, "recommendation", cisRecommendationNames, ({ cis }, name) => cis?.[name] === "met"),
              )
            : "",
        gauge(
            "bucket_encrypted",
            "1 if the bucket has a default encryption rule, 0 if it has none, NaN if that is not known.",
            buckets.map((bucket) => ({
                labels: bucketLabels(store, bucket),
                value: bucket.status === "not-known" ? Number.NaN : bucket.status === "encrypted" ? 1 : 0,
            })),
        ),
    ].join("");
}

/** How many buckets of each account have each value. */
function counts<Value extends string>(
    { scope: { store }, accounts, buckets }: AuditReport,
    label: string,
    values: readonly Value[],
    has: (bucket: BucketAudit, value: Value) => boolean,
): readonly Sample[] {
    return accounts.flatMap(({ account }) =>
        values.map((value) => ({
            labels: { store, account, [label]: value },
            value: buckets.filter((bucket) => bucket.account === account && has(bucket, value)).length,
        })),
    );
}

function bucketLabels(store: string, { account, bucket, region, rule }: BucketAudit): Labels {
    return { store, account, bucket, region, algorithm: rule?.sseAlgorithm ?? "", key: rule?.key ?? "" };
}

function gauge(name: string, help: string, samples: readonly Sample[]): string {
    if (samples.length === 0) return "";
    const metric = `bucket_encryption_${name}`;
    const lines = samples.map(({ labels, value }) => {
        const shown = Object.entries(labels).map(([label, text]) => `${label}="${labelValue(text)}"`);
        return `${metric}{${shown.join(",")}} ${value}`;
    });
    return [`# HELP ${metric} ${help}`, `# TYPE ${metric} gauge`, ...lines, ""].join("\n");
}

/** The format escapes a backslash, a quote and a line end. */
const labelValue = (text: string): string => visible(text).replaceAll("\\", "\\\\").replaceAll('"', '\\"');
