import type { ServerSideEncryptionRule as S3Rule, ServerSideEncryptionConfiguration } from "@aws-sdk/client-s3";
import type { ObservedRule, ServerSideEncryptionRule } from "../../rule";

/** What S3 calls our algorithms; AES256 is called the same. */
const s3Names = { AES256: "AES256", SM4: undefined, KMS: "aws:kms", KMS_DSSE: "aws:kms:dsse" } as const;

/**
 * The one rule that a bucket's configuration holds, or `undefined` when it isn't such a configuration: services without bucket
 * encryption answer the question for it with whatever they take it for.
 */
export function ruleOf(configuration: ServerSideEncryptionConfiguration | undefined): S3Rule | undefined {
    const rules = configuration?.Rules;
    return rules?.length === 1 && rules[0]?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm ? rules[0] : undefined;
}

/**
 * The rule in this package's words. `BlockedEncryptionTypes` is left out: it says nothing about how new objects are encrypted
 * by default, and AWS sets it by itself.
 */
export function observedRule({
    ApplyServerSideEncryptionByDefault: byDefault,
    BucketKeyEnabled,
}: S3Rule): ObservedRule {
    const { SSEAlgorithm, KMSMasterKeyID } = byDefault ?? {};
    return {
        sseAlgorithm: algorithmOf(SSEAlgorithm),
        ...(KMSMasterKeyID ? { kmsMasterKeyId: KMSMasterKeyID } : {}),
        // What isn't said is off: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ServerSideEncryptionRule.html
        bucketKeyEnabled: BucketKeyEnabled ?? false,
    };
}

/** What S3 calls an algorithm, in this package's words; one that this version doesn't know stays as it is. */
export function algorithmOf(name: string | undefined): string {
    const known = Object.entries(s3Names).find(([, s3Name]) => s3Name === name);
    return known?.[0] ?? String(name);
}

/**
 * The configuration to write. It takes the place of the whole one that is there, so what the rule doesn't say is carried over
 * from that: a write must not, by the way, allow what was blocked.
 * @param present what the bucket has now
 */
export function encryptionConfiguration(
    rule: ServerSideEncryptionRule,
    present: S3Rule | undefined,
): ServerSideEncryptionConfiguration {
    const algorithm = s3Names[rule.sseAlgorithm];
    if (algorithm === undefined) throw new RangeError(`S3 has no algorithm ${rule.sseAlgorithm}`);
    const key = "kmsMasterKeyId" in rule ? rule.kmsMasterKeyId : undefined;
    // Two layers go without a bucket key: https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingDSSEncryption.html
    const kept = present?.BucketKeyEnabled === true && rule.sseAlgorithm !== "KMS_DSSE" ? true : undefined;
    const bucketKey = rule.bucketKeyEnabled ?? kept;
    const blocked = present?.BlockedEncryptionTypes;
    return {
        Rules: [
            {
                ApplyServerSideEncryptionByDefault: {
                    SSEAlgorithm: algorithm,
                    ...(key === undefined ? {} : { KMSMasterKeyID: key }),
                },
                ...(bucketKey === undefined ? {} : { BucketKeyEnabled: bucketKey }),
                ...(blocked?.EncryptionType?.length ? { BlockedEncryptionTypes: blocked } : {}),
            },
        ],
    };
}
