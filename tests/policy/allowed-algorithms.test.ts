import { Secret } from "@pulumi/policy";
import { expect } from "chai";
import { allowedAlgorithms } from "../../lib/policy";
import {
    type Declared,
    ossBucket,
    ossEncryption,
    ours,
    PolicyUnderTest,
    s3Bucket,
    s3BucketV2,
    s3Encryption,
    unknownText,
} from "./judged-resources";

/** Each way to declare a rule, by the resource's type. */
const waysToDeclare: Readonly<Record<string, (algorithm: string, key?: string) => Declared>> = {
    BucketEncryption: (sseAlgorithm, kmsMasterKeyId) => ({
        type: ours,
        props: { bucket: "logs", sseAlgorithm, ...(kmsMasterKeyId === undefined ? {} : { kmsMasterKeyId }) },
    }),
    "alicloud BucketServerSideEncryption": (sseAlgorithm, kmsMasterKeyId) => ({
        type: ossEncryption,
        props: { bucket: "logs", sseAlgorithm, kmsMasterKeyId },
    }),
    "the inline rule of an alicloud Bucket": (sseAlgorithm, kmsMasterKeyId) => ({
        type: ossBucket,
        props: { bucket: "logs", serverSideEncryptionRule: { sseAlgorithm, kmsMasterKeyId } },
    }),
};

const awsRule = (sseAlgorithm: string, kmsMasterKeyId?: string) => ({ sseAlgorithm, kmsMasterKeyId });
const waysToDeclareOnAws: Readonly<Record<string, (algorithm: string, key?: string) => Declared>> = {
    "aws BucketServerSideEncryptionConfiguration": (algorithm, key) => ({
        type: s3Encryption,
        props: { bucket: "logs", rules: [{ applyServerSideEncryptionByDefault: awsRule(algorithm, key) }] },
    }),
    "the inline rule of an aws Bucket": (algorithm, key) => ({
        type: s3Bucket,
        props: {
            bucket: "logs",
            serverSideEncryptionConfiguration: {
                rule: { applyServerSideEncryptionByDefault: awsRule(algorithm, key) },
            },
        },
    }),
    "the inline rule of an aws BucketV2": (algorithm, key) => ({
        type: s3BucketV2,
        props: {
            bucket: "logs",
            serverSideEncryptionConfigurations: [
                { rules: [{ applyServerSideEncryptionByDefaults: [awsRule(algorithm, key)] }] },
            ],
        },
    }),
};

describe("the policy allowed-algorithms", () => {
    for (const [way, declare] of Object.entries(waysToDeclare)) {
        it(`takes AES256, SM4 and KMS for encryption in ${way}, and nothing else`, async () => {
            const policy = new PolicyUnderTest(allowedAlgorithms());
            for (const algorithm of ["AES256", "SM4", "KMS"])
                expect((await policy.judge(declare(algorithm))).violations, algorithm).to.deep.equal([]);
            expect((await policy.judge(declare("None"))).violations).to.deep.equal([
                "None is not among the allowed algorithms: AES256, SM4, KMS, KMS_DSSE",
            ]);
        });

        it(`rejects an algorithm that is not allowed in ${way}`, async () => {
            const policy = new PolicyUnderTest(allowedAlgorithms(), { algorithms: ["KMS"] });
            expect((await policy.judge(declare("KMS", "key-1"))).violations).to.deep.equal([]);
            expect((await policy.judge(declare("SM4"))).violations).to.deep.equal([
                "SM4 is not among the allowed algorithms: KMS",
            ]);
        });

        it(`leaves an unknown algorithm in ${way} to the deployment`, async () => {
            const policy = new PolicyUnderTest(allowedAlgorithms());
            expect(await policy.judge(declare(unknownText))).to.deep.equal({
                violations: [],
                warning:
                    "decided at deployment: sseAlgorithm is not known yet, so this preview cannot determine whether the algorithm is allowed",
            });
        });

        it(`replaces SM4 by KMS in ${way}, and keeps SM4 for the data`, async () => {
            const policy = new PolicyUnderTest(allowedAlgorithms(), { algorithms: ["KMS"] });
            const mended = await policy.remediate(declare("SM4"));
            const rule = (mended?.serverSideEncryptionRule ?? mended) as Record<string, unknown>;
            expect(rule).to.include({ sseAlgorithm: "KMS", kmsDataEncryption: "SM4" });
        });
    }

    for (const [way, declare] of Object.entries(waysToDeclareOnAws)) {
        it(`names the algorithms of ${way} in this package's terms`, async () => {
            const policy = new PolicyUnderTest(allowedAlgorithms(), { algorithms: ["KMS", "KMS_DSSE"] });
            expect((await policy.judge(declare("aws:kms"))).violations).to.deep.equal([]);
            expect((await policy.judge(declare("aws:kms:dsse"))).violations).to.deep.equal([]);
            expect((await policy.judge(declare("AES256"))).violations).to.have.length(1);
        });

        it(`corrects ${way} in the provider's terms`, async () => {
            const policy = new PolicyUnderTest(allowedAlgorithms(), { algorithms: ["KMS"] });
            const before = declare("AES256");
            const mended = await policy.remediate(before);
            expect(JSON.parse(JSON.stringify(mended))).to.deep.equal(
                JSON.parse(JSON.stringify(declare("aws:kms").props)),
            );
        });
    }

    it("rejects a data encryption that is not allowed", async () => {
        const policy = new PolicyUnderTest(allowedAlgorithms(), { dataEncryption: ["SM4"] });
        const resource = { type: ours, props: { bucket: "logs", sseAlgorithm: "KMS" } };
        expect((await policy.judge(resource)).violations).to.deep.equal([
            "data encryption AES256 is not among the allowed data encryptions: SM4",
        ]);
        expect(await policy.remediate(resource)).to.include({ sseAlgorithm: "KMS", kmsDataEncryption: "SM4" });
    });

    it("reports unknown data encryption only where it matters", async () => {
        const resource = { type: ours, props: { bucket: "logs", sseAlgorithm: "KMS", kmsDataEncryption: unknownText } };
        expect(await new PolicyUnderTest(allowedAlgorithms()).judge(resource)).to.deep.equal({ violations: [] });
        const strict = new PolicyUnderTest(allowedAlgorithms(), { dataEncryption: ["SM4"] });
        expect((await strict.judge(resource)).warning).to.contain("kmsDataEncryption is not known yet");
    });

    it("gives a bucket on S3 an algorithm that S3 has", async () => {
        const onS3 = { type: ours, props: { bucket: "logs", store: "s3", sseAlgorithm: "DES" } };
        for (const [algorithms, after] of [
            [["SM4", "AES256"], "AES256"],
            [["KMS_DSSE", "AES256"], "KMS_DSSE"],
            [["KMS_DSSE", "KMS"], "KMS"],
        ] as const)
            expect(await new PolicyUnderTest(allowedAlgorithms(), { algorithms }).remediate(onS3)).to.deep.equal({
                ...onS3.props,
                sseAlgorithm: after,
            });
        expect(await new PolicyUnderTest(allowedAlgorithms(), { algorithms: ["SM4"] }).remediate(onS3)).to.equal(
            undefined,
        );
    });

    it("replaces nothing by a weaker rule, and keeps the violation", async () => {
        const policy = new PolicyUnderTest(allowedAlgorithms(), { algorithms: ["AES256"] });
        const resource = { type: ours, props: { bucket: "logs", sseAlgorithm: "KMS", kmsMasterKeyId: "key-1" } };
        expect(await policy.remediate(resource)).to.equal(undefined);
        expect((await policy.judge(resource)).violations).to.have.length(1);
    });

    it("uses the configured replacement, and removes properties that do not fit it", async () => {
        const policy = new PolicyUnderTest(allowedAlgorithms(), { algorithms: ["AES256", "SM4"], replacement: "SM4" });
        const resource = { type: ours, props: { bucket: "logs", sseAlgorithm: "DES", kmsDataEncryption: "SM4" } };
        expect(await policy.remediate(resource)).to.deep.equal({ bucket: "logs", sseAlgorithm: "SM4" });
    });

    it("corrects a resource with other properties that are not known yet", async () => {
        const policy = new PolicyUnderTest(allowedAlgorithms(), { algorithms: ["KMS"] });
        const props = { bucket: unknownText, sseAlgorithm: "AES256", region: unknownText };
        expect(await policy.remediate({ type: ours, props })).to.deep.equal({ ...props, sseAlgorithm: "KMS" });
    });

    it("keeps secrets secret, with and without a correction", async () => {
        const policy = new PolicyUnderTest(allowedAlgorithms(), { algorithms: ["KMS"] });
        const key = new Secret("key-12345678901234");
        const props = { bucket: "b", sseAlgorithm: new Secret("AES256"), kmsMasterKeyId: key };
        expect(await policy.remediate({ type: ours, props })).to.deep.equal({
            bucket: "b",
            sseAlgorithm: new Secret("KMS"),
            kmsMasterKeyId: key,
        });
        const inline = { serverSideEncryptionRule: new Secret({ sseAlgorithm: "AES256" }) };
        expect(await policy.remediate({ type: ossBucket, props: inline })).to.deep.equal({
            serverSideEncryptionRule: new Secret({ sseAlgorithm: "KMS" }),
        });
    });

    it("ignores a resource without a rule", async () => {
        const policy = new PolicyUnderTest(allowedAlgorithms(), { algorithms: ["KMS"] });
        for (const resource of [
            { type: ossBucket, props: { bucket: "logs" } },
            { type: s3Bucket, props: {} },
            { type: "alicloud:ram/role:Role", props: { sseAlgorithm: "AES256" } },
        ]) {
            expect(await policy.judge(resource)).to.deep.equal({ violations: [] });
            expect(await policy.remediate(resource)).to.equal(undefined);
        }
    });
});
