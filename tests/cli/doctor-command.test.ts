import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { SecurityTokenService } from "../../lib/accounts";
import { bucketEncryption } from "../../lib/cli/bucket-encryption-command";
import { LocalCloud } from "../../lib/local-cloud";
import { withEnvironment } from "../process-environment";
import { doctorResults } from "./doctor-results";
import { run as runCommand } from "./in-process";

const key = "key-hzz65f0a1b2c3d4e5f6a7";
const allow = (Action: string | string[], Resource = "*") => ({ Effect: "Allow", Action, Resource });
const user = (name: string, statements: object[]) => ({
    name,
    accessKeys: [{ id: `${name}-key`, secret: `${name}-secret` }],
    statements,
});

const accounts = [
    {
        id: "1000000000000001",
        accessKeys: [{ id: "local-key-id", secret: "local-key-secret" }],
        users: [user("reader", [allow("oss:GetBucketInfo")]), user("lister", [allow("oss:ListBuckets")])],
        keys: [{ id: key }, { id: "key-hzz65f0a1b2c3d4e5dead", state: "Disabled" }],
        buckets: [
            { name: "example-logs", encryption: { sseAlgorithm: "KMS", kmsMasterKeyId: key } },
            { name: "example-plain", region: "cn-beijing" },
        ],
    },
    {
        id: "1000000000000002",
        roles: [{ name: "admin", trusts: ["1000000000000001"] }],
        buckets: [{ name: "foreign-logs" }],
    },
];

describe("bucket-encryption doctor", () => {
    let cloud: LocalCloud;
    let folder: string;
    beforeEach(async () => {
        cloud = await LocalCloud.start({ accounts: { accounts } as never });
        folder = mkdtempSync(path.join(tmpdir(), "doctor-"));
    });
    afterEach(async () => {
        await cloud.stop();
        rmSync(folder, { recursive: true, force: true });
    });

    async function run(args: string[], user = "local", variables: NodeJS.ProcessEnv = {}) {
        const [keyId, secret] =
            user === "local" ? ["local-key-id", "local-key-secret"] : [`${user}-key`, `${user}-secret`];
        const env: NodeJS.ProcessEnv = {
            PATH: process.env.PATH,
            HOME: folder,
            OSS_ENDPOINT: cloud.url,
            OSS_REGION: "cn-hangzhou",
            ALIBABA_CLOUD_KMS_ENDPOINT: cloud.url,
            ALIBABA_CLOUD_STS_ENDPOINT: cloud.url,
            ALIBABA_CLOUD_ACCESS_KEY_ID: keyId,
            ALIBABA_CLOUD_ACCESS_KEY_SECRET: secret,
            ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true",
            ...variables,
        };
        return await withEnvironment(env, () =>
            runCommand(bucketEncryption, ["doctor", ...args], { env, cwd: folder }),
        );
    }
    async function examined(args: string[], user?: string, variables?: NodeJS.ProcessEnv) {
        const { status, stdout } = await run([...args, "--json"], user, variables);
        return { status, ...doctorResults(stdout) };
    }

    it("reports the credentials, their source and their account, and shows no right to write as fine", async () => {
        const { status, results, textOf, account } = await examined(["--bucket", "example-logs"]);
        expect(status).to.equal(0);
        expect(textOf("credentials")).to.equal(
            "The access key …y-id from the environment variables ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET.",
        );
        expect(textOf("account")).to.equal("1000000000000001, as acs:ram::1000000000000001:root.");
        expect(results).to.deep.equal({
            credentials: "fine",
            account: "fine",
            clock: "fine",
            "oss:ListBuckets": "fine",
            "oss:GetBucketInfo example-logs": "fine",
            "oss:GetBucketEncryption example-logs": "fine",
            "oss:PutBucketEncryption example-logs": "not-checked",
            "oss:DeleteBucketEncryption example-logs": "not-checked",
            "region example-logs": "fine",
            "kms:DescribeKey example-logs, key …f6a7": "fine",
            "key example-logs, key …f6a7": "fine",
        });
        expect(account).not.to.have.property("missing");
        expect(account?.unproven).to.deep.equal({
            Version: "1",
            Statement: [
                {
                    Effect: "Allow",
                    Action: ["oss:DeleteBucketEncryption", "oss:PutBucketEncryption"],
                    Resource: ["acs:oss:*:1000000000000001:example-logs"],
                },
            ],
        });
    });

    it("writes nothing and sends only requests that read", async () => {
        await run(["--bucket", "example-logs", "--bucket", "example-plain", "--key", key]);
        const operations = new Set(cloud.journal.entries().map(({ method, operation }) => `${method} ${operation}`));
        expect([...operations].sort()).to.deep.equal([
            "GET GetBucketEncryption",
            "GET GetBucketInfo",
            "GET ListBuckets",
            "HEAD undefined",
            "POST DescribeKey",
            "POST GetCallerIdentity",
        ]);
    });

    it("stops at missing rights, with a policy that grants exactly them", async () => {
        const { status, results, account } = await examined(["--bucket", "example-logs"], "reader");
        expect(status).to.equal(2);
        expect(results).to.include({
            "oss:ListBuckets": "missing",
            "oss:GetBucketInfo example-logs": "fine",
            "oss:GetBucketEncryption example-logs": "missing",
            "kms:DescribeKey example-logs, key …f6a7": "missing",
        });
        // With the printed policy, the same check finds no missing right.
        const statements = account?.missing?.Statement ?? [];
        expect(statements.map(({ Action }) => Action)).to.deep.equal([
            ["oss:ListBuckets"],
            ["oss:GetBucketEncryption"],
            ["kms:DescribeKey"],
        ]);
        await cloud.stop();
        const repaired = structuredClone(accounts) as { users?: { statements: object[] }[] }[];
        repaired[0]?.users?.[0]?.statements.push(...statements);
        cloud = await LocalCloud.start({ accounts: { accounts: repaired } as never });
        const after = await examined(["--bucket", "example-logs"], "reader");
        expect(after.status).to.equal(0);
        expect(Object.values(after.results)).not.to.include("missing");
    });

    it("shows a wrong region, a disabled key and a bucket that does not exist as wrong", async () => {
        const dead = "key-hzz65f0a1b2c3d4e5dead";
        const { status, results } = await examined(["--bucket", "example-plain", "--bucket", "no-such", "--key", dead]);
        expect(status).to.equal(2);
        expect(results).to.include({
            "region example-plain": "wrong",
            "oss:GetBucketInfo no-such": "wrong",
            "key key …dead": "wrong",
        });
    });

    it("shows a bucket of another account as wrong, and no policy for it, which would grant nothing", async () => {
        const { status, results, account } = await examined(["--bucket", "example-logs", "--bucket", "foreign-logs"]);
        expect(status).to.equal(2);
        expect(results).to.include({
            "oss:GetBucketEncryption example-logs": "fine",
            "oss:GetBucketInfo foreign-logs": "wrong",
            "oss:GetBucketEncryption foreign-logs": "wrong",
        });
        expect(account).not.to.have.property("missing");
        const resources = account?.unproven?.Statement.map(({ Resource }) => Resource);
        expect(resources).to.deep.equal([["acs:oss:*:1000000000000001:example-logs"]]);
        const { stdout } = await run(["--bucket", "foreign-logs"]);
        expect(stdout.replace(/\n +/g, " ")).to.contain(
            "oss:GetBucketEncryption (foreign-logs): The bucket is not in the account's list, so another account owns it. Cannot read the default encryption rule: access is denied",
        );
        // Without the list it is not known whose it is.
        const { results: unlisted } = await examined(["--bucket", "foreign-logs"], "reader");
        expect(unlisted).to.include({ "oss:GetBucketEncryption foreign-logs": "missing" });
    });

    it("shows unknown facts as not known, and stops", async () => {
        cloud.faults.add({ kind: "status", operation: "GetBucketEncryption", status: 400, code: "Strange" });
        cloud.faults.add({ kind: "status", operation: "GetCallerIdentity", status: 400, code: "Strange" });
        const { status, results, account } = await examined(["--bucket", "example-plain"]);
        expect(status).to.equal(2);
        expect(results).to.include({ account: "not-known", "oss:GetBucketEncryption example-plain": "not-known" });
        expect(account?.unproven?.Statement[0]?.Action).to.include("oss:GetBucketEncryption");
    });

    it("reports missing credentials with the places, checks no right, and stops", async () => {
        const none = { ALIBABA_CLOUD_ACCESS_KEY_ID: "", ALIBABA_CLOUD_ACCESS_KEY_SECRET: "" };
        const { status, results, textOf } = await examined(["--bucket", "example-logs"], "local", none);
        expect(status).to.equal(2);
        expect(results).to.deep.equal({ credentials: "missing", clock: "fine", rights: "not-checked" });
        expect(textOf("credentials")).to.match(/^No credentials for Alibaba Cloud; looked for in /);
        expect(cloud.journal.count({ bucket: "example-logs" })).to.equal(0);
    });

    it("names the role and the credentials that assumed it, and refuses those of another account", async () => {
        const roleArn = "acs:ram::1000000000000002:role/admin";
        writeFileSync(path.join(folder, "accounts.json"), JSON.stringify([{ name: "production", roleArn }]));
        const assumed = await examined(["--accounts", "accounts.json"]);
        expect(assumed.textOf("credentials")).to.match(
            /^The temporary access key …\S{4} from the role acs:ram::1000000000000002:role\/admin, assumed with the environment variables /,
        );
        expect(assumed.textOf("account")).to.match(/^1000000000000002, as /);
        expect(assumed.results.buckets).to.equal("not-checked");
        writeFileSync(path.join(folder, "accounts.json"), JSON.stringify([{ id: "1000000000000002" }]));
        const refused = await examined(["--accounts", "accounts.json", "--bucket", "example-logs"]);
        expect(refused.status).to.equal(2);
        expect(refused.results).to.include({ "account.id": "wrong", rights: "not-checked" });
    });

    it("shows credentials that the service refuses as wrong, and checks no right with them", async () => {
        for (const variables of [
            { ALIBABA_CLOUD_ACCESS_KEY_ID: "nobody-key-id" },
            { ALIBABA_CLOUD_ACCESS_KEY_SECRET: "another" },
        ]) {
            const { status, results, account, textOf } = await examined(
                ["--bucket", "example-logs"],
                "local",
                variables,
            );
            expect(status).to.equal(2);
            expect(results).to.deep.equal({
                credentials: "wrong",
                account: "not-known",
                clock: "fine",
                rights: "not-checked",
            });
            expect(textOf("credentials")).to.match(/^The access key …y-id from the environment variables .*HTTP 403/);
            expect(account).not.to.have.any.keys("missing", "unproven");
        }
    });

    it("shows a session token that has expired as wrong credentials", async () => {
        await cloud.stop();
        // The session's 15 minutes begin when the service's clock is 14 minutes behind.
        let behind = 14 * 60_000;
        cloud = await LocalCloud.start({ accounts: { accounts } as never, now: () => Date.now() - behind });
        const sts = new SecurityTokenService(cloud.url);
        const caller = {
            getCredentials: async () => ({ accessKeyId: "local-key-id", accessKeySecret: "local-key-secret" }),
        };
        const roleArn = "acs:ram::1000000000000002:role/admin";
        const { credentials } = await sts.assumeRole({ roleArn, durationSeconds: 900 }, caller);
        const variables = {
            ALIBABA_CLOUD_ACCESS_KEY_ID: credentials.accessKeyId,
            ALIBABA_CLOUD_ACCESS_KEY_SECRET: credentials.accessKeySecret,
            ALIBABA_CLOUD_SECURITY_TOKEN: credentials.securityToken,
        };
        expect((await examined([], "local", variables)).results).to.include({ credentials: "fine" });
        behind = -2 * 60_000;
        const { status, results, textOf } = await examined([], "local", variables);
        expect(status).to.equal(2);
        expect(results).to.include({ credentials: "wrong", rights: "not-checked" });
        expect(textOf("credentials"))
            .to.match(/^The temporary access key …/)
            .and.include("SecurityTokenExpired");
    });

    it("shows a clock that the service would refuse as wrong, and checks no right", async () => {
        await cloud.stop();
        cloud = await LocalCloud.start({ accounts: { accounts } as never, now: () => Date.now() + 3_600_000 });
        const { status, results, textOf } = await examined(["--bucket", "example-logs"]);
        expect(status).to.equal(2);
        expect(results).to.include({ clock: "wrong", rights: "not-checked" });
        expect(textOf("clock")).to.match(
            /^This machine's clock is 3(?:600|599|601) s behind the service's, and a request may be 15 minutes off\. Set the clock\.$/,
        );
        expect(cloud.journal.count({ bucket: "example-logs" })).to.equal(0);
    });

    it("rejects buckets, regions and endpoints that cannot exist, all at once, before any request", async () => {
        const { status, stderr } = await run(["--bucket", "Logs", "--bucket", "x", "--region", "nowhere"]);
        expect(status).to.equal(64);
        for (const fault of [
            '--bucket: the bucket name "Logs"',
            '--bucket: the bucket name "x"',
            '--region: "nowhere"',
        ])
            expect(stderr).to.include(fault);
        expect(cloud.journal.entries()).to.deep.equal([]);
    });

    it("stops at rights that were not checked with --fail-on not-checked", async () => {
        expect((await run(["--bucket", "example-logs", "--fail-on", "not-checked"])).status).to.equal(2);
        const { status, stderr } = await run(["--fail-on", "mising"]);
        expect(status).to.equal(64);
        expect(stderr).to.contain('"mising" is not a result; did you mean "missing"?');
    });

    it("prints lines that fit 80 columns, or as many as COLUMNS names, and the policies", async () => {
        const { stdout: narrow } = await run(["--bucket", "example-logs"], "local", { COLUMNS: "40" });
        const ofPolicy = narrow.indexOf("{\n");
        const lengths = narrow
            .slice(0, ofPolicy)
            .split("\n")
            .map(({ length }) => length);
        expect(Math.max(...lengths)).to.be.within(30, 40);
        const { stdout } = await run(["--bucket", "example-logs"]);
        expect(stdout).to.match(
            /^1000000000000001: 9 fine, 2 not-checked\n {2}fine {9}credentials: The access key …y-id/,
        );
        expect(stdout).to.contain("This RAM policy grants the rights that were not checked:\n{\n");
        expect(Math.max(...stdout.split("\n").map(({ length }) => length))).to.be.at.most(80);
    });

    it("writes no secret and no whole access key", async () => {
        const { stdout, stderr } = await run(["--bucket", "example-logs", "--json"]);
        expect(stdout).to.contain("…y-id");
        expect(stdout + stderr).not.to.match(/local-key-id|local-key-secret/);
    });
});
