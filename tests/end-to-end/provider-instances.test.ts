import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { BucketEncryption, type BucketEncryptionArgs, BucketEncryptionSet } from "../../lib";
import { LocalCloud, TemporaryStack } from "../../lib/testing";

/** An instance of the provider: a process of its own. */
class Instance extends pulumi.ProviderResource {
    constructor(name: string) {
        super("pulumi-nodejs", name, {});
    }
}

describe("a stack with several instances of the provider", function () {
    this.timeout(120_000);
    let cloud: LocalCloud;
    let stack: TemporaryStack;
    let program: () => void;
    beforeEach(async () => {
        cloud = await LocalCloud.start({ isStrict: true });
        for (const name of ["logs", "audit", "payments"]) cloud.createBucket({ name });
        const environment = {
            OSS_ENDPOINT: cloud.url,
            OSS_REGION: "cn-hangzhou",
            ALIBABA_CLOUD_ACCESS_KEY_ID: "local-key-id",
            ALIBABA_CLOUD_ACCESS_KEY_SECRET: "local-key-secret",
        };
        stack = await TemporaryStack.create({ inProcess: true, program: async () => program(), environment });
    });
    afterEach(async () => {
        stack.dispose();
        await cloud.stop();
    });

    const args = (bucket: string): BucketEncryptionArgs => ({ bucket, sseAlgorithm: "SM4" });
    const up = async (declared: () => void) => {
        program = declared;
        cloud.journal.clear();
        const result = await stack.engine.up();
        expect(result.succeeded, result.messages.join("\n")).to.equal(true);
        return result;
    };
    const operations = () =>
        cloud.journal
            .entries()
            .map(({ operation, bucket }) => `${operation} ${bucket}`)
            .sort();

    it("keeps the rules of resources that are renamed and moved to another instance, and deletes those that are gone", async () => {
        await up(() => {
            const [one, other] = [new Instance("one"), new Instance("other")];
            new BucketEncryption("logs", args("logs"), { provider: one });
            new BucketEncryption("audit", args("audit"), { provider: other });
            new BucketEncryptionSet("set", { buckets: ["payments"], sseAlgorithm: "SM4", onDelete: "remove" });
        });
        expect(cloud.bucketRule("logs")).to.deep.equal({ sseAlgorithm: "SM4" });
        const moved = await up(() => {
            const [one, other] = [new Instance("one"), new Instance("other")];
            new BucketEncryption("renamed", args("logs"), { provider: other });
            new BucketEncryption("payments", args("payments"), { provider: one });
        });
        expect(moved.steps.map(({ op, name }) => `${op} ${name}`)).to.have.members([
            "create renamed",
            "create payments",
            "delete logs",
            "delete audit",
            "delete set",
        ]);
        expect(operations()).to.deep.equal([
            "DeleteBucketEncryption audit",
            "GetBucketEncryption audit",
            "GetBucketEncryption logs",
            "GetBucketEncryption payments",
        ]);
        const rules = ["logs", "payments", "audit"].map((name) => cloud.bucketRule(name)?.sseAlgorithm);
        expect(rules).to.deep.equal(["SM4", "SM4", undefined]);
        expect((await stack.engine.destroy()).succeeded).to.equal(true);
        expect(cloud.bucketRule("logs")).to.equal(undefined);
    });
});
