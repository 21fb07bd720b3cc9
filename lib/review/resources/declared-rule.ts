import { type RulePropertyName, rowsOf, ruleArguments } from "../../rule";
import { valueText } from "../../text";
import { isHidden, type Visible, visibleList, visibleObject, visibleText } from "./hidden-value";

/** A rule as a resource declares it: any value may be hidden. The others are texts, such as `true`, or `SSE-C` for a list of one. */
export type DeclaredRuleValues = { readonly [name in RulePropertyName]?: Visible } & {
    readonly sseAlgorithm: Visible;
    readonly unrecognized?: Readonly<Record<string, string>>;
};

/** The rule in properties that are called as the arguments of a rule are. */
export function declaredRuleIn(values: Readonly<Record<string, unknown>>): DeclaredRuleValues {
    const texts = rowsOf(ruleArguments).map(([name, { type }]) => [
        name,
        type === "choices" ? visibleList(values[name]) : visibleText(values[name]),
    ]);
    return { sseAlgorithm: undefined, ...Object.fromEntries(texts), ...unrecognizedFields(values.unrecognized) };
}

function unrecognizedFields(value: unknown): Pick<DeclaredRuleValues, "unrecognized"> {
    const fields = visibleObject(value);
    if (fields === undefined) return {};
    if (isHidden(fields)) return { unrecognized: { unrecognized: "(hidden)" } };
    return {
        unrecognized: Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, valueText(field)])),
    };
}
