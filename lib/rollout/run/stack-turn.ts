import { setTimeout as delay } from "node:timers/promises";
import { isBucketEncryptionSet } from "../../declaration";
import type { OperationOptions, StackEngine } from "../engines/stack-engine";
import type { RolloutFile, RolloutStack } from "../file/rollout-file";
import type { BucketOutcome, StackEnd } from "../journal/journal-record";
import { notYetKnown } from "../plan/buckets";
import { foreignAccounts } from "../plan/make-plan";
import { OperationRecord, type StackFailure } from "../plan/operation-record";
import { planDifferences } from "../plan/plan-differences";
import type { PlannedStack } from "../plan/rollout-plan";
import { plannedBuckets, unknownBuckets } from "../report/make-report";

export interface TurnOptions {
    readonly engine: StackEngine;
    readonly file: RolloutFile;
    /** Whether an earlier turn may have deployed a part. */
    readonly mayBeHalfDone: boolean;
    /** Ends the engine's operation as ^C would. */
    readonly cancel: AbortSignal;
    /** How long to wait for the lock of a stack whose earlier turn may still be ending. In milliseconds. */
    readonly lockWaitMs: number;
}

const firstLockWaitMs = 1000;
const longestLockWaitMs = 15_000;

type Turn = Omit<StackEnd, "stack" | "seconds">;

/** One stack's turn: deploys the stack if its preview is still as planned. */
export async function stackTurn(stack: RolloutStack, planned: PlannedStack, options: TurnOptions): Promise<Turn> {
    if (planned.failure !== undefined) {
        const { kind, message } = planned.failure;
        const failure = { kind, message: `could not be planned, so nothing was deployed: ${message}` };
        return {
            outcome: "failed",
            failure,
            changes: {},
            violations: planned.violations,
            buckets: plannedBuckets(planned),
        };
    }
    const end = Date.now() + options.lockWaitMs;
    for (let wait = firstLockWaitMs; ; wait = Math.min(2 * wait, longestLockWaitMs)) {
        const turn = await attempt(stack, planned, options);
        // The engine of a turn that was cut off may still be ending. Its lock keeps anything from being done twice.
        const waits = turn.outcome === "held" && options.mayBeHalfDone && Date.now() < end && !options.cancel.aborted;
        if (!waits) return turn;
        await delay(wait, undefined, { signal: options.cancel }).catch(() => undefined);
    }
}

async function attempt(stack: RolloutStack, planned: PlannedStack, options: TurnOptions): Promise<Turn> {
    const { engine, file, mayBeHalfDone, cancel } = options;
    const operation = (record: OperationRecord): OperationOptions => ({
        refresh: file.refresh,
        policyPacks: file.policyPacks,
        cancel,
        onEvent: record.listener,
    });
    const preview = new OperationRecord();
    const previewed = await engine.preview(stack, { ...operation(preview), create: false });
    if (!previewed.succeeded) {
        if (cancel.aborted)
            return {
                outcome: "interrupted",
                changes: {},
                buckets: unknownBuckets(planned, "cancelled before its preview ended"),
            };
        return previewFailed(planned, preview, preview.failure(previewed));
    }
    if (preview.refusal !== undefined) return previewFailed(planned, preview, preview.refusal);
    const found = preview.changes;
    const foreign = foreignAccounts(preview, stack, file);
    const differences = foreign ? [foreign.message] : planDifferences(planned.steps, preview, { mayBeHalfDone });
    if (differences.length > 0) {
        const shown =
            differences.length > 10
                ? [...differences.slice(0, 10), `and ${differences.length - 10} more`]
                : differences;
        return {
            outcome: "differs",
            differences: shown,
            changes: {},
            violations: preview.violations,
            buckets: previewedBuckets(preview),
        };
    }
    if (found.length === 0) {
        // An earlier turn has deployed the whole plan.
        const outcome = mayBeHalfDone && planned.steps.length > 0 ? "deployed" : "unchanged";
        return { outcome, changes: {}, violations: preview.violations, buckets: previewedBuckets(preview) };
    }
    if (cancel.aborted) return { outcome: "interrupted", changes: {}, buckets: previewedBuckets(preview) };
    return await deploy(stack, planned, preview, operation, options);
}

/** Nothing was deployed, and the status of the stack's buckets is not known. */
function previewFailed(planned: PlannedStack, { violations }: OperationRecord, failure: StackFailure): Turn {
    const why = `the preview failed: ${failure.message}`;
    const buckets = planned.buckets.map(({ bucket, urn }) => ({ bucket, urn, status: "not-known" as const, why }));
    return { outcome: outcomeOf(failure), failure, changes: {}, violations, buckets };
}

/** A lock is no failure of the stack: nothing was deployed, and a person decides whether the lock is still needed. */
const outcomeOf = ({ kind }: StackFailure): "held" | "failed" => (kind === "locked" ? "held" : "failed");

async function deploy(
    stack: RolloutStack,
    planned: PlannedStack,
    preview: OperationRecord,
    operation: (record: OperationRecord) => OperationOptions,
    { engine, cancel }: TurnOptions,
): Promise<Turn> {
    const update = new OperationRecord();
    const updated = await engine.up(stack, operation(update));
    const violations = update.violations;
    if (updated.succeeded) {
        return {
            outcome: "deployed",
            changes: update.changeCounts(),
            violations,
            buckets: deployedBuckets(preview, update),
        };
    }
    if (cancel.aborted) {
        const buckets = unknownBuckets(planned, "cancelled before its end");
        return { outcome: "interrupted", changes: {}, violations, buckets };
    }
    const failure = update.failure(updated);
    if (outcomeOf(failure) === "held") {
        const buckets = previewedBuckets(preview);
        return { outcome: "held", failure, changes: {}, violations, buckets };
    }
    const after = await afterFailure(stack, preview, update, operation, engine);
    return {
        outcome: "failed",
        failure,
        changes: {},
        violations,
        buckets: deployedBuckets(preview, update, failure.message, after),
    };
}

/** The status of each bucket after a preview. */
function previewedBuckets(preview: OperationRecord): BucketOutcome[] {
    return preview.buckets.map(({ bucket, urn, op }) =>
        op === "same"
            ? { bucket, urn, status: "as-declared" }
            : { bucket, urn, status: "different", why: `${op} needed, not deployed` },
    );
}

/** A failed set has deployed some of its buckets. Another preview finds out which. */
async function afterFailure(
    stack: RolloutStack,
    preview: OperationRecord,
    update: OperationRecord,
    operation: (record: OperationRecord) => OperationOptions,
    engine: StackEngine,
): Promise<OperationRecord | undefined> {
    if (!preview.changes.some(({ type, urn }) => isBucketEncryptionSet(type) && update.endOf(urn) === "failed"))
        return undefined;
    const after = new OperationRecord();
    const looked = await engine.preview(stack, { ...operation(after), create: false });
    return looked.succeeded ? after : undefined;
}

/** The status of each bucket after a deployment. Deleted ones are no longer declared, and left out. */
function deployedBuckets(
    preview: OperationRecord,
    update: OperationRecord,
    failure?: string,
    after?: OperationRecord,
): BucketOutcome[] {
    const names = new Map(update.buckets.map(({ urn, bucket }) => [urn, bucket]));
    const arrived = new Set(
        (after?.buckets ?? []).flatMap(({ urn, bucket, op }) => (op === "same" ? [`${urn}\n${bucket}`] : [])),
    );
    return preview.buckets.flatMap(({ bucket: previewed, urn, op }): BucketOutcome[] => {
        const bucket = previewed === notYetKnown ? (names.get(urn) ?? previewed) : previewed;
        const end = update.endOf(urn);
        if (op === "same" || arrived.has(`${urn}\n${bucket}`)) return [{ bucket, urn, status: "as-declared" }];
        if (end === "failed")
            return [{ bucket, urn, status: "not-known", why: update.errorOf(urn) ?? failure ?? "it failed" }];
        if (failure === undefined || end === "done")
            return op === "delete" ? [] : [{ bucket, urn, status: "as-declared" }];
        return [{ bucket, urn, status: "different", why: `${op} was not reached: the stack failed before` }];
    });
}
