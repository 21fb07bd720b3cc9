import type { AuditChange, AuditFinding, AuditReport, BucketAudit, ChangesSince } from "./audit-report";

/** The compared parts of an earlier audit's JSON. */
export interface EarlierAudit {
    readonly at: string;
    readonly scope: AuditReport["scope"];
    readonly states?: number | undefined;
    readonly buckets: readonly ComparedBucket[];
}

type ComparedBucket = Pick<BucketAudit, "account" | "bucket" | "status" | "rule" | "keyState" | "findings">;

/**
 * The part of an audit that differs from an earlier one: its buckets that are new or changed, each with a note that says how.
 * A bucket of an account that could not be listed to its end is not gone.
 */
export function auditSince(earlier: EarlierAudit, report: AuditReport): AuditReport & { readonly since: ChangesSince } {
    const before = new Map(earlier.buckets.map((bucket) => [identity(bucket), bucket]));
    const now = new Map(report.buckets.map((bucket) => [identity(bucket), bucket]));
    const withStates = earlier.states !== undefined && report.states !== undefined;
    const buckets: BucketAudit[] = [];
    const changes: AuditChange[] = [];
    for (const bucket of report.buckets) {
        const old = before.get(identity(bucket));
        const text = old === undefined ? `New: ${factsOf(bucket).rule}.` : changeText(old, bucket, withStates);
        if (text === undefined) continue;
        changes.push({
            account: bucket.account,
            bucket: bucket.bucket,
            kind: old === undefined ? "new" : "changed",
            text,
        });
        buckets.push({ ...bucket, notes: [text, ...bucket.notes] });
    }
    for (const old of earlier.buckets) {
        const account = report.accounts.find((one) => one.account === old.account);
        if (now.has(identity(old)) || account?.failure !== undefined) continue;
        const text = account === undefined ? "Its account was not audited now." : `Gone: it had ${factsOf(old).rule}.`;
        changes.push({ account: old.account, bucket: old.bucket, kind: "gone", text });
    }
    const gone = changes.filter(({ kind }) => kind === "gone");
    return {
        ...report,
        buckets,
        notes: [...report.notes, ...gone.map(({ bucket, account, text }) => `${bucket} (${account}): ${text}`)],
        since: { at: earlier.at, changes },
    };
}

const identity = ({ account, bucket }: Pick<BucketAudit, "account" | "bucket">): string => `${account}\n${bucket}`;

/** Findings that depend on the rule and its key alone. */
const ownFindings: readonly AuditFinding[] = ["not-encrypted", "key-unusable", "not-known", "key-not-known"];

function factsOf({ status, rule, keyState, findings }: ComparedBucket, withStates = false) {
    const compared = withStates ? ([...ownFindings, "differs-from-state", "not-managed"] as const) : ownFindings;
    return {
        rule: rule?.text ?? (status === "not-encrypted" ? "no rule" : "a rule that is not known"),
        "state of the key": keyState ?? "none",
        findings: compared.filter((finding) => findings.includes(finding)).join(", ") || "none",
    };
}

function changeText(old: ComparedBucket, bucket: ComparedBucket, withStates: boolean): string | undefined {
    const [before, now] = [factsOf(old, withStates), factsOf(bucket, withStates)];
    const names = (Object.keys(before) as (keyof typeof before)[]).filter((name) => before[name] !== now[name]);
    if (names.length === 0) return undefined;
    return `Changed: ${names.map((name) => `${name}: ${before[name]} → ${now[name]}`).join("; ")}.`;
}
