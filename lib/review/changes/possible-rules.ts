import { canonicalizeRule, describeRule, keyIdentity, notYetKnown, type ObservedRule } from "../../rule";
import { type Hidden, isHidden, secretValue, type Visible } from "../resources/hidden-value";
import type { DeclaredRuleValues } from "../resources/rule-declaration";
import type { RuleView } from "./encryption-change";

/** Every rule that a partly hidden rule may be, as far as their strength differs. */
export interface PossibleRules {
    /** Never empty. One, where nothing is hidden. */
    readonly rules: readonly ObservedRule[];
    /** Names of the properties that are hidden. */
    readonly hidden: readonly string[];
}

/** @param side makes a hidden key differ from the one on the other side: whether they are the same is not known */
export function possibleRules(values: DeclaredRuleValues, side: "before" | "after"): PossibleRules {
    const hidden: string[] = [];
    const choices = <T>(name: string, value: T | Hidden, stands: readonly T[]): readonly T[] => {
        if (!isHidden(value)) return [value];
        hidden.push(name);
        return stands;
    };
    // No bucket can have a rule without an algorithm, so the algorithm is unknown.
    const algorithms = choices<string>("sseAlgorithm", values.sseAlgorithm ?? notYetKnown, ["AES256", "KMS"]);
    const someKey = [undefined, `(a hidden key, ${side})`];
    const ofKey = choices<string | undefined>("kmsMasterKeyId", values.kmsMasterKeyId, someKey);
    const keys = algorithms.length > 1 ? [...new Set([...ofKey, ...someKey])] : ofKey;
    const dataEncryptions = choices<string | undefined>("kmsDataEncryption", values.kmsDataEncryption, [
        undefined,
        "SM4",
    ]);
    const keyUses = choices<string | undefined>("bucketKeyEnabled", values.bucketKeyEnabled, ["false", "true"]);
    const rules = algorithms.flatMap((sseAlgorithm) =>
        (isHidden(values.sseAlgorithm) && sseAlgorithm === "AES256" ? ofKey.slice(0, 1) : keys).flatMap((key) =>
            dataEncryptions.flatMap((data) =>
                keyUses.map((keyUse) => ruleFrom(values, { sseAlgorithm, key, data, keyUse })),
            ),
        ),
    );
    return { rules, hidden };
}

interface RuleParts {
    readonly sseAlgorithm: string;
    readonly key: string | undefined;
    readonly data: string | undefined;
    readonly keyUse: string | undefined;
}

function ruleFrom({ unrecognized }: DeclaredRuleValues, { sseAlgorithm, key, data, keyUse }: RuleParts): ObservedRule {
    return canonicalizeRule({
        sseAlgorithm,
        ...(key !== undefined ? { kmsMasterKeyId: key } : {}),
        ...(data !== undefined ? { kmsDataEncryption: data } : {}),
        ...(keyUse === undefined ? {} : { bucketKeyEnabled: keyUse === "true" }),
        ...(unrecognized === undefined ? {} : { unrecognized }),
    });
}

/** A rule as a review shows it. */
export function ruleView(values: DeclaredRuleValues): RuleView {
    const { rules, hidden } = possibleRules(values, "before");
    const rule = rules[0] as ObservedRule;
    if (hidden.length === 0) {
        return {
            text: describeRule(rule),
            sseAlgorithm: rule.sseAlgorithm,
            ...(rule.kmsDataEncryption === undefined ? {} : { kmsDataEncryption: rule.kmsDataEncryption }),
            ...(rule.sseAlgorithm.startsWith("KMS")
                ? { key: keyIdentity(rule.kmsMasterKeyId) === undefined ? "service" : "given" }
                : {}),
        };
    }
    const { sseAlgorithm } = values;
    return {
        text: hiddenText(values),
        ...(typeof sseAlgorithm === "string" ? { sseAlgorithm } : {}),
        hidden,
    };
}

function hiddenText({ sseAlgorithm, kmsMasterKeyId, kmsDataEncryption }: DeclaredRuleValues): string {
    if (typeof sseAlgorithm !== "string") return `a rule with an algorithm that is ${hiddenWord(sseAlgorithm)}`;
    const key = isHidden(kmsMasterKeyId) ? ` with a key that is ${hiddenWord(kmsMasterKeyId)}` : "";
    const data = isHidden(kmsDataEncryption) ? `, data encryption ${hiddenWord(kmsDataEncryption)}` : "";
    return `${sseAlgorithm}${key}${data}`;
}

function hiddenWord(value: Visible): string {
    return value === secretValue ? "a secret" : "known at deployment only";
}
