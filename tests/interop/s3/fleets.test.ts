import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import {
    CreateBucketCommand,
    GetBucketEncryptionCommand,
    PutBucketEncryptionCommand,
    PutBucketTaggingCommand,
} from "@aws-sdk/client-s3";
import { expect } from "chai";
import { LocalCloud } from "../../../lib/local-cloud";
import { S3Stores } from "../../../lib/stores/s3/s3-stores";
import { doctorResults } from "../../cli/doctor-results";
import { BucketStack } from "../../stacks/bucket-stack";
import { needed } from "../needed-tool";
import { keys, Moto } from "./moto";

const command = path.join(__dirname, "..", "..", "..", "dist", "cli", "bucket-encryption.js");
const key = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";

// Declares what DECLARED names, by the classes.
const program = `
const all = require("pulumi-bucket-encryption");
exports.made = Object.entries(JSON.parse(process.env.DECLARED)).map(([name, { is, ...args }]) => new all[is](name, args).buckets);
`;

describe("many buckets of S3", function () {
    this.timeout(10 * 60_000); // a first run installs the server
    let moto: Moto;

    before(async function () {
        moto = await needed(this, () => Moto.start());
    });
    after(() => moto?.stop());
    beforeEach(async () => {
        await moto.reset();
        for (const name of ["logs-a", "logs-b", "photos"]) await moto.createBucket(name);
        const CreateBucketConfiguration = { LocationConstraint: "eu-west-3" } as const;
        await moto.client.send(new CreateBucketCommand({ Bucket: "logs-paris", CreateBucketConfiguration }));
        await tag("logs-a");
        await tag("logs-paris");
    });

    const tag = (Bucket: string) => {
        const Tagging = { TagSet: [{ Key: "stage", Value: "production" }] };
        return moto.client.send(new PutBucketTaggingCommand({ Bucket, Tagging }));
    };
    const put = (Bucket: string, SSEAlgorithm: "AES256" | "aws:kms" | "aws:kms:dsse", KMSMasterKeyID?: string) => {
        const Rules = [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm, KMSMasterKeyID } }];
        const ServerSideEncryptionConfiguration = { Rules };
        return moto.client.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration }));
    };
    const rule = async (Bucket: string): Promise<string | undefined> => {
        const answer = await moto.client.send(new GetBucketEncryptionCommand({ Bucket })).catch((error) => {
            expect(error.name).to.equal("ServerSideEncryptionConfigurationNotFoundError");
            return undefined;
        });
        const [found] = answer?.ServerSideEncryptionConfiguration?.Rules ?? [];
        return found?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm;
    };
    const rules = () => Promise.all(["logs-a", "logs-b", "logs-paris", "photos"].map(rule));

    describe("in a stack", () => {
        let cloud: LocalCloud;
        let stack: BucketStack;
        beforeEach(async () => {
            cloud = await LocalCloud.start();
            stack = new BucketStack(cloud);
            const inherited = Object.entries(stack.environment).filter(([name]) => !name.startsWith("AWS_"));
            stack.environment = {
                ...Object.fromEntries(inherited),
                AWS_ACCESS_KEY_ID: keys.accessKeyId,
                AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
                AWS_ENDPOINT_URL_S3: moto.url,
            };
            await stack.start();
            writeFileSync(path.join(stack.folder, "index.js"), program);
        });
        afterEach(async () => {
            stack?.remove();
            await cloud?.stop();
        });
        const declare = (declared: object) => stack.declare(declared as never);
        const baseline = (others: object) => ({
            fleet: {
                is: "EncryptionBaseline",
                store: "s3",
                account: { id: "123456789012" },
                select: { patterns: "logs-*" },
                sseAlgorithm: "KMS",
                kmsMasterKeyId: key,
                ...others,
            },
        });

        it("get a resource each from a baseline, by pattern, and a set by tag and region", async () => {
            await declare(baseline({ exclude: { "logs-b": "is deleted next week" } })).deploy();
            expect(await rules()).to.deep.equal(["aws:kms", undefined, "aws:kms", undefined]);
            const placed = stack.rules.map(({ id, outputs }) => [id, outputs?.store, outputs?.region]);
            expect(placed).to.have.deep.members([
                ["logs-a", "s3", "us-east-1"],
                ["logs-paris", "s3", "us-east-1"],
            ]);
            await moto.createBucket("logs-tomorrow");
            expect(await stack.previewedSteps()).to.deep.equal({ "fleet-logs-tomorrow": "create" });
            expect(cloud.journal.entries()).to.deep.equal([]);

            const select = { tags: { stage: "production" }, regions: ["eu-west-3"] };
            await declare(baseline({ select, granularity: "set", sseAlgorithm: "KMS_DSSE" })).deploy();
            expect(await rules()).to.deep.equal(["aws:kms", undefined, "aws:kms:dsse", undefined]);
        });

        it("are in a set by their names, whose drift is found and reconciled", async () => {
            const buckets = ["logs-a", "logs-paris"];
            const overrides = { "logs-paris": { sseAlgorithm: "KMS_DSSE" } };
            const set = { is: "BucketEncryptionSet", store: "s3", region: "us-east-1", buckets, overrides };
            await declare({ fleet: { ...set, sseAlgorithm: "AES256" } }).deploy();
            expect(await rules()).to.deep.equal(["AES256", undefined, "aws:kms:dsse", undefined]);
            await put("logs-a", "aws:kms");
            await stack.deploy("--refresh");
            expect(await rules()).to.deep.equal(["AES256", undefined, "aws:kms:dsse", undefined]);
        });

        it("reject a baseline whose account cannot be one of AWS, before any request", async () => {
            const account = { id: "1000000000000002", roleArn: "acs:ram::1000000000000002:role/admin" };
            const { status, output } = await declare(baseline({ account })).command("up", "--yes", "--skip-preview");
            expect(status).not.to.equal(0);
            expect(output)
                .to.include("12 digits")
                .and.include("account.roleArn is not supported by this kind of store");
        });
    });

    it("are listed with their regions, by prefix and by tag, from an account without any too", async () => {
        const stores = new S3Stores({ credentials: async () => keys, expectedBucketOwner: "123456789012" });
        const directory = stores.directory({ endpoint: moto.url });
        const listed = async (selection = {}) => {
            const found: [string, string][] = [];
            for await (const { name, region } of directory.listBuckets(selection)) found.push([name, region]);
            return found;
        };
        try {
            const stage = { key: "stage", value: "production" };
            // This server lists no regions, and names one on request.
            expect(await listed({ prefix: "logs-" })).to.deep.equal([
                ["logs-a", "us-east-1"],
                ["logs-b", "us-east-1"],
                ["logs-paris", "us-east-1"],
            ]);
            expect(await listed({ regions: ["eu-west-3"] })).to.deep.equal([["logs-paris", "eu-west-3"]]);
            expect((await listed({ prefix: "logs-", tag: stage })).map(([name]) => name)).to.deep.equal([
                "logs-a",
                "logs-paris",
            ]);
            expect(await directory.tagsOf("logs-a")).to.deep.equal({ stage: "production" });
            expect(await directory.tagsOf("photos")).to.deep.equal({});
            expect(await directory.describeBucket("photos")).to.include({ owner: "123456789012", rule: "none" });
            await moto.reset();
            expect(await listed()).to.deep.equal([]);
        } finally {
            stores.close();
        }
    });

    describe("in a check-up", () => {
        async function checkUp(args: readonly string[], variables: Readonly<Record<string, string>>) {
            const before = { ...process.env };
            const inherited = Object.entries(before).filter(([name]) => !/^(AWS|OSS|ALIBABA_CLOUD)_/.test(name));
            const env = {
                ...Object.fromEntries(inherited),
                AWS_CONFIG_FILE: "/dev/null",
                AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
                AWS_EC2_METADATA_DISABLED: "true",
                AWS_ENDPOINT_URL_S3: moto.url,
                ...variables,
            };
            const child = spawn(process.execPath, [command, "doctor", "--store", "s3", "--json", ...args], { env });
            const ended = once(child, "close");
            const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
            const [status] = await ended;
            expect(stdout, stderr).to.match(/^\{/);
            expect(stdout).not.to.include(keys.secretAccessKey);
            return { status, ...doctorResults(stdout) };
        }
        const inEnvironment = {
            AWS_ACCESS_KEY_ID: keys.accessKeyId,
            AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
        };

        it("show which credentials read them, from where, and the rights, and write nothing", async () => {
            await put("logs-a", "aws:kms", key);
            const { status, results, account, textOf } = await checkUp(["--bucket", "logs-a"], inEnvironment);
            expect(textOf("credentials")).to.equal(
                "The access key …y-id from the environment variables AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
            );
            expect(textOf("account")).to.equal("S3 does not report it.");
            expect(results).to.deep.equal({
                credentials: "fine",
                account: "not-checked",
                clock: "fine",
                "s3:ListAllMyBuckets": "fine",
                "s3:GetEncryptionConfiguration logs-a": "fine",
                "s3:PutEncryptionConfiguration logs-a": "not-checked",
                "region logs-a": "not-checked",
                "key logs-a, key …90ab": "not-checked",
            });
            expect(status).to.equal(0);
            expect(account?.unproven).to.deep.equal({
                Version: "2012-10-17",
                Statement: [
                    {
                        Effect: "Allow",
                        Action: ["s3:PutEncryptionConfiguration"],
                        Resource: ["arn:aws:s3:::logs-a"],
                    },
                ],
            });
            expect(await rule("logs-a")).to.equal("aws:kms");
            expect(await rule("logs-b")).to.equal(undefined);
        });

        it("name the account where the chain knows it, and the profile", async () => {
            const folder = mkdtempSync(path.join(tmpdir(), "doctor-s3-"));
            const file = path.join(folder, "credentials");
            const secret = `aws_access_key_id = ${keys.accessKeyId}\naws_secret_access_key = ${keys.secretAccessKey}`;
            writeFileSync(file, `[auditor]\n${secret}\naws_account_id = 123456789012\n`);
            const { textOf } = await checkUp(["--profile", "auditor"], { AWS_SHARED_CREDENTIALS_FILE: file });
            rmSync(folder, { recursive: true });
            expect(textOf("credentials")).to.equal(
                "The access key …y-id from a profile of the shared AWS files (auditor).",
            );
            expect(textOf("account")).to.equal("123456789012.");
        });

        it("show a bucket that does not exist as wrong, beside one without a rule", async () => {
            const { status, results } = await checkUp(
                ["--bucket", "logs-b", "--bucket", "no-such-bucket"],
                inEnvironment,
            );
            expect(status).to.equal(2);
            expect(results).to.include({
                "s3:GetEncryptionConfiguration logs-b": "fine",
                "s3:GetEncryptionConfiguration no-such-bucket": "wrong",
                "region no-such-bucket": "not-known",
            });
        });

        it("report missing credentials, and check no right without them", async () => {
            const { status, results, textOf } = await checkUp(["--bucket", "logs-a"], {});
            expect(status).to.equal(2);
            expect(results).to.deep.equal({ credentials: "missing", clock: "fine", rights: "not-checked" });
            expect(textOf("credentials")).to.include("no credentials for AWS were found");
        });

        it("stop at missing rights, with a policy that grants exactly them", async () => {
            const user = await moto.userWith({ Effect: "Allow", Action: ["s3:ListAllMyBuckets"], Resource: "*" });
            try {
                const { status, results, account } = await checkUp(["--bucket", "logs-a"], user);
                expect(status).to.equal(2);
                expect(results).to.include({
                    "s3:ListAllMyBuckets": "fine",
                    "s3:GetEncryptionConfiguration logs-a": "missing",
                });
                expect(account?.missing?.Statement).to.deep.equal([
                    {
                        Effect: "Allow",
                        Action: ["s3:GetEncryptionConfiguration"],
                        Resource: ["arn:aws:s3:::logs-a"],
                    },
                ]);
            } finally {
                await moto.allowEveryone();
            }
        });
    });

    describe("in an audit", () => {
        let folder: string;
        beforeEach(async () => {
            folder = mkdtempSync(path.join(tmpdir(), "audit-s3-"));
            const secret = `aws_access_key_id = ${keys.accessKeyId}\naws_secret_access_key = ${keys.secretAccessKey}`;
            writeFileSync(path.join(folder, "credentials"), `[auditor]\n${secret}\n`);
            writeFileSync(path.join(folder, "config"), "");
            await put("logs-a", "aws:kms", key);
            await put("logs-b", "AES256");
            await put("logs-paris", "aws:kms:dsse");
        });
        afterEach(() => rmSync(folder, { recursive: true, force: true }));

        async function audit(...args: string[]) {
            const inherited = Object.entries(process.env).filter(([name]) => !/^(AWS|OSS|ALIBABA_CLOUD)_/.test(name));
            const env = {
                ...Object.fromEntries(inherited),
                AWS_CONFIG_FILE: path.join(folder, "config"),
                AWS_SHARED_CREDENTIALS_FILE: path.join(folder, "credentials"),
                AWS_ENDPOINT_URL_S3: moto.url,
            };
            const child = spawn(process.execPath, [command, "audit", "--store", "s3", ...args], { env });
            let [stdout, stderr] = ["", ""];
            child.stdout.setEncoding("utf8").on("data", (text) => {
                stdout += text;
            });
            child.stderr.setEncoding("utf8").on("data", (text) => {
                stderr += text;
            });
            const [status] = await once(child, "close");
            return { status, stdout, stderr };
        }

        it("show their rules, and never a key's state as known", async () => {
            const { status, stdout, stderr } = await audit(
                "--profile",
                "auditor",
                "--json",
                "--fail-on",
                "key-not-known",
            );
            expect(status, stderr).to.equal(2);
            const { accounts, buckets } = JSON.parse(stdout);
            expect(accounts).to.deep.equal([{ account: "auditor", buckets: 4 }]);
            const facts = buckets.map((found: Record<string, unknown>) => [
                found.bucket,
                found.region,
                found.status,
                found.keyState,
                found.findings,
            ]);
            expect(facts).to.deep.equal([
                ["photos", "us-east-1", "not-encrypted", undefined, ["not-encrypted"]],
                ["logs-a", "us-east-1", "encrypted", "not known", ["key-not-known"]],
                ["logs-b", "us-east-1", "encrypted", undefined, []],
                ["logs-paris", "us-east-1", "encrypted", undefined, []],
            ]);
            expect(buckets[1].notes).to.deep.equal([
                "The key's state is unknown: keys of this kind of store are not looked up.",
            ]);
            expect(stdout + stderr).not.to.include(keys.secretAccessKey);
        });

        it("become a program that adopts their rules as those of S3", async () => {
            const { status, stdout, stderr } = await audit("--profile", "auditor", "--emit", "stack");
            expect(status, stderr).to.equal(0);
            expect(stdout).to.include(
                `new BucketEncryption(bucket, { bucket, ...rule, store: "s3", endpoint: "${moto.url}", account, existingRule: "adopt", onDelete: "retain" });`,
            );
            expect(stdout).to.include('"logs-paris": { region: "us-east-1", sseAlgorithm: "KMS_DSSE"');
            expect(stdout).to.include("photos has no rule to adopt");
        });

        it("reject the address of another cloud's KMS", async () => {
            const { status, stderr } = await audit("--kms-endpoint", "https://kms.cn-hangzhou.aliyuncs.com");
            expect(status).to.equal(64);
            expect(stderr).to.include("--kms-endpoint");
        });
    });
});
