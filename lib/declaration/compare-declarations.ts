import {
    canonicalValue,
    isAsDeclared,
    isStronger,
    type KeyIdentity,
    keyIdentity,
    observedRuleOf,
    rowsOf,
    rulePropertyNames,
} from "../rule";
import { argumentNames, declarationArguments, outputs } from "./argument-rows";
import type { Properties } from "./declaration";

const rows = new Map<string, ReturnType<typeof rowsOf>[number][1]>(rowsOf({ ...declarationArguments, ...outputs }));

/** The canonical form: empty values are left out, within objects and lists only `null` is, and lists of choices are sorted. */
export function canonicalInputs(declared: Properties): Properties {
    const present = Object.entries(declared).filter(
        ([, value]) => value !== undefined && value !== null && value !== "",
    );
    return Object.fromEntries(
        present.map(([name, value]) => [
            name,
            rows.get(name)?.type === "choices" ? canonicalValue(value) : withoutNulls(value),
        ]),
    );
}

function withoutNulls(value: unknown): unknown {
    if (!isObject(value)) return value;
    if (Array.isArray(value)) return value.map(withoutNulls);
    const present = Object.entries(value).filter(([, member]) => member !== undefined && member !== null);
    return Object.fromEntries(present.map(([name, member]) => [name, withoutNulls(member)]));
}

/**
 * The names of the properties in which a state and inputs differ. A value that is not known yet differs from every other. With
 * `atLeast`, a rule that is stronger than the declared one is no difference. `writtenRule` differs where it is all that a deployment clears.
 * @param defaultStore the meaning of an absent `store`
 */
export function changedProperties(
    state: Properties,
    inputs: Properties,
    identity: KeyIdentity = keyIdentity,
    defaultStore?: string,
): string[] {
    const before = comparable(state, identity, defaultStore);
    const after = comparable(inputs, identity, defaultStore);
    const names = new Set([...argumentNames, ...Object.keys(before), ...Object.keys(after)]);
    const isKept = (name: string) => after[name] === undefined && rows.get(name)?.keptWhenAbsent === true;
    const changed = [...names].filter((name) => !isSameValue(before[name], after[name]) && !isKept(name));
    const shown = keepsStronger(state, inputs, identity) ? changed.filter((name) => !isOfRule(name)) : changed;
    return shown.length === 0 && declaresForeignRule(state, inputs, identity) ? ["writtenRule"] : shown;
}

/** Whether inputs declare exactly the rule that replaced the written one outside the stack. A deployment of them makes it the stack's. */
function declaresForeignRule(state: Properties, inputs: Properties, identity: KeyIdentity): boolean {
    if (state.writtenRule === undefined) return false;
    const [found, declared] = [observedRuleOf(state), observedRuleOf(inputs)];
    return found !== undefined && declared !== undefined && isAsDeclared(found, declared, identity);
}

function keepsStronger(state: Properties, inputs: Properties, identity: KeyIdentity): boolean {
    if (inputs.atLeast !== true || rulePropertyNames.some((name) => typeof inputs[name] === "symbol")) return false;
    const [found, declared] = [observedRuleOf(state), observedRuleOf(inputs)];
    return found !== undefined && declared !== undefined && isStronger(found, declared, identity);
}

export function isOfRule(name: string): boolean {
    return (rulePropertyNames as readonly string[]).includes(name);
}

/** The properties that are not about the rule. */
export function withoutRule(properties: Properties): Properties {
    return Object.fromEntries(
        Object.entries(properties).filter(([name]) => !isOfRule(name) && name !== "unrecognized"),
    );
}

/** Whether two properties have one value. Objects are the same when their members are. The order does not matter. */
export function isSameValue(one: unknown, other: unknown): boolean {
    if (!isObject(one) || !isObject(other)) return one === other;
    if (Array.isArray(one) !== Array.isArray(other)) return false;
    const names = new Set([...Object.keys(one), ...Object.keys(other)]);
    return [...names].every((name) => isSameValue(one[name], other[name]));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
    return typeof value === "object" && value !== null;
}

/** The properties that count in a comparison: without explicit defaults, creation-only arguments, and outputs. */
function comparable(properties: Properties, identity: KeyIdentity, defaultStore: string | undefined): Properties {
    const compared = Object.entries(canonicalInputs(properties)).map(([name, value]): [string, unknown] => [
        name,
        name === "kmsMasterKeyId" && typeof value === "string" ? identity(value) : value,
    ]);
    return Object.fromEntries(
        compared.filter(([name, value]) => {
            const row = rows.get(name);
            const isIgnored = row?.onlyOnCreation === true || (row?.role === "output" && name !== "unconfirmed");
            return !isIgnored && value !== (name === "store" ? defaultStore : row?.default);
        }),
    );
}
