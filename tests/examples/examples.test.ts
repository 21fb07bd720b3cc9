import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import { EmbeddedEngine, type RunResult } from "../../lib/engine";
import { LocalCloud } from "../../lib/local-cloud";
import { replaceEnvironment } from "../process-environment";
import { type ExamplePromise, expectWholeLife } from "./whole-life";

const root = path.join(__dirname, "..", "..");
const folder = path.join(root, "examples");

interface StackExample extends ExamplePromise {
    readonly name: string;
    /** The folder of the program, below the example's. */
    readonly program?: string;
    readonly config?: Readonly<Record<string, string>>;
}

const caller = "1000000000000001";
const member = "1000000000000002";
const kms = { sseAlgorithm: "KMS" } as const;
const key = "key-hzz65f0a1b2c3d4e5f6a7";

const stacks: readonly StackExample[] = [
    {
        name: "quickstart",
        rules: {
            "quickstart-payments": { ...kms, kmsMasterKeyId: key },
            "quickstart-logs": { sseAlgorithm: "AES256" },
            "quickstart-archive": { sseAlgorithm: "SM4" },
            "quickstart-reports": kms,
        },
        drifting: "payments",
    },
    {
        name: "baseline",
        config: {
            "baseline:account": JSON.stringify({ id: member, roleArn: `acs:ram::${member}:role/encryption-admin` }),
        },
        rules: { "prod-orders": kms, "test-orders": { sseAlgorithm: "AES256" } },
        drifting: "production",
        kept: ["prod-orders", "test-orders"],
    },
    {
        name: "multi-account",
        config: { "multi-account:buckets": '["team-orders","team-invoices"]' },
        rules: { "team-orders": kms, "team-invoices": kms },
        drifting: "team-orders",
    },
    {
        name: "policy",
        rules: {
            "policy-logs": { sseAlgorithm: "SM4" },
            "policy-payments": { ...kms, kmsMasterKeyId: "alias/buckets" },
            "policy-archive": { sseAlgorithm: "AES256" },
        },
        drifting: "logs",
        kept: ["policy-payments", "policy-archive"],
    },
    {
        name: "automation-api",
        program: "project",
        config: { "automation-api:buckets": '["example-logs","example-archive"]' },
        rules: { "example-logs": { sseAlgorithm: "AES256" }, "example-archive": { sseAlgorithm: "AES256" } },
        drifting: "example-logs",
    },
];

const wholeLife = (name: string): string => `deploy, drift, are reconciled and destroyed: ${name}`;

/** Stacks that need processes, a package manager, a server of S3 or the pulumi command: the file with the same test. */
const elsewhere: Readonly<Record<string, string>> = {
    "oss-and-s3": "interop/s3/stack.test.ts",
    "esm-typescript": "interop/examples/installed-examples.test.ts",
    "pnpm-workspace": "interop/examples/installed-examples.test.ts",
    yaml: "interop/plugin/languages.test.ts",
    python: "interop/plugin/languages.test.ts",
};

/** Examples without a stack that an engine of ours can deploy: why, and what runs them. */
const without: Readonly<Record<string, { readonly why: string; readonly test: string }>> = {
    "with-alicloud": {
        why: "the plugin of @pulumi/alicloud is not available: it runs with mocks",
        test: "examples/own-tests.test.ts",
    },
    "stack-tests": {
        why: "it is a test, which deploys a stack, changes a rule and repairs it",
        test: "examples/own-tests.test.ts",
    },
    pipelines: {
        why: "it has pipelines, which deploy stacks of the test's own",
        test: "interop/pipelines/pipelines.test.ts",
    },
};

const examples = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);

describe("the examples", function () {
    this.timeout(60_000);
    const inherited = { ...process.env };

    // A baseline's program lists buckets in this process.
    afterEach(() => replaceEnvironment(inherited));

    it("are each run from deployment to destruction, or listed as examples without a stack", () => {
        const named = [...stacks.map(({ name }) => name), ...Object.keys(elsewhere), ...Object.keys(without)];
        expect(named.sort()).to.deep.equal([...examples].sort());
        const textOf = (test: string) => readFileSync(path.join(root, "tests", test), "utf8");
        for (const [name, test] of Object.entries(elsewhere)) expect(textOf(test), test).to.include(wholeLife(name));
        for (const [name, { test }] of Object.entries(without)) expect(textOf(test), test).to.include(name);
    });

    it("have each a README, which the list of examples names, with one command", () => {
        const list = readFileSync(path.join(folder, "README.md"), "utf8");
        for (const name of examples) {
            expect(list, name).to.include(`(${name}/README.md)`);
            const commands = readFileSync(path.join(folder, name, "README.md"), "utf8").match(/^```sh$/gm) ?? [];
            expect(commands.length, name).to.equal(name === "pipelines" ? 0 : 1);
        }
    });

    it("have the buckets of those that start no local cloud in accounts.json", () => {
        const programs = [
            "esm-typescript/buckets.json",
            "pnpm-workspace/packages/app/index.js",
            "policy/index.ts",
            "python/__main__.py",
            "yaml/Pulumi.yaml",
        ];
        const declared = programs.flatMap((file) => [
            ...(readFileSync(path.join(folder, file), "utf8").match(/\b(?:esm|example|policy|shop)-[a-z]+\b/g) ?? []),
        ]);
        const { accounts } = JSON.parse(readFileSync(path.join(folder, "accounts.json"), "utf8"));
        const [{ buckets }] = accounts as [{ buckets: { name: string }[] }];
        expect(buckets.map(({ name }) => name)).to.have.members([...new Set(declared)]);
    });

    for (const { name, program = "", config = {}, ...promise } of stacks) {
        it(wholeLife(name), async () => {
            const work = mkdtempSync(path.join(tmpdir(), "example-"));
            const cloud = await LocalCloud.start({
                accounts: {
                    accounts: [
                        {
                            id: caller,
                            accessKeys: [{ id: "local-key-id", secret: "local-key-secret" }],
                            keys: [{ id: key }, { id: "key-of-the-buckets", alias: "alias/buckets" }].map((one) => ({
                                ...one,
                                region: "cn-hangzhou",
                            })),
                        },
                        { id: member, roles: [{ name: "encryption-admin", trusts: [caller] }] },
                    ],
                },
            });
            try {
                for (const bucket of Object.keys(promise.rules))
                    cloud.createBucket({ name: bucket, accountId: name === "baseline" ? member : caller });
                const file = path.join(folder, name, program, "index.ts");
                expect(existsSync(file), file).to.equal(true);
                const engine = await engineOf(name, file, work, cloud, config);
                const succeeds = ({ succeeded, messages }: RunResult): void => {
                    expect(succeeded, messages.join("\n")).to.equal(true);
                };
                await expectWholeLife(
                    {
                        cloud,
                        up: async (refresh) => succeeds(await engine.up({ refresh })),
                        preview: async () => {
                            const result = await engine.preview({ refresh: true });
                            succeeds(result);
                            return result.steps
                                .filter(({ op }) => ["create", "update"].includes(op))
                                .map((step) => step.name);
                        },
                        destroy: async () => succeeds(await engine.destroy()),
                    },
                    promise,
                );
            } finally {
                await cloud.stop();
                rmSync(work, { recursive: true, force: true });
            }
        });
    }
});

/** An engine in this process whose program is the example's, evaluated anew by each operation. */
async function engineOf(
    name: string,
    program: string,
    work: string,
    cloud: LocalCloud,
    config: Readonly<Record<string, string>>,
): Promise<EmbeddedEngine> {
    const state = path.join(work, "state");
    mkdirSync(state);
    writeFileSync(path.join(work, "Pulumi.yaml"), JSON.stringify({ name, runtime: "nodejs", main: root }));
    Object.assign(process.env, {
        ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true",
        ALIBABA_CLOUD_ACCESS_KEY_ID: "local-key-id",
        ALIBABA_CLOUD_ACCESS_KEY_SECRET: "local-key-secret",
        OSS_ENDPOINT: cloud.url,
        OSS_REGION: "cn-hangzhou",
        ALIBABA_CLOUD_STS_ENDPOINT: cloud.url,
        ALIBABA_CLOUD_KMS_ENDPOINT: cloud.url,
    });
    const engine = new EmbeddedEngine({
        folder: work,
        stack: "dev",
        settingsFolder: work,
        inProcess: true,
        program: async () => {
            delete require.cache[program];
            return require(program);
        },
        environment: {
            ...process.env,
            PULUMI_HOME: path.join(work, "home"),
            PULUMI_BACKEND_URL: pathToFileURL(state).href,
            PULUMI_CONFIG_PASSPHRASE: "examples",
        },
    });
    await engine.createStack("dev");
    for (const [setting, value] of Object.entries(config)) await engine.setConfig(setting, value, false);
    return engine;
}
