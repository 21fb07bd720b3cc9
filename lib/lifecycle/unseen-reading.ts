import type { RuleRecord } from "../declaration";
import { type KeyIdentity, type ObservedRule, rulesEqual } from "../rule";

/**
 * What a reading leaves of a record if the engine may not show the rule to a person. `pulumi refresh` shows it, so it counts as known. An
 * engine that reads before each operation, also before a deletion, does not show it: the rule that the stack last wrote is kept, and a
 * deletion compares with it. A write that was not confirmed stays so, unless the reading confirms it.
 */
export function keptOfUnseen(
    record: RuleRecord,
    observed: ObservedRule | undefined,
    identity: KeyIdentity,
): Pick<RuleRecord, "written" | "unconfirmed"> {
    const written = record.written ?? record.rule;
    if (written === undefined || rulesEqual(observed, written, identity)) return {};
    return { written, ...(record.unconfirmed === true && { unconfirmed: true }) };
}
