import { expect } from "chai";
import { LocalCloud, TemporaryStack } from "pulumi-bucket-encryption/testing";
import { encrypt } from "./buckets";

describe("the company's buckets", function () {
    this.timeout(60_000);
    let cloud: LocalCloud;
    let stack: TemporaryStack;

    before(async () => {
        cloud = await LocalCloud.start();
        for (const name of ["website", "customers"]) cloud.createBucket({ name });
        stack = await TemporaryStack.create({
            program: async () => {
                encrypt("website", "public");
                encrypt("customers", "personal");
            },
            environment: {
                OSS_ENDPOINT: cloud.url,
                OSS_REGION: "cn-hangzhou",
                ALIBABA_CLOUD_ACCESS_KEY_ID: "local-key-id",
                ALIBABA_CLOUD_ACCESS_KEY_SECRET: "local-key-secret",
            },
        });
    });
    after(async () => {
        stack?.dispose();
        await cloud?.stop();
    });

    it("are encrypted by what is stored in them", async () => {
        const { succeeded, messages } = await stack.engine.up();
        expect(succeeded, messages.join("\n")).to.equal(true);
        expect(cloud.bucketRule("website")).to.deep.equal({ sseAlgorithm: "AES256" });
        expect(cloud.bucketRule("customers")).to.deep.equal({ sseAlgorithm: "KMS", kmsDataEncryption: "SM4" });
    });

    it("get their rule back when it was weakened outside the stack", async () => {
        cloud.setBucketRule("customers", { sseAlgorithm: "AES256" });
        await stack.engine.up({ refresh: true });
        expect(cloud.bucketRule("customers")).to.deep.equal({ sseAlgorithm: "KMS", kmsDataEncryption: "SM4" });
    });

    it("keep their rule when the stack is destroyed", async () => {
        expect((await stack.engine.destroy()).succeeded).to.equal(true);
        expect(cloud.bucketRule("website")).to.deep.equal({ sseAlgorithm: "AES256" });
    });
});
