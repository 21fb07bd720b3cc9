import { LocalCloud } from "../../lib/local-cloud";
import { TestProject } from "../stacks/test-project";
import { ShellSession } from "./shell-session";

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
        readonly project: TestProject,
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
        const profiles = ["default", "production", "staging"].map((name) => ({
            name,
            mode: "AK",
            access_key_id: "local-key-id",
            access_key_secret: "local-key-secret",
            region_id: "cn-hangzhou",
        }));
        const project = new TestProject(
            "example",
            {
                "index.js": program,
                "policies.json": "{}",
                "rollout.yaml": rollout,
                ".aliyun/config.json": JSON.stringify({ current: "default", profiles }),
            },
            {
                ALIBABA_CLOUD_ACCESS_KEY_ID: "local-key-id",
                ALIBABA_CLOUD_ACCESS_KEY_SECRET: "local-key-secret",
                OSS_ENDPOINT: cloud.url,
                OSS_REGION: "cn-hangzhou",
                ALIBABA_CLOUD_STS_ENDPOINT: cloud.url,
                ALIBABA_CLOUD_KMS_ENDPOINT: cloud.url,
            },
        );
        const shell = await ShellSession.start(project.environment);
        return new DocumentedProject(project, cloud, shell);
    }

    get folder(): string {
        return this.project.folder;
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
        this.project.remove();
    }
}
