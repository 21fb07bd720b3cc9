import { nearestSpelling } from "./nearest-spelling";
import { capabilitiesOfAnyStore, keyedAlgorithms, type RuleCapabilities, sseAlgorithms } from "./rule-capabilities";
import type { RuleIssue } from "./rule-issue";
import { type DeclaredRule, notYetKnown } from "./rule-properties";
import type { ServerSideEncryptionRule } from "./server-side-encryption-rule";

export const kmsDataEncryptions = ["SM4"] as const;

/** What a declaration amounts to: a rule, or what is wrong with it. Neither when it is right as far as it is known yet. */
export type RuleValidation =
    | { readonly issues: readonly [RuleIssue, ...RuleIssue[]]; readonly rule?: never }
    | { readonly issues: readonly []; readonly rule: ServerSideEncryptionRule | undefined };

/**
 * Checks a declared rule and finds all of its faults at once. The allowed combinations stand as a table at
 * `ServerSideEncryptionRule`. An absent value, `null` and the empty string mean the same: not given. A value that is
 * `notYetKnown` is no fault by itself, and no combination with it is judged; the same check runs again once it is known.
 *
 * @param capabilities of the store that is to hold the rule; where that isn't known, of any
 * @returns the rule in canonical form; `undefined` in its place while a part of it is not known yet
 */
export function validateRule(
    declared: DeclaredRule,
    capabilities: RuleCapabilities = capabilitiesOfAnyStore,
): RuleValidation {
    const algorithm = given(declared.sseAlgorithm);
    const key = given(declared.kmsMasterKeyId);
    const dataEncryption = given(declared.kmsDataEncryption);
    const bucketKey = given(declared.bucketKeyEnabled);
    const issues = [
        ...algorithmIssues(algorithm, capabilities.sseAlgorithms),
        ...keyIssues(key),
        ...dataEncryptionIssues(dataEncryption, capabilities),
        ...bucketKeyIssues(bucketKey, capabilities),
        ...combinationIssues(algorithm, key, dataEncryption, capabilities),
    ];
    if (isNotEmpty(issues)) return { issues };
    if ([algorithm, key, dataEncryption, bucketKey].includes(notYetKnown)) return { issues: [], rule: undefined };
    const rule = {
        sseAlgorithm: algorithm,
        ...(key === undefined ? {} : { kmsMasterKeyId: key }),
        ...(dataEncryption === undefined ? {} : { kmsDataEncryption: dataEncryption }),
        ...(bucketKey === undefined ? {} : { bucketKeyEnabled: bucketKey }),
    };
    return { issues: [], rule: rule as ServerSideEncryptionRule };
}

function given(value: unknown): unknown {
    return value === null || value === "" ? undefined : value;
}

function isNotEmpty(issues: readonly RuleIssue[]): issues is readonly [RuleIssue, ...RuleIssue[]] {
    return issues.length > 0;
}

function algorithmIssues(value: unknown, available: readonly string[]): RuleIssue[] {
    const path = "sseAlgorithm";
    const allowed = listed(available);
    if (value === notYetKnown) return [];
    if (value === undefined) return [{ code: "required", path, message: `is required: one of ${allowed}` }];
    if (typeof value !== "string") {
        return [{ code: "wrong-type", path, message: `must be a string, one of ${allowed}, not ${described(value)}` }];
    }
    if (available.includes(value)) return [];
    const message = `${described(value)} is not one of ${allowed}`;
    if ((sseAlgorithms as readonly string[]).includes(value)) {
        return [{ code: "not-allowed", path, message: `${message}, which this kind of store has` }];
    }
    const meant = nearestSpelling(value, available);
    return [{ code: "not-allowed", path, message: `${message}${meant ? `; did you mean "${meant}"?` : ""}` }];
}

// The form of a key id is left to KMS: it knows ids, ARNs and aliases, and may learn more. A check that is stricter than
// the service would keep people from what is legal. The value isn't repeated, since it may be a secret of the stack.
function keyIssues(value: unknown): RuleIssue[] {
    const path = "kmsMasterKeyId";
    if (value === undefined || value === notYetKnown) return [];
    if (typeof value !== "string") {
        return [{ code: "wrong-type", path, message: `must be a string, a KMS key id, not ${described(value)}` }];
    }
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
    if (/[\s\u0000-\u001f\u007f]/.test(value)) {
        return [
            { code: "malformed", path, message: "has white space or control characters in it, as no KMS key id has" },
        ];
    }
    return [];
}

function dataEncryptionIssues(value: unknown, capabilities: RuleCapabilities): RuleIssue[] {
    const path = "kmsDataEncryption";
    if (value === undefined || value === notYetKnown) return [];
    if (!capabilities.kmsDataEncryption) return [unavailable(path)];
    if (value === "SM4") return [];
    const code = typeof value === "string" ? "not-allowed" : "wrong-type";
    const meant = typeof value === "string" ? nearestSpelling(value, ["AES256", ...kmsDataEncryptions]) : undefined;
    const hint = meant === "SM4" ? '; did you mean "SM4"?' : "; leave it out for data in AES256";
    return [{ code, path, message: `${described(value)} is not allowed, only "SM4" is${hint}` }];
}

function bucketKeyIssues(value: unknown, capabilities: RuleCapabilities): RuleIssue[] {
    const path = "bucketKeyEnabled";
    if (value === undefined || value === notYetKnown) return [];
    if (!capabilities.bucketKeyEnabled) return [unavailable(path)];
    if (typeof value === "boolean") return [];
    return [{ code: "wrong-type", path, message: `must be true or false, not ${described(value)}` }];
}

function unavailable(path: string): RuleIssue {
    return { code: "not-allowed", path, message: "is nothing that this kind of store has; remove it" };
}

function combinationIssues(
    algorithm: unknown,
    key: unknown,
    dataEncryption: unknown,
    capabilities: RuleCapabilities,
): RuleIssue[] {
    if (typeof algorithm !== "string") return [];
    const available = capabilities.sseAlgorithms;
    // What was probably meant by a near miss decides: `kms` with a key has one fault, not two. An algorithm that another
    // kind of store has is a fault of its own, too.
    const isKnown = (sseAlgorithms as readonly string[]).includes(algorithm);
    const meant = isKnown ? algorithm : nearestSpelling(algorithm, available);
    const onlyWith = (algorithms: readonly string[], path: string, value: unknown): RuleIssue[] => {
        if (value === undefined || value === notYetKnown || algorithms.includes(meant ?? "")) return [];
        const names = algorithms.filter((name) => (available as readonly string[]).includes(name));
        const listedNames = names.map((name) => `"${name}"`).join(" or ");
        const message = `is only allowed with sseAlgorithm ${listedNames}, not with ${described(algorithm)}; remove it, or set sseAlgorithm to ${listedNames}`;
        return [{ code: "conflicting", path, message }];
    };
    return [
        ...onlyWith(keyedAlgorithms, "kmsMasterKeyId", key),
        ...(capabilities.kmsDataEncryption ? onlyWith(["KMS"], "kmsDataEncryption", dataEncryption) : []),
    ];
}

function listed(words: readonly string[]): string {
    return words.map((word) => `"${word}"`).join(", ");
}

function described(value: unknown): string {
    if (typeof value !== "string") return Array.isArray(value) ? "a list" : `a value of type ${typeof value}`;
    return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
}
