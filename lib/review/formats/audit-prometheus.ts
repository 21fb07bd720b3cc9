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
export function auditPrometheus({ at, scope, accounts, buckets, unlisted }: AuditReport): string {
    const { store } = scope;
    const perAccount = (
        name: string,
        values: readonly string[],
        has: (bucket: BucketAudit, value: string) => boolean,
    ) =>
        accounts.flatMap(({ account }) =>
            values.map((value) => ({
                labels: { store, account, [name]: value },
                value: buckets.filter((bucket) => bucket.account === account && has(bucket, value)).length,
            })),
        );
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
            perAccount("status", statuses, ({ status }, value) => status === value),
        ),
        gauge(
            "findings",
            "Buckets with a finding.",
            perAccount("finding", auditFindings, ({ findings }, value) =>
                (findings as readonly string[]).includes(value),
            ),
        ),
        ...(buckets.some(({ cis }) => cis !== undefined)
            ? [
                  gauge(
                      "cis_met",
                      "Buckets that meet a recommendation of the CIS benchmark.",
                      perAccount("recommendation", cisRecommendationNames, ({ cis }, value) =>
                          cisRecommendationNames.some((name) => name === value && cis?.[name] === "met"),
                      ),
                  ),
              ]
            : []),
        gauge(
            "bucket_encrypted",
            "1 if the bucket has a default encryption rule, 0 if it has none, NaN if that is not known.",
            buckets.map(({ account, bucket, region, status, rule }) => ({
                labels: {
                    store,
                    account,
                    bucket,
                    region,
                    algorithm: rule?.sseAlgorithm ?? "",
                    key: rule?.key ?? "",
                },
                value: status === "not-known" ? Number.NaN : status === "encrypted" ? 1 : 0,
            })),
        ),
    ].join("");
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
