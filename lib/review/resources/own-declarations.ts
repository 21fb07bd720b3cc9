import { notYetKnown } from "../../rule";
import { isHidden, type Visible, visibleObject, visibleText } from "./hidden-value";
import type { DeclarationReader } from "./read-declarations";
import type { ResourceEntry } from "./resource-entry";
import type { DeclaredRuleValues, RuleDeclaration } from "./rule-declaration";

type Values = Readonly<Record<string, unknown>>;

/** Properties that say on whose behalf a bucket is reached. */
export const accessNames = ["account", "accountId", "expectedAccount", "profile", "role", "roleArn", "assumeRole"];

/** The types of this package; a test holds them against `lib/pulumi`, which this room doesn't import. */
export const ownTypes = {
    bucketEncryption: "pulumi-nodejs:dynamic/bucket-encryption:BucketEncryption",
    bucketEncryptionSet: "pulumi-nodejs:dynamic/bucket-encryption:BucketEncryptionSet",
} as const;

export const ownReaders: readonly (readonly [string, DeclarationReader])[] = [
    [ownTypes.bucketEncryption, (entry, values) => [declaration(entry, values)]],
];

function declaration(entry: ResourceEntry, values: Values): RuleDeclaration {
    const bucket = visibleText(values.bucket) ?? visibleText(entry.id);
    const access = accessNames.map((name) => [name, visibleAccess(values[name])] as const);
    return {
        urn: entry.urn,
        type: entry.type,
        store: visibleText(values.store) === "s3" ? "s3" : "oss",
        bucket: bucket ?? notYetKnown,
        rule: ruleValues(values),
        isBucket: false,
        access: Object.fromEntries(access.filter(([, value]) => value !== undefined)),
        onDelete: onDeleteOf(entry, values),
        previousRule: previousRuleOf(entry.outputs?.previousRule),
        isLeftover: entry.delete === true,
    };
}

function ruleValues(values: Values): DeclaredRuleValues {
    return {
        sseAlgorithm: visibleText(values.sseAlgorithm),
        kmsMasterKeyId: visibleText(values.kmsMasterKeyId),
        kmsDataEncryption: visibleText(values.kmsDataEncryption),
        bucketKeyEnabled: visibleText(values.bucketKeyEnabled),
        ...unrecognizedFields(values.unrecognized),
    };
}

function unrecognizedFields(value: unknown): Pick<DeclaredRuleValues, "unrecognized"> {
    const fields = visibleObject(value);
    if (fields === undefined) return {};
    if (isHidden(fields)) return { unrecognized: { unrecognized: "(hidden)" } };
    return { unrecognized: Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, String(field)])) };
}

function visibleAccess(value: unknown): Visible {
    const object = typeof value === "object" ? visibleObject(value) : undefined;
    return object === undefined || isHidden(object) ? visibleText(value) : JSON.stringify(object);
}

function onDeleteOf({ retainOnDelete }: ResourceEntry, values: Values): RuleDeclaration["onDelete"] {
    if (retainOnDelete === true) return "retain";
    const choice = visibleText(values.onDelete);
    if (choice === "restore" || choice === "retain" || isHidden(choice)) return choice;
    return "remove";
}

function previousRuleOf(value: unknown): DeclaredRuleValues | undefined {
    const rule = visibleObject(value);
    if (rule === undefined) return undefined;
    return isHidden(rule) ? { sseAlgorithm: rule } : ruleValues(rule as Values);
}
