import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import ts from "typescript";
import type { AuditFormat } from "../../lib/cli/audit-rendering";
import { bucketEncryption } from "../../lib/cli/bucket-encryption-command";
import { LocalCloud } from "../../lib/local-cloud";
import { withEnvironment } from "../process-environment";
import { entry, exported } from "../review/preview-builder";
import { BucketStack } from "../stacks/bucket-stack";
import { run as runCommand } from "./in-process";

const root = path.join(__dirname, "..", "..");
const enabledKey = "key-hzz65f0a1b2c3d4e5f6a7";
const dyingKey = "key-hzz65f0a1b2c3d4e5dead";
const lostKey = "key-hzz65f0a1b2c3d4e50000";

const accounts = {
    accounts: [
        {
            id: "1000000000000001",
            accessKeys: [{ id: "local-key-id", secret: "local-key-secret" }],
            users: [
                {
                    name: "auditor",
                    accessKeys: [{ id: "auditor-key", secret: "auditor-secret" }],
                    statements: [
                        { Effect: "Allow", Action: "oss:ListBuckets", Resource: "*" },
                        { Effect: "Allow", Action: ["oss:GetBucketInfo", "kms:DescribeKey"], Resource: "*" },
                        { Effect: "Deny", Action: "oss:GetBucketInfo", Resource: "acs:oss:*:*:example-f*" },
                        { Effect: "Allow", Action: "oss:GetBucketEncryption", Resource: "acs:oss:*:*:example-filed" },
                    ],
                },
                { name: "nobody", accessKeys: [{ id: "nobody-key", secret: "nobody-secret" }], statements: [] },
            ],
            keys: [{ id: enabledKey }, { id: dyingKey, state: "PendingDeletion" }],
            buckets: [
                { name: "example-logs", encryption: { sseAlgorithm: "KMS", kmsMasterKeyId: enabledKey } },
                { name: "example-dying", encryption: { sseAlgorithm: "KMS", kmsMasterKeyId: dyingKey } },
                { name: "example-lost", encryption: { sseAlgorithm: "KMS", kmsMasterKeyId: lostKey } },
                { name: "example-plain" },
                { name: "example-sm4", region: "cn-beijing", encryption: { sseAlgorithm: "SM4" } },
                { name: "example-forbidden", encryption: { sseAlgorithm: "AES256" } },
                { name: "example-filed", encryption: { sseAlgorithm: "AES256" } },
            ],
        },
        {
            id: "1000000000000002",
            roles: [{ name: "auditor", trusts: ["1000000000000001"] }],
            buckets: [{ name: "other-logs", encryption: { sseAlgorithm: "AES256" } }],
        },
    ],
};

interface Audited {
    readonly bucket: string;
    readonly status: string;
    readonly findings: string[];
    readonly notes: string[];
    readonly keyState?: string;
    readonly rule?: { text: string };
    readonly managedBy?: { stack: string }[];
}

describe("bucket-encryption audit", () => {
    let cloud: LocalCloud;
    let folder: string;
    before(async () => {
        cloud = await LocalCloud.start({ accounts: accounts as never });
        folder = mkdtempSync(path.join(tmpdir(), "audit-"));
    });
    after(async () => {
        await cloud.stop();
        rmSync(folder, { recursive: true, force: true });
    });

    const environmentFor = (keyId: string, secret: string) => ({
        ...Object.fromEntries(
            Object.entries(process.env).filter(([name]) => !/^(PULUMI|ALIBABA_CLOUD|OSS)_/.test(name)),
        ),
        HOME: folder,
        OSS_ENDPOINT: cloud.url,
        ALIBABA_CLOUD_KMS_ENDPOINT: cloud.url,
        ALIBABA_CLOUD_STS_ENDPOINT: cloud.url,
        ALIBABA_CLOUD_ACCESS_KEY_ID: keyId,
        ALIBABA_CLOUD_ACCESS_KEY_SECRET: secret,
        ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true",
    });
    /** In this process, whose environment the credential library reads. */
    async function run(args: string[], key: [string, string] = ["local-key-id", "local-key-secret"]) {
        const env = environmentFor(...key);
        return await withEnvironment(env, () => runCommand(bucketEncryption, ["audit", ...args], { env }));
    }
    const auditor: [string, string] = ["auditor-key", "auditor-secret"];
    async function audited(args: string[] = [], key?: [string, string]): Promise<Map<string, Audited>> {
        const { stdout, stderr, status } = await run([...args, "--json"], key);
        expect(status, stderr).to.equal(0);
        return new Map((JSON.parse(stdout).buckets as Audited[]).map((bucket) => [bucket.bucket, bucket]));
    }

    it("reports each bucket's rule and the state of its key, and writes nothing", async () => {
        cloud.journal.clear();
        const found = await audited();
        const facts = [...found.values()].map(({ bucket, status, keyState, findings }) => [
            bucket,
            status,
            keyState,
            findings.join(),
        ]);
        expect(facts).to.deep.equal([
            ["example-plain", "not-encrypted", undefined, "not-encrypted"],
            ["example-dying", "encrypted", "PendingDeletion", "key-unusable"],
            ["example-lost", "encrypted", "missing", "key-unusable"],
            ["example-filed", "encrypted", undefined, ""],
            ["example-forbidden", "encrypted", undefined, ""],
            ["example-logs", "encrypted", "Enabled", ""],
            ["example-sm4", "encrypted", undefined, ""],
        ]);
        const methods = cloud.journal
            .entries()
            .filter(({ operation }) => operation !== "DescribeKey")
            .map(({ method }) => method);
        expect(new Set(methods)).to.deep.equal(new Set(["GET"]));
    });

    it("reports an unreadable rule as unknown with the reason, and never as missing", async () => {
        const found = await audited([], auditor);
        expect(found.get("example-forbidden")).to.deep.include({
            status: "not-known",
            findings: ["not-known"],
            notes: ["The rule is unknown: reading it is not allowed (HTTP 403)."],
        });
        expect(found.get("example-filed"), "read by the other permission").to.include({ status: "encrypted" });
        const { status, stdout } = await run(["--fail-on", "not-known"], auditor);
        expect(status).to.equal(2);
        expect(stdout).to.match(/example-forbidden .* not known/);
    });

    it("shows keys by their last four characters unless asked for more", async () => {
        expect((await run(["--json"])).stdout).not.to.include(enabledKey);
        expect((await run(["--json", "--show-keys"])).stdout).to.include(enabledKey);
    });

    it("reports the stack that manages a bucket, and differences from its state", async () => {
        const state = path.join(folder, "state.json");
        const resources = [
            entry({ bucket: "example-logs", sseAlgorithm: "KMS", kmsMasterKeyId: enabledKey }),
            entry({ bucket: "example-sm4", sseAlgorithm: "AES256" }, { name: "sm4" }),
            entry({ bucket: "example-plain", sseAlgorithm: "AES256" }, { name: "plain" }),
            entry({ bucket: "[secret]", sseAlgorithm: "AES256" }, { name: "hidden" }),
        ];
        writeFileSync(state, JSON.stringify(exported(...resources)));
        const found = await audited(["--state", state]);
        const findings = (name: string) => found.get(`example-${name}`)?.findings;
        expect(findings("logs")).to.deep.equal([]);
        expect(found.get("example-logs")?.managedBy?.map(({ stack }) => stack)).to.deep.equal(["shop/dev"]);
        expect(findings("sm4")).to.deep.equal(["differs-from-state"]);
        expect(findings("plain")).to.deep.equal(["not-encrypted", "differs-from-state"]);
        expect(findings("filed")).to.deep.equal(["not-managed"]);
        expect((await run(["--state", state])).stdout).to.include(
            "1 rule of the states is for a bucket with a secret name, so",
        );
    });

    it("stops a gate without a bucket, and names the criteria that matched none", async () => {
        const gate = ["--fail-on", "not-encrypted"];
        for (const [criteria, what] of [
            [["--prefix", "nosuchprefix"], 'No bucket matches prefix "nosuchprefix".'],
            [["--tag", "foo"], 'No bucket matches tag "foo".'],
            [["--prefix", "example", "--tag", "a=b"], 'No bucket matches prefix "example" and tag "a=b".'],
        ] as const) {
            const stopped = await run([...criteria, ...gate]);
            expect(stopped.status).to.equal(2);
            expect(stopped.stderr).to.equal(`Stopped: ${what} Pass --allow-empty if that is expected.\n`);
            expect(stopped.stdout).to.include(what);
        }
        const allowed = await run(["--prefix", "nosuchprefix", ...gate, "--allow-empty", "--json"]);
        expect(allowed.status).to.equal(0);
        expect(JSON.parse(allowed.stdout).notes).to.include.members(['No bucket matches prefix "nosuchprefix".']);
        expect((await run(["--prefix", "nosuchprefix"])).status).to.equal(0);
    });

    it("selects buckets by prefix", async () => {
        expect([...(await audited(["--prefix", "example-l"])).keys()].sort()).to.deep.equal([
            "example-logs",
            "example-lost",
        ]);
    });

    it("audits the accounts of a file with their own credentials, and none with another account's", async () => {
        const file = path.join(folder, "accounts.yaml");
        const role = "acs:ram::1000000000000002:role/auditor";
        writeFileSync(file, `- name: main\n  id: "1000000000000001"\n- name: other\n  roleArn: ${role}\n`);
        const { stdout, stderr, status } = await run(["--accounts", file, "--json"]);
        expect(status, stderr).to.equal(0);
        const { accounts: found } = JSON.parse(stdout);
        expect(found).to.deep.equal([
            { account: "main", id: "1000000000000001", buckets: 7 },
            { account: "other", id: "1000000000000002", buckets: 1 },
        ]);
        const { stdout: program } = await run(["--accounts", file, "--emit", "stack"]);
        expect(program).to.include(`const account = {"id":"1000000000000002","roleArn":"${role}"}`);
        expect(program).to.include('"other-logs": { region: "cn-hangzhou", sseAlgorithm: "AES256" }');

        writeFileSync(file, `- name: main\n- name: mixed-up\n  id: "1000000000000003"\n`);
        const mixed = await run(["--accounts", file]);
        expect(mixed.status).to.equal(1);
        expect(mixed.stdout).to.include("main (1000000000000001): 7 buckets").and.to.include("mixed-up: 0 buckets");
        expect(mixed.stderr).to.include("account.id is 1000000000000003");

        const unverifiedBySts = async (id: string, ...args: string[]) => {
            cloud.faults.add({ kind: "status", operation: "GetCallerIdentity", status: 403, code: "Forbidden" });
            writeFileSync(file, `- name: mixed-up\n  id: "${id}"\n`);
            const result = await run(["--accounts", file, ...args]);
            cloud.faults.clear();
            return result;
        };
        const notKnown = "Whether the credentials belong to the account 1000000000000001";
        expect((await unverifiedBySts("1000000000000001")).stdout.replace(/\s+/g, " ")).not.to.include(notKnown);
        const empty = await unverifiedBySts("1000000000000001", "--prefix", "nosuch");
        expect(empty.stdout.replace(/\s+/g, " ")).to.include(notKnown);
        const unverified = await unverifiedBySts("1000000000000003");
        expect(unverified.status).to.equal(1);
        expect(unverified.stdout).to.include("mixed-up: 0 buckets");
        expect(unverified.stderr).to.include(
            "The listed buckets belong to the account 1000000000000001, and account.id is 1000000000000003",
        );
    });

    it("rejects a list of accounts with faults, all at once, before any request", async () => {
        cloud.journal.clear();
        const file = path.join(folder, "accounts.json");
        const listed = [{ id: 1000000000000001 }, { name: "a", roleArn: "me" }, { name: "a", rolearn: "x" }, "main"];
        writeFileSync(file, JSON.stringify({ accounts: listed }));
        const { status, stderr } = await run(["--accounts", file]);
        expect(status).to.equal(1);
        for (const path of [
            "accounts[0].id",
            "accounts[1].roleArn",
            "accounts[2].name",
            "accounts[2].rolearn",
            "accounts[3]",
        ]) {
            expect(stderr).to.include(path);
        }
        writeFileSync(file, "- name: [");
        for (const [content, what] of [
            ["- name: [", /is not YAML.*line 1.*accounts\.json/],
            ["- *main", /has the alias \*main without its anchor.*line 1/],
            [
                `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [${"*a,".repeat(9)}]\nc: &c [${"*b,".repeat(9)}]\naccounts: [*c, *c]\n`,
                /accounts/,
            ],
            ["", /must be a list, found empty/],
            ["accounts: 7", /"accounts" must be a list, found a number \(line 1, column 11\)/],
            ["[]", /the document must have at least 1 item \(line 1, column 1\) \(file .*accounts\.json\)/],
            [
                '- { name: a, id: "1000000000000001" }\n- { name: b, id: "1000000000000001" }',
                /: accounts\[1\]\.id is also another account's \(file/,
            ],
            [
                "- { name: a, profile: p }\n- { profile: p, name: b }",
                /: accounts\[1\] is reached in the same way as another account \(file/,
            ],
        ] as const) {
            writeFileSync(file, content);
            const refused = await run(["--accounts", file]);
            expect(refused.status, content).to.equal(1);
            expect(refused.stderr)
                .to.match(what)
                .and.not.match(/^\s+at /m);
        }
        writeFileSync(file, "- { name: main }");
        const twice = await run(["--accounts", file, "--profile", "main"]);
        expect(twice.stderr).to.include(": accounts[0].name is also another account's (file");
        expect(cloud.journal.entries()).to.deep.equal([]);
    });

    describe("of an account whose buckets cannot be listed", () => {
        const account = "1000000000000001";
        const nobody: [string, string] = ["nobody-key", "nobody-secret"];
        const controls = ["default-encryption", "cis-alibaba-cloud-5.8", "cis-alibaba-cloud-5.9"];
        /** What each format says of such an account. */
        const shown: Readonly<Record<AuditFormat, (text: string) => unknown>> = {
            text: (text) =>
                expect(text.replace(/\s+/g, " ")).to.match(/1: 0 buckets; some are unknown: .*AccessDenied/),
            json: (text) =>
                expect(JSON.parse(text).accounts[0]).to.have.property("failure").that.includes("AccessDenied"),
            csv: (text) =>
                expect(text.split("\r\n")[1]).to.match(
                    /^"1000000000000001","","","1000000000000001","","","not known","not known","","","","","not-known","not-known","buckets not all listed",".*AccessDenied.*"$/,
                ),
            sarif: (text) => {
                const [result] = JSON.parse(text).runs[0].results;
                expect(result).to.include({ ruleId: "account-not-known", level: "error" });
                expect(result.message.text).to.match(
                    /^Account 1000000000000001: buckets not all listed\. .*AccessDenied/,
                );
            },
            html: (text) => expect(text).to.match(/<span class="bad">Some are unknown: .*AccessDenied/),
            ocsf: (text) => {
                const findings = text.trimEnd().split("\n");
                const known = findings.map((line) => {
                    const { compliance, resources, message } = JSON.parse(line);
                    expect(message).to.match(
                        /^Account 1000000000000001: .*: Unknown\. Its buckets could not all be listed\.$/,
                    );
                    expect(compliance.status_details[0]).to.include("AccessDenied");
                    return [resources[0].type, resources[0].name, compliance.control, compliance.status];
                });
                expect(known).to.deep.equal(controls.map((control) => ["account", account, control, "Unknown"]));
            },
            prometheus: (text) =>
                expect(text).to.include(`bucket_encryption_account_complete{store="oss",account="${account}"} 0\n`),
        };
        for (const [format, expectShown] of Object.entries(shown))
            it(`is shown as unknown in the format ${format}, and ends with 1 and the reason`, async () => {
                const { status, stdout, stderr } = await run(["--format", format], nobody);
                expect(status).to.equal(1);
                expect(stderr).to.match(/^error: .*AccessDenied/);
                expectShown(stdout);
            });

        it("replaces the report of an earlier audit", async () => {
            const output = path.join(folder, "audit.prom");
            const save = path.join(folder, "audit.json");
            await run(["--format", "prometheus", "--output", output, "--save", save]);
            const saved = readFileSync(save, "utf8");
            await run(["--format", "prometheus", "--output", output, "--save", save], nobody);
            expect(readFileSync(output, "utf8")).to.include(`account="${account}"} 0\n`);
            expect(readFileSync(save, "utf8")).to.equal(saved);
        });

        it("writes no program without the account's rules, and names the account beside those of others", async () => {
            expect((await run(["--emit", "stack"], nobody)).stdout).to.equal("");
            const file = path.join(folder, "failing.yaml");
            writeFileSync(file, `- name: main\n- name: mixed-up\n  id: "1000000000000003"\n`);
            const { status, stdout } = await run(["--accounts", file, "--emit", "stack"]);
            expect(status).to.equal(1);
            expect(stdout).to.include("// Buckets of mixed-up are missing, since they could not all be listed.\n");
        });
    });

    it("rejects files that are not exported states, all at once, before any request", async () => {
        cloud.journal.clear();
        const bad = path.join(folder, "bad.json");
        writeFileSync(bad, "{");
        const { status, stderr } = await run(["--state", bad, "--state", path.join(folder, "none.json")]);
        expect(status).to.equal(1);
        expect(stderr.trim().split("\n")).to.have.length(2);
        expect(stderr).to.include("bad.json:1:2").and.to.include("ENOENT");
        expect(cloud.journal.entries()).to.deep.equal([]);
    });

    it("rejects unknown findings and formats", async () => {
        expect((await run(["--fail-on", "not-encrypte"])).stderr).to.include('did you mean "not-encrypted"?');
        expect((await run(["--format", "pdf"])).stderr).to.include("text, json, csv, sarif, html");
        expect((await run(["--parallel", "0"])).stderr).to.include("1 to 9999");
    });

    it("writes each format", async () => {
        const { stdout: csv } = await run(["--format", "csv"]);
        expect(csv.split("\r\n")).to.have.length(9);
        expect(csv).to.match(/^"account","bucket"/);
        const sarif = JSON.parse((await run(["--format", "sarif"])).stdout);
        expect(sarif.runs[0].results.map(({ ruleId }: { ruleId: string }) => ruleId)).to.deep.equal([
            "not-encrypted",
            "key-unusable",
            "key-unusable",
        ]);
        const { stdout: text, stderr } = await run([]);
        expect(text).to.include("! 2: key not usable");
        expect(stderr).to.include("7 of 7 buckets");
    });

    describe("--emit stack", () => {
        let stack: BucketStack;
        before(async () => {
            stack = await new BucketStack(cloud).start();
        });
        after(() => stack.remove());

        it("writes a program that type-checks, adopts the rules, and changes nothing", async () => {
            const file = path.join(stack.folder, "adopting.ts");
            const { status, stderr } = await run(["--emit", "stack", "--output", file]);
            expect(status, stderr).to.equal(0);
            expect(stderr).to.include("example-plain has no rule to adopt");
            const { options } = ts.getParsedCommandLineOfConfigFile(
                path.join(root, "tsconfig.json"),
                { incremental: false, noEmit: true },
                { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined },
            ) as ts.ParsedCommandLine;
            const diagnostics = ts.getPreEmitDiagnostics(ts.createProgram([file], options));
            expect(
                diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " ")),
            ).to.deep.equal([]);

            const { outputText } = ts.transpileModule(readFileSync(file, "utf8"), {
                compilerOptions: { module: ts.ModuleKind.CommonJS },
            });
            writeFileSync(path.join(stack.folder, "index.js"), outputText);
            cloud.journal.clear();
            await stack.deploy();
            expect(stack.rules).to.have.length(6);
            const operations = new Set(cloud.journal.entries().map(({ operation }) => operation));
            expect([...operations].filter((name) => !/^(Get|Describe)/.test(name ?? ""))).to.deep.equal([]);
            await stack.deploy("--expect-no-changes");
        });
    });
});
