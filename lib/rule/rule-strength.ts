import { rowsOf } from "./argument-row";
import { type RuleDifference, ruleDifferences } from "./compare-rules";
import { type KeyIdentity, keyIdentity } from "./key-name";
import { isSetting, type ObservedRule, ruleArguments, rulePropertyNames } from "./rule-arguments";

/**
 * How strong each kind of rule is. Within a level a rule is weaker than another only where it lacks one of its protections
 * (`lostProtections`).
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

/** The arguments whose values protect a bucket's data. */
const protections = rowsOf(ruleArguments).filter(([, { protects }]) => protects);

/** What a change loses of the protections beside algorithm and key. */
export interface LostProtections {
    /** For instance `SSE-C`, which is no longer blocked. */
    readonly values: readonly string[];
    /** Whether the old rule does not say what the bucket has: then these values may be lost. */
    readonly isPossible: boolean;
}

/**
 * The protections that a bucket loses when one rule takes the place of another. A rule that leaves a protection out keeps what the bucket
 * has.
 */
export function lostProtections(from: ObservedRule | undefined, to: ObservedRule | undefined): LostProtections {
    if (from === undefined || to === undefined) return { values: [], isPossible: false };
    const lost = protections.map(([name, row]) => {
        const before = from[name];
        const after = to[name];
        if (!Array.isArray(after)) return { values: [], isPossible: false };
        const isPossible = !Array.isArray(before);
        const had: readonly string[] = isPossible ? (row.values ?? []) : before;
        return { values: had.filter((value) => value !== row.none && !after.includes(value)), isPossible };
    });
    const certain = lost.flatMap(({ values, isPossible }) => (isPossible ? [] : values));
    return certain.length > 0
        ? { values: certain, isPossible: false }
        : { values: lost.flatMap(({ values }) => values), isPossible: lost.some(({ values }) => values.length > 0) };
}

/**
 * What it means for a bucket's encryption when one rule takes the place of another. `weakened`: the level is lower, or a protection is lost.
 * `strengthened`: the level is higher, or only protections are added. `not-comparable`: one of the two has an algorithm, or the old one has
 * fields, that this version does not know, or does not say what it protects, so what would be lost is not known. `setting-changed`: algorithm
 * and key stay, and a setting beside them changes.
 */
export type RuleChange =
    | "unchanged"
    | "strengthened"
    | "key-changed"
    | "algorithm-changed"
    | "setting-changed"
    | "weakened"
    | "not-comparable";

/** Classifies a change. Everything that calls a rule weakened means this function. No rule is `undefined`. */
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
    if (after < before) return "weakened";
    const lost = lostProtections(from, to);
    if (lost.values.length > 0) return lost.isPossible ? "not-comparable" : "weakened";
    if (after > before) return "strengthened";
    if (differences.some(({ path }) => path === "kmsMasterKeyId")) return "key-changed";
    if (!differences.every(isOfSetting)) return "algorithm-changed";
    return lostProtections(to, from).values.length > 0 && from !== undefined ? "strengthened" : "setting-changed";
}

function isUnknownField({ path, from }: RuleDifference): boolean {
    return from !== undefined && !(rulePropertyNames as readonly string[]).includes(path);
}

function isOfSetting({ path }: RuleDifference): boolean {
    return isSetting(path);
}

/**
 * Whether a bucket that has a rule keeps it although another is declared as the minimum: it is on a higher level, or has the same algorithm
 * and key and protections that the other lacks.
 */
export function isStronger(rule: ObservedRule, minimum: ObservedRule, identity: KeyIdentity = keyIdentity): boolean {
    if (ruleChange(rule, minimum, identity) !== "weakened") return false;
    return ruleStrength(rule) !== ruleStrength(minimum)
        ? (ruleStrength(rule) ?? 0) > (ruleStrength(minimum) ?? 0)
        : ruleDifferences(rule, minimum, identity).every(isOfSetting);
}
