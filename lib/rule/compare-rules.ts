import { canonicalValue, rowsOf } from "./argument-row";
import { type KeyIdentity, keyIdentity } from "./key-name";
import { isSetting, type ObservedRule, ruleArguments, rulePropertyNames } from "./rule-arguments";

/** One property in which two rules differ. It is `undefined` on a side that does not have it. */
export interface RuleDifference {
    /** A property of the rule, or a field that this version does not know, by the service's own name. */
    readonly path: string;
    /** As text: a boolean is "true" or "false", a list has commas. */
    readonly from: string | undefined;
    readonly to: string | undefined;
}

/**
 * The one form in which rules are compared, shown and kept: empty values are absent, and so is a default that is written out
 * (`kmsDataEncryption: "AES256"`, see https://help.aliyun.com/en/oss/developer-reference/getbucketencryption).
 */
export function canonicalizeRule(rule: ObservedRule): ObservedRule {
    const values = rowsOf(ruleArguments).flatMap(([name, row]): [string, unknown][] => {
        const value = canonicalValue(rule[name]);
        return value === undefined || value === "" || value === row.default ? [] : [[name, value]];
    });
    const fields = Object.entries(rule.unrecognized ?? {}).filter(([, value]) => value !== "");
    return {
        ...Object.fromEntries(values),
        sseAlgorithm: rule.sseAlgorithm,
        ...(fields.length > 0 && { unrecognized: Object.fromEntries(fields.sort(([a], [b]) => (a < b ? -1 : 1))) }),
    };
}

/**
 * Whether a bucket that has the one rule needs no write to have the other. No rule is `undefined`.
 *
 * `other` may leave settings out, see `ruleDifferences`: pass what a service shows first, and what was declared second.
 */
export function rulesEqual(
    one: ObservedRule | undefined,
    other: ObservedRule | undefined,
    identity: KeyIdentity = keyIdentity,
): boolean {
    return ruleDifferences(one, other, identity).length === 0;
}

/**
 * Whether a rule that a service shows is the declared one. Fields that this version does not know are ignored: a declaration
 * cannot contain them, services add new ones, and no write of ours would remove them.
 */
export function isAsDeclared(
    observed: ObservedRule | undefined,
    declared: ObservedRule | undefined,
    identity: KeyIdentity = keyIdentity,
): boolean {
    if (observed === undefined) return declared === undefined;
    const { unrecognized: _, ...known } = observed;
    return rulesEqual(known, declared, identity);
}

/**
 * What changes from one rule to another, in the order of the properties. No rule is `undefined`.
 *
 * A setting that `to` leaves out and that the row marks as kept is no difference, since services set it without being asked. So
 * the differences from one rule to another are not always the opposite of those back.
 * @param identity tells which names stand for one key: two names of it are no difference
 */
export function ruleDifferences(
    from: ObservedRule | undefined,
    to: ObservedRule | undefined,
    identity: KeyIdentity = keyIdentity,
): RuleDifference[] {
    const before = flattened(from);
    const after = flattened(to);
    const paths = new Set([...rulePropertyNames, ...before.keys(), ...after.keys()]);
    return [...paths]
        .map((path) => ({ path, from: before.get(path), to: after.get(path) }))
        .filter((difference) => {
            if (difference.path === "kmsMasterKeyId") return identity(difference.from) !== identity(difference.to);
            const isKept = isSetting(difference.path) && difference.to === undefined && to !== undefined;
            return difference.from !== difference.to && !isKept;
        });
}

function flattened(rule: ObservedRule | undefined): Map<string, string> {
    if (rule === undefined) return new Map();
    const { unrecognized, ...known } = canonicalizeRule(rule);
    const texts = Object.entries(known).map(([name, value]): [string, string] => [name, String(value)]);
    return new Map([...texts, ...Object.entries(unrecognized ?? {})]);
}
