import { UserError } from "../../errors";
import { forEachInParallel } from "../../parallel";
import type { CisRecommendation, ObservedRule } from "../../rule";
import { type BucketSelection, type BucketSummary, defaultStoreFamily, storeFamilyOf } from "../../stores";
import { counted } from "../../text";
import { type AuditedBucket, auditBucket } from "./audit-bucket";
import type { AuditedAccount } from "./audit-ports";
import { type AccountAudit, type AuditReport, auditFindings, type BucketAudit } from "./audit-report";
import type { StateIndex } from "./state-index";

export interface AuditOptions {
    /** The kind of store that has the buckets. Default: that of declarations. */
    readonly store?: string;
    /** The service that has the buckets, see `StoreFamily.serviceAt`. Default: the store's own cloud. */
    readonly service?: string;
    readonly selection?: BucketSelection;
    /** Which stack manages what, where states were given. */
    readonly states?: StateIndex;
    readonly showKeys?: boolean;
    /** The recommendations of a benchmark that are findings if a bucket is not known to meet them. Default: none. */
    readonly benchmark?: ReadonlySet<CisRecommendation>;
    /** How many buckets of an account are asked about at once. */
    readonly parallel?: number;
    readonly now?: () => Date;
    /** Told of each bucket, and at the beginning of each account. */
    readonly progress?: (account: string, done: number, total: number) => void;
}

/** The report, and each known rule by its bucket, for a program that adopts them. */
export interface AuditOutcome {
    readonly report: AuditReport;
    readonly rules: ReadonlyMap<string, ObservedRule>;
    /** The argument `account` for the buckets of an account, by the account's name in the report. */
    readonly declared: ReadonlyMap<string, object>;
    /** The kind of store that has the buckets. */
    readonly store: string;
    /** The reason why an account's buckets could not be listed. */
    readonly errors: readonly UserError[];
}

const defaultParallel = 32;

/** Audits all buckets of the accounts, one account after the other. Writes nothing. */
export async function auditAccounts(
    accounts: readonly AuditedAccount[],
    { now = () => new Date(), states, store = defaultStoreFamily.name, service, ...options }: AuditOptions = {},
): Promise<AuditOutcome> {
    const at = now().toISOString();
    const buckets: BucketAudit[] = [];
    const rules = new Map<string, ObservedRule>();
    const found: AccountAudit[] = [];
    const errors: UserError[] = [];
    const declared = new Map<string, object>();
    const notes: string[] = [];
    const family = storeFamilyOf(store) ?? defaultStoreFamily;
    for (const account of accounts) {
        const { summaries, error, note } = await listed(account, options.selection);
        const owner = summaries.find((summary) => summary.owner !== undefined)?.owner;
        // Nothing is asked with the credentials of another account.
        const id = owner ?? (error?.kind === "wrong-account" ? undefined : await account.callerId?.());
        const name = account.name ?? id ?? "(the default credentials)";
        if (account.declared !== undefined) declared.set(name, { ...(id && { id }), ...account.declared });
        // The owner in a list shows what the credentials do not.
        if (note !== undefined && owner === undefined) notes.push(`${name}: ${note}`);
        for (const { audit, rule } of await auditedBuckets(account, name, summaries, {
            ...options,
            store,
            ...(states && { states }),
        })) {
            buckets.push(audit);
            if (rule !== undefined) rules.set(audit.bucket, rule);
        }
        if (error !== undefined) errors.push(error);
        found.push({
            account: name,
            ...(id === undefined ? {} : { id }),
            buckets: summaries.length,
            ...(error === undefined ? {} : { failure: error.message }),
        });
    }
    const report: AuditReport = {
        at,
        scope: { store, service: service ?? family.serviceAt({}), ...options.selection },
        unlisted: family.words.unlistedBuckets,
        accounts: found,
        buckets: buckets.sort(byUrgency),
        ...(states === undefined ? {} : { states: states.states }),
        notes: [...notes, ...notesOf(states, options.selection)],
    };
    return { report, rules, declared, store, errors };
}

async function listed(
    account: AuditedAccount,
    selection: BucketSelection | undefined,
): Promise<{ summaries: BucketSummary[]; error?: UserError; note?: string }> {
    const summaries: BucketSummary[] = [];
    try {
        const note = await account.verify?.();
        for await (const summary of account.directory.listBuckets(selection)) {
            refuseOtherOwner(summary, account.id);
            summaries.push(summary);
        }
        return { summaries, ...(note === undefined ? {} : { note }) };
    } catch (error) {
        // The buckets that were listed before the failure are still audited.
        if (error instanceof UserError) return { summaries, error };
        throw error;
    }
}

/** Where the credentials' account could not be determined, the list says it. */
function refuseOtherOwner({ owner }: BucketSummary, id: string | undefined): void {
    if (id === undefined || owner === undefined || owner === id) return;
    const what = `The listed buckets belong to the account ${owner}, and account.id is ${id}`;
    throw new UserError("wrong-account", what, { account: id });
}

async function auditedBuckets(
    account: AuditedAccount,
    name: string,
    summaries: readonly BucketSummary[],
    {
        states,
        showKeys = false,
        store,
        benchmark = new Set(),
        parallel = defaultParallel,
        progress,
    }: AuditOptions & { readonly store: string },
): Promise<AuditedBucket[]> {
    const results: AuditedBucket[] = [];
    progress?.(name, 0, summaries.length);
    await forEachInParallel(summaries, { parallel }, async (summary) => {
        results.push(await auditBucket(account, summary, { account: name, states, showKeys, store, benchmark }));
        progress?.(name, results.length, summaries.length);
    });
    return results;
}

function byUrgency(one: BucketAudit, other: BucketAudit): number {
    const urgency = ({ findings: [worst] }: BucketAudit) =>
        worst === undefined ? auditFindings.length : auditFindings.indexOf(worst);
    const text = ({ account, bucket }: BucketAudit) => `${account}\n${bucket}`;
    return urgency(one) - urgency(other) || (text(one) < text(other) ? -1 : 1);
}

function notesOf(states: StateIndex | undefined, selection: BucketSelection = {}): string[] {
    const hidden = states?.hiddenBuckets ?? 0;
    const isPart = selection.prefix !== undefined || selection.tag !== undefined;
    return [
        ...(isPart ? ["Only a part of the buckets was asked for."] : []),
        ...(hidden > 0
            ? [
                  `${counted(hidden, "rule")} of the states ${hidden === 1 ? "is for a bucket with a secret name" : "are for buckets with secret names"}, so a stack may manage a bucket that is reported as not managed.`,
              ]
            : []),
    ];
}
