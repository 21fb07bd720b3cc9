import { canonicalizeRule } from "./compare-rules";
import { keyIdentity } from "./key-name";
import { keyedAlgorithms } from "./rule-capabilities";
import type { ObservedRule } from "./server-side-encryption-rule";

/**
 * A rule for people, for instance `KMS with the given key …f6a7, data in SM4`. Of a key no more than its last four
 * characters are shown, which tell two apart: it may be a secret of the stack. A short one isn't shown at all.
 */
export function describeRule(rule: ObservedRule | undefined): string {
    if (rule === undefined) return "no rule";
    const { sseAlgorithm, kmsMasterKeyId, kmsDataEncryption, bucketKeyEnabled, unrecognized } = canonicalizeRule(rule);
    const ending = kmsMasterKeyId !== undefined && kmsMasterKeyId.length >= 16 ? ` …${kmsMasterKeyId.slice(-4)}` : "";
    const key = keyIdentity(kmsMasterKeyId) === undefined ? "the service's key" : `the given key${ending}`;
    return [
        (keyedAlgorithms as readonly string[]).includes(sseAlgorithm) ? `${sseAlgorithm} with ${key}` : sseAlgorithm,
        ...(kmsDataEncryption === undefined ? [] : [`data in ${kmsDataEncryption}`]),
        ...(bucketKeyEnabled === true ? ["bucket key on"] : []),
        ...Object.entries(unrecognized ?? {}).map(([field, value]) => `${field} ${value}`),
    ].join(", ");
}
