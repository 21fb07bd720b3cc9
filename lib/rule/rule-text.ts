import { rowsOf } from "./argument-row";
import { canonicalizeRule } from "./compare-rules";
import { keyIdentity } from "./key-name";
import { keyedAlgorithms, type ObservedRule, ruleArguments } from "./rule-arguments";
import { lostProtections } from "./rule-strength";

/**
 * A rule for people, for instance `KMS with the given key …f6a7, data in SM4`. Of a key the text shows the last four characters,
 * which tell two keys apart, since it may be a secret of the stack. It shows nothing of a short key.
 */
export function describeRule(rule: ObservedRule | undefined): string {
    if (rule === undefined) return "no rule";
    const canonical = canonicalizeRule(rule);
    const { sseAlgorithm, kmsMasterKeyId, unrecognized } = canonical;
    const ending = kmsMasterKeyId !== undefined && kmsMasterKeyId.length >= 16 ? ` …${kmsMasterKeyId.slice(-4)}` : "";
    const key = keyIdentity(kmsMasterKeyId) === undefined ? "the service's key" : `the given key${ending}`;
    return [
        (keyedAlgorithms as readonly string[]).includes(sseAlgorithm) ? `${sseAlgorithm} with ${key}` : sseAlgorithm,
        ...rowsOf(ruleArguments).flatMap(([name, { text }]) => {
            const value = canonical[name];
            return (value === undefined ? undefined : text?.(String(value))) ?? [];
        }),
        ...Object.entries(unrecognized ?? {}).map(([field, value]) => `${field} ${value}`),
    ].join(", ");
}

/** A rule that takes the place of another, with the protections that are lost, for instance `AES256, SSE-C not blocked`. */
export function describeReplacement(from: ObservedRule, to: ObservedRule): string {
    return [describeRule(to), ...lostProtections(from, to).values.map((value) => `${value} not blocked`)].join(", ");
}
