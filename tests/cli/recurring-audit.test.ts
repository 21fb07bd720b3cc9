import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { bucketEncryption } from "../../lib/cli/bucket-encryption-command";
import { LocalCloud } from "../../lib/local-cloud";
import { withEnvironment } from "../process-environment";
import { run as runCommand } from "./in-process";

describe("a recurring audit", () => {
    let cloud: LocalCloud;
    let folder: string;
    const at = (name: string) => path.join(folder, name);
    beforeEach(async () => {
        cloud = await LocalCloud.start({
            accounts: {
                accounts: [
                    { id: "1000000000000001", accessKeys: [{ id: "local-key-id", secret: "local-key-secret" }] },
                    { id: "1000000000000002", accessKeys: [{ id: "other-key-id", secret: "other-key-secret" }] },
                ],
            },
        });
        folder = mkdtempSync(path.join(tmpdir(), "recurring-audit-"));
        cloud.createBucket({ name: "example-logs", encryption: { sseAlgorithm: "AES256" } });
        cloud.createBucket({ name: "example-old", encryption: { sseAlgorithm: "KMS" } });
        writeFileSync(
            at("accounts.json"),
            JSON.stringify(
                [
                    { name: "shop", id: "1000000000000001" },
                    { name: "other", profile: "other" },
                ].slice(0, 1),
            ),
        );
    });
    afterEach(async () => {
        await cloud.stop();
        rmSync(folder, { recursive: true, force: true });
    });

    async function audit(...args: string[]) {
        const names = /^(PULUMI|ALIBABA_CLOUD|OSS)_/;
        const env: NodeJS.ProcessEnv = {
            ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !names.test(name))),
            HOME: folder,
            OSS_ENDPOINT: cloud.url,
            ALIBABA_CLOUD_KMS_ENDPOINT: cloud.url,
            ALIBABA_CLOUD_STS_ENDPOINT: cloud.url,
            ALIBABA_CLOUD_ACCESS_KEY_ID: "local-key-id",
            ALIBABA_CLOUD_ACCESS_KEY_SECRET: "local-key-secret",
            ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true",
        };
        return await withEnvironment(env, () => runCommand(bucketEncryption, ["audit", ...args], { env, cwd: folder }));
    }
    const firstAudit = async () => {
        const { status, stderr } = await audit("--save", "last.json");
        expect(status, stderr).to.equal(0);
        expect(stderr).to.contain("Wrote the audit of 2 buckets to last.json.\n");
    };
    const change = () => {
        cloud.setBucketRule("example-logs", undefined);
        cloud.deleteBucket("example-old");
        cloud.createBucket({ name: "example-new", encryption: { sseAlgorithm: "SM4" } });
    };

    it("reports nothing and ends with 0 if nothing changed", async () => {
        await firstAudit();
        const { status, stdout } = await audit("--since", "last.json", "--save", "last.json");
        expect(status).to.equal(0);
        expect(stdout).to.match(/^Only what changed since \S+: 0 new, 0 changed, 0 gone, 0\s+not audited\.\n/);
        expect(stdout).not.to.contain("example-logs");
    });

    it("reports new, changed and gone buckets, ends with 2, and saves the new audit", async () => {
        await firstAudit();
        change();
        const { status, stdout, stderr } = await audit("--since", "last.json", "--save", "last.json", "--json");
        expect(status, stderr).to.equal(2);
        const { since, buckets } = JSON.parse(stdout);
        expect(since.changes).to.deep.equal([
            {
                account: "1000000000000001",
                bucket: "example-logs",
                kind: "changed",
                text: "Changed: rule: AES256 → no rule; findings: none → not-encrypted.",
            },
            { account: "1000000000000001", bucket: "example-new", kind: "new", text: "New: SM4." },
            {
                account: "1000000000000001",
                bucket: "example-old",
                kind: "gone",
                text: "Gone: it had KMS with the service's key.",
            },
        ]);
        expect(buckets.map(({ bucket }: { bucket: string }) => bucket)).to.deep.equal(["example-logs", "example-new"]);
        expect((await audit("--since", "last.json")).status).to.equal(0);
    });

    it("stops with --fail-on only for changed buckets with such a finding", async () => {
        await firstAudit();
        change();
        expect((await audit("--since", "last.json", "--fail-on", "key-unusable")).status).to.equal(0);
        expect((await audit("--since", "last.json", "--fail-on", "not-encrypted")).status).to.equal(2);
    });

    describe("that cannot read everything now", () => {
        const account = "1000000000000001";
        const deny = (...operations: string[]) => {
            for (const operation of operations)
                cloud.faults.add({
                    kind: "status",
                    operation,
                    bucket: "example-logs",
                    status: 403,
                    code: "AccessDenied",
                    count: 1,
                });
        };
        const denyList = () =>
            cloud.faults.add({ kind: "status", operation: "ListBuckets", status: 403, code: "AccessDenied" });
        const unlistedText = (rule: string) =>
            `Not audited now, since its account's buckets could not all be listed: it had ${rule}.`;
        const changesOf = (stdout: string) =>
            JSON.parse(stdout).since.changes.map(({ bucket, kind, text }: Record<string, string>) => [
                bucket,
                kind,
                text,
            ]);

        it("reports a bucket whose rule cannot be read as not audited, also if that is so for the second time", async () => {
            await firstAudit();
            deny("GetBucketInfo", "GetBucketEncryption");
            const unread = await audit("--since", "last.json", "--save", "last.json", "--json");
            expect(unread.status).to.equal(2);
            expect(changesOf(unread.stdout)).to.deep.equal([
                ["example-logs", "not-audited", "Not audited now: it had AES256."],
            ]);
            deny("GetBucketInfo", "GetBucketEncryption");
            const again = await audit("--since", "last.json", "--json");
            expect(again.status).to.equal(2);
            expect(changesOf(again.stdout)).to.deep.equal([
                ["example-logs", "not-audited", "Not audited now: it had a rule that is not known."],
            ]);
            expect((await audit("--since", "last.json", "--json")).stdout).to.include(
                "Changed: rule: a rule that is not known → AES256; findings: not-known → none.",
            );
        });

        it("reports in each format every bucket of an account that cannot be listed, as not known and never as gone", async () => {
            await firstAudit();
            const saved = readFileSync(at("last.json"), "utf8");
            for (const [format, shown] of [
                ["json", '"kind": "not-audited"'],
                ["text", "Only what changed since"],
                [
                    "csv",
                    `"${account}","example-logs","cn-hangzhou","${account}","","","not known","not known","","","","not asked","not-known","not-known","rule not known",`,
                ],
                [
                    "sarif",
                    `Bucket example-logs in cn-hangzhou, account ${account}: rule not known (not known). ${unlistedText("AES256")}`,
                ],
                ["html", `<span class="warn">not known</span>`],
                [
                    "ocsf",
                    '"compliance":{"control":"default-encryption","standards":["pulumi-bucket-encryption"],"status_id":0,"status":"Unknown"',
                ],
            ] as const) {
                denyList();
                const { status, stdout, stderr } = await audit(
                    "--since",
                    "last.json",
                    "--save",
                    "last.json",
                    "--format",
                    format,
                );
                expect(status, stderr).to.equal(1);
                expect(stdout, format).to.include(shown).and.include("example-logs").and.include("example-old");
                expect(stdout.replace(/\s+/g, " "), format)
                    .to.match(/Not audited now, since its account\S+s buckets/)
                    .and.not.match(/Gone|No bucket/);
                if (format === "text") expect(stdout).to.match(/ 0 new, 0 changed, 0 gone, 2\s+not audited\./);
            }
            expect(readFileSync(at("last.json"), "utf8")).to.equal(saved);
        });

        it("is stopped by a gate for what is not known, and by one for a recommendation", async () => {
            await firstAudit();
            writeFileSync(at("accounts.json"), JSON.stringify([{ name: "elsewhere", profile: "elsewhere" }]));
            mkdirSync(at(".aliyun"));
            const other = {
                name: "elsewhere",
                mode: "AK",
                access_key_id: "other-key-id",
                access_key_secret: "other-key-secret",
            };
            writeFileSync(at(".aliyun/config.json"), JSON.stringify({ current: "elsewhere", profiles: [other] }));
            for (const [gate, expected] of [
                ["not-known", 2],
                ["cis-alibaba-cloud-5.8", 2],
                ["not-encrypted", 0],
            ] as const) {
                const { status, stdout, stderr } = await audit(
                    "--since",
                    "last.json",
                    "--accounts",
                    "accounts.json",
                    "--fail-on",
                    gate,
                    "--allow-empty",
                    "--json",
                );
                expect(status, stderr).to.equal(expected);
                expect(changesOf(stdout)).to.deep.equal([
                    ["example-logs", "not-audited", "Not audited now, nor its account: it had AES256."],
                    [
                        "example-old",
                        "not-audited",
                        "Not audited now, nor its account: it had KMS with the service's key.",
                    ],
                ]);
            }
        });

        it("knows the account by its id, also if it has another name or no buckets now", async () => {
            await firstAudit();
            writeFileSync(at("accounts.json"), JSON.stringify([{ name: "shop", id: account }]));
            const renamed = await audit("--since", "last.json", "--accounts", "accounts.json", "--json");
            expect([renamed.status, changesOf(renamed.stdout)]).to.deep.equal([0, []]);
            for (const name of ["example-logs", "example-old"]) cloud.deleteBucket(name);
            for (const args of [[], ["--accounts", "accounts.json"]]) {
                const empty = await audit("--since", "last.json", "--json", ...args);
                expect(empty.status).to.equal(2);
                expect(changesOf(empty.stdout)).to.deep.equal([
                    ["example-logs", "gone", "Gone: it had AES256."],
                    ["example-old", "gone", "Gone: it had KMS with the service's key."],
                ]);
            }
        });
    });

    it("rejects an earlier audit of other buckets or of changes only, and a file without an audit", async () => {
        await firstAudit();
        const other = await audit("--since", "last.json", "--prefix", "example");
        expect(other.status).to.equal(1);
        expect(other.stderr).to.contain(
            `The earlier audit covers buckets in oss (${cloud.url}), and this one buckets in oss (${cloud.url}) with the prefix "example" (file last.json).`,
        );
        const elsewhere = await audit("--since", "last.json", "--endpoint", "https://oss-cn-beijing.aliyuncs.com");
        expect(elsewhere.stderr).to.contain(
            `The earlier audit covers buckets in oss (${cloud.url}), and this one buckets in oss (Alibaba Cloud) (file last.json).`,
        );
        const saved = JSON.parse(readFileSync(at("last.json"), "utf8"));
        writeFileSync(at("nameless.json"), JSON.stringify({ ...saved, scope: { store: "oss" } }));
        expect((await audit("--since", "nameless.json")).stderr).to.contain('"service"');
        writeFileSync(at("changes.json"), (await audit("--since", "last.json", "--json")).stdout);
        expect((await audit("--since", "missing.json")).stderr).to.equal(
            "error: There is no earlier audit (file missing.json). Write the first one with `bucket-encryption audit --save FILE`, or correct the name of the file.\n",
        );
        expect((await audit("--since", "changes.json")).stderr).to.contain("only the changes since an earlier audit");
        writeFileSync(at("broken.json"), "{}");
        expect((await audit("--since", "broken.json")).stderr).to.contain("The earlier audit");
        writeFileSync(
            at("timeless.json"),
            readFileSync(at("last.json"), "utf8").replace(/"at": ?"[^"]*"/, '"at":"yesterday"'),
        );
        expect((await audit("--since", "timeless.json")).stderr).to.contain(
            'The earlier audit\'s time ("yesterday") is not a time (file timeless.json).',
        );
        expect(cloud.journal.count({ operation: "ListBuckets" })).to.equal(2);
    });

    it("rejects contradicting options before any request", async () => {
        for (const args of [
            ["--since", "last.json", "--format", "prometheus"],
            ["--emit", "stack", "--save", "last.json"],
            ["--emit", "stack", "--fail-on", "not-encrypted"],
            ["--emit", "stack", "--benchmark", "cis-alibaba-cloud-5.8"],
            ["--emit", "stack", "--format", "csv"],
            ["--emit", "stack", "--json"],
            ["--emit", "stack", "--show-keys"],
            ["--store", "s3", "--benchmark", "cis-alibaba-cloud-5.8"],
            ["--json", "--format", "html"],
            ["--plugin"],
            ["--profile", ""],
            ["--output", "", "--save", ""],
            ["--output", "one.json", "--save", "./one.json"],
            ["--allow-empty"],
            ["--notify-format", "slack"],
            ["--notify", "hooks.example.com/secret-path"],
            ["--notify", "http://hooks.example.com/secret-path"],
            ["--notify", "ftp://hooks.example.com/secret-path"],
        ]) {
            const { status, stderr } = await audit(...args);
            expect(status, args.join(" ")).to.equal(64);
            expect(stderr)
                .to.match(/^error: /)
                .and.not.to.contain("secret-path");
        }
        for (const option of ["--output", "--save"])
            expect((await audit(option, ".")).stderr).to.contain("The file cannot be written (EISDIR)");
        expect(cloud.journal.entries()).to.deep.equal([]);
    });

    it("judges CIS 5.8 and 5.9 with --benchmark, and passes no rule that is not known", async () => {
        cloud.faults.add({ kind: "status", bucket: "example-old", status: 403, code: "AccessDenied" });
        const { status, stdout } = await audit("--fail-on", "cis-alibaba-cloud-5.8", "--json");
        expect(status).to.equal(2);
        const found = JSON.parse(stdout).buckets.map(({ bucket, cis, findings }: Record<string, never>) => [
            bucket,
            cis?.["cis-alibaba-cloud-5.8"],
            findings,
        ]);
        expect(found).to.deep.equal([
            ["example-old", "not-known", ["not-known", "cis-alibaba-cloud-5.8"]],
            ["example-logs", "not-met", ["cis-alibaba-cloud-5.8"]],
        ]);
        cloud.faults.clear();
        cloud.setBucketRule("example-logs", { sseAlgorithm: "KMS" });
        expect((await audit("--fail-on", "cis-alibaba-cloud-5.8")).status).to.equal(0);
        expect((await audit("--fail-on", "cis-alibaba-cloud-5.9")).status).to.equal(2);
    });

    it("names the kinds of buckets that it does not see", async () => {
        const { stdout } = await audit();
        expect(stdout.replaceAll(/\n +/g, " ")).to.contain(
            "Not listed by the service, and not in this audit: table buckets (OSS Tables), vector buckets (OSS Vectors).",
        );
    });

    describe("with --notify", () => {
        let server: Server;
        let posted: { path: string | undefined; body: Record<string, never> }[];
        let answer: number;
        let url: string;
        beforeEach(async () => {
            posted = [];
            answer = 200;
            server = createServer((request, response) => {
                let text = "";
                request.on("data", (chunk) => {
                    text += chunk;
                });
                request.on("end", () => {
                    posted.push({ path: request.url, body: JSON.parse(text) });
                    response.writeHead(answer, answer === 307 ? { location: "/elsewhere" } : {}).end("private words");
                });
            });
            await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
            url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook-secret`;
        });
        afterEach(() => server.close());

        it("posts the findings, without keys", async () => {
            cloud.setBucketRule("example-logs", undefined);
            expect((await audit("--notify", url)).status).to.equal(0);
            expect(posted).to.have.length(1);
            expect(posted[0]?.path).to.equal("/hook-secret");
            expect(posted[0]?.body).to.deep.include({
                version: 1,
                findings: { "not-encrypted": 1 },
                buckets: [
                    {
                        account: "1000000000000001",
                        bucket: "example-logs",
                        region: "cn-hangzhou",
                        status: "not-encrypted",
                        findings: ["not-encrypted"],
                    },
                ],
            });
        });

        it("posts with --since only if something changed", async () => {
            await firstAudit();
            await audit("--since", "last.json", "--notify", url);
            expect(posted).to.deep.equal([]);
            change();
            expect((await audit("--since", "last.json", "--notify", url)).status).to.equal(2);
            expect(posted[0]?.body).to.have.nested.property("since.changes").with.length(3);
        });

        it("posts the buckets that could not be audited, and the failure, although nothing could be listed", async () => {
            await firstAudit();
            for (const format of ["json", "slack"]) {
                cloud.faults.add({ kind: "status", operation: "ListBuckets", status: 403, code: "AccessDenied" });
                const args = ["--since", "last.json", "--notify", url, "--notify-format", format];
                expect((await audit(...args)).status).to.equal(1);
            }
            const [json, slack] = posted.map(({ body }) => body as Record<string, unknown>);
            expect(json).to.have.nested.property("since.changes[0].kind", "not-audited");
            expect(json).to.have.nested.property("accounts[0].failure").that.includes("AccessDenied");
            expect(JSON.stringify(slack))
                .to.include("0 gone, 2 not audited.")
                .and.include("• example-logs (1000000000000001): Not audited now, since");
        });

        it("posts in Slack's form, in which no name is a mention or a link", async () => {
            writeFileSync(at("accounts.json"), JSON.stringify([{ name: "<!channel> & co" }]));
            cloud.setBucketRule("example-logs", undefined);
            await audit("--accounts", "accounts.json", "--notify", url, "--notify-format", "slack");
            const text = "Bucket encryption audit\n&lt;!channel&gt; &amp; co: 2 buckets\n1: no default encryption";
            expect(posted[0]?.body).to.deep.equal({
                text,
                blocks: [
                    { type: "section", text: { type: "mrkdwn", text } },
                    {
                        type: "section",
                        text: {
                            type: "mrkdwn",
                            text: "• example-logs (&lt;!channel&gt; &amp; co): no rule; no default encryption",
                        },
                    },
                ],
            });
        });

        for (const status of [404, 500, 307]) {
            it(`fails with 1 after the report if the answer is HTTP ${status}, and does not show the path`, async () => {
                answer = status;
                const failed = await audit("--notify", url, "--fail-on", "not-encrypted", "--output", "audit.txt");
                expect(failed.status).to.equal(1);
                expect(existsSync(at("audit.txt"))).to.equal(true);
                expect(posted).to.have.length(1);
                expect(failed.stderr).to.contain(
                    `error: The notification to ${new URL(url).origin} was not accepted: the answer was HTTP ${status}. `,
                );
                expect(failed.stderr).not.to.match(/hook-secret|private words/);
            });
        }

        it("fails with 1 if no server answers at the address", async () => {
            await new Promise((closed) => server.close(closed));
            const { status, stderr } = await audit("--notify", url);
            expect(status).to.equal(1);
            expect(stderr).to.contain("was not accepted: no connection (ECONNREFUSED). ");
        });
    });
});
