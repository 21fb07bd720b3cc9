import { notYetKnown } from "../../rule";
import { storeFamilies } from "../../stores";
import type { DeclarationReader } from "./declaration-reader";
import { type DeclaredRuleValues, declaredRuleIn } from "./declared-rule";
import { isHidden, visibleObject, visibleText } from "./hidden-value";
import type { ResourceEntry } from "./resource-entry";
import type { RuleDeclaration } from "./rule-declaration";

type Values = Readonly<Record<string, unknown>>;

/** `@pulumi/alicloud`: the rule as a resource of its own, and the block inside a bucket. */
export const alicloudReaders: readonly (readonly [string, DeclarationReader])[] = [
    [
        "alicloud:oss/bucketServerSideEncryption:BucketServerSideEncryption",
        (entry, values) => [{ ...common(entry, values), rule: declaredRuleIn(values), isBucket: false }],
    ],
    [
        "alicloud:oss/bucket:Bucket",
        (entry, values) => {
            const rule = visibleObject(values.serverSideEncryptionRule);
            return [{ ...common(entry, values), rule: inlineRule(rule), isBucket: true }];
        },
    ],
];

function common(entry: ResourceEntry, values: Values): Omit<RuleDeclaration, "rule" | "isBucket"> {
    return {
        urn: entry.urn,
        type: entry.type,
        store: storeFamilies.oss.name,
        bucket: visibleText(values.bucket) ?? visibleText(entry.id) ?? notYetKnown,
        access: providerAccess(entry),
        onDelete: entry.retainOnDelete === true ? "retain" : "remove",
        isLeftover: entry.delete === true,
    };
}

function inlineRule(rule: ReturnType<typeof visibleObject>): DeclaredRuleValues | undefined {
    if (rule === undefined) return undefined;
    return isHidden(rule) ? { sseAlgorithm: rule } : declaredRuleIn(rule as Values);
}

/** An explicit provider may stand for another account. Default providers differ by their version alone. */
export function providerAccess({ provider }: ResourceEntry): RuleDeclaration["access"] {
    const urn = provider?.slice(0, Math.max(provider.lastIndexOf("::"), 0)) ?? "";
    const name = urn.split("::").slice(3).join("::");
    return urn === "" ? {} : { provider: /^default(_[\d_]+)?$/.test(name) ? "default" : name };
}
