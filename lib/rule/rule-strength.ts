import { type RuleDifference, ruleDifferences } from "./compare-rules";
import { type KeyIdentity, keyIdentity } from "./key-name";
import { isSetting, type ObservedRule, rulePropertyNames } from "./rule-arguments";

/**
 * How strong each kind of rule is. Within a level no rule is weaker than another.
 *
 * | level | rule                                            |
 * | ----- | ----------------------------------------------- |
 * | 0     | none                                            |
 * | 1     | keys managed by the store: `AES256`, `SM4`      |
 * | 2     | `KMS` or `KMS_DSSE` with the service's key      |
 * | 3     | `KMS` or `KMS_DSSE` with a given key            |
 *
 * @returns `undefined` for an algorithm that this version does not know
 */
export function ruleStrength(rule: ObservedRule | undefined): 0 | 1 | 2 | 3 | undefined {
    switch (rule?.sseAlgorithm) {
        case undefined:
            return 0;
        case "AES256":
        case "SM4":
            return 1;
        case "KMS":
        case "KMS_DSSE":
            return keyIdentity(rule?.kmsMasterKeyId) === undefined ? 2 : 3;
        default:
            return undefined;
    }
}

/**
 * What it means for a bucket's encryption when one rule takes the place of another. `not-comparable`: one of the two has an
 * algorithm, or the old one has fields, that this version does not know, so what would be lost is not known.
 * `setting-changed`: algorithm and key stay, and a setting beside them changes.
 */
export type RuleChange =
    | "unchanged"
    | "strengthened"
    | "key-changed"
    | "algorithm-changed"
    | "setting-changed"
    | "weakened"
    | "not-comparable";

/** Classifies a change. Everything that calls a rule weakened means this order. No rule is `undefined`. */
export function ruleChange(
    from: ObservedRule | undefined,
    to: ObservedRule | undefined,
    identity: KeyIdentity = keyIdentity,
): RuleChange {
    const differences = ruleDifferences(from, to, identity);
    if (differences.length === 0) return "unchanged";
    const before = ruleStrength(from);
    const after = ruleStrength(to);
    if (before === undefined || after === undefined || differences.some(isUnknownField)) return "not-comparable";
    if (before !== after) return after > before ? "strengthened" : "weakened";
    if (differences.some(({ path }) => path === "kmsMasterKeyId")) return "key-changed";
    return differences.every(({ path }) => isSetting(path)) ? "setting-changed" : "algorithm-changed";
}

function isUnknownField({ path, from }: RuleDifference): boolean {
    return from !== undefined && !(rulePropertyNames as readonly string[]).includes(path);
}

/** Whether a rule is stronger than another, so that replacing it by the other would weaken it. */
export function isStronger(rule: ObservedRule, other: ObservedRule, identity: KeyIdentity = keyIdentity): boolean {
    return ruleChange(rule, other, identity) === "weakened";
}
