import { type KeyIdentity, keyIdentity } from "./key-name";
import { rulePropertyNames } from "./rule-properties";
import type { ObservedRule } from "./server-side-encryption-rule";

/** One property in which two rules differ; a side on which it isn't given is `undefined`. */
export interface RuleDifference {
    /** A property of the rule, or a field that this version doesn't know by the service's own name. */
    readonly path: string;
    /** As text: a boolean is "true" or "false". */
    readonly from: string | undefined;
    readonly to: string | undefined;
}

/**
 * The one form in which rules are compared, shown and kept: what is empty is absent, and so is `kmsDataEncryption:
 * "AES256"`, which is what its absence means
 * (https://help.aliyun.com/en/oss/developer-reference/getbucketencryption).
 */
export function canonicalizeRule(rule: ObservedRule): ObservedRule {
    const { sseAlgorithm, kmsMasterKeyId, kmsDataEncryption, bucketKeyEnabled, unrecognized } = rule;
    const fields = Object.entries(unrecognized ?? {}).filter(([, value]) => value !== "");
    return {
        sseAlgorithm,
        ...(kmsMasterKeyId ? { kmsMasterKeyId } : {}),
        ...(kmsDataEncryption && kmsDataEncryption !== "AES256" ? { kmsDataEncryption } : {}),
        ...(bucketKeyEnabled === undefined ? {} : { bucketKeyEnabled }),
        ...(fields.length > 0 ? { unrecognized: Object.fromEntries(fields.sort(([a], [b]) => (a < b ? -1 : 1))) } : {}),
    };
}

/**
 * Whether a bucket that has the one rule needs no write to have the other. No rule is `undefined`.
 *
 * For what `other` leaves unsaid see `ruleDifferences`: put what a service shows first, and what was declared second.
 */
export function rulesEqual(
    one: ObservedRule | undefined,
    other: ObservedRule | undefined,
    identity: KeyIdentity = keyIdentity,
): boolean {
    return ruleDifferences(one, other, identity).length === 0;
}

/**
 * Whether a rule that a service shows is the declared one. Fields that this version doesn't know aren't judged: a declaration
 * can't say them, and services come to set new ones by themselves, which no write of ours would end.
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
 * Where `to` doesn't say `bucketKeyEnabled`, it stays as it is: services set it by themselves, and a default that nobody
 * declared is no difference. So the way back from a rule that says it to one that doesn't isn't the opposite.
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
            const isKept = difference.path === "bucketKeyEnabled" && difference.to === undefined && to !== undefined;
            return difference.from !== difference.to && !isKept;
        });
}

function flattened(rule: ObservedRule | undefined): Map<string, string> {
    if (rule === undefined) return new Map();
    const { unrecognized, ...known } = canonicalizeRule(rule);
    const texts = Object.entries(known).map(([name, value]): [string, string] => [name, String(value)]);
    return new Map([...texts, ...Object.entries(unrecognized ?? {})]);
}
