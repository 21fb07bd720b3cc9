import { readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { LocalCloud } from "../../lib/local-cloud";
import { skipBecause } from "../skip-because";
import { BucketStack } from "../stacks/bucket-stack";

const accessKeySecret = "Distinctive-Access-Key-Secret-4711";
const secretKeyId = "key-that-the-stack-keeps-secret";

/** Every file below a stack's folder: state, backups, history, configuration. */
describe("secrets of a deployment", () => {
    let cloud: LocalCloud;
    let stack: BucketStack;
    let printed: string;

    before(async () => {
        cloud = await LocalCloud.start({
            isStrict: true,
            accounts: {
                accounts: [
                    { id: "1000000000000001", accessKeys: [{ id: "distinctive-key-id", secret: accessKeySecret }] },
                ],
            },
        });
        cloud.createBucket({ name: "example-logs" });
        stack = await new BucketStack(cloud).start();
        const { securityToken, ...temporary } = cloud.issueTemporaryCredentials({
            expiresAt: new Date(Date.now() + 3_600_000),
        });
        const usual = {
            ...stack.environment,
            ALIBABA_CLOUD_ACCESS_KEY_ID: "distinctive-key-id",
            ALIBABA_CLOUD_ACCESS_KEY_SECRET: accessKeySecret,
        };
        stack.environment = usual;
        const outputs = [];
        const declared = { bucket: "example-logs", sseAlgorithm: "KMS", kmsMasterKeyId: `secret:${secretKeyId}` };
        stack.declare({ logs: declared });
        outputs.push(
            await stack.succeed("preview", "--diff"),
            await stack.succeed("preview", "--json"),
            await stack.deploy("--diff"),
        );
        expect(cloud.bucketRule("example-logs")).to.deep.equal({ sseAlgorithm: "KMS", kmsMasterKeyId: secretKeyId });
        // Drift and its reconciliation, with temporary credentials; then what goes wrong.
        stack.environment = {
            ...usual,
            DECLARED: stack.environment.DECLARED,
            ALIBABA_CLOUD_ACCESS_KEY_ID: temporary.accessKeyId,
            ALIBABA_CLOUD_ACCESS_KEY_SECRET: temporary.accessKeySecret,
            ALIBABA_CLOUD_SECURITY_TOKEN: securityToken,
        };
        cloud.setBucketRule("example-logs", { sseAlgorithm: "SM4" });
        outputs.push(await stack.deploy("--refresh", "--diff"));
        for (const [code, status] of [
            ["SignatureDoesNotMatch", 403],
            ["InternalError", 500],
        ] as const) {
            const removeFault = cloud.faults.add({ kind: "status", status, code, count: 5 });
            outputs.push((await stack.command("refresh", "--yes", "--skip-preview")).output);
            removeFault();
        }
        stack.declare({ logs: { ...declared, sseAlgorithm: "AES256" } });
        outputs.push((await stack.command("preview")).output);
        outputs.push(await stack.succeed("stack", "export"), (await stack.command("stack", "output")).output);
        printed = outputs.join("\n");
        for (const value of [temporary.accessKeySecret, securityToken]) expectNowhere(value);
    });
    after(async () => {
        stack.remove();
        await cloud.stop();
    });

    /** In no output and in no file below the stack's folder: state, backups, history, configuration. */
    function expectNowhere(secret: string): void {
        expect(printed).not.to.include(secret);
        const files = stack.files();
        expect(files.some((file) => file.endsWith("dev.json"))).to.equal(true);
        for (const file of files) expect(readFileSync(file, "utf8"), file).not.to.include(secret);
    }

    it("leave no access key in a state, a log or a message", () => {
        expectNowhere(accessKeySecret);
        expectNowhere("distinctive-key-id");
    });

    it("leave an input that is a secret encrypted in the state, and hidden in what is printed", () => {
        expectNowhere(secretKeyId);
    });
});

describe("the logs of the pulumi command, where this machine has it", () => {
    const environmentSecret = "Environment-Access-Key-Secret-2342";
    const configuredSecret = "Configured-Access-Key-Secret-2342";
    let cloud: LocalCloud;
    let stack: BucketStack;

    beforeEach(async function () {
        const accessKeys = [
            { id: "environment-key-id", secret: environmentSecret },
            { id: "configured-key-id", secret: configuredSecret },
        ];
        cloud = await LocalCloud.start({
            isStrict: true,
            accounts: { accounts: [{ id: "1000000000000001", accessKeys }] },
        });
        cloud.createBucket({ name: "example-logs" });
        stack = await new BucketStack(cloud).start();
        if (!stack.useRealEngine()) skipBecause(this, "there is no pulumi on the PATH");
        stack.environment = {
            ...stack.environment,
            ALIBABA_CLOUD_ACCESS_KEY_ID: "environment-key-id",
            ALIBABA_CLOUD_ACCESS_KEY_SECRET: environmentSecret,
            PULUMI_DEBUG_COMMANDS: "true",
        };
        stack.declare({ logs: { bucket: "example-logs", sseAlgorithm: "AES256" } });
    });
    afterEach(async () => {
        stack?.remove();
        await cloud.stop();
    });

    async function expectNowhere(secret: string, ...flags: string[]): Promise<void> {
        const events = path.join(stack.folder, "events.jsonl");
        const outputs = [await stack.deploy("--event-log", events, ...flags)];
        cloud.faults.add({ kind: "status", status: 403, code: "SignatureDoesNotMatch", message: secret });
        outputs.push(
            (await stack.command("refresh", "--yes", "--skip-preview", "--event-log", events, ...flags)).output,
        );
        expect(outputs.join("\n")).to.include("SignatureDoesNotMatch").and.not.include(secret);
        for (const file of stack.files()) expect(readFileSync(file, "utf8"), file).not.to.include(secret);
    }

    it("hold no credentials of the environment, however much is logged", async () => {
        stack.environment = { ...stack.environment, PULUMI_DEBUG_GRPC: path.join(stack.folder, "grpc.jsonl") };
        await expectNowhere(environmentSecret, "--debug", "--logtostderr", "-v=11", "--logflow");
    }).timeout(180_000);

    it("hold no credentials of the stack's configuration, with --debug and in the file of events", async () => {
        await stack.succeed("config", "set", "bucket-encryption:accessKeyId", "configured-key-id");
        await stack.succeed("config", "set", "--secret", "bucket-encryption:accessKeySecret", configuredSecret);
        await expectNowhere(configuredSecret, "--debug");
    }).timeout(180_000);
});

describe("credentials in the stack's configuration", () => {
    const secrets = { accessKeySecret: "Configured-Access-Key-Secret-0815", securityToken: "Configured-Token-0815" };
    let cloud: LocalCloud;
    let stack: BucketStack;
    let printed: string[];

    beforeEach(async () => {
        cloud = await LocalCloud.start({
            isStrict: true,
            accounts: {
                accounts: [
                    {
                        id: "1000000000000001",
                        accessKeys: [{ id: "configured-key-id", secret: secrets.accessKeySecret }],
                    },
                ],
            },
        });
        cloud.createBucket({ name: "example-logs" });
        stack = await new BucketStack(cloud).start();
        // The environment's credentials belong to no account here: the configuration must win.
        stack.declare({ logs: { bucket: "example-logs", sseAlgorithm: "AES256" } });
        printed = [];
    });
    afterEach(async () => {
        stack.remove();
        await cloud.stop();
    });
    const keep = async (...args: string[]) => printed.push((await stack.command(...args)).output);

    it("reach the service, and nothing that is written or printed, also in failures", async () => {
        await keep("config", "set", "bucket-encryption:accessKeyId", "configured-key-id");
        await keep("config", "set", "--secret", "bucket-encryption:accessKeySecret", secrets.accessKeySecret);
        printed.push(await stack.succeed("preview", "--json"), await stack.deploy("--diff"));
        expect(cloud.bucketRule("example-logs")).to.deep.equal({ sseAlgorithm: "AES256" });
        for (const code of ["SignatureDoesNotMatch", "InvalidSecurityToken"]) {
            const removeFault = cloud.faults.add({
                kind: "status",
                status: 403,
                code,
                message: secrets.accessKeySecret,
            });
            await keep("refresh", "--yes", "--skip-preview");
            removeFault();
        }
        await keep("config", "set", "--secret", "bucket-encryption:securityToken", secrets.securityToken);
        await keep("refresh", "--yes", "--skip-preview");
        stack.declare({ logs: { bucket: "example-logs", sseAlgorithm: "SM4" } });
        await keep("up", "--yes", "--skip-preview");
        await keep("stack", "export");
        const all = printed.join("\n");
        expect(all, "the token that nobody issued").to.include("InvalidSecurityToken");
        for (const secret of Object.values(secrets)) {
            expect(all).not.to.include(secret);
            for (const file of stack.files()) expect(readFileSync(file, "utf8"), file).not.to.include(secret);
        }
        const names = stack.rules.flatMap(({ inputs, outputs }) => Object.keys({ ...inputs, ...outputs }));
        expect(names).not.to.include.members(["accessKeyId"]);
    });

    it("rejects a secret in plain text", async () => {
        await keep("config", "set", "bucket-encryption:accessKeyId", "configured-key-id");
        await keep("config", "set", "--plaintext", "bucket-encryption:accessKeySecret", secrets.accessKeySecret);
        const { status, output } = await stack.command("preview");
        expect(status).to.equal(1);
        expect(output).to.include("bucket-encryption:accessKeySecret in plain text").and.include("--secret");
        expect(output).not.to.include(secrets.accessKeySecret);
        expect(cloud.journal.entries()).to.deep.equal([]);
    });
});
