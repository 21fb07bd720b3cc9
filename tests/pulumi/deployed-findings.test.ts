import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { BucketEncryption, type BucketEncryptionArgs, BucketEncryptionSet, EncryptionBaseline } from "../../lib";
import { LocalCloud, TemporaryStack } from "../../lib/testing";
import { withEnvironment } from "../process-environment";

const names = ["a-one", "b-one", "c-one", "d-one"];
const owner = "1000000000000001";

describe("a finding about the cloud", function () {
    this.timeout(120_000);
    let cloud: LocalCloud;
    let stack: TemporaryStack | undefined;
    beforeEach(async () => {
        cloud = await LocalCloud.start();
        for (const name of names) cloud.createBucket({ name });
        cloud.setBucketRule("b-one", { sseAlgorithm: "KMS" });
    });
    afterEach(async () => {
        stack?.dispose();
        await cloud.stop();
    });

    const environment = () => ({
        OSS_ENDPOINT: cloud.url,
        OSS_REGION: "cn-hangzhou",
        ALIBABA_CLOUD_STS_ENDPOINT: cloud.url,
        ALIBABA_CLOUD_ACCESS_KEY_ID: "local-key-id",
        ALIBABA_CLOUD_ACCESS_KEY_SECRET: "local-key-secret",
    });

    async function stackOf(program: () => void): Promise<TemporaryStack["engine"]> {
        stack = await TemporaryStack.create({
            inProcess: true,
            program: async () => program(),
            environment: environment(),
        });
        return stack.engine;
    }
    const rules = () => names.map((name) => cloud.bucketRule(name)?.sseAlgorithm);
    const each = (more: Partial<BucketEncryptionArgs> = {}) => {
        for (const bucket of names) {
            new BucketEncryption(bucket, { ...more, bucket, sseAlgorithm: "AES256" } as BucketEncryptionArgs);
        }
    };

    it("is an error of a preview, and fails only its own bucket in a deployment", async () => {
        const engine = await stackOf(() => each());
        const preview = await engine.preview();
        expect(preview.succeeded).to.equal(false);
        expect(preview.messages.join("\n")).to.include("would weaken it");
        expect(rules()).to.deep.equal([undefined, "KMS", undefined, undefined]);

        const deployed = await engine.up({ continueOnError: true });
        expect(deployed.succeeded).to.equal(false);
        expect(deployed.messages.join("\n")).to.include("would weaken it").and.to.include("atLeast");
        expect(rules()).to.deep.equal(["AES256", "KMS", "AES256", "AES256"]);
        expect(JSON.stringify(await engine.exportState())).not.to.include("__preview");
        expect((await engine.preview()).succeeded).to.equal(false);
    });

    it("is none where the rule is declared as a minimum, and the stronger rule stays", async () => {
        const engine = await stackOf(() => each({ atLeast: true }));
        const deployed = await engine.up();
        expect(deployed.succeeded, deployed.messages.join("\n")).to.equal(true);
        expect(rules()).to.deep.equal(["AES256", "KMS", "AES256", "AES256"]);
        expect((await engine.up({ refresh: true })).changes).to.deep.equal({ same: names.length + 1 });
    });

    it("leaves the other buckets of a baseline's set their rules", async () => {
        const engine = await stackOf(() => {
            new EncryptionBaseline("all", { select: { all: true }, sseAlgorithm: "AES256", granularity: "set" });
        });
        // The program lists the buckets in this process.
        await withEnvironment({ ...process.env, ...environment() }, async () => {
            expect((await engine.preview()).succeeded).to.equal(false);
            const deployed = await engine.up({ continueOnError: true });
            expect(deployed.succeeded).to.equal(false);
            expect(deployed.messages.join("\n")).to.include("weaker").and.to.include("b-one");
            // The set exists now, and its inputs name the bucket that failed.
            const again = await engine.preview();
            expect(again.succeeded).to.equal(false);
            expect(again.messages.join("\n")).to.include(
                "Buckets that failed would fail again: sseAlgorithm: bucket b-one has a rule already that the declared one would weaken",
            );
            cloud.setBucketRule("b-one", undefined);
            expect((await engine.preview()).succeeded).to.equal(true);
            cloud.setBucketRule("b-one", { sseAlgorithm: "KMS" });
        });
        expect(rules()).to.deep.equal(["AES256", "KMS", "AES256", "AES256"]);
    });

    it("of another account fails each resource and set that is deployed with it, also one without a change", async () => {
        let account: { id: string } | undefined;
        const engine = await stackOf(() => {
            const more = account === undefined ? {} : { account };
            new BucketEncryption("a-one", { bucket: "a-one", sseAlgorithm: "AES256", ...more });
            new BucketEncryptionSet("set", { buckets: ["c-one"], sseAlgorithm: "AES256", ...more });
        });
        account = { id: owner };
        expect((await engine.up()).succeeded).to.equal(true);
        account = { id: "1000000000000009" };
        const preview = await engine.preview();
        expect(preview.succeeded).to.equal(false);
        const deployed = await engine.up({ continueOnError: true });
        expect(deployed.succeeded).to.equal(false);
        const failures = deployed.messages.filter((message) => message.includes("account.id is 1000000000000009"));
        expect(failures).to.have.length.at.least(2);
    });
});

describe("a resource's constructor", function () {
    this.timeout(60_000);
    let stack: TemporaryStack | undefined;
    afterEach(() => stack?.dispose());
    const messagesOf = async (program: () => void, secrets: Record<string, string> = {}) => {
        stack = await TemporaryStack.create({ inProcess: true, program: async () => program(), secrets });
        return (await stack.engine.preview()).messages.join("\n");
    };

    for (const [what, make] of [
        ["resource", () => new BucketEncryption("logs", { bucket: "logs", sseAlgorithm: "SM4" }, { import: "logs" })],
        ["set", () => new BucketEncryptionSet("logs", { buckets: ["logs"], sseAlgorithm: "SM4" }, { import: "logs" })],
    ] as const) {
        it(`rejects the option import of a ${what}, and says what to do`, async () => {
            const messages = await messagesOf(() => void make());
            expect(messages)
                .to.include('The resource "logs" has the option `import`')
                .and.include("declaring the resource adopts an equal rule");
            expect(messages, "a stack trace").not.to.match(/^\s+at /m);
        });
    }

    it("warns once that a secret bucket name is shown as the resource's id", async () => {
        const messages = await messagesOf(
            () => {
                const name = new pulumi.Config().requireSecret("name");
                for (const [resource, region] of [
                    ["logs", "cn-hangzhou"],
                    ["again", "cn-beijing"],
                ] as const) {
                    new BucketEncryption(resource, {
                        bucket: pulumi.interpolate`${name}-${resource}`,
                        sseAlgorithm: "SM4",
                        region,
                    });
                }
                new BucketEncryption("open", { bucket: pulumi.output("an-open-name"), sseAlgorithm: "SM4" });
            },
            { name: "quiet" },
        );
        expect(messages.match(/`bucket` is a secret/g)).to.have.length(1);
    });
});
