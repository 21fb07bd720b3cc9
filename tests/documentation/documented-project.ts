import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { LocalCloud } from "../../lib/local-cloud";
import { ShellSession } from "./shell-session";

const root = path.join(__dirname, "..", "..");

const program = `
const { BucketEncryption } = require("pulumi-bucket-encryption");
new BucketEncryption("logs", { bucket: "example-logs", sseAlgorithm: "AES256" });
`;

const rollout = `name: example
stacks: [{ name: rolled-out, account: "1000000000000002", region: cn-hangzhou }]
waves: [{ name: all, stacks: [rolled-out] }]
`;

/** The project and the account of a reader who tries what the documentation shows. */
export class DocumentedProject {
    private constructor(
        readonly folder: string,
        readonly cloud: LocalCloud,
        readonly shell: ShellSession,
    ) {}

    static async create(): Promise<DocumentedProject> {
        const cloud = await LocalCloud.start({
            accounts: {
                accounts: [
                    {
                        id: "1000000000000002",
                        accessKeys: [{ id: "local-key-id", secret: "local-key-secret" }],
                        roles: [{ name: "encryption-admin", trusts: ["1000000000000002"] }],
                        buckets: ["example-logs", "example-archive"].map((name) => ({ name, region: "cn-hangzhou" })),
                    },
                ],
            },
        });
        const cache = path.join(root, "node_modules", ".cache");
        mkdirSync(cache, { recursive: true });
        const folder = mkdtempSync(path.join(cache, "documented-"));
        writeFileSync(path.join(folder, "index.js"), program);
        writeFileSync(
            path.join(folder, "Pulumi.yaml"),
            "name: example\nmain: index.js\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n",
        );
        writeFileSync(path.join(folder, "policies.json"), "{}");
        writeFileSync(path.join(folder, "rollout.yaml"), rollout);
        mkdirSync(path.join(folder, "node_modules"));
        symlinkSync(path.join(root, "node_modules", "@pulumi"), path.join(folder, "node_modules", "@pulumi"));
        symlinkSync(root, path.join(folder, "node_modules", "pulumi-bucket-encryption"));
        mkdirSync(path.join(folder, ".aliyun"));
        const profiles = ["default", "production", "staging"].map((name) => ({
            name,
            mode: "AK",
            access_key_id: "local-key-id",
            access_key_secret: "local-key-secret",
            region_id: "cn-hangzhou",
        }));
        writeFileSync(path.join(folder, ".aliyun", "config.json"), JSON.stringify({ current: "default", profiles }));
        const inherited = Object.entries(process.env).filter(
            ([name]) => !/^(PULUMI|ALIBABA_CLOUD|OSS|AWS)_/.test(name),
        );
        const shell = await ShellSession.start({
            ...Object.fromEntries(inherited),
            HOME: folder,
            PULUMI_HOME: path.join(folder, "home"),
            PULUMI_BACKEND_URL: pathToFileURL(folder).href,
            PULUMI_CONFIG_PASSPHRASE: "a passphrase",
            ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true",
            ALIBABA_CLOUD_ACCESS_KEY_ID: "local-key-id",
            ALIBABA_CLOUD_ACCESS_KEY_SECRET: "local-key-secret",
            OSS_ENDPOINT: cloud.url,
            OSS_REGION: "cn-hangzhou",
            ALIBABA_CLOUD_STS_ENDPOINT: cloud.url,
            ALIBABA_CLOUD_KMS_ENDPOINT: cloud.url,
        });
        return new DocumentedProject(folder, cloud, shell);
    }

    /** Runs lines of a shell in the project's folder. @throws when they end with another status */
    async run(script: string, status = 0): Promise<string> {
        const result = await this.shell.run(script, this.folder);
        if (result.status !== status) throw new Error(`ended with ${result.status}:\n${script}\n${result.output}`);
        return result.output;
    }

    async dispose(): Promise<void> {
        await this.shell.stop();
        await this.cloud.stop();
        rmSync(this.folder, { recursive: true, force: true });
    }
}
