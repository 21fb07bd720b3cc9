import { UserError } from "../../errors";
import {
    type CisRecommendation,
    canonicalizeRule,
    cisRecommendationNames,
    describeRule,
    keyIdentity,
    type ObservedRule,
} from "../../rule";
import type { BucketSummary } from "../../stores";
import { ruleView } from "../changes/possible-rules";
import { declaredRuleIn } from "../resources/declared-rule";
import type { AuditedAccount, KeyAnswer } from "./audit-ports";
import { type AuditFinding, auditFindings, type BucketAudit } from "./audit-report";
import { cisOf } from "./cis-status";
import type { StateIndex } from "./state-index";

export interface BucketAuditOptions {
    /** What the account is called in the report. */
    readonly account: string;
    readonly states: StateIndex | undefined;
    /** Whether keys are shown in full, and not only by their last four characters. */
    readonly showKeys: boolean;
    /** The kind of store that has the bucket. */
    readonly store: string;
    /** The recommendations that are findings if a bucket is not known to meet them. */
    readonly benchmark: ReadonlySet<CisRecommendation>;
}

/** A bucket's entry in the report, and its rule for a program that adopts it. */
export interface AuditedBucket {
    readonly audit: BucketAudit;
    readonly rule?: ObservedRule;
}

/** Audits one bucket. Never fails because of an answer of the service: it reports what is unknown. */
export async function auditBucket(
    ports: AuditedAccount,
    summary: BucketSummary,
    { account, states, showKeys, store, benchmark }: BucketAuditOptions,
): Promise<AuditedBucket> {
    const { name: bucket, region } = summary;
    const reading = await readRule(ports, summary);
    const rule = typeof reading.rule === "object" ? reading.rule : undefined;
    const key = keyIdentity(rule?.kmsMasterKeyId) === undefined ? undefined : rule?.kmsMasterKeyId;
    const keyFacts = key === undefined ? undefined : keyFactsOf(await ports.lookUpKey(key, region));
    const managedBy = states?.managing(bucket);
    const differing = reading.rule === "not-known" ? [] : (states?.differing(bucket, rule) ?? []);
    const cis = cisOf(store, reading.rule);
    const missed = cisRecommendationNames.filter((name) => benchmark.has(name) && cis?.[name] !== "met");
    const findings = new Set<AuditFinding>([
        ...missed,
        ...(reading.rule === "none" ? (["not-encrypted"] as const) : []),
        ...(reading.rule === "not-known" ? (["not-known"] as const) : []),
        ...(keyFacts?.finding === undefined ? [] : [keyFacts.finding]),
        ...(differing.length > 0 ? (["differs-from-state"] as const) : []),
        ...(managedBy?.length === 0 ? (["not-managed"] as const) : []),
    ]);
    const audit: BucketAudit = {
        account,
        bucket,
        region,
        ...(summary.owner === undefined ? {} : { owner: summary.owner }),
        ...(summary.createdAt === undefined ? {} : { createdAt: summary.createdAt }),
        ...(summary.storageClass === undefined ? {} : { storageClass: summary.storageClass }),
        status: rule !== undefined ? "encrypted" : reading.rule === "none" ? "not-encrypted" : "not-known",
        ...(rule === undefined ? {} : { rule: ruleView(declaredRuleIn(rule)) }),
        ...(key === undefined ? {} : { key: showKeys ? key : shortKey(key) }),
        ...(keyFacts === undefined ? {} : { keyState: keyFacts.state }),
        ...(managedBy === undefined ? {} : { managedBy }),
        ...(cis === undefined ? {} : { cis }),
        findings: auditFindings.filter((finding) => findings.has(finding)),
        notes: [
            ...reading.notes,
            ...(keyFacts?.notes ?? []),
            ...differing.map(({ stack }) => `The state of ${stack} has another rule than ${describeRule(rule)}.`),
            ...((managedBy?.length ?? 0) > 1 ? ["Several resources declare its rule and overwrite each other."] : []),
        ],
    };
    return { audit, ...(rule === undefined ? {} : { rule }) };
}

interface RuleReading {
    readonly rule: ObservedRule | "none" | "not-known";
    readonly notes: readonly string[];
}

/** The directory's answer if it has the rule; otherwise the answer of a request for the rule. */
async function readRule(ports: AuditedAccount, { name }: BucketSummary): Promise<RuleReading> {
    let first: string | undefined;
    try {
        const { rule } = await ports.directory.describeBucket(name);
        if (rule !== "not-reported") return { rule: rule === "none" ? rule : canonicalizeRule(rule), notes: [] };
    } catch (error) {
        if (!(error instanceof UserError)) throw error;
        if (error.kind !== "access-denied") return { rule: "not-known", notes: [reasonOf(error)] };
        first = reasonOf(error);
    }
    try {
        return { rule: canonicalizeRule(await ports.directory.getRule(name)), notes: [] };
    } catch (error) {
        if (!(error instanceof UserError)) throw error;
        if (error.kind === "rule-not-found") return { rule: "none", notes: [] };
        return { rule: "not-known", notes: [...new Set([...(first === undefined ? [] : [first]), reasonOf(error)])] };
    }
}

/** Why the rule is unknown, by the error's kind, since the whole message repeats the bucket. */
function reasonOf(error: UserError): string {
    const status = "status" in error && typeof error.status === "number" ? ` (HTTP ${error.status})` : "";
    switch (error.kind) {
        case "access-denied":
            return `The rule is unknown: reading it is not allowed${status}.`;
        case "bucket-not-found":
            return "The bucket was listed and no longer exists.";
        case "no-credentials":
        case "credentials-rejected":
            return `The rule is unknown: the credentials were not accepted${status}.`;
        default:
            return `The rule is unknown: ${error.kind}${status}.`;
    }
}

function keyFactsOf(answer: KeyAnswer): { state: string; finding?: AuditFinding; notes: readonly string[] } {
    if ("missing" in answer) {
        return {
            state: "missing",
            finding: "key-unusable",
            notes: ["KMS has no such key: objects that it encrypted can no longer be read."],
        };
    }
    if ("unknown" in answer) {
        return {
            state: "not known",
            finding: "key-not-known",
            notes: [`The key's state is unknown: ${answer.unknown}.`],
        };
    }
    const { state } = answer.found;
    if (state === undefined)
        return { state: "not known", finding: "key-not-known", notes: ["KMS did not report the key's state."] };
    if (state === "Enabled") return { state, notes: [] };
    const note =
        state === "PendingDeletion"
            ? "The key is scheduled for deletion: cancel that, or its objects can no longer be read."
            : "The key is not enabled: until it is, writes fail and its objects cannot be read.";
    return { state, finding: "key-unusable", notes: [note] };
}

function shortKey(key: string): string {
    return key.length < 16 ? "…" : `…${key.slice(-4)}`;
}
