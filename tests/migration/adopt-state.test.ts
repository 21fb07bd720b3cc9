import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import ts from "typescript";
import { LocalCloud } from "../../lib/local-cloud";
import { adoptPulumiState, adoptTerraformState, programText } from "../../lib/migration";
import { handlerText } from "../../lib/pulumi/handler-text";
import { TestStack } from "../end-to-end/test-stack";

const root = path.join(__dirname, "..", "..");
const command = path.join(root, "dist", "cli", "bucket-encryption.js");
const states = path.join(__dirname, "states");
const pulumiFile = path.join(states, "pulumi-alicloud.json");
const terraformFile = path.join(states, "terraform.json");
const read = (file: string) => JSON.parse(readFileSync(file, "utf8"));

const key = "key-hzz65f0a1b2c3d4e5f6a7";
const logs = { bucket: "example-logs", sseAlgorithm: "AES256" };
const payments = { bucket: "example-payments", sseAlgorithm: "KMS", kmsMasterKeyId: key, kmsDataEncryption: "SM4" };

const adoptState = (...args: string[]) =>
    spawnSync(process.execPath, [command, "adopt-state", ...args], { encoding: "utf8" });

/** What `pulumi stack import` does with a deployment: the stack's checkpoint is that, and nothing else. */
function importState({ folder }: TestStack, deployment: unknown): void {
    const checkpoint = path.join(folder, ".pulumi", "stacks", "test-stack", "dev.json");
    const { version, checkpoint: present } = read(checkpoint);
    writeFileSync(checkpoint, JSON.stringify({ version, checkpoint: { ...present, latest: deployment } }));
    rmSync(`${checkpoint}.attrs`, { force: true });
}

interface Entry {
    [name: string]: unknown;
    inputs: Record<string, unknown>;
}

describe("adopting the state of another tool", () => {
    let cloud: LocalCloud;
    let stack: TestStack;
    beforeEach(async () => {
        cloud = await LocalCloud.start();
        cloud.createBucket({ name: "example-logs", encryption: { sseAlgorithm: "AES256" } });
        cloud.createBucket({
            name: "example-payments",
            encryption: { sseAlgorithm: "KMS", kmsMasterKeyId: key, kmsDataEncryption: "SM4" },
        });
        stack = await new TestStack(cloud).start();
    });
    afterEach(async () => {
        stack.remove();
        await cloud.stop();
    });
    const file = (name: string) => path.join(stack.folder, name);

    /** After the import: no change in a preview, none in a deployment, and not one request to a bucket. */
    async function expectTakenOver(declarations: Record<string, Record<string, unknown>>): Promise<void> {
        importState(stack, read(file("after.json")).deployment);
        cloud.journal.clear();
        stack.declare(declarations);
        expect(await stack.previewedSteps()).to.deep.equal({});
        await stack.up("--expect-no-changes");
        expect(cloud.journal.entries()).to.deep.equal([]);
        expect(await stack.previewedSteps("--refresh"), "what is there is what is declared").to.deep.equal({});
        const [name, declared] = Object.entries(declarations)[0] ?? ["", {}];
        await stack.declare({ ...declarations, [name]: { ...declared, sseAlgorithm: "SM4" } }).up();
        expect(cloud.bucketRule("example-logs")).to.deep.equal({ sseAlgorithm: "SM4" });
    }

    it("takes over a stack's alicloud.oss.BucketServerSideEncryption, and no request is made", async () => {
        const state = read(pulumiFile);
        const own = JSON.parse(await stack.succeed("stack", "export"));
        state.deployment.secrets_providers = own.deployment.secrets_providers;
        writeFileSync(file("before.json"), JSON.stringify(state));
        const { status, stdout, stderr } = adoptState(file("before.json"), "--output", file("after.json"));
        expect(status, stderr).to.equal(0);
        expect(stdout)
            .to.include("2 rules")
            .and.include("payments: bucket example-payments")
            .and.include("stack import");
        await expectTakenOver({ logs, payments });
    });

    it("takes over a Terraform state, and says what Terraform has to forget", async () => {
        await stack.declare({}).up();
        writeFileSync(file("stack.json"), await stack.succeed("stack", "export"));
        const { status, stdout, stderr } = adoptState(
            terraformFile,
            "--into",
            file("stack.json"),
            "--output",
            file("after.json"),
            "--program",
            file("rules.ts"),
        );
        expect(status, stderr).to.equal(0);
        expect(stdout).to.include(
            `terraform state rm 'module.money["eu"].module.store.alicloud_oss_bucket_server_side_encryption.this["payments"]'`,
        );
        expect(stdout)
            .to.include("alicloud_oss_bucket.logs has a server_side_encryption_rule")
            .and.include("ignore_changes");
        expect(statSync(file("after.json")).mode & 0o077, "nobody else reads a state").to.equal(0);
        await expectTakenOver({ logs, "money-eu-store-this-payments": payments });
    });

    it("prints what was adopted as JSON", async () => {
        const { stdout } = adoptState(pulumiFile, "--output", file("after.json"), "--json");
        expect(
            JSON.parse(stdout).rules.map(({ name, bucket }: Record<string, string>) => [name, bucket]),
        ).to.deep.equal([
            ["logs", "example-logs"],
            ["payments", "example-payments"],
        ]);
    });

    for (const [what, args, said] of [
        ["a file that isn't there", ["nowhere.json"], "can't be read (ENOENT)"],
        ["a file that isn't JSON", [__filename], "isn't JSON"],
        ["a file that is no state", [path.join(root, "package.json")], "isn't what `pulumi stack export` prints"],
        ["a Terraform state without a stack", [terraformFile], "--into"],
        [
            "a Terraform state into what is no stack",
            [terraformFile, "--into", terraformFile],
            "isn't what `pulumi stack export` prints",
        ],
    ] as const) {
        it(`rejects ${what}, and writes nothing`, () => {
            const { status, stderr } = adoptState(...args, "--output", file("after.json"));
            expect(status).to.equal(1);
            expect(stderr).to.include(said);
            expect(stderr).not.to.match(/^\s+at /m);
            expect(() => statSync(file("after.json"))).to.throw();
        });
    }
});

describe("a stack's state, adopted", () => {
    const urn = (type: string, name: string) => `urn:pulumi:dev::test-stack::${type}::${name}`;
    const type = "pulumi-nodejs:dynamic/bucket-encryption:BucketEncryption";
    const entries = (document: unknown) => adoptPulumiState(document, "before.json").state.deployment.resources ?? [];

    it("has the entries that a deployment would have written, in an order that engines accept", () => {
        const [stackEntry, provider, first, second, ...others] = entries(read(pulumiFile));
        expect(others, "the idle default provider is gone").to.deep.equal([]);
        expect(stackEntry?.type).to.equal("pulumi:pulumi:Stack");
        expect(provider?.urn).to.equal(urn("pulumi:providers:pulumi-nodejs", "default"));
        expect(first).to.deep.include({
            urn: urn(type, "logs"),
            id: "example-logs",
            inputs: { ...logs, __provider: handlerText },
        });
        expect(second?.outputs).to.deep.equal({ ...payments, __provider: handlerText });
        expect(second?.provider).to.equal(`${provider?.urn}::${provider?.id}`);
        expect(second?.dependencies).to.deep.equal([urn(type, "logs")]);
        expect(second?.propertyDependencies).to.deep.include({ bucket: [urn(type, "logs")], __provider: [] });
    });

    it("keeps a parent's type, what refers to it, secrets as they are encrypted, and a provider that is still used", () => {
        const document = read(pulumiFile);
        const [, provider, , entry] = document.deployment.resources;
        const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "v1:x" };
        entry.urn = urn(
            "acme:index:Store$alicloud:oss/bucketServerSideEncryption:BucketServerSideEncryption",
            "payments",
        );
        entry.inputs.kmsMasterKeyId = entry.outputs.kmsMasterKeyId = secret;
        entry.protect = true;
        document.deployment.resources.push({
            urn: urn("alicloud:oss/bucket:Bucket", "other"),
            custom: true,
            id: "other",
            type: "alicloud:oss/bucket:Bucket",
            inputs: { note: entry.urn, serverSideEncryptionRule: { sseAlgorithm: "AES256" } },
            dependencies: [entry.urn],
            provider: `${provider.urn}::${provider.id}`,
        });
        const { state, warnings, rules } = adoptPulumiState(document, "before.json");
        const after = state.deployment.resources ?? [];
        const adopted = after.find(({ urn: own }) => own === urn(`acme:index:Store$${type}`, "payments"));
        expect(adopted).to.include({ protect: true });
        expect(adopted?.inputs).to.deep.include({ kmsMasterKeyId: secret });
        const bucket = after.find(({ id }) => id === "other");
        expect(bucket?.dependencies).to.deep.equal([adopted?.urn]);
        expect(bucket?.inputs, "values aren't references").to.deep.include({ note: entry.urn });
        expect(after.map(({ urn: own }) => own)).to.include(provider.urn);
        expect(warnings).to.have.length(1);
        expect(warnings[0]).to.include("two owners");
        expect(programText(rules)).to.include('config.requireSecret("kmsMasterKeyId")');
    });

    for (const [what, change, said] of [
        ["nothing to adopt", (all: Entry[]) => all.splice(2), "has no alicloud.oss.BucketServerSideEncryption"],
        [
            "a half finished replacement",
            (all: Entry[]) => Object.assign(all[2] ?? {}, { delete: true }),
            "half replaced",
        ],
        [
            "a rule that can't be declared",
            (all: Entry[]) => Object.assign(all[2]?.inputs ?? {}, { sseAlgorithm: "ROT13" }),
            "ROT13",
        ],
        [
            "a bucket that is a secret",
            (all: Entry[]) => Object.assign(all[2]?.inputs ?? {}, { bucket: { ciphertext: "x" } }),
            "is a secret",
        ],
    ] as const) {
        it(`rejects a state with ${what}`, () => {
            const document = read(pulumiFile);
            change(document.deployment.resources);
            expect(() => adoptPulumiState(document, "before.json")).to.throw(said);
        });
    }

    it("rejects a version that nobody knows", () => {
        expect(() => adoptPulumiState({ ...read(pulumiFile), version: 9 }, "before.json")).to.throw("version 9");
    });
});

describe("a Terraform state, adopted", () => {
    const stackOf = (document: unknown) => ({ document, file: "stack.json" });
    const empty = { version: 3, deployment: { manifest: {} } };

    it("comes with a program that declares the rules and is correct TypeScript", () => {
        const text = programText(adoptTerraformState(read(terraformFile), "t", stackOf(read(pulumiFile))).rules);
        expect(text)
            .to.include('new BucketEncryption("money-eu-store-this-payments", {')
            .and.include(`kmsMasterKeyId: "${key}"`);
        const { diagnostics = [] } = ts.transpileModule(text, { reportDiagnostics: true });
        expect(diagnostics).to.deep.equal([]);
    });

    it("rejects a stack that was never deployed, a format that nobody knows, and a name that is taken", () => {
        expect(() => adoptTerraformState(read(terraformFile), "t", stackOf(empty))).to.throw("never deployed");
        expect(() => adoptTerraformState({ ...read(terraformFile), version: 3 }, "t", stackOf(empty))).to.throw(
            "format 3",
        );
        const taken = adoptPulumiState(read(pulumiFile), "p").state;
        expect(() => adoptTerraformState(read(terraformFile), "t", stackOf(taken))).to.throw("already");
        const nothing = { ...read(terraformFile), resources: [] };
        expect(() => adoptTerraformState(nothing, "t", stackOf(empty))).to.throw(
            "has no alicloud_oss_bucket_server_side_encryption",
        );
    });
});
