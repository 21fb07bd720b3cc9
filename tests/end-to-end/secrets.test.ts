import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { LocalCloud } from "../../lib/local-cloud";
import { TestStack } from "./test-stack";

const accessKeySecret = "Distinctive-Access-Key-Secret-4711";
const secretKeyId = "key-that-the-stack-keeps-secret";

describe("secrets of a deployment", () => {
    let cloud: LocalCloud;
    let stack: TestStack;
    let printed: string;

    before(async () => {
        cloud = await LocalCloud.start({
            accounts: {
                accounts: [
                    { id: "1000000000000001", accessKeys: [{ id: "distinctive-key-id", secret: accessKeySecret }] },
                ],
            },
        });
        cloud.createBucket({ name: "example-logs" });
        stack = await new TestStack(cloud).start();
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
            await stack.up("--diff"),
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
        outputs.push(await stack.up("--refresh", "--diff"));
        for (const [code, status] of [
            ["SignatureDoesNotMatch", 403],
            ["InternalError", 500],
        ] as const) {
            const removeFault = cloud.faults.add({ kind: "status", status, code, count: 5 });
            outputs.push((await stack.run("refresh", "--yes", "--skip-preview")).output);
            removeFault();
        }
        stack.declare({ logs: { ...declared, sseAlgorithm: "AES256" } });
        outputs.push((await stack.run("preview")).output);
        outputs.push(await stack.succeed("stack", "export"), (await stack.run("stack", "output")).output);
        printed = outputs.join("\n");
        for (const value of [temporary.accessKeySecret, securityToken]) expectNowhere(value);
    });
    after(async () => {
        stack.remove();
        await cloud.stop();
    });

    function writtenFiles(folder: string): string[] {
        return readdirSync(folder).flatMap((name) => {
            const file = path.join(folder, name);
            return statSync(file).isDirectory() ? writtenFiles(file) : [file];
        });
    }

    /** Neither printed nor in any file below the stack's folder: state, backups, history, configuration. */
    function expectNowhere(secret: string): void {
        expect(printed).not.to.include(secret);
        const files = writtenFiles(stack.folder);
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
