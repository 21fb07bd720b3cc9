import { rowsOf } from "./argument-row";
import { canonicalizeRule } from "./compare-rules";
import { keyIdentity } from "./key-name";
import { keyedAlgorithms, type ObservedRule, ruleArguments } from "./rule-arguments";

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
