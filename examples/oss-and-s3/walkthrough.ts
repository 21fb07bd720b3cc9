// npx tsx examples/oss-and-s3/walkthrough.ts: deploys the stack of this folder onto the local cloud (OSS) and onto moto, an S3
// server that it installs with Python, or one that is there: set S3_ENDPOINT, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.
import {
    CreateBucketCommand,
    GetBucketEncryptionCommand,
    PutBucketEncryptionCommand,
    S3Client,
} from "@aws-sdk/client-s3";
import { LocalCloud, type RunResult, TemporaryStack } from "pulumi-bucket-encryption/testing";
import { keys, Moto } from "../../tests/interop/s3/moto";

const Bucket = "invoices";

async function main(): Promise<void> {
    const given = process.env.S3_ENDPOINT;
    const moto = given === undefined ? await Moto.start() : undefined;
    const endpoint = given ?? (moto as Moto).url;
    const credentials = moto === undefined ? {} : { credentials: keys };
    const s3 = new S3Client({ endpoint, region: "us-east-1", forcePathStyle: true, ...credentials });
    const cloud = await LocalCloud.start();
    const stack = await TemporaryStack.create({
        folder: __dirname,
        config: {
            "bucket-encryption:region": "cn-hangzhou",
            "bucket-encryption:endpoint": cloud.url,
            "bucket-encryption:s3Endpoint": endpoint,
            "bucket-encryption:s3DeletionIsSafe": "true",
        },
        environment: {
            ALIBABA_CLOUD_ACCESS_KEY_ID: "local-key-id",
            ALIBABA_CLOUD_ACCESS_KEY_SECRET: "local-key-secret",
            ...(moto === undefined
                ? {}
                : { AWS_ACCESS_KEY_ID: keys.accessKeyId, AWS_SECRET_ACCESS_KEY: keys.secretAccessKey }),
        },
    });
    const inS3 = async (): Promise<string> => {
        try {
            const answer = await s3.send(new GetBucketEncryptionCommand({ Bucket }));
            const [rule] = answer.ServerSideEncryptionConfiguration?.Rules ?? [];
            return rule?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm ?? "no algorithm";
        } catch (error) {
            if ((error as Error).name === "ServerSideEncryptionConfigurationNotFoundError") return "no rule";
            throw error;
        }
    };
    const show = async (what: string, wanted: readonly [oss: string, s3: string]): Promise<void> => {
        const found = [cloud.bucketRule(Bucket)?.sseAlgorithm ?? "no rule", await inS3()];
        console.log(`${what}: OSS has ${found[0]}, S3 has ${found[1]}`);
        if (found.join() !== wanted.join()) throw new Error(`there should be ${wanted.join(" and ")}`);
    };
    try {
        cloud.createBucket({ name: Bucket });
        await s3.send(new CreateBucketCommand({ Bucket }));
        await show("Before", ["no rule", "no rule"]);
        succeeded(await stack.engine.up());
        await show("After the deployment", ["KMS", "aws:kms"]);
        const weaker = { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" as const } }] };
        await s3.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: weaker }));
        await show("Behind the stack's back", ["KMS", "AES256"]);
        succeeded(await stack.engine.up());
        await show("After the next deployment", ["KMS", "aws:kms"]);
        succeeded(await stack.engine.destroy());
        await show("After the destruction", ["no rule", "no rule"]);
    } finally {
        stack.dispose();
        s3.destroy();
        await Promise.all([cloud.stop(), moto?.stop()]);
    }
}

function succeeded({ succeeded: isDone, messages }: RunResult): void {
    if (!isDone) throw new Error(messages.join("\n"));
}

main().catch((error) => {
    console.error(`Not as it should be: ${error.message}`);
    process.exitCode = 1;
});
