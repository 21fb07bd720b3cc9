import { notYetKnown } from "../../rule";
import { storeFamilies } from "../../stores";
import { providerAccess } from "./alicloud-declarations";
import type { DeclarationReader } from "./declaration-reader";
import { type DeclaredRuleValues, declaredRuleIn } from "./declared-rule";
import { isHidden, type Visible, visibleObject, visibleText } from "./hidden-value";
import type { ResourceEntry } from "./resource-entry";
import type { RuleDeclaration } from "./rule-declaration";

type Values = Readonly<Record<string, unknown>>;

const configurationTypes = [
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2",
];
const bucketTypes = ["aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"];

/** `@pulumi/aws`: the configuration as a resource of its own, and the block inside a bucket of either generation. */
export const awsReaders: readonly (readonly [string, DeclarationReader])[] = [
    ...configurationTypes.map((type) => [type, configuration] as const),
    ...bucketTypes.map((type) => [type, bucket] as const),
];

function configuration(entry: ResourceEntry, values: Values): readonly RuleDeclaration[] {
    const rule = declaredAwsRule(visibleObject(values.rules)) ?? { sseAlgorithm: undefined };
    return [{ ...common(entry, values), rule, isBucket: false }];
}

function bucket(entry: ResourceEntry, values: Values): readonly RuleDeclaration[] {
    const inline = firstOf(
        visibleObject(values.serverSideEncryptionConfiguration ?? values.serverSideEncryptionConfigurations),
    );
    const rule: DeclaredRuleValues | undefined = isHidden(inline)
        ? { sseAlgorithm: inline }
        : inlineRule(inline as Values | undefined);
    return [{ ...common(entry, values), rule, isBucket: true }];
}

function inlineRule(block: Values | undefined): DeclaredRuleValues | undefined {
    return declaredAwsRule(visibleObject(block?.rule ?? block?.rules));
}

function common(entry: ResourceEntry, values: Values): Omit<RuleDeclaration, "rule" | "isBucket"> {
    const owner = visibleText(values.expectedBucketOwner);
    return {
        urn: entry.urn,
        type: entry.type,
        store: storeFamilies.s3.name,
        bucket: visibleText(values.bucket) ?? bucketOfId(entry.id) ?? notYetKnown,
        access: { ...providerAccess(entry), ...(owner === undefined ? {} : { account: owner }) },
        onDelete: entry.retainOnDelete === true ? "retain" : "remove",
        isLeftover: entry.delete === true,
    };
}

/** A configuration's id is `bucket` or `bucket,owner`. */
function bucketOfId(id: string | undefined): Visible {
    return visibleText(id?.split(",")[0]);
}

/** A list of one element, or the element itself, as the generations of the provider differ. */
function firstOf(value: ReturnType<typeof visibleObject>): ReturnType<typeof visibleObject> {
    return Array.isArray(value) ? visibleObject(value[0]) : value;
}

function declaredAwsRule(rules: ReturnType<typeof visibleObject>): DeclaredRuleValues | undefined {
    const rule = firstOf(rules);
    if (rule === undefined) return undefined;
    if (isHidden(rule)) return { sseAlgorithm: rule };
    const { applyServerSideEncryptionByDefault, ...settings } = rule as Values;
    const byDefault = firstOf(visibleObject(applyServerSideEncryptionByDefault));
    if (byDefault === undefined) return undefined;
    if (isHidden(byDefault)) return { sseAlgorithm: byDefault };
    const { sseAlgorithm, kmsMasterKeyId, ...declared } = declaredRuleIn({ ...settings, ...byDefault });
    return { ...declared, sseAlgorithm: algorithmOf(sseAlgorithm), kmsMasterKeyId: withoutServiceKey(kmsMasterKeyId) };
}

/** The words of the design for those of the API. */
function algorithmOf(algorithm: Visible): Visible {
    return algorithm === "aws:kms" ? "KMS" : algorithm === "aws:kms:dsse" ? "KMS_DSSE" : algorithm;
}

function withoutServiceKey(key: Visible): Visible {
    return typeof key === "string" && /^(arn:[^:]*:kms:[^:]*:[^:]*:)?alias\/aws\/s3$/.test(key) ? undefined : key;
}
