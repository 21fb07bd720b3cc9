import {
    type ArgumentRow,
    canonicalizeRule,
    describeRule,
    keyIdentity,
    notYetKnown,
    type ObservedRule,
    type RulePropertyName,
    rowsOf,
    ruleArguments,
} from "../../rule";
import type { DeclaredRuleValues } from "../resources/declared-rule";
import { type Hidden, isHidden, secretValue, type Visible } from "../resources/hidden-value";
import type { RuleView } from "./encryption-change";

/** Every rule that a partly hidden rule may be, as far as their strength differs. */
export interface PossibleRules {
    /** Never empty. One, where nothing is hidden. */
    readonly rules: readonly ObservedRule[];
    /** Names of the properties that are hidden. */
    readonly hidden: readonly string[];
}

/** The arguments of a rule beside the algorithm and the key, which depend on each other. */
const settingRows = rowsOf(ruleArguments).filter(([name]) => name !== "sseAlgorithm" && name !== "kmsMasterKeyId");

/** @param side makes a hidden key differ from the one on the other side: whether they are the same is not known */
export function possibleRules(values: DeclaredRuleValues, side: "before" | "after"): PossibleRules {
    const hidden: string[] = [];
    const choices = <T extends Text>(name: string, value: T | Hidden, stands: readonly T[]): readonly T[] => {
        if (!isHidden(value)) return [value];
        hidden.push(name);
        return stands;
    };
    // No bucket can have a rule without an algorithm, so the algorithm is unknown.
    const algorithms = choices<string>("sseAlgorithm", values.sseAlgorithm ?? notYetKnown, ["AES256", "KMS"]);
    const someKey = [undefined, `(a hidden key, ${side})`];
    const ofKey = choices<Text>("kmsMasterKeyId", values.kmsMasterKeyId, someKey);
    const keys = algorithms.length > 1 ? [...new Set([...ofKey, ...someKey])] : ofKey;
    const settings = settingRows.reduce<readonly Texts[]>(
        (found, [name, row]) => {
            const texts = choices<Text>(name, values[name], textsOf(row));
            return found.flatMap((others) => texts.map((text) => ({ ...others, [name]: text })));
        },
        [{}],
    );
    const rules = algorithms.flatMap((sseAlgorithm) => {
        const fitting = isHidden(values.sseAlgorithm) && sseAlgorithm === "AES256" ? ofKey.slice(0, 1) : keys;
        return fitting.flatMap((kmsMasterKeyId) =>
            settings.map((others) => ruleFrom({ ...others, sseAlgorithm, kmsMasterKeyId }, values)),
        );
    });
    return { rules, hidden };
}

type Text = string | undefined;
type Texts = { readonly [name in RulePropertyName]?: Text };

/** Every value that an argument may have. */
function textsOf({ type, values = [], keptWhenAbsent }: ArgumentRow): readonly Text[] {
    const all = type === "boolean" ? ["false", "true"] : values;
    return keptWhenAbsent ? all : [undefined, ...all];
}

function ruleFrom(
    texts: Texts & { readonly sseAlgorithm: string },
    { unrecognized }: DeclaredRuleValues,
): ObservedRule {
    const values = rowsOf(ruleArguments).map(([name, { type }]) => {
        const text = texts[name];
        const isPlain = text === undefined || (type !== "boolean" && type !== "choices");
        return [name, isPlain ? text : type === "boolean" ? text === "true" : text.split(",")];
    });
    return canonicalizeRule({
        ...Object.fromEntries(values),
        sseAlgorithm: texts.sseAlgorithm,
        ...(unrecognized && { unrecognized }),
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
