import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import {
    GetBucketEncryptionCommand,
    PutBucketEncryptionCommand,
    type ServerSideEncryptionRule,
} from "@aws-sdk/client-s3";
import { expect } from "chai";
import { LocalCloud } from "../../../lib/local-cloud";
import { BucketStack } from "../../stacks/bucket-stack";
import { needed } from "../needed-tool";
import { keys, Moto } from "./moto";

const root = path.join(__dirname, "..", "..", "..");
const kmsMasterKeyId = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";

describe("a stack with buckets of S3", function () {
    this.timeout(10 * 60_000); // a first run installs the server
    let moto: Moto;
    let cloud: LocalCloud;
    let stack: BucketStack;

    before(async function () {
        moto = await needed(this, () => Moto.start());
    });
    after(() => moto?.stop());

    beforeEach(async () => {
        await moto.reset();
        cloud = await LocalCloud.start();
        cloud.createBucket({ name: "example-logs" });
        await moto.createBucket("example-logs");
        stack = new BucketStack(cloud);
        const inherited = Object.entries(stack.environment).filter(([name]) => !name.startsWith("AWS_"));
        stack.environment = {
            ...Object.fromEntries(inherited),
            AWS_ACCESS_KEY_ID: keys.accessKeyId,
            AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
            AWS_ENDPOINT_URL_S3: moto.url,
            AWS_REGION: "us-east-1",
        };
        await stack.start();
    });
    afterEach(async () => {
        stack?.remove();
        await cloud?.stop();
    });

    const ruleInS3 = async (bucket: string): Promise<ServerSideEncryptionRule | undefined> => {
        const answer = await moto.client.send(new GetBucketEncryptionCommand({ Bucket: bucket })).catch((error) => {
            expect(error.name).to.equal("ServerSideEncryptionConfigurationNotFoundError");
            return undefined;
        });
        return answer?.ServerSideEncryptionConfiguration?.Rules?.[0];
    };
    const inKms = (algorithm: "aws:kms", bucketKey: boolean) => ({
        ApplyServerSideEncryptionByDefault: { SSEAlgorithm: algorithm, KMSMasterKeyID: kmsMasterKeyId },
        BucketKeyEnabled: bucketKey,
    });

    it("is created, drifts, is reconciled and deleted, beside a bucket of OSS with one declaration", async () => {
        const rule = { bucket: "example-logs", sseAlgorithm: "KMS" };
        const declared = {
            "in-oss": rule,
            "in-s3": { ...rule, store: "s3", kmsMasterKeyId: `secret:${kmsMasterKeyId}`, bucketKeyEnabled: true },
        };
        await stack.declare(declared).deploy();
        expect(cloud.bucketRule("example-logs")).to.deep.include({ sseAlgorithm: "KMS" });
        expect(await ruleInS3("example-logs")).to.deep.equal(inKms("aws:kms", true));
        expect(await stack.previewedSteps("--refresh")).to.deep.equal({});
        const [, inS3] = stack.rules;
        expect(inS3?.id).to.equal("example-logs");
        expect(JSON.stringify(stack.rules)).not.to.include(keys.secretAccessKey);

        await moto.client.send(
            new PutBucketEncryptionCommand({
                Bucket: "example-logs",
                ServerSideEncryptionConfiguration: { Rules: [inKms("aws:kms", false)] },
            }),
        );
        expect(await stack.previewedSteps("--refresh")).to.deep.equal({ "in-s3": "update" });
        const drift = await stack.deploy("--refresh");
        expect(drift).not.to.include("NodeVersionSupportWarning").and.not.include(kmsMasterKeyId);
        expect(drift).to.include("bucket key on").and.include("BucketServerSideEncryptionConfiguration");
        expect(await ruleInS3("example-logs")).to.deep.equal(inKms("aws:kms", true));

        const refused = await stack.command("destroy", "--yes", "--skip-preview");
        expect(refused.status).not.to.equal(0);
        expect(refused.output).to.include("deletionIsSafe");
        expect(await ruleInS3("example-logs")).to.deep.equal(inKms("aws:kms", true));
        await stack.succeed("config", "set", "bucket-encryption:s3DeletionIsSafe", "true");
        await stack.deploy();
        await stack.succeed("destroy", "--yes", "--skip-preview");
        expect(await ruleInS3("example-logs")).to.equal(undefined);
        expect(cloud.bucketRule("example-logs")).to.equal(undefined);
    });

    it("has another bucket in another kind of store, and no difference in what was not declared", async () => {
        const logs = { bucket: "example-logs", sseAlgorithm: "AES256" };
        await stack.declare({ logs }).deploy();
        const moved = { ...logs, store: "s3", deletionIsSafe: true };
        expect(await stack.declare({ logs: moved }).previewedSteps()).to.deep.equal({ logs: "replace" });
        await moto.client.send(
            new PutBucketEncryptionCommand({
                Bucket: "example-logs",
                ServerSideEncryptionConfiguration: {
                    Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" }, BucketKeyEnabled: true }],
                },
            }),
        );
        expect(await stack.deploy()).to.include("which equals the declared one");
        expect(cloud.bucketRule("example-logs")).to.equal(undefined);
        expect(await stack.previewedSteps("--refresh")).to.deep.equal({});

        await stack.succeed("destroy", "--yes", "--skip-preview");
        expect(await ruleInS3("example-logs")).to.equal(undefined);
    });

    it("deploy, drift, are reconciled and destroyed: oss-and-s3", async () => {
        const { stdout } = await promisify(execFile)(
            process.execPath,
            ["--require", "tsx/cjs", path.join(root, "examples", "oss-and-s3", "walkthrough.ts")],
            {
                env: {
                    ...process.env,
                    S3_ENDPOINT: moto.url,
                    AWS_ACCESS_KEY_ID: keys.accessKeyId,
                    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
                },
            },
        );
        expect(stdout).to.include("After the next deployment: OSS has KMS, S3 has aws:kms");
        expect(stdout).to.include("After the destruction: OSS has no rule, S3 has no rule");
    });
});
