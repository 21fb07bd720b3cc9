import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import type {
    BucketEncryption,
    BucketEncryptionArgs,
    BucketEncryptionSetArgs,
    EncryptionBaselineArgs,
    RuleOverride,
} from "../../lib";

/**
 * The type check compiles this file: a combination that it should refuse and does not, and one that it should admit and does not, is
 * an error there.
 */
const declare = (...args: readonly BucketEncryptionArgs[]) => args;
const bucket = "logs";
const key = "key-1";
const later = pulumi.output("KMS");

describe("the types of arguments", () => {
    it("accept each combination that a kind of store has", () => {
        declare(
            { bucket, sseAlgorithm: "AES256" },
            { bucket, sseAlgorithm: "SM4", store: "oss" },
            { bucket, sseAlgorithm: "KMS" },
            { bucket, sseAlgorithm: "KMS", kmsMasterKeyId: key, kmsDataEncryption: "SM4" },
            { bucket, sseAlgorithm: "AES256", store: "s3", bucketKeyEnabled: true },
            { bucket, sseAlgorithm: "KMS", kmsMasterKeyId: key, store: "s3", blockedEncryptionTypes: ["SSE-C"] },
            { bucket, sseAlgorithm: "KMS_DSSE", store: "s3", forcePathStyle: true, deletionIsSafe: true },
            { bucket, sseAlgorithm: "KMS", kmsMasterKeyId: key, store: process.env.STORE === "s3" ? "s3" : "oss" },
            { bucket, sseAlgorithm: "AES256", region: "cn-hangzhou", account: { id: "1000000000000001" } },
            {
                bucket,
                sseAlgorithm: "AES256",
                atLeast: true,
                onDelete: "restore",
                existingRule: "fail",
                verifyKey: false,
            },
        );
    });

    it("accept values that are only known later, and leave them to the check", () => {
        declare(
            { bucket: pulumi.output(bucket), sseAlgorithm: "KMS", kmsMasterKeyId: pulumi.secret(key) },
            { bucket, sseAlgorithm: later },
            { bucket, sseAlgorithm: Promise.resolve("KMS"), kmsMasterKeyId: key, kmsDataEncryption: "SM4" },
            { bucket, sseAlgorithm: later, store: "s3", kmsMasterKeyId: key, bucketKeyEnabled: pulumi.output(true) },
            { bucket, sseAlgorithm: "AES256", store: pulumi.output("s3") },
            { bucket, sseAlgorithm: "KMS", kmsMasterKeyId: undefined, region: pulumi.output("cn-hangzhou") },
        );
    });

    it("reject a key with an algorithm that has none", () => {
        // @ts-expect-error AES256 has no key
        declare({ bucket, sseAlgorithm: "AES256", kmsMasterKeyId: key });
        // @ts-expect-error SM4 has no key
        declare({ bucket, sseAlgorithm: "SM4", kmsMasterKeyId: key });
        // @ts-expect-error an output is a key, too
        declare({ bucket, sseAlgorithm: "AES256", kmsMasterKeyId: pulumi.output(key) });
    });

    it("reject a misspelt algorithm, and a text that may be anything", () => {
        // @ts-expect-error Did you mean "AES256"?
        declare({ bucket, sseAlgorithm: "aes256" });
        // @ts-expect-error the name that S3's API has for KMS
        declare({ bucket, sseAlgorithm: "aws:kms", store: "s3" });
        // @ts-expect-error a text of the program's configuration
        declare({ bucket, sseAlgorithm: String(process.env.ALGORITHM) });
    });

    it("reject an algorithm that the kind of store does not have", () => {
        // @ts-expect-error two layers are S3's
        declare({ bucket, sseAlgorithm: "KMS_DSSE" });
        // @ts-expect-error SM4 is OSS's
        declare({ bucket, sseAlgorithm: "SM4", store: "s3" });
    });

    it("reject data encryption without KMS, and in S3", () => {
        // @ts-expect-error only with KMS
        declare({ bucket, sseAlgorithm: "AES256", kmsDataEncryption: "SM4" });
        // @ts-expect-error not in S3
        declare({ bucket, sseAlgorithm: "KMS", kmsDataEncryption: "SM4", store: "s3" });
        // @ts-expect-error leave it out for AES256
        declare({ bucket, sseAlgorithm: "KMS", kmsDataEncryption: "AES256" });
    });

    it("reject S3's settings in OSS", () => {
        // @ts-expect-error bucket keys are S3's
        declare({ bucket, sseAlgorithm: "KMS", bucketKeyEnabled: true });
        // @ts-expect-error so are blocked types
        declare({ bucket, sseAlgorithm: "AES256", blockedEncryptionTypes: ["SSE-C"] });
        // @ts-expect-error and addresses by path
        declare({ bucket, sseAlgorithm: "AES256", forcePathStyle: true });
    });

    it("reject other words than a choice has, a missing rule and a misspelt argument", () => {
        // @ts-expect-error adopt, overwrite or fail
        declare({ bucket, sseAlgorithm: "AES256", existingRule: "replace" });
        // @ts-expect-error SSE-C or NONE
        declare({ bucket, sseAlgorithm: "AES256", store: "s3", blockedEncryptionTypes: ["SSE-D"] });
        // @ts-expect-error the algorithm is required
        declare({ bucket });
        // @ts-expect-error kmsMasterKeyId
        declare({ bucket, sseAlgorithm: "KMS", kmsMasterKeyID: key });
    });

    it("hold for sets, overrides and baselines", () => {
        const set: BucketEncryptionSetArgs = {
            buckets: [bucket],
            sseAlgorithm: "KMS",
            kmsMasterKeyId: key,
            atLeast: true,
        };
        const override: RuleOverride = { sseAlgorithm: "SM4", reason: "a regulator" };
        const baseline: EncryptionBaselineArgs = {
            select: { all: true },
            sseAlgorithm: "AES256",
            atLeast: true,
            overrides: { logs: { ...override, reason: "a regulator" } },
        };
        // @ts-expect-error AES256 has no key
        const wrongSet: BucketEncryptionSetArgs = { buckets: [bucket], sseAlgorithm: "AES256", kmsMasterKeyId: key };
        // @ts-expect-error SM4 has no key
        const wrongOverride: RuleOverride = { sseAlgorithm: "SM4", kmsMasterKeyId: key };
        // @ts-expect-error two layers are S3's
        const wrongBaseline: EncryptionBaselineArgs = { select: { all: true }, sseAlgorithm: "KMS_DSSE" };
        expect([set, baseline, wrongSet, wrongOverride, wrongBaseline]).to.have.length(5);
    });

    it("give outputs literal types", () => {
        type Outputs = Pick<BucketEncryption, "sseAlgorithm" | "store" | "onDelete" | "bucketKeyEnabled" | "bucket">;
        const check = ({ sseAlgorithm, store, onDelete, bucketKeyEnabled, bucket: name }: Outputs) => {
            const algorithm: pulumi.Output<"AES256" | "KMS" | "SM4" | "KMS_DSSE"> = sseAlgorithm;
            const kind: pulumi.Output<"oss" | "s3" | undefined> = store;
            const deletion: pulumi.Output<"remove" | "restore" | "retain" | undefined> = onDelete;
            const isOn: pulumi.Output<boolean | undefined> = bucketKeyEnabled;
            const text: pulumi.Output<string> = name;
            return [algorithm, kind, deletion, isOn, text];
        };
        expect(check).to.be.a("function");
    });
});
