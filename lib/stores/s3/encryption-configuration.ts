import type {
    EncryptionType,
    ServerSideEncryptionRule as S3Rule,
    ServerSideEncryptionConfiguration,
} from "@aws-sdk/client-s3";
import type { ObservedRule, ServerSideEncryptionRule } from "../../rule";

/** What S3 calls our algorithms; AES256 is called the same. */
const s3Names = { AES256: "AES256", SM4: undefined, KMS: "aws:kms", KMS_DSSE: "aws:kms:dsse" } as const;

/**
 * The one rule that a bucket's configuration holds, or `undefined` when it is no such configuration: services without bucket
 * encryption answer with something else.
 */
export function defaultRuleIn(configuration: ServerSideEncryptionConfiguration | undefined): S3Rule | undefined {
    const rules = configuration?.Rules;
    return rules?.length === 1 && rules[0]?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm ? rules[0] : undefined;
}

/** The rule in this package's words. A setting that the service does not report is off. */
export function observedRule({
    ApplyServerSideEncryptionByDefault: byDefault,
    BucketKeyEnabled,
    BlockedEncryptionTypes: { EncryptionType: blocked = [] } = {},
}: S3Rule): ObservedRule {
    const { SSEAlgorithm, KMSMasterKeyID } = byDefault ?? {};
    return {
        sseAlgorithm: algorithmOf(SSEAlgorithm),
        ...(KMSMasterKeyID ? { kmsMasterKeyId: KMSMasterKeyID } : {}),
        // https://docs.aws.amazon.com/AmazonS3/latest/API/API_ServerSideEncryptionRule.html
        bucketKeyEnabled: BucketKeyEnabled ?? false,
        blockedEncryptionTypes: blocked.length > 0 ? [...blocked].sort() : ["NONE"],
    };
}

/** What S3 calls an algorithm, in this package's words; one that this version does not know stays as it is. */
export function algorithmOf(name: string | undefined): string {
    const known = Object.entries(s3Names).find(([, s3Name]) => s3Name === name);
    return known?.[0] ?? String(name);
}

/**
 * The configuration to write. It replaces the whole configuration, so settings that the rule leaves out are carried over: a write
 * must not allow what was blocked.
 * @param present what the bucket has now
 */
export function encryptionConfiguration(
    rule: ServerSideEncryptionRule,
    present: S3Rule | undefined,
): ServerSideEncryptionConfiguration {
    const algorithm = s3Names[rule.sseAlgorithm];
    if (algorithm === undefined) throw new RangeError(`S3 has no algorithm ${rule.sseAlgorithm}`);
    const key = rule.kmsMasterKeyId;
    // Two layers go without a bucket key: https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingDSSEncryption.html
    const kept = present?.BucketKeyEnabled === true && rule.sseAlgorithm !== "KMS_DSSE" ? true : undefined;
    const bucketKey = rule.bucketKeyEnabled ?? kept;
    const blocked = blockedTypes(rule.blockedEncryptionTypes, present?.BlockedEncryptionTypes?.EncryptionType ?? []);
    return {
        Rules: [
            {
                ApplyServerSideEncryptionByDefault: {
                    SSEAlgorithm: algorithm,
                    ...(key === undefined ? {} : { KMSMasterKeyID: key }),
                },
                ...(bucketKey === undefined ? {} : { BucketKeyEnabled: bucketKey }),
                ...(blocked.length > 0 && { BlockedEncryptionTypes: { EncryptionType: [...blocked] } }),
            },
        ],
    };
}

/** "NONE" is not sent where nothing is blocked: services other than AWS do not know the element. */
function blockedTypes(
    declared: readonly EncryptionType[] | undefined,
    present: EncryptionType[],
): readonly EncryptionType[] {
    if (declared === undefined) return present;
    return declared.includes("NONE") && present.length === 0 ? [] : declared;
}
