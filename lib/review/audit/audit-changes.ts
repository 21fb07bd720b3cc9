import type { CisRecommendation } from "../../rule";
import {
    type AccountAudit,
    type AuditChange,
    type AuditFinding,
    type AuditReport,
    type AuditScope,
    auditFindings,
    type BucketAudit,
    type ChangesSince,
} from "./audit-report";
import { cisOf } from "./cis-status";

/** The compared parts of an earlier audit's JSON. */
export interface EarlierAudit {
    readonly at: string;
    readonly scope: AuditScope;
    readonly states?: number | undefined;
    readonly buckets: readonly EarlierBucket[];
}

type ComparedBucket = Pick<BucketAudit, "status" | "rule" | "keyState" | "findings">;
type EarlierBucket = ComparedBucket & Pick<BucketAudit, "account" | "bucket" | "region" | "owner">;

/**
 * The part of an audit that differs from an earlier one: its buckets that are new, changed or not audited now, each with a note that says
 * how. What could not be read now is never taken for gone or unchanged: such a bucket is in the report as not known.
 * @param benchmark the recommendations that are findings if a bucket is not known to meet them
 */
export function auditSince(
    earlier: EarlierAudit,
    report: AuditReport,
    benchmark: ReadonlySet<CisRecommendation> = new Set(),
): AuditReport & { readonly since: ChangesSince } {
    const before = bucketsByIdentity(earlier.buckets);
    const withStates = earlier.states !== undefined && report.states !== undefined;
    const buckets: BucketAudit[] = [];
    const changes: AuditChange[] = [];
    const seen = new Set<EarlierBucket>();
    for (const bucket of report.buckets) {
        const old = before(bucket);
        if (old !== undefined) seen.add(old);
        const found = old === undefined ? newness(bucket) : difference(old, bucket, withStates);
        if (found === undefined) continue;
        changes.push({ account: bucket.account, bucket: bucket.bucket, ...found });
        buckets.push({ ...bucket, notes: [found.text, ...bucket.notes] });
    }
    for (const old of earlier.buckets) {
        if (seen.has(old)) continue;
        const found = absence(old, report);
        changes.push({ account: old.account, bucket: old.bucket, ...found });
        if (found.kind === "not-audited") buckets.push(notAudited(old, found.text, report, benchmark));
    }
    const gone = changes.filter(({ kind }) => kind === "gone");
    return {
        ...report,
        buckets,
        notes: [...report.notes, ...gone.map(({ bucket, account, text }) => `${bucket} (${account}): ${text}`)],
        since: { at: earlier.at, changes },
    };
}

type Found = Pick<AuditChange, "kind" | "text">;

/** An account is called by its id, a profile or a name of a file, so the id of its buckets' owner says too which it is. */
function bucketsByIdentity(
    buckets: readonly EarlierBucket[],
): (bucket: Pick<EarlierBucket, "account" | "bucket" | "owner">) => EarlierBucket | undefined {
    const key = (account: string | undefined, bucket: string) => `${account}\n${bucket}`;
    const byAccount = new Map(buckets.map((one) => [key(one.account, one.bucket), one]));
    const byOwner = new Map(buckets.map((one) => [key(one.owner ?? one.account, one.bucket), one]));
    return ({ account, bucket, owner }) =>
        byAccount.get(key(account, bucket)) ?? (owner === undefined ? undefined : byOwner.get(key(owner, bucket)));
}

function newness(bucket: BucketAudit): Found {
    return { kind: "new", text: `New: ${factsOf(bucket).rule}.` };
}

/** Findings that depend on the rule and its key alone. */
const ownFindings: readonly AuditFinding[] = ["not-encrypted", "key-unusable", "not-known", "key-not-known"];

function difference(old: ComparedBucket, bucket: BucketAudit, withStates: boolean): Found | undefined {
    if (bucket.status === "not-known") return { kind: "not-audited", text: `Not audited now: ${lastKnown(old)}.` };
    const [before, now] = [factsOf(old, withStates), factsOf(bucket, withStates)];
    const names = (Object.keys(before) as (keyof typeof before)[]).filter((name) => before[name] !== now[name]);
    if (names.length === 0) return undefined;
    const texts = names.map((name) => `${name}: ${before[name]} → ${now[name]}`);
    return { kind: "changed", text: `Changed: ${texts.join("; ")}.` };
}

/** Why a bucket of the earlier audit is not among those of now. */
function absence(old: EarlierBucket, { accounts, scope }: AuditReport): Found {
    const account = accounts.find((one) => isOf(one, old));
    if (account === undefined)
        return { kind: "not-audited", text: `Not audited now, nor its account: ${lastKnown(old)}.` };
    if (account.failure !== undefined)
        return {
            kind: "not-audited",
            text: `Not audited now, since its account's buckets could not all be listed: ${lastKnown(old)}.`,
        };
    const what = scope.tag === undefined ? "Gone" : "Gone, or without the tag";
    return { kind: "gone", text: `${what}: ${lastKnown(old)}.` };
}

function isOf({ account, id }: AccountAudit, { account: name, owner }: EarlierBucket): boolean {
    return account === name || (id !== undefined && (id === owner || id === name));
}

function lastKnown(old: ComparedBucket): string {
    return `it had ${factsOf(old).rule}`;
}

function notAudited(
    { account, bucket, region, owner }: EarlierBucket,
    text: string,
    { scope }: AuditReport,
    benchmark: ReadonlySet<CisRecommendation>,
): BucketAudit {
    const cis = cisOf(scope.store, "not-known");
    return {
        account,
        bucket,
        region,
        ...(owner === undefined ? {} : { owner }),
        status: "not-known",
        ...(cis === undefined ? {} : { cis }),
        findings: auditFindings.filter((name) => name === "not-known" || (benchmark as ReadonlySet<string>).has(name)),
        notes: [text],
    };
}

function factsOf({ status, rule, keyState, findings }: ComparedBucket, withStates = false) {
    const compared = withStates ? ([...ownFindings, "differs-from-state", "not-managed"] as const) : ownFindings;
    return {
        rule: rule?.text ?? (status === "not-encrypted" ? "no rule" : "a rule that is not known"),
        "state of the key": keyState ?? "none",
        findings: compared.filter((finding) => findings.includes(finding)).join(", ") || "none",
    };
}
