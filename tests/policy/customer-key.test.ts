import { expect } from "chai";
import { cisAlibabaCloud58, cisAlibabaCloud59, customerKeyRequired } from "../../lib/policy";
import { ours, PolicyUnderTest, s3Encryption, unknownText } from "./judged-resources";

const declared = (rule: object) => ({ type: ours, props: { bucket: "logs", ...rule } });
const serviceKey = declared({ sseAlgorithm: "KMS" });
const namedServiceKey = declared({ sseAlgorithm: "KMS", kmsMasterKeyId: "alias/acs/oss" });
const givenKey = declared({ sseAlgorithm: "KMS", kmsMasterKeyId: "key-hzz65f0a1b2c3d4e5f6a7" });
const unknownKey = declared({ sseAlgorithm: "KMS", kmsMasterKeyId: unknownText });
const aes256 = declared({ sseAlgorithm: "AES256" });
const sm4 = declared({ sseAlgorithm: "SM4" });
const onAws = (sseAlgorithm: string, kmsMasterKeyId?: string) => ({
    type: s3Encryption,
    props: { bucket: "logs", rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm, kmsMasterKeyId } }] },
});

describe("the policy customer-key-required", () => {
    const policy = new PolicyUnderTest(customerKeyRequired());

    it("accepts a given key, and nothing weaker", async () => {
        expect((await policy.judge(givenKey)).violations).to.deep.equal([]);
        expect(
            (await policy.judge(onAws("aws:kms", "arn:aws:kms:eu-west-1:123456789012:key/1"))).violations,
        ).to.deep.equal([]);
        for (const weaker of [serviceKey, namedServiceKey, aes256, sm4, onAws("AES256"), onAws("aws:kms")])
            expect((await policy.judge(weaker)).violations, JSON.stringify(weaker.props)).to.have.length(1);
        expect((await policy.judge(sm4)).violations).to.deep.equal([
            'a customer key is required, found SM4; set sseAlgorithm to "KMS" and kmsMasterKeyId to the key',
        ]);
    });

    it("treats both stores alike, and KMS_DSSE like KMS", async () => {
        const onS3 = (rule: object) => declared({ store: "s3", ...rule });
        const key = "arn:aws:kms:eu-west-1:123456789012:key/1";
        expect((await policy.judge(onS3({ sseAlgorithm: "KMS_DSSE", kmsMasterKeyId: key }))).violations).to.deep.equal(
            [],
        );
        for (const weaker of [{ sseAlgorithm: "AES256" }, { sseAlgorithm: "KMS_DSSE", kmsMasterKeyId: "alias/aws/s3" }])
            expect((await policy.judge(onS3(weaker))).violations, JSON.stringify(weaker)).to.have.length(1);
        const mending = new PolicyUnderTest(customerKeyRequired(), { key });
        expect(await mending.remediate(onS3({ sseAlgorithm: "KMS_DSSE" }))).to.deep.include({
            sseAlgorithm: "KMS_DSSE",
            kmsMasterKeyId: key,
        });
        expect(
            (await new PolicyUnderTest(cisAlibabaCloud58()).judge(onS3({ sseAlgorithm: "AES256" }))).violations,
        ).to.deep.equal([]);
    });

    it("leaves an unknown key to the deployment, and blocks the preview where configured", async () => {
        const text =
            "decided at deployment: kmsMasterKeyId is not known yet, so this preview cannot determine whether the rule has a customer key";
        expect(await policy.judge(unknownKey)).to.deep.equal({ violations: [], warning: text });
        const blocking = new PolicyUnderTest(customerKeyRequired(), { undecided: "block" });
        expect(await blocking.judge(unknownKey)).to.deep.equal({ violations: [text] });
    });

    it("judges AES256 while the key is not known", async () => {
        const { violations } = await policy.judge(declared({ sseAlgorithm: "AES256", kmsMasterKeyId: unknownText }));
        expect(violations).to.have.length(1);
    });

    it("gives a rule without a key the region's configured key, or the general one", async () => {
        const mending = new PolicyUnderTest(customerKeyRequired(), {
            key: "alias/general",
            keys: { "cn-beijing": "alias/beijing" },
        });
        expect(await mending.remediate(serviceKey)).to.deep.include({
            sseAlgorithm: "KMS",
            kmsMasterKeyId: "alias/general",
        });
        expect(await mending.remediate(declared({ sseAlgorithm: "AES256", region: "cn-beijing" }))).to.deep.include({
            sseAlgorithm: "KMS",
            kmsMasterKeyId: "alias/beijing",
        });
        expect(await mending.remediate(sm4)).to.deep.include({
            sseAlgorithm: "KMS",
            kmsMasterKeyId: "alias/general",
            kmsDataEncryption: "SM4",
        });
        expect(await mending.remediate(givenKey)).to.equal(undefined);
        expect(await mending.remediate(unknownKey)).to.equal(undefined);
    });

    it("corrects nothing without a configured key", async () => {
        expect((await policy.judge(serviceKey)).violations).to.have.length(1);
        expect(await policy.remediate(serviceKey)).to.equal(undefined);
    });
});

describe("the CIS policies", () => {
    const cis58 = new PolicyUnderTest(cisAlibabaCloud58());
    const cis59 = new PolicyUnderTest(cisAlibabaCloud59());

    it("distinguish 5.8, the service's key, from 5.9, a customer key", async () => {
        const met = async (policy: PolicyUnderTest) => {
            const rules = { aes256, sm4, serviceKey, namedServiceKey, givenKey };
            const answers = await Promise.all(
                Object.entries(rules).map(async ([name, rule]) => [
                    name,
                    (await policy.judge(rule)).violations.length === 0,
                ]),
            );
            return answers.filter(([, isMet]) => isMet).map(([name]) => name);
        };
        expect(await met(cis58)).to.deep.equal(["serviceKey", "namedServiceKey"]);
        expect(await met(cis59)).to.deep.equal(["givenKey"]);
        expect(await met(new PolicyUnderTest(cisAlibabaCloud58(), { acceptCustomerKey: true }))).to.deep.equal([
            "serviceKey",
            "namedServiceKey",
            "givenKey",
        ]);
    });

    it("name the recommendation in the text and for machines", async () => {
        expect((await cis58.judge(givenKey)).violations).to.deep.equal([
            "CIS 5.8 requires KMS with the service's key, found KMS with the given key …f6a7, which is stronger and meets 5.9",
        ]);
        expect((await cis58.judge(sm4)).violations).to.deep.equal([
            "CIS 5.8 requires KMS with the service's key, found SM4, which encrypts without a KMS key",
        ]);
        expect((await cis59.judge(serviceKey)).violations[0]).to.match(/^CIS 5\.9: a customer key is required/);
        const references = [cisAlibabaCloud58(), cisAlibabaCloud59()].map(({ framework }) => framework?.reference);
        expect(references).to.deep.equal(["5.8", "5.9"]);
    });

    it("leave an unknown key to the deployment", async () => {
        expect((await cis58.judge(unknownKey)).warning).to.match(/^decided at deployment: .* whether CIS 5\.8 is met$/);
        expect((await cis59.judge(unknownKey)).warning).to.match(/^decided at deployment: .* whether CIS 5\.9 is met$/);
    });

    it("correct SSE-OSS, and remove no key", async () => {
        expect(await cis58.remediate(aes256)).to.deep.equal({ bucket: "logs", sseAlgorithm: "KMS" });
        expect(await cis58.remediate(sm4)).to.deep.equal({
            bucket: "logs",
            sseAlgorithm: "KMS",
            kmsDataEncryption: "SM4",
        });
        expect(await cis58.remediate(givenKey)).to.equal(undefined);
    });

    it("ignore S3", async () => {
        expect((await cis58.judge(aes256)).violations).to.have.length(1);
        expect((await cis58.judge(onAws("AES256"))).violations).to.deep.equal([]);
        expect((await cis59.judge(onAws("AES256"))).violations).to.deep.equal([]);
    });
});
