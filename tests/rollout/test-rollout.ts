import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { stringify } from "yaml";
import { bucketEncryption } from "../../lib/cli/bucket-encryption-command";
import { LocalCloud } from "../../lib/local-cloud";
import type { JournalRecord, RolloutReport } from "../../lib/rollout";
import { bucketEncryptionCommand, type CommandProcess, type ProcessResult, startCommand } from "../cli/command-process";
import { run } from "../cli/in-process";
import { TestProject } from "../stacks/test-project";

export const passphrase = "a-passphrase-nobody-may-see";
export const accessKeySecret = "an-access-key-secret-nobody-may-see";

// Declares what the stack's configuration says: rules by bucket.
const program = `
const pulumi = require("@pulumi/pulumi");
const { BucketEncryption } = require("pulumi-bucket-encryption");
const rules = new pulumi.Config().requireObject("rules");
const value = (text) => (String(text).startsWith("secret:") ? pulumi.secret(text.slice(7)) : text);
for (const [bucket, rule] of Object.entries(rules)) {
    const { sseAlgorithm, ...rest } = typeof rule === "string" ? { sseAlgorithm: rule } : rule;
    const given = Object.fromEntries(Object.entries(rest).map(([key, text]) => [key, value(text)]));
    new BucketEncryption(bucket, { bucket, sseAlgorithm, ...given });
}
`;

// The same with one set for all of them.
const programOfSet = `
const pulumi = require("@pulumi/pulumi");
const { BucketEncryptionSet } = require("pulumi-bucket-encryption");
const rules = new pulumi.Config().requireObject("rules");
const [sseAlgorithm] = Object.values(rules);
new BucketEncryptionSet("set", { buckets: Object.keys(rules), sseAlgorithm });
`;

// All buckets of the account, which the program lists. It notes what it is told of the sessions that it shares.
const programOfBaseline = `
const pulumi = require("@pulumi/pulumi");
const { EncryptionBaseline } = require("pulumi-bucket-encryption");
require("fs").appendFileSync(process.env.BROKERS, process.env.BUCKET_ENCRYPTION_SESSION_BROKER + "\\n");
const [sseAlgorithm] = Object.values(new pulumi.Config().requireObject("rules"));
new EncryptionBaseline("all", { select: { patterns: "*" }, sseAlgorithm });
`;

export interface TestAccount {
    readonly id: string;
    /** The profile in the test's configuration of the Alibaba Cloud CLI. */
    readonly profile: string;
    readonly buckets: readonly string[];
}

/** Some accounts in a local cloud, each with buckets of its own, and a project whose stacks are rolled out onto them. */
export class TestRollout extends TestProject {
    readonly file: string;
    /** Arguments that each command gets. */
    engine: readonly string[] = ["--engine", "embedded"];
    /** False where processes are under test: then commands, programs and providers run in processes, as a user's do. */
    inProcess = true;

    private constructor(
        readonly cloud: LocalCloud,
        readonly accounts: readonly TestAccount[],
    ) {
        const profiles = accounts.map(({ id, profile }) => ({
            name: profile,
            mode: "AK",
            access_key_id: `key-of-${id}`,
            access_key_secret: accessKeySecret,
            region_id: "cn-hangzhou",
        }));
        super(
            "test-rollout",
            {
                "index.js": program,
                ".aliyun/config.json": JSON.stringify({ current: profiles[0]?.name, profiles }),
            },
            {
                PULUMI_CONFIG_PASSPHRASE: passphrase,
                OSS_ENDPOINT: cloud.url,
                ALIBABA_CLOUD_STS_ENDPOINT: cloud.url,
                ALIBABA_CLOUD_KMS_ENDPOINT: cloud.url,
            },
        );
        this.file = path.join(this.folder, "rollout.yaml");
    }

    /** @param sizes how many buckets each account has */
    static async create(sizes: readonly number[]): Promise<TestRollout> {
        const accounts = sizes.map((size, index) => ({
            id: String(1_000_000_000_000_001 + index),
            profile: `account-${index + 1}`,
            buckets: Array.from({ length: size }, (_, bucket) => `account-${index + 1}-bucket-${bucket + 1}`),
        }));
        const cloud = await LocalCloud.start({
            accounts: {
                accounts: accounts.map(({ id, buckets }) => ({
                    id,
                    accessKeys: [{ id: `key-of-${id}`, secret: accessKeySecret }],
                    roles: [
                        { name: "trusting-nobody" },
                        { name: "trusting-the-first", trusts: [accounts[0]?.id ?? id] },
                    ],
                    buckets: buckets.map((name) => ({ name, region: "cn-hangzhou" })),
                })),
            },
        });
        return new TestRollout(cloud, accounts);
    }

    /** Exchanges parts of a profile. */
    changeProfile(profile: string, parts: Readonly<Record<string, string>>): void {
        const file = path.join(this.folder, ".aliyun", "config.json");
        const { profiles, ...rest } = JSON.parse(readFileSync(file, "utf8")) as { profiles: { name: string }[] };
        const changed = profiles.map((one) => (one.name === profile ? { ...one, ...parts } : one));
        writeFileSync(file, JSON.stringify({ ...rest, profiles: changed }));
    }

    /** Gives a profile temporary credentials of its account, which nobody can renew. */
    useToken(account: number, expiresAt: Date): void {
        const { id, profile } = this.accounts[account - 1] as TestAccount;
        const { accessKeyId, accessKeySecret, securityToken } = this.cloud.issueTemporaryCredentials({
            accountId: id,
            expiresAt,
        });
        const key = { access_key_id: accessKeyId, access_key_secret: accessKeySecret };
        this.changeProfile(profile, { mode: "StsToken", ...key, sts_token: securityToken });
    }

    useSet(): void {
        writeFileSync(path.join(this.folder, "index.js"), programOfSet);
    }

    /** @param notes a file that gets a line for each run of the program: where it finds the sessions that it shares */
    useBaseline(notes: string): void {
        writeFileSync(path.join(this.folder, "index.js"), programOfBaseline);
        this.environment = { ...this.environment, BROKERS: notes };
    }

    /** A stack for an account: all its buckets get the algorithm. */
    stack(account: number, extra: Record<string, unknown> = {}, sseAlgorithm = "AES256"): Record<string, unknown> {
        const { id, profile, buckets } = this.accounts[account - 1] as TestAccount;
        return {
            name: profile,
            account: id,
            region: "cn-hangzhou",
            ...extra,
            configuration: {
                "bucket-encryption:profile": profile,
                "test-rollout:rules": Object.fromEntries(buckets.map((bucket) => [bucket, sseAlgorithm])),
                ...(extra.configuration as object | undefined),
            },
        };
    }

    write(content: {
        readonly stacks: readonly object[];
        readonly waves: readonly object[];
        readonly [key: string]: unknown;
    }): this {
        writeFileSync(this.file, stringify({ name: "test rollout", ...content }));
        return this;
    }

    #arguments(verb: string, ...args: string[]): string[] {
        return ["rollout", verb, ...args, ...(["plan", "run", "resume"].includes(verb) ? this.engine : [])];
    }

    /** Starts a command in a process of its own. */
    start(verb: string, ...args: string[]): CommandProcess {
        return startCommand(bucketEncryptionCommand, this.#arguments(verb, ...args), {
            cwd: this.folder,
            env: this.environment,
        });
    }

    /** Runs a command, in this process unless processes are under test; the stacks' programs and providers too. */
    async run(verb: string, ...args: string[]): Promise<ProcessResult> {
        if (!this.inProcess) return await this.start(verb, "rollout.yaml", ...args).ended;
        return await run(bucketEncryption, this.#arguments(verb, "rollout.yaml", ...args), {
            env: this.environment,
            cwd: this.folder,
            inProcess: true,
        });
    }

    async succeed(verb: string, ...args: string[]): Promise<string> {
        return await this.end(0, verb, ...args);
    }

    /** Runs a command that must end with this status. @returns what it printed */
    async end(expected: number, verb: string, ...args: string[]): Promise<string> {
        const { status, stdout, stderr } = await this.run(verb, ...args);
        if (status !== expected)
            throw new Error(`"rollout ${verb} ${args.join(" ")}" ended with ${status}:\n${stdout}${stderr}`);
        return stdout;
    }

    async plan(): Promise<string> {
        return await this.succeed("plan", "--create-stacks");
    }

    async report(): Promise<RolloutReport> {
        return JSON.parse(await this.succeed("report", "--json")) as RolloutReport;
    }

    /** Outcomes by stack. */
    async outcomes(): Promise<Record<string, string>> {
        const { waves } = await this.report();
        return Object.fromEntries(waves.flatMap(({ stacks }) => stacks.map(({ name, state }) => [name, state])));
    }

    get stateFolder(): string {
        return path.join(this.folder, ".rollout", "rollout.yaml");
    }

    journal(): JournalRecord[] {
        const file = path.join(this.stateFolder, "journal.jsonl");
        if (!existsSync(file)) return [];
        return readFileSync(file, "utf8")
            .split("\n")
            .slice(0, -1)
            .map((line) => JSON.parse(line) as JournalRecord);
    }

    /** A stack for an account that is reached by a role, with the first account's key. */
    stackByRole(account: number): Record<string, unknown> {
        const roleArn = `acs:ram::${this.accounts[account - 1]?.id}:role/trusting-the-first`;
        const [{ profile } = { profile: "" }] = this.accounts;
        const configuration = { "bucket-encryption:account": { roleArn }, "bucket-encryption:profile": profile };
        return this.stack(account, { configuration });
    }

    /** Writes to buckets' rules that the cloud acknowledged, by bucket. */
    writes(): Record<string, number> {
        const counts: Record<string, number> = {};
        for (const { operation, bucket = "", status } of this.cloud.journal.entries()) {
            if (operation === "PutBucketEncryption" && status === 200) counts[bucket] = (counts[bucket] ?? 0) + 1;
        }
        return counts;
    }

    /** Accounts that requests were made for. */
    touchedAccounts(): string[] {
        return [...new Set(this.cloud.journal.entries().flatMap(({ account }) => account ?? []))].sort();
    }

    async dispose(): Promise<void> {
        await this.cloud.stop();
        this.remove();
    }
}
