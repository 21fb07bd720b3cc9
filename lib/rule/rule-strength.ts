import { type RuleDifference, ruleDifferences } from "./compare-rules";
import { type KeyIdentity, keyIdentity } from "./key-name";
import type { ObservedRule } from "./server-side-encryption-rule";

/**
 * How strong each kind of rule is. Within a level nothing is weaker.
 *
 * | level | rule                                            |
 * | ----- | ----------------------------------------------- |
 * | 0     | none                                            |
 * | 1     | SSE-OSS: `AES256`, `SM4`                        |
 * | 2     | `KMS` with the service's key                    |
 * | 3     | `KMS` with a given key                          |
 *
 * @returns `undefined` for an algorithm that this version doesn't know
 */
export function ruleStrength(rule: ObservedRule | undefined): 0 | 1 | 2 | 3 | undefined {
    switch (rule?.sseAlgorithm) {
        case undefined:
            return 0;
        case "AES256":
        case "SM4":
            return 1;
        case "KMS":
            return keyIdentity(rule?.kmsMasterKeyId) === undefined ? 2 : 3;
        default:
            return undefined;
    }
}

/**
 * What it means for a bucket's encryption when one rule takes the place of another. `not-comparable`: one of the two has an
 * algorithm, or the old one has fields, that this version doesn't know, so nobody can say what would be lost.
 */
export type RuleChange =
    | "unchanged"
    | "strengthened"
    | "key-changed"
    | "algorithm-changed"
    | "weakened"
    | "not-comparable";

/** Says which change it is; everything that calls a rule weakened means this order. No rule is `undefined`. */
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
    return differences.some(({ path }) => path === "kmsMasterKeyId") ? "key-changed" : "algorithm-changed";
}

function isUnknownField({ path, from }: RuleDifference): boolean {
    return from !== undefined && !["sseAlgorithm", "kmsMasterKeyId", "kmsDataEncryption"].includes(path);
}
