import type { RuleRecord } from "../declaration";
import { ServiceError, UserError, unlessAbsent } from "../errors";
import {
    describeRule,
    isAsDeclared,
    type KeyIdentity,
    type ObservedRule,
    type ServerSideEncryptionRule,
} from "../rule";
import type { EncryptionStore } from "../stores";
import { backoffWaits } from "./backoff-waits";
import type { BackoffBounds } from "./lifecycle-ports";
import { proveRule } from "./rule-proof";
import { UnconfirmedWrite } from "./unconfirmed-write";

type Wait = (milliseconds: number) => Promise<void>;

/** Makes a request again, with waits in between, while its bucket is not there. @throws what the last one threw */
export async function whileBucketAppears<T>(request: () => Promise<T>, bounds: BackoffBounds, wait: Wait): Promise<T> {
    const waits = backoffWaits(bounds);
    for (;;) {
        try {
            return await request();
        } catch (error) {
            const next = waits.next();
            if (next.done || !(error instanceof ServiceError) || error.kind !== "bucket-not-found") throw error;
            await wait(next.value);
        }
    }
}

/** A rule to be written. */
export interface WantedRule {
    readonly bucket: string;
    readonly rule: ServerSideEncryptionRule;
    /** Whether an object then proves the rule. */
    readonly isProven: boolean;
    /** The record of the rule once it is written. */
    readonly record: RuleRecord;
    readonly identity: KeyIdentity;
}

/** Whether a failed write may still have been done. */
function leavesOpen(error: unknown): error is ServiceError {
    return error instanceof ServiceError && error.mayHaveTakenEffect;
}

/**
 * Removes a rule. When the outcome is not known, the rule is read: a rule that is gone was removed. Engines keep no record of a
 * failed deletion.
 * @param serviceRule what the bucket has when its rule is gone
 */
export async function removeRule(
    store: EncryptionStore,
    bucket: string,
    serviceRule: ObservedRule | undefined,
): Promise<void> {
    try {
        await unlessAbsent(store.deleteRule(bucket), "rule-not-found", "bucket-not-found");
    } catch (error) {
        if (leavesOpen(error) && (await shows(store, bucket, serviceRule))) return;
        throw error;
    }
}

/** Whether a reading succeeds and shows the rule, or none where none is wanted. */
async function shows(
    store: EncryptionStore,
    bucket: string,
    wanted: ObservedRule | undefined,
    identity?: KeyIdentity,
): Promise<boolean> {
    try {
        return isAsDeclared(
            await unlessAbsent(store.getRule(bucket), "rule-not-found", "bucket-not-found"),
            wanted,
            identity,
        );
    } catch (error) {
        if (error instanceof ServiceError) return false;
        throw error;
    }
}

/**
 * Writes a rule, reads it back until it is visible, and proves it if that is declared. If the outcome of the write is unknown, one
 * reading may show it.
 * @throws UnconfirmedWrite when the write may have taken effect and was not confirmed; before that, what refused it
 */
export async function writeAndConfirm(
    store: EncryptionStore,
    { bucket, rule, isProven, record, identity }: WantedRule,
    bounds: BackoffBounds,
    wait: Wait,
): Promise<void> {
    const unfinished = (error: unknown) =>
        error instanceof UserError ? new UnconfirmedWrite(error, { ...record, unconfirmed: true }) : error;
    let isShown = false;
    try {
        await store.putRule(bucket, rule);
    } catch (error) {
        if (!leavesOpen(error)) throw error;
        isShown = await shows(store, bucket, rule, identity).catch((obstacle) => {
            throw unfinished(obstacle);
        });
        if (!isShown) throw unfinished(error);
    }
    try {
        if (!isShown) await confirm(store, bucket, rule, identity, bounds, wait);
        if (isProven) await proveRule(store, { bucket, rule, identity });
    } catch (error) {
        throw unfinished(error);
    }
}

async function confirm(
    store: EncryptionStore,
    bucket: string,
    rule: ServerSideEncryptionRule,
    identity: KeyIdentity,
    bounds: BackoffBounds,
    wait: Wait,
): Promise<void> {
    const waits = backoffWaits(bounds);
    for (let readings = 1; ; readings += 1) {
        const observed: ObservedRule | undefined = await unlessAbsent(store.getRule(bucket), "rule-not-found");
        if (isAsDeclared(observed, rule, identity)) return;
        const next = waits.next();
        if (next.done) {
            const what = `The service accepted the rule (${describeRule(rule)}), but shows another one (${describeRule(observed)}) after ${readings} readings within ${bounds.totalMilliseconds / 1_000} s`;
            throw new UserError("not-converged", what, { bucket });
        }
        await wait(next.value);
    }
}
