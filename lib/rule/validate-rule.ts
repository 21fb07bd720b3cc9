import { canonicalValue, described, isSupported, presentValue, rowsOf, valueIssues } from "./argument-row";
import { nearestSpelling } from "./nearest-spelling";
import { type NotYetKnown, notYetKnown } from "./not-yet-known";
import { type DeclaredRule, ruleArguments, type ServerSideEncryptionRule, sseAlgorithms } from "./rule-arguments";
import { capabilitiesOfAnyStore, type RuleCapabilities } from "./rule-capabilities";
import type { RuleIssue } from "./rule-issue";

/** A rule, or what is wrong with the declaration. While a part is not known yet, the rule is `notYetKnown`. */
export type RuleValidation =
    | { readonly issues: readonly [RuleIssue, ...RuleIssue[]]; readonly rule?: never }
    | { readonly issues: readonly []; readonly rule: ServerSideEncryptionRule | NotYetKnown };

/**
 * Checks a declared rule and finds all of its faults at once, by the rows of `ruleArguments`. An absent value, `null` and the
 * empty string mean the same: not given. A value that is `notYetKnown` is no fault, and no combination with it is judged; the
 * same check runs again when it is known.
 *
 * @param capabilities of the store that will hold the rule; of any store where that is not known
 * @returns the rule in canonical form
 */
export function validateRule(
    declared: DeclaredRule,
    capabilities: RuleCapabilities = capabilitiesOfAnyStore,
): RuleValidation {
    const values = rowsOf(ruleArguments).map(([name, row]) => ({ name, row, value: presentValue(declared[name]) }));
    const ofValues = values.flatMap(({ name, row, value }) => {
        const available = name === "sseAlgorithm" ? capabilities.sseAlgorithms : row.values;
        return valueIssues(name, row, value, capabilities, available);
    });
    const ofCombinations = values.flatMap(({ name, row, value }) => {
        if (value === undefined || value === notYetKnown || row.onlyWith === undefined) return [];
        if (!isSupported(name, row, capabilities)) return [];
        return combinationIssues(name, row.onlyWith, presentValue(declared.sseAlgorithm), capabilities.sseAlgorithms);
    });
    const [first, ...others] = [...ofValues, ...ofCombinations];
    if (first !== undefined) return { issues: [first, ...others] };
    const known = values.filter(({ value }) => value !== undefined);
    if (known.some(({ value }) => holdsUnknown(value))) return { issues: [], rule: notYetKnown };
    // The checks above accept exactly the values of the type.
    const rule = Object.fromEntries(known.map(({ name, value }) => [name, canonicalValue(value)]));
    return { issues: [], rule: rule as ServerSideEncryptionRule };
}

function holdsUnknown(value: unknown): boolean {
    return value === notYetKnown || (Array.isArray(value) && value.includes(notYetKnown));
}

function combinationIssues(
    path: string,
    allowed: readonly string[],
    algorithm: unknown,
    available: readonly string[],
): RuleIssue[] {
    if (typeof algorithm !== "string") return [];
    // A near miss counts as what was probably meant: `kms` with a key has one fault, not two. An algorithm that only another kind
    // of store has is a fault of its own, too.
    const isAlgorithm = (sseAlgorithms as readonly string[]).includes(algorithm);
    const meant = isAlgorithm ? algorithm : nearestSpelling(algorithm, available);
    if (allowed.includes(meant ?? "")) return [];
    const names = allowed
        .filter((name) => available.includes(name))
        .map((name) => `"${name}"`)
        .join(" or ");
    const message = `is only allowed with sseAlgorithm ${names}, not with ${described(algorithm)}; remove it, or set sseAlgorithm to ${names}`;
    return [{ code: "conflicting", path, message }];
}
