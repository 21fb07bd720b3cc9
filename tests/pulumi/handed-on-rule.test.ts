import { expect } from "chai";
import { BucketEncryption, BucketEncryptionSet } from "../../lib";
import { LocalCloud, TemporaryStack } from "../../lib/testing";

describe("the rule that a bucket had before the stack, with onDelete restore", function () {
    this.timeout(120_000);
    let cloud: LocalCloud;
    let stack: TemporaryStack;
    let program: () => void;
    const declare = (bucket: string, name: string, options: object = {}) => {
        new BucketEncryption(name, { bucket, sseAlgorithm: "KMS", onDelete: "restore" }, options);
    };
    beforeEach(async () => {
        cloud = await LocalCloud.start();
        for (const name of ["logs", "audit", "plain"]) cloud.createBucket({ name });
        for (const name of ["logs", "audit"]) cloud.setBucketRule(name, { sseAlgorithm: "SM4" });
        stack = await TemporaryStack.create({
            inProcess: true,
            program: async () => program(),
            environment: {
                OSS_ENDPOINT: cloud.url,
                OSS_REGION: "cn-hangzhou",
                ALIBABA_CLOUD_ACCESS_KEY_ID: "local-key-id",
                ALIBABA_CLOUD_ACCESS_KEY_SECRET: "local-key-secret",
            },
        });
    });
    afterEach(async () => {
        stack.dispose();
        await cloud.stop();
    });
    const up = async (declared: () => void) => {
        program = declared;
        const result = await stack.engine.up();
        expect(result.succeeded, result.messages.join("\n")).to.equal(true);
        return result;
    };
    const destroy = async () => expect((await stack.engine.destroy()).succeeded).to.equal(true);

    const rules = () => ["logs", "audit", "plain"].map((name) => cloud.bucketRule(name)?.sseAlgorithm);

    it("is handed on when resources and sets are replaced", async () => {
        const declared = (replacementTrigger: string) => () => {
            declare("logs", "logs", { replacementTrigger });
            declare("plain", "plain", { replacementTrigger });
            const args = { buckets: ["audit"], sseAlgorithm: "KMS", onDelete: "restore" } as const;
            new BucketEncryptionSet("set", args, { replacementTrigger });
        };
        await up(declared("first"));
        const replaced = await up(declared("second"));
        expect(replaced.steps.map(({ op }) => op)).to.deep.equal(["replace", "replace", "replace"]);
        expect(rules()).to.deep.equal(["KMS", "KMS", "KMS"]);
        await destroy();
        expect(rules()).to.deep.equal(["SM4", "SM4", undefined]);
    });

    it("is handed on when a resource is renamed with an alias, and lost with a warning that names aliases without one", async () => {
        await up(() => {
            declare("logs", "logs");
            declare("audit", "audit");
        });
        program = () => {
            declare("logs", "renamed", { aliases: [{ name: "logs" }] });
            declare("audit", "renamed-without");
        };
        const said: string[] = [];
        await stack.engine.up({ listener: (event) => said.push(JSON.stringify(event)) });
        expect(said.join("\n"))
            .to.match(/bucket audit had SM4 before this stack.*`aliases`/)
            .and.not.include("bucket logs had");
        await destroy();
        expect(rules()).to.deep.equal(["SM4", "KMS", undefined]);
    });
});
