import OSS from "ali-oss";
import { expect } from "chai";
import { handlerText } from "../../lib/declaration";
import { LocalCloud } from "../../lib/local-cloud";
import { BucketStack, kindsUnderTest } from "../stacks/bucket-stack";

const key = "key-hzz65f0a1b2c3d4e5f6a7";

for (const kind of kindsUnderTest)
    describe(`a stack of BucketEncryption resources (${kind})`, () => {
        let cloud: LocalCloud;
        let stack: BucketStack;

        beforeEach(async () => {
            cloud = await LocalCloud.start({ isStrict: true });
            for (const name of ["example-logs", "example-audit", "example-payments"]) cloud.createBucket({ name });
            stack = await new BucketStack(cloud, kind).start();
        });
        afterEach(async () => {
            stack.remove();
            await cloud.stop();
        });

        const logs = { bucket: "example-logs", sseAlgorithm: "AES256" };
        const payments = { bucket: "example-payments", sseAlgorithm: "KMS", kmsMasterKeyId: key };

        it("creates every kind of rule, as another client reads it, and removes them again", async () => {
            cloud.createBucket({ name: "example-reports" });
            await stack
                .declare({
                    logs,
                    audit: { bucket: "example-audit", sseAlgorithm: "SM4" },
                    reports: { bucket: "example-reports", sseAlgorithm: "KMS" },
                    payments: { ...payments, kmsDataEncryption: "SM4" },
                })
                .deploy();
            const client = new OSS({
                region: "oss-cn-hangzhou",
                endpoint: cloud.url,
                accessKeyId: "local-key-id",
                accessKeySecret: "local-key-secret",
            }) as OSS & { getBucketEncryption(bucket: string): Promise<{ encryption: Record<string, string> }> };
            const read = async (bucket: string) => (await client.getBucketEncryption(bucket)).encryption;
            expect((await read("example-logs")).SSEAlgorithm).to.equal("AES256");
            expect((await read("example-audit")).SSEAlgorithm).to.equal("SM4");
            expect(await read("example-reports")).to.include({ SSEAlgorithm: "KMS" });
            expect(await read("example-payments")).to.include({
                SSEAlgorithm: "KMS",
                KMSMasterKeyID: key,
                KMSDataEncryption: "SM4",
            });

            await stack.succeed("destroy", "--yes", "--skip-preview");
            for (const bucket of cloud.bucketNames()) expect(cloud.bucketRule(bucket), bucket).to.equal(undefined);
            expect(stack.rules).to.deep.equal([]);
        });

        it("makes no request and no change when nothing has changed, but the plugin's reading before an update", async () => {
            await stack.declare({ logs, payments }).deploy();
            cloud.journal.clear();
            expect(await stack.previewedSteps()).to.deep.equal({});
            const readings = kind === "plugin" ? ["example-logs", "example-payments"] : [];
            const read = () => cloud.journal.entries().map(({ operation, bucket }) => `${operation} ${bucket}`);
            expect(read()).to.have.members(readings.map((bucket) => `GetBucketEncryption ${bucket}`));
            cloud.journal.clear();
            await stack.deploy("--expect-no-changes");
            expect(read()).to.have.members(readings.map((bucket) => `GetBucketEncryption ${bucket}`));
        });

        it("updates what is declared differently, in place", async () => {
            await stack.declare({ logs, payments }).deploy();
            stack.declare({ logs: { ...logs, sseAlgorithm: "SM4" }, payments });
            expect(await stack.previewedSteps()).to.deep.equal({ logs: "update" });
            await stack.deploy();
            expect(cloud.bucketRule("example-logs")).to.deep.equal({ sseAlgorithm: "SM4" });
        });

        it("shows drift at its resource, and corrects only that", async () => {
            await stack.declare({ logs, payments, audit: { bucket: "example-audit", sseAlgorithm: "SM4" } }).deploy();
            cloud.setBucketRule("example-payments", { sseAlgorithm: "AES256" });
            cloud.setBucketRule("example-logs", undefined);
            expect(await stack.previewedSteps("--refresh")).to.deep.equal({ payments: "update", logs: "create" });
            cloud.journal.clear();
            await stack.deploy("--refresh");
            expect(cloud.bucketRule("example-payments")).to.deep.equal({ sseAlgorithm: "KMS", kmsMasterKeyId: key });
            expect(cloud.bucketRule("example-logs")).to.deep.equal({ sseAlgorithm: "AES256" });
            expect(cloud.journal.count({ operation: "PutBucketEncryption" })).to.equal(2);
            expect(await stack.previewedSteps("--refresh")).to.deep.equal({});
        });

        it("moves to another bucket by creating the rule there and removing the old one", async () => {
            await stack.declare({ logs }).deploy();
            stack.declare({ logs: { ...logs, bucket: "example-audit" } });
            expect(await stack.previewedSteps()).to.deep.equal({ logs: "replace" });
            await stack.deploy();
            expect(cloud.bucketRule("example-audit")).to.deep.equal({ sseAlgorithm: "AES256" });
            expect(cloud.bucketRule("example-logs")).to.equal(undefined);
        });

        it("rejects a move to a bucket whose rule it would weaken, in the preview", async () => {
            await stack.declare({ logs }).deploy();
            cloud.setBucketRule("example-audit", { sseAlgorithm: "KMS", kmsMasterKeyId: key });
            const { status, output } = await stack
                .declare({ logs: { ...logs, bucket: "example-audit" } })
                .command("preview");
            expect(status).to.equal(1);
            expect(output).to.include("would weaken it");
        });

        it("reports a bucket that was deleted meanwhile, and continues once it exists again", async () => {
            await stack.declare({ logs }).deploy();
            cloud.deleteBucket("example-logs");
            const { status, output } = await stack
                .declare({ logs: { ...logs, sseAlgorithm: "SM4" } })
                .command("up", "--yes", "--skip-preview");
            expect(status).to.equal(1);
            expect(output).to.include("there is no such bucket").and.include("Create the bucket first");
            cloud.createBucket({ name: "example-logs" });
            await stack.deploy();
            expect(cloud.bucketRule("example-logs")).to.deep.equal({ sseAlgorithm: "SM4" });
        });

        it("keeps the rule when a resource is renamed", async () => {
            await stack.declare({ logs }).deploy();
            const output = await stack.declare({ "access-logs": logs }).deploy();
            expect(cloud.bucketRule("example-logs")).to.deep.equal({ sseAlgorithm: "AES256" });
            expect(output).to.include(
                "the encryption rule of bucket example-logs stays, since the stack still declares one for it",
            );
            expect(stack.rules.map(({ urn }) => urn.split("::").at(-1))).to.deep.equal(["access-logs"]);
        });

        it("reaches the same bucket in another way without a replacement and without a write", async () => {
            await stack.declare({ logs }).deploy();
            cloud.journal.clear();
            stack.declare({ logs: { ...logs, region: "cn-hangzhou" } });
            expect(await stack.previewedSteps()).to.deep.equal({ logs: "update" });
            await stack.deploy();
            expect(cloud.journal.count({ operation: "PutBucketEncryption" })).to.equal(0);
        });

        it("previews unknown values, and deploys them once they are known", async () => {
            // A resource's id is not known in the preview that would create it, and is the bucket's name once it is.
            stack.declare({
                logs,
                audit: { bucket: "example-audit", sseAlgorithm: "KMS", kmsMasterKeyId: "output:logs" },
            });
            expect(await stack.previewedSteps()).to.deep.equal({ logs: "create", audit: "create" });
            await stack.deploy();
            expect(cloud.bucketRule("example-audit")).to.deep.equal({
                sseAlgorithm: "KMS",
                kmsMasterKeyId: "example-logs",
            });
        });

        it("checks what a preview could not know before the deployment writes it", async () => {
            stack.declare({
                logs,
                audit: { bucket: "example-audit", sseAlgorithm: "AES256", kmsMasterKeyId: "output:logs" },
            });
            expect(await stack.previewedSteps()).to.deep.equal({ logs: "create", audit: "create" });
            const { status, output } = await stack.command("up", "--yes", "--skip-preview");
            expect(status).to.equal(1);
            expect(output).to.include('only allowed with sseAlgorithm "KMS"');
            expect(cloud.bucketRule("example-audit")).to.equal(undefined);
        });

        it("reads a rule that another stack owns, and never touches it", async () => {
            cloud.setBucketRule("example-audit", { sseAlgorithm: "SM4" });
            const output = await stack.declare({ audit: { lookup: "example-audit" } }).deploy();
            expect(output).to.include("SM4");
            await stack.succeed("destroy", "--yes", "--skip-preview");
            expect(cloud.bucketRule("example-audit")).to.deep.equal({ sseAlgorithm: "SM4" });
        });

        it("rejects reading a missing rule", async () => {
            const { status, output } = await stack
                .declare({ audit: { lookup: "example-audit" } })
                .command("up", "--yes", "--skip-preview");
            expect(status).to.equal(1);
            expect(output).to.include("NoSuchServerSideEncryptionRule");
        });

        it("takes region and endpoint from the stack's configuration before the environment", async () => {
            await stack.succeed("config", "set", "bucket-encryption:endpoint", cloud.url);
            await stack.succeed("config", "set", "bucket-encryption:region", "cn-hangzhou");
            stack.environment = { ...stack.environment, OSS_ENDPOINT: "https://127.0.0.1:1", OSS_REGION: "cn-beijing" };
            await stack.declare({ logs }).deploy();
            expect(cloud.bucketRule("example-logs")).to.deep.equal({ sseAlgorithm: "AES256" });
            await stack.succeed("destroy", "--yes", "--skip-preview");
            expect(cloud.bucketRule("example-logs")).to.equal(undefined);
        });

        it("keeps in the state only the constant text and what was declared", async () => {
            await stack.declare({ payments }).deploy();
            const [resource] = stack.rules;
            const handler = kind === "dynamic" ? { __provider: handlerText } : {};
            const type = kind === "dynamic" ? "pulumi-nodejs:dynamic/bucket-encryption:" : "bucket-encryption:index:";
            expect(resource?.id).to.equal("example-payments");
            expect(resource?.type).to.equal(`${type}BucketEncryption`);
            expect(resource?.inputs).to.deep.equal({ ...payments, ...handler });
            expect(resource?.outputs).to.deep.equal({ ...payments, ...handler });
        });

        it("leaves state and rule as they were when a refresh cannot read", async () => {
            await stack.declare({ logs }).deploy();
            const values = async () =>
                stack.rules.map(({ urn, id, inputs, outputs }) => ({ urn, id, inputs, outputs }));
            const before = await values();
            cloud.faults.add({ kind: "status", status: 403, code: "AccessDenied" });
            const { status } = await stack.command("refresh", "--yes", "--skip-preview");
            expect(status).to.equal(1);
            expect(await values()).to.deep.equal(before);
            expect(cloud.bucketRule("example-logs")).to.deep.equal({ sseAlgorithm: "AES256" });
        });
    });
