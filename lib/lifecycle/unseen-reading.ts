import type { RuleRecord } from "../declaration";
import { type KeyIdentity, type ObservedRule, rulesEqual } from "../rule";

/**
 * What a reading that the engine may show to no one leaves of a record. After `pulumi refresh` a person has seen the rule, so it counts as
 * known. An engine that reads before each operation, also before a deletion, shows it to no one: the rule that the stack last wrote is
 * kept, and a deletion compares with it. A write that was not confirmed stays so, unless the reading confirms it.
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
