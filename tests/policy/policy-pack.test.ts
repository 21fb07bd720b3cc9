import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { LocalCloud } from "../../lib/local-cloud";
import { type PackConfiguration, policyPresets } from "../../lib/policy";
import type { ProcessResult } from "../cli/command-process";
import { BucketStack, type Declarations } from "../stacks/bucket-stack";

const root = path.join(__dirname, "..", "..");
const pack = path.join(root, "node_modules", "pulumi-bucket-encryption", "lib", "policy", "pack");
const givenKey = "key-hzz65f0a1b2c3d4e5f6a7";
const buckets = ["logs", "archive", "payments"];

describe("the policy pack in a stack", function () {
    this.timeout(120_000);
    let cloud: LocalCloud;
    let stack: BucketStack;

    before(async () => {
        cloud = await LocalCloud.start();
        for (const name of buckets) cloud.createBucket({ name });
    });
    after(() => cloud.stop());
    beforeEach(async () => {
        stack = await new BucketStack(cloud).start();
    });
    afterEach(() => {
        stack.remove();
        for (const name of buckets) cloud.setBucketRule(name, undefined);
    });

    const run = (
        verb: "preview" | "up",
        declarations: Declarations,
        config: PackConfiguration = {},
    ): Promise<ProcessResult> => {
        const file = path.join(stack.folder, "policies.json");
        writeFileSync(file, JSON.stringify(config));
        const flags = verb === "up" ? ["--yes", "--skip-preview"] : [];
        return stack.declare(declarations).command(verb, ...flags, "--policy-pack", pack, "--policy-pack-config", file);
    };
    const rules = () => buckets.map((name) => cloud.bucketRule(name));
    const writes = () => cloud.journal.count({ operation: "PutBucketEncryption" });

    it("fails the preview and the up for what is forbidden, and nothing is written", async () => {
        const declared = { logs: { bucket: "logs", sseAlgorithm: "AES256" } };
        const config = { "allowed-algorithms": { algorithms: ["KMS"] } };
        const before = writes();
        for (const verb of ["preview", "up"] as const) {
            const { status, output } = await run(verb, declared, config);
            expect(status, output).to.equal(1);
            expect(output).to.match(/\[mandatory\].* allowed-algorithms .*: logs\)/);
            expect(output).to.contain("AES256 is not among the allowed algorithms: KMS");
        }
        expect(writes()).to.equal(before);
        expect(stack.rules).to.deep.equal([]);
    });

    it("passes a compliant stack, and one with advisory violations only", async () => {
        const declared = {
            logs: { bucket: "logs", sseAlgorithm: "SM4" },
            archive: { bucket: "archive", sseAlgorithm: "KMS" },
        };
        const { status, output } = await run("up", declared, { "customer-key-required": "advisory" });
        expect(status, output).to.equal(0);
        expect(output.match(/\[advisory\]/g)).to.have.length(2);
        expect(rules()).to.deep.equal([{ sseAlgorithm: "SM4" }, { sseAlgorithm: "KMS" }, undefined]);
    });

    it("deploys the corrected declaration once", async () => {
        const declared = {
            logs: { bucket: "logs", sseAlgorithm: "AES256" },
            archive: { bucket: "archive", sseAlgorithm: "SM4" },
            payments: { bucket: "payments", sseAlgorithm: "KMS" },
        };
        const config = {
            "allowed-algorithms": { enforcementLevel: "remediate", algorithms: ["KMS"] },
            "customer-key-required": { enforcementLevel: "remediate", key: givenKey },
            "keep-rule-on-delete": { enforcementLevel: "remediate", stacks: ["dev"] },
        } as const;
        const first = await run("up", declared, config);
        expect(first.status, first.output).to.equal(0);
        const rule = { sseAlgorithm: "KMS", kmsMasterKeyId: givenKey };
        expect(rules()).to.deep.equal([rule, { ...rule, kmsDataEncryption: "SM4" }, rule]);
        expect(stack.rules.map(({ inputs }) => inputs?.onDelete)).to.deep.equal(["retain", "retain", "retain"]);
        const written = writes();
        const second = await run("up", declared, config);
        expect(second.status, second.output).to.equal(0);
        expect(second.output).to.match(/3 unchanged|4 unchanged/);
        expect(writes()).to.equal(written);
    });

    it("keeps a second owner of a rule from being deployed", async () => {
        const declared = {
            first: { bucket: "logs", sseAlgorithm: "KMS" },
            second: { bucket: "logs", sseAlgorithm: "KMS", options: { dependsOn: [] } },
        };
        const { status, output } = await run("up", declared);
        expect(status, output).to.equal(1);
        expect(output).to.contain("two owners overwrite each other");
        expect(stack.rules.length).to.be.lessThan(2);
    });

    it("leaves an unknown key to the deployment, which judges it", async () => {
        const declared = {
            alias: { bucket: "logs", sseAlgorithm: "KMS" },
            payments: { bucket: "payments", sseAlgorithm: "KMS", kmsMasterKeyId: "output:alias" },
        };
        const condition = { "allowed-keys": { allowed: [{ alias: "alias/*" }] } };
        const preview = await run("preview", declared, condition);
        expect(preview.status, preview.output).to.equal(0);
        expect(preview.output).to.match(/\[advisory\] .*allowed-keys/);
        expect(preview.output).to.contain("decided at deployment: kmsMasterKeyId is not known yet");
        // The bucket's name, which the preview did not know, is known now.
        const deployed = await run("up", declared, { "allowed-keys": { allowed: [{ id: "key-*" }] } });
        expect(deployed.status, deployed.output).to.equal(1);
        expect(deployed.output).to.contain("the key is none of the allowed keys");
        expect(cloud.bucketRule("payments")).to.equal(undefined);
    });

    it("judges a secret, keeps it one, and never shows it", async () => {
        const key = `secret:${givenKey}`;
        const declared = { payments: { bucket: "payments", sseAlgorithm: "KMS", kmsMasterKeyId: key } };
        const refused = await run("up", declared, { "allowed-keys": { allowed: [{ id: "key-other" }] } });
        expect(refused.status, refused.output).to.equal(1);
        expect(refused.output).to.contain("the key …f6a7 is none of the allowed keys");
        const mended = await run("up", declared, {
            "allowed-keys": { allowed: [{ id: givenKey }] },
            "keep-rule-on-delete": { enforcementLevel: "remediate", stacks: ["dev"] },
        });
        expect(mended.status, mended.output).to.equal(0);
        expect(cloud.bucketRule("payments")).to.deep.equal({ sseAlgorithm: "KMS", kmsMasterKeyId: givenKey });
        const state = JSON.stringify(stack.rules);
        for (const text of [refused.output, mended.output, state]) expect(text).not.to.contain(givenKey);
    });

    it("applies a preset: CIS 5.9, and not 5.8", async () => {
        const declared = { logs: { bucket: "logs", sseAlgorithm: "KMS" } };
        const { status, output } = await run("preview", declared, policyPresets["cis-alibaba-cloud-5.9"]);
        expect(status, output).to.equal(1);
        expect(output).to.contain("cis-alibaba-cloud-5.9").and.not.to.contain("cis-alibaba-cloud-5.8");
    });

    it("rejects a configuration that does not match the policies, before anything is deployed", async () => {
        const declared = { logs: { bucket: "logs", sseAlgorithm: "KMS" } };
        const wrong = { "allowed-algorithms": { algorithms: ["ROT13"] }, "expected-accounts": { accounts: "1" } };
        const { status, output } = await run("up", declared, wrong);
        expect(status, output).to.equal(1);
        expect(output)
            .to.match(/expected-accounts: accounts.*array/)
            .and.to.match(/allowed-algorithms: algorithms\.0.*must be one of.*"AES256", "SM4", "KMS", "KMS_DSSE"/);
        expect(rules()).to.deep.equal([undefined, undefined, undefined]);
    });

    it("works with policies in the user's own pack", async () => {
        const folder = path.join(stack.folder, "own-pack");
        mkdirSync(folder);
        cpSync(path.join(pack, "PulumiPolicy.yaml"), path.join(folder, "PulumiPolicy.yaml"));
        writeFileSync(
            path.join(folder, "package.json"),
            JSON.stringify({ name: "own", version: "3.2.1", main: "index.js" }),
        );
        writeFileSync(
            path.join(folder, "index.js"),
            `const { PolicyPack } = require("@pulumi/policy");
             const { allowedAlgorithms, oneOwner } = require("pulumi-bucket-encryption/policy");
             new PolicyPack("own", { policies: [
                 allowedAlgorithms({ name: "no-sm4", defaults: { algorithms: ["AES256", "KMS"] } }), oneOwner(),
             ] });`,
        );
        stack.declare({ logs: { bucket: "logs", sseAlgorithm: "SM4" } });
        const { status, output } = await stack.command("preview", "--policy-pack", folder);
        expect(status, output).to.equal(1);
        expect(output)
            .to.match(/\[mandatory\].* no-sm4/)
            .and.to.contain("own@v3.2.1");
    });
});

describe("the policy pack in a project without @pulumi/policy", () => {
    it("rejects to start, and says what to install", () => {
        // Not below this package, where the SDK is found.
        const folder = mkdtempSync(path.join(tmpdir(), "policy-pack-"));
        try {
            cpSync(path.join(pack, "index.js"), path.join(folder, "index.js"));
            const { status, stderr } = spawnSync(process.execPath, ["index.js"], { cwd: folder, encoding: "utf8" });
            expect(stderr).to.equal(
                "The policies cannot be loaded: the package @pulumi/policy is not installed in the stack's project. Run `npm install @pulumi/policy` there.\n",
            );
            expect(status).to.equal(1);
        } finally {
            rmSync(folder, { recursive: true, force: true });
        }
    });
});
