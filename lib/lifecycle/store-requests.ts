import { ServiceError, UserError } from "../errors";
import {
    describeRule,
    isAsDeclared,
    type KeyIdentity,
    type ObservedRule,
    type ServerSideEncryptionRule,
} from "../rule";
import type { EncryptionStore } from "../stores";
import { backoffWaits } from "./backoff-waits";
import type { BucketEncryptionState } from "./bucket-encryption-properties";
import type { BackoffBounds } from "./lifecycle-ports";
import { proveRule } from "./rule-proof";
import { UnfinishedWrite } from "./unfinished-write";

type Absence = "rule-not-found" | "bucket-not-found";
type Wait = (milliseconds: number) => Promise<void>;

/** The one place that tells absences from everything else: those named are `undefined`, all other errors pass through. */
export async function unlessAbsent<T>(request: Promise<T>, ...absences: readonly Absence[]): Promise<T | undefined> {
    try {
        return await request;
    } catch (error) {
        if (error instanceof ServiceError && absences.some((kind) => kind === error.kind)) return undefined;
        throw error;
    }
}

/** Makes a request again, with waits in between, while its bucket isn't there. @throws what the last one threw */
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

/** A rule to be written, and the state that tells of it. */
export interface WantedRule {
    readonly bucket: string;
    readonly rule: ServerSideEncryptionRule;
    /** What the state says once the rule is there. */
    readonly state: BucketEncryptionState;
    readonly identity: KeyIdentity;
}

/** Whether a failed write may have been done all the same. */
function leavesOpen(error: unknown): error is ServiceError {
    return error instanceof ServiceError && error.mayHaveTakenEffect;
}

/**
 * Removes a rule. When nobody knows whether that was done, the rule is read: a rule that is gone was removed, since an engine
 * keeps no trace of a failed deletion but its failure.
 * @param ruleByItself what the bucket has once its rule is gone
 */
export async function removeRule(
    store: EncryptionStore,
    bucket: string,
    ruleByItself: ObservedRule | undefined,
): Promise<void> {
    try {
        await unlessAbsent(store.deleteRule(bucket), "rule-not-found", "bucket-not-found");
    } catch (error) {
        if (leavesOpen(error) && (await shows(store, bucket, ruleByItself))) return;
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
 * Writes a rule, reads it back until it shows, and proves it where the state asks for that. When nobody knows whether it was
 * written, one reading may tell.
 * @throws UnfinishedWrite once the write may have taken effect and wasn't seen; before that, what refused it
 */
export async function writeAndConfirm(
    store: EncryptionStore,
    { bucket, rule, state, identity }: WantedRule,
    bounds: BackoffBounds,
    wait: Wait,
): Promise<void> {
    const unfinished = (error: unknown) =>
        error instanceof UserError ? new UnfinishedWrite(error, { ...state, unconfirmed: true }) : error;
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
        if (state.proveKey === true) await proveRule(store, { bucket, rule, identity });
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
            const what = `The service took the rule (${describeRule(rule)}), but shows another one (${describeRule(observed)}) after ${readings} readings within ${bounds.totalMilliseconds / 1_000} s`;
            throw new UserError("not-converged", what, { bucket });
        }
        await wait(next.value);
    }
}
