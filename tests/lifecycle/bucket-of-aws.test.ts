import {
    DeleteBucketEncryptionCommand,
    GetBucketEncryptionCommand,
    PutBucketEncryptionCommand,
    S3Client,
    type ServerSideEncryptionRule as S3Rule,
} from "@aws-sdk/client-s3";
import { mockClient } from "aws-sdk-client-mock";
import { expect } from "chai";
import { BucketEncryptionLifecycle } from "../../lib/lifecycle";
import { storeFamilies } from "../../lib/stores";
import { S3Stores } from "../../lib/stores/s3/s3-stores";

const bucket = "invoices";
const kmsMasterKeyId = "arn:aws:kms:eu-central-1:100000000001:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const inKms = {
    bucket,
    store: "s3",
    sseAlgorithm: "KMS",
    kmsMasterKeyId,
    region: "eu-central-1",
};

/** What AWS gives every new bucket since April 2026. */
const byDefault: S3Rule = {
    ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" },
    BucketKeyEnabled: false,
    BlockedEncryptionTypes: { EncryptionType: ["SSE-C"] },
};

describe("a bucket of AWS", () => {
    const client = mockClient(S3Client);
    let rule: S3Rule;
    let notices: string[];
    after(() => client.restore());

    beforeEach(() => {
        rule = byDefault;
        notices = [];
        client.reset();
        client
            .on(GetBucketEncryptionCommand)
            .callsFake(() => ({ ServerSideEncryptionConfiguration: { Rules: [rule] }, $metadata: {} }));
        client.on(PutBucketEncryptionCommand).callsFake((input) => {
            rule = { BucketKeyEnabled: false, ...input.ServerSideEncryptionConfiguration.Rules[0] };
            return {};
        });
        client.on(DeleteBucketEncryptionCommand).callsFake(() => {
            rule = byDefault;
            return { $metadata: { httpStatusCode: 204 } };
        });
    });

    const lifecycle = () => {
        const stores = new S3Stores({ credentials: async () => ({ accessKeyId: "k", secretAccessKey: "s" }) });
        return new BucketEncryptionLifecycle({
            families: storeFamilies,
            settings: () => ({}),
            open: ({ store, ...target }) => {
                expect(store).to.equal("s3");
                return stores.at(target);
            },
            notice: (text) => notices.push(text),
            lookUpKey: async () => expect.fail("there is no lookup of keys"),
            wait: async () => expect.fail("nothing is waited for"),
        });
    };
    /** The requests since the last time, by the first letter of what they do. */
    const requests = () => {
        const sent = client.calls().map(({ args: [command] }) => command.constructor.name[0]);
        client.resetHistory();
        return sent.join("");
    };

    it("is strengthened without a notice, keeps AWS's other settings, and returns to AWS's own rule", async () => {
        const own = lifecycle();
        expect(own.check({ ...inKms }).issues).to.deep.equal([]);
        const state = await own.create(inKms);
        expect(requests()).to.equal("GGPG");
        expect(rule).to.deep.equal({
            ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms", KMSMasterKeyID: kmsMasterKeyId },
            BucketKeyEnabled: false,
            BlockedEncryptionTypes: { EncryptionType: ["SSE-C"] },
        });
        expect(state).to.deep.equal({
            ...inKms,
            previousRule: { sseAlgorithm: "AES256", bucketKeyEnabled: false, blockedEncryptionTypes: ["SSE-C"] },
        });
        expect(await lifecycle().read(bucket, { ...state })).to.deep.equal(state);
        expect(requests()).to.equal("G");

        await lifecycle().remove(bucket, { ...state });
        expect(requests()).to.equal("GD");
        expect(rule).to.equal(byDefault);
        await lifecycle().remove(bucket, { ...state });
        expect(requests()).to.equal("G");
        expect(notices).to.deep.equal([]);
    });

    it("shows in a refresh what AWS restored after the rule was removed outside the stack", async () => {
        const state = await lifecycle().create(inKms);
        rule = byDefault;
        expect(await lifecycle().read(bucket, { ...state })).to.deep.include({ sseAlgorithm: "AES256" });
        expect(notices).to.have.length(2);
        expect(notices[0]).to.include("was changed outside this stack: KMS");
        expect(notices[1]).to.include("aws.s3.Bucket");
    });

    it("needs no write for AWS's own rule", async () => {
        await lifecycle().create({
            bucket,
            store: "s3",
            sseAlgorithm: "AES256",
            region: "eu-central-1",
            existingRule: "adopt",
        });
        expect(requests()).to.equal("G");
    });

    it("is strengthened even where an existing rule would be an error, and only a written rule counts as existing", async () => {
        await lifecycle().create({ ...inKms, existingRule: "fail" });
        const again = lifecycle().create({ ...inKms, existingRule: "fail" });
        expect(await again.catch((error) => error.kind)).to.equal("rule-exists");
    });

    it("gets its former rule back, with the types that AWS has blocked since", async () => {
        const state = await lifecycle().create({ ...inKms, onDelete: "restore" });
        requests();
        await lifecycle().remove(bucket, { ...state });
        expect(requests()).to.equal("GGPG");
        expect(rule).to.deep.equal(byDefault);
    });

    it("is not unblocked for SSE-C by a resource that is created, unless that is accepted", async () => {
        const ofAnotherTool: S3Rule = { ...byDefault, ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms" } };
        rule = ofAnotherTool;
        const open = { ...inKms, blockedEncryptionTypes: ["NONE"] };
        const refused = await lifecycle()
            .create(open)
            .catch((error) => error);
        expect(refused.kind).to.equal("weaker-rule");
        expect(refused.message).to.include(
            "Bucket invoices has a default encryption rule already (KMS with the service's key, SSE-C blocked), and the declared one (KMS with the given key …90ab, SSE-C not blocked) would weaken it",
        );
        expect(rule).to.equal(ofAnotherTool);

        const { kmsMasterKeyId: _, ...minimum } = { ...open, atLeast: true };
        const kept = await lifecycle().create(minimum);
        expect(kept).to.deep.include({ sseAlgorithm: "KMS", blockedEncryptionTypes: ["SSE-C"] });
        expect(rule).to.equal(ofAnotherTool);
        expect(lifecycle().diff({ ...kept }, minimum).changed).to.deep.equal([]);

        requests();
        await lifecycle().create({ ...open, existingRule: "overwrite" });
        expect(requests()).to.equal("GGPG");
        expect(rule.BlockedEncryptionTypes).to.deep.equal({ EncryptionType: ["NONE"] });
        expect(notices.at(-1)).to.equal(
            "bucket invoices has a default encryption rule already (KMS with the service's key, SSE-C blocked); it is replaced by KMS with the given key …90ab, SSE-C not blocked, although the declared one (KMS with the given key …90ab, SSE-C not blocked) would weaken it",
        );
    });

    it("is updated with one reading, one write and one reading back, and a bucket key only when it is declared", async () => {
        const state = await lifecycle().create(inKms);
        requests();
        const wanted = { ...inKms, bucketKeyEnabled: true };
        expect(lifecycle().diff({ ...state }, { ...wanted }).changed).to.deep.equal(["bucketKeyEnabled"]);
        const updated = await lifecycle().update({ ...state }, wanted);
        expect(requests()).to.equal("GPG");
        expect(rule.BucketKeyEnabled).to.equal(true);
        await lifecycle().update({ ...updated }, inKms);
        expect(requests()).to.equal("");
    });
});
