import { expect } from "chai";
import { LocalCloud } from "../../lib/local-cloud";
import { BucketStack } from "../stacks/bucket-stack";

// OSS looks for the bucket before it looks at the signature: 404 NoSuchBucket for an unknown access key too.
describe("a stack with an unknown access key whose bucket does not exist", () => {
    let cloud: LocalCloud;
    let stack: BucketStack;

    beforeEach(async () => {
        cloud = await LocalCloud.start({ isStrict: true });
        cloud.createBucket({ name: "example-logs" });
        stack = await new BucketStack(cloud).start();
        await stack.declare({ logs: { bucket: "example-logs", sseAlgorithm: "AES256" } }).deploy();
        stack.environment = { ...stack.environment, ALIBABA_CLOUD_ACCESS_KEY_ID: "nobody" };
    });
    afterEach(async () => {
        stack.remove();
        await cloud.stop();
    });

    it("fails for the key while the bucket exists, and for the bucket once it is gone", async () => {
        const refused = await stack.command("refresh", "--yes", "--skip-preview");
        expect(refused.status).to.equal(1);
        expect(refused.output).to.include("InvalidAccessKeyId");
        cloud.deleteBucket("example-logs");
        stack.declare({
            logs: { bucket: "example-logs", sseAlgorithm: "SM4" },
            other: { bucket: "misspelt-logs", sseAlgorithm: "AES256" },
        });
        const { status, output } = await stack.command("up", "--yes", "--skip-preview", "--continue-on-error");
        expect(status).to.equal(1);
        for (const bucket of ["example-logs", "misspelt-logs"]) {
            expect(output).to.match(new RegExp(`there is no such bucket;.*\\(bucket ${bucket},`));
        }
        expect(output).not.to.include("InvalidAccessKeyId");
        // The reading before the update has removed it from the plugin's state, as a refresh would.
        expect(stack.rules.map(({ id }) => id)).to.deep.equal(stack.kind === "plugin" ? [] : ["example-logs"]);
    });

    it("forgets a rule whose bucket is gone, in a refresh and in a destroy", async () => {
        cloud.deleteBucket("example-logs");
        expect(await stack.previewedSteps("--refresh")).to.deep.equal({ logs: "create" });
        await stack.succeed("refresh", "--yes", "--skip-preview");
        expect(stack.rules).to.deep.equal([]);
        await stack.succeed("destroy", "--yes", "--skip-preview");
        expect(cloud.journal.count({ operation: "DeleteBucketEncryption" })).to.equal(0);
    });
});
