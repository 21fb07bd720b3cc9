import {
    bucketEncryptionSetTypes,
    bucketEncryptionTypes,
    type MembersSince,
    unpackColumns,
    unpackMembers,
} from "../../declaration";
import { notYetKnown } from "../../rule";
import { defaultStoreFamily, storeFamilyOf } from "../../stores";
import { declaredAccess, declaredService } from "./account-access";
import type { DeclarationReader } from "./declaration-reader";
import { type DeclaredRuleValues, declaredRuleIn } from "./declared-rule";
import { isHidden, visibleObject, visibleText } from "./hidden-value";
import type { ResourceEntry } from "./resource-entry";
import type { RuleDeclaration } from "./rule-declaration";

type Values = Readonly<Record<string, unknown>>;

export const ownReaders: readonly (readonly [string, DeclarationReader])[] = [
    ...bucketEncryptionTypes.map((type) => [type, singleDeclaration] as const),
    ...bucketEncryptionSetTypes.map((type) => [type, setDeclarations] as const),
];

/** Properties of a set by which its rules or its buckets change. */
export const setNames = ["members", "membersSince", "overrides", "atLeast", "held"];

function singleDeclaration(entry: ResourceEntry, values: Values): readonly RuleDeclaration[] {
    return [
        {
            ...shared(entry, values, "remove"),
            bucket: visibleText(values.bucket) ?? visibleText(entry.id) ?? notYetKnown,
            rule: declaredRuleIn(values),
            previousRule: foundRule(entry.outputs?.previousRule),
        },
    ];
}

function setDeclarations(entry: ResourceEntry, values: Values): readonly RuleDeclaration[] {
    const common = shared(entry, values, "retain");
    const rule = declaredRuleIn(values);
    const members = visibleText(values.members);
    const since = visibleObject(values.membersSince);
    const isSeen = typeof members === "string" && !isHidden(since);
    const names = isSeen ? unpackMembers({ members, membersSince: (since ?? {}) as MembersSince })?.keys() : undefined;
    if (names === undefined) return [{ ...common, bucket: notYetKnown, rule }];
    const buckets = [...names];
    const found = unpackColumns<{ rule?: unknown; previous?: unknown }>(buckets, visibleText(values.held));
    const overrides = visibleObject(values.overrides);
    return buckets.map((bucket) => {
        const declared = ruleOfMember(bucket, rule, overrides);
        const member = found?.get(bucket);
        return {
            ...common,
            bucket,
            // A reading that found no rule there leaves nothing that could get weaker.
            rule: member === undefined ? declared : foundRule(member.rule),
            previousRule: foundRule(member?.previous),
        };
    });
}

function ruleOfMember(
    bucket: string,
    shared: DeclaredRuleValues,
    overrides: ReturnType<typeof visibleObject>,
): DeclaredRuleValues {
    if (isHidden(overrides)) return { sseAlgorithm: overrides };
    if (overrides === undefined || !Object.hasOwn(overrides, bucket)) return shared;
    const own = visibleObject((overrides as Values)[bucket]);
    return own === undefined ? shared : isHidden(own) ? { sseAlgorithm: own } : declaredRuleIn(own as Values);
}

/** @param byDefault what a deletion does where nothing says it */
function shared(entry: ResourceEntry, values: Values, byDefault: "remove" | "retain") {
    const existingRule = visibleText(values.existingRule);
    const family = storeFamilyOf(visibleText(values.store)) ?? defaultStoreFamily;
    return {
        urn: entry.urn,
        type: entry.type,
        store: family.name,
        isBucket: false,
        access: { ...declaredAccess(values.account), service: declaredService(family, values) },
        isMinimum: values.atLeast === true,
        mayOverwrite: existingRule === "overwrite" || isHidden(existingRule),
        onDelete: onDeleteOf(entry, values, byDefault),
        isLeftover: entry.delete === true,
    } as const;
}

function onDeleteOf(
    { retainOnDelete }: ResourceEntry,
    values: Values,
    byDefault: "remove" | "retain",
): RuleDeclaration["onDelete"] {
    if (retainOnDelete === true) return "retain";
    const choice = visibleText(values.onDelete);
    if (choice === "restore" || choice === "retain" || choice === "remove" || isHidden(choice)) return choice;
    return byDefault;
}

/** A rule that a service reported, and that a state keeps. */
function foundRule(value: unknown): DeclaredRuleValues | undefined {
    const rule = visibleObject(value);
    if (rule === undefined) return undefined;
    return isHidden(rule) ? { sseAlgorithm: rule } : declaredRuleIn(rule as Values);
}
