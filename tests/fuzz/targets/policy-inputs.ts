import { encryptionPolicies, expectedAccounts } from "../../../lib/policy";
import {
    kmsKey,
    ossBucket,
    ossEncryption,
    ourSet,
    ours,
    PolicyUnderTest,
    s3Bucket,
    s3BucketV2,
    s3Encryption,
} from "../../policy/judged-resources";
import { Defect, defectIn, type FuzzTarget, propertiesOf } from "../fuzz-target";

const types = [ours, ourSet, ossBucket, ossEncryption, kmsKey, s3Bucket, s3BucketV2, s3Encryption];

async function judged(
    policy: object,
    config: object,
    props: Readonly<Record<string, unknown>>,
    type: string,
): Promise<void> {
    const isOfStack = "validateStack" in policy;
    const subject = new PolicyUnderTest(policy, config);
    const resource = { type, props, name: "thing" };
    const { violations } = isOfStack ? await subject.judgeStack([resource]) : await subject.judge(resource);
    const defect = violations.map(defectIn).find((one) => one !== undefined);
    if (defect !== undefined) throw new Defect(defect);
}

/** What policies read: resources of any program, and the stack's configuration. */
export const policyInputs: readonly FuzzTarget[] = [
    {
        name: "judged-resource",
        samples: () => [
            JSON.stringify({
                bucket: "logs",
                sseAlgorithm: "KMS",
                kmsMasterKeyId: "key-1",
                account: { id: "1000000000000001", roleArn: "acs:ram::1000000000000001:role/x" },
                onDelete: "remove",
                serverSideEncryptionRule: { sseAlgorithm: "AES256" },
                overrides: { photos: { sseAlgorithm: "SM4" } },
                buckets: ["logs", "photos"],
            }),
            JSON.stringify({
                bucket: "logs",
                rules: [
                    {
                        applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: "k" },
                        bucketKeyEnabled: true,
                    },
                ],
                serverSideEncryptionConfiguration: {
                    rule: { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } },
                },
                tags: { stage: "production" },
            }),
        ],
        open: () => {
            const policies = encryptionPolicies();
            return {
                async read(input) {
                    const props = propertiesOf(input);
                    if (props === undefined) return;
                    const type = types[input.length % types.length] as string;
                    for (const policy of policies) await judged(policy, {}, props, type);
                },
            };
        },
    },
    {
        name: "policy-stack-configuration",
        samples: () => [
            JSON.stringify({
                "bucket-encryption:account": JSON.stringify({ id: "1000000000000001", roleArn: "acs:ram::1:role/x" }),
                "bucket-encryption:allowedAccountIds": '["1000000000000001"]',
            }),
        ],
        open: () => ({
            async read(input) {
                const { PULUMI_CONFIG: former } = process.env;
                process.env.PULUMI_CONFIG = input.toString().replaceAll("\0", "");
                try {
                    await judged(expectedAccounts(), { accounts: ["1000000000000001"] }, { bucket: "logs" }, ours);
                } finally {
                    if (former === undefined) delete process.env.PULUMI_CONFIG;
                    else process.env.PULUMI_CONFIG = former;
                }
            },
        }),
    },
];
