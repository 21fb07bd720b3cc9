import type { AuditReport, ReviewReport } from "../../lib/review";
import type { RolloutReport } from "../../lib/rollout";
import { totalsOf } from "../../lib/rollout/report/make-report";
import { entry, type Properties, preview, step } from "../review/preview-builder";
import { reviewPreview } from "../review/reviewed-documents";

/** A review in which every text that a document can choose is the given one. */
export function reviewOf(text: string): ReviewReport {
    const rule = { sseAlgorithm: "KMS", kmsMasterKeyId: "key-hzz65f0a1b2c3d4e5f6a7" };
    const bucket = (values: Properties) => ({ bucket: text, ...values });
    const old = entry(bucket({ ...rule, account: { profile: text } }), { name: text });
    const next = entry(bucket({ sseAlgorithm: text, kmsDataEncryption: text, account: { profile: `${text}2` } }), {
        name: text,
    });
    const moved = (profile: string) => entry({ ...rule, bucket: "example-moved-9", account: { profile } });
    const document = {
        ...preview(step("update", old, next), step("update", moved(text), moved("2"))),
        diagnostics: [
            { severity: "error", message: text },
            {
                severity: "info",
                message: `bucket-encryption: warning: access-denied: the rule of bucket a is not known: ${text}`,
            },
        ],
    };
    const review = reviewPreview(document, text);
    const refusals = [{ pack: text, policy: text, urn: next.urn, message: text }];
    return { reviews: [{ ...review, refusals, notes: [text] }], failOn: new Set(["removed"]) };
}

export function auditOf(text: string): AuditReport {
    const bucket = (status: "encrypted" | "not-known") => ({
        account: text,
        bucket: `${text}`,
        region: text,
        owner: text,
        createdAt: text,
        storageClass: text,
        status,
        ...(status === "encrypted" && {
            rule: { text, sseAlgorithm: text, key: "given" as const },
            key: text,
            keyState: text,
        }),
        managedBy: [{ stack: text, urn: text }],
        cis: { "cis-alibaba-cloud-5.8": "met", "cis-alibaba-cloud-5.9": "not-met" },
        findings: status === "encrypted" ? (["key-unusable"] as const) : (["not-known"] as const),
        notes: [text],
    });
    return {
        at: "2026-11-28T00:00:00.000Z",
        scope: { store: "oss", service: text, prefix: text, tag: { key: text, value: text } },
        unlisted: [text],
        since: { at: text, changes: [{ account: text, bucket: text, kind: "gone", text }] },
        accounts: [{ account: text, id: text, buckets: 2, failure: text }],
        buckets: [bucket("encrypted"), bucket("not-known")],
        notes: [text],
        states: 1,
    } as unknown as AuditReport;
}

/** A rollout in which everything happened, and every text that comes from outside is the given one. */
export function rolloutOf(text: string): RolloutReport {
    const bucket = (status: "as-declared" | "different" | "not-known") => ({
        bucket: text,
        urn: "urn:pulumi:stack::project::type::name",
        status,
        ...(status !== "as-declared" && { why: text }),
    });
    const stack = (state: RolloutReport["waves"][0]["stacks"][0]["state"]) => ({
        name: text,
        account: text,
        region: text,
        state,
        reason: text,
        turns: 1,
        seconds: 1.5,
        risk: "added",
        changes: { create: 2 },
        violations: [{ pack: text, policy: text, level: "mandatory", message: text }],
        buckets: [bucket("as-declared"), bucket("different"), bucket("not-known")],
    });
    const waves = [
        {
            name: text,
            state: "stopped" as const,
            maxConcurrent: 2,
            failureTolerance: 1,
            stacks: (["deployed", "failed", "differs", "interrupted", "waiting", "not-planned"] as const).map(stack),
        },
    ];
    return {
        version: 1,
        name: text,
        plan: "a".repeat(64),
        engine: text,
        state: "stopped",
        reason: text,
        begunAt: "2027-01-01T00:00:00.000Z",
        endedAt: "2027-01-01T01:00:00.000Z",
        waves,
        totals: totalsOf(waves),
    };
}
