import type { RuleRecord } from "../declaration";
import { isSetting, type KeyIdentity, type ObservedRule, rulesEqual } from "../rule";

/** The circumstances of a reading. */
export interface Reading {
    /** Whether the engine may show no person the rule before the next operation. */
    readonly isUnseen: boolean;
    /** Whether an object must prove the rule (`proveKey`). */
    readonly isToBeProven: boolean;
}

/**
 * The facts of a record, besides the rule, that a reading keeps. `pulumi refresh` shows the rule, so it counts as known. An engine
 * that reads before each operation, also before a deletion, does not show it: the rule that the stack last wrote is kept, and a
 * deletion compares with it. A write that was not confirmed is confirmed by a reading that shows or equals it, but no reading
 * stands for an object that must prove the rule.
 */
export function keptRecord(
    record: RuleRecord,
    observed: ObservedRule | undefined,
    { isUnseen, isToBeProven }: Reading,
    identity: KeyIdentity,
): Pick<RuleRecord, "written" | "unconfirmed"> {
    const last = isUnseen ? (record.written ?? record.rule) : undefined;
    const written = last === undefined || rulesEqual(observed, last, identity) ? undefined : last;
    const isUnconfirmed = record.unconfirmed === true && (isToBeProven || written !== undefined);
    return { ...(written && { written }), ...(isUnconfirmed && { unconfirmed: true }) };
}

/** Omits settings that the service set and that the last state does not have. */
export function withoutNewSettings(rule: ObservedRule, known: ObservedRule | undefined): ObservedRule {
    const kept = Object.entries(rule).filter(([name]) => !isSetting(name) || (known && Object.hasOwn(known, name)));
    return { ...Object.fromEntries(kept), sseAlgorithm: rule.sseAlgorithm };
}
