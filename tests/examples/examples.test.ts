import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import { EmbeddedEngine } from "../../lib/engine";
import { type EncryptionRule, LocalCloud } from "../../lib/local-cloud";

const root = path.join(__dirname, "..", "..");
const folder = path.join(root, "examples");

interface StackExample {
    readonly name: string;
    /** The project's name, by which the program reads its configuration. */
    readonly project?: string;
    readonly config?: Readonly<Record<string, string>>;
    /** The buckets with the rules that they get. */
    readonly rules: Readonly<Record<string, EncryptionRule>>;
    /** The resource of the first bucket, in a preview. */
    readonly drifting: string;
    /** Whether destroying the stack keeps the rules. */
    readonly keepsRules?: boolean;
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
        keepsRules: true,
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
        keepsRules: true,
    },
];

/** What another test runs, with that test. */
const others: Readonly<Record<string, string>> = {
    "oss-and-s3": "interop/s3/stack.test.ts",
    "esm-typescript": "interop/examples/installed-examples.test.ts",
    "pnpm-workspace": "interop/examples/installed-examples.test.ts",
    "with-alicloud": "examples/own-tests.test.ts",
    "stack-tests": "examples/own-tests.test.ts",
    "automation-api": "interop/examples/automation-api.test.ts",
    yaml: "interop/plugin/languages.test.ts",
    python: "interop/plugin/languages.test.ts",
    pipelines: "interop/pipelines/pipelines.test.ts",
};

const examples = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);

describe("the examples", function () {
    this.timeout(60_000);
    const inherited = { ...process.env };

    // A baseline's program lists buckets in this process.
    afterEach(() => {
        for (const name of Object.keys(process.env)) if (!(name in inherited)) delete process.env[name];
        Object.assign(process.env, inherited);
    });

    it("are each run by this test or by another one that names it", () => {
        expect([...stacks.map(({ name }) => name), ...Object.keys(others)]).to.include.members(examples);
        for (const [name, test] of Object.entries(others))
            if (examples.includes(name))
                expect(readFileSync(path.join(root, "tests", test), "utf8"), test).to.include(name);
    });

    it("have each a README, which the list of examples names, with one command", () => {
        const list = readFileSync(path.join(folder, "README.md"), "utf8");
        for (const name of examples) {
            expect(list, name).to.include(`(${name}/README.md)`);
            const commands = readFileSync(path.join(folder, name, "README.md"), "utf8").match(/^```sh$/gm) ?? [];
            expect(commands.length, name).to.equal(name === "pipelines" ? 0 : 1);
        }
    });

    for (const { name, config = {}, rules, drifting, keepsRules } of stacks) {
        it(`deploy, drift, are reconciled and destroyed: ${name}`, async () => {
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
            const [first = ""] = Object.keys(rules);
            const live = () =>
                Object.fromEntries(Object.keys(rules).map((bucket) => [bucket, cloud.bucketRule(bucket)]));
            try {
                for (const bucket of Object.keys(rules))
                    cloud.createBucket({ name: bucket, accountId: name === "baseline" ? member : caller });
                const engine = await engineOf(name, work, cloud, config);
                const up = await engine.up();
                expect(up.succeeded, up.messages.join("\n")).to.equal(true);
                expect(live()).to.deep.equal(rules);

                cloud.setBucketRule(first, undefined);
                const preview = await engine.preview({ refresh: true });
                const planned = preview.steps.filter(({ op }) => ["create", "update"].includes(op));
                expect([...new Set(planned.map((step) => step.name))]).to.deep.equal([drifting]);
                const repaired = await engine.up({ refresh: true });
                expect(repaired.succeeded, repaired.messages.join("\n")).to.equal(true);
                expect(live()).to.deep.equal(rules);

                expect((await engine.destroy()).succeeded).to.equal(true);
                if (keepsRules) expect(cloud.bucketRule(Object.keys(rules).at(-1) as string)).not.to.equal(undefined);
                else expect(Object.values(live())).to.deep.equal(Object.keys(rules).map(() => undefined));
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
    work: string,
    cloud: LocalCloud,
    config: Readonly<Record<string, string>>,
): Promise<EmbeddedEngine> {
    const state = path.join(work, "state");
    mkdirSync(state);
    writeFileSync(path.join(work, "Pulumi.yaml"), JSON.stringify({ name, runtime: "nodejs", main: root }));
    const program = path.join(folder, name, "index.ts");
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
