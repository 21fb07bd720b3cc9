import fc from "fast-check";
import type { ObservedRule, ServerSideEncryptionRule } from "../../lib/rule";

/** A key as KMS writes it: an id, an alias or an ARN. */
export const kmsKey = fc.oneof(
    fc.uuid(),
    fc.stringMatching(/^key-[a-z0-9]{8,20}$/),
    fc.stringMatching(/^alias\/[a-z0-9/_-]{1,20}$/),
    fc.uuid().map((id) => `acs:kms:cn-hangzhou:1000000000000001:key/${id}`),
    fc.uuid().map((id) => `arn:aws:kms:eu-central-1:100000000001:key/${id}`),
);

/** Every rule that can be declared for OSS. */
export const declarableRule: fc.Arbitrary<ServerSideEncryptionRule> = fc.oneof(
    fc.constantFrom<ServerSideEncryptionRule>({ sseAlgorithm: "AES256" }, { sseAlgorithm: "SM4" }),
    fc.record(
        {
            sseAlgorithm: fc.constant("KMS" as const),
            kmsMasterKeyId: kmsKey,
            kmsDataEncryption: fc.constant("SM4" as const),
        },
        { requiredKeys: ["sseAlgorithm"] },
    ),
);

/** Rules as a service may report them: with empty fields, written-out defaults, and fields that nobody knows yet. */
export const observedRule: fc.Arbitrary<ObservedRule> = fc.record(
    {
        sseAlgorithm: fc.constantFrom("AES256", "KMS", "SM4", "KMS_DSSE", "SM9"),
        kmsMasterKeyId: fc.oneof(fc.constant(""), kmsKey),
        kmsDataEncryption: fc.constantFrom("", "SM4", "AES256"),
        unrecognized: fc.dictionary(
            fc.constantFrom("BucketKeyEnabled", "Scope"),
            fc.constantFrom("", "true", "objects"),
        ),
    },
    { requiredKeys: ["sseAlgorithm"] },
);

/** Every rule that one store or another can hold, with all that it can say. */
export const anyStoresRule: fc.Arbitrary<ServerSideEncryptionRule> = fc.oneof(
    declarableRule,
    fc
        .tuple(
            fc.oneof(
                fc.constant<ServerSideEncryptionRule>({ sseAlgorithm: "AES256" }),
                fc.record(
                    { sseAlgorithm: fc.constantFrom("KMS" as const, "KMS_DSSE" as const), kmsMasterKeyId: kmsKey },
                    { requiredKeys: ["sseAlgorithm"] },
                ),
            ),
            fc.boolean(),
            fc.constantFrom(undefined, ["SSE-C"] as const, ["NONE"] as const),
        )
        .map(([rule, bucketKeyEnabled, blockedEncryptionTypes]) => ({
            ...rule,
            bucketKeyEnabled,
            ...(blockedEncryptionTypes && { blockedEncryptionTypes }),
        })),
);
