import { copyFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { LocalCloud } from "../../lib/local-cloud";
import { BucketStack } from "../stacks/bucket-stack";

const key = "key-hzz65f0a1b2c3d4e5f6a7";
const logs = { bucket: "example-logs", sseAlgorithm: "AES256" };

describe("a stack in production", () => {
    let cloud: LocalCloud;
    let stack: BucketStack;
    beforeEach(async () => {
        cloud = await LocalCloud.start({ isStrict: true });
        for (const name of ["example-logs", "example-audit"]) cloud.createBucket({ name });
        stack = await new BucketStack(cloud).start();
    });
    afterEach(async () => {
        stack.remove();
        await cloud.stop();
    });
    const operations = () => cloud.journal.entries().map(({ operation }) => operation?.replace("BucketEncryption", ""));
    const rule = () => cloud.bucketRule("example-logs");
    /** The engine reads a resource of the plugin before each operation. */
    const readBefore = () => (stack.kind === "plugin" ? ["Get"] : []);

    /** Writes take effect, but neither they nor readings after them are answered. @returns ends it */
    function loseAnswers(): () => void {
        const ends = [cloud.faults.add({ kind: "reset-after", operation: "PutBucketEncryption" })];
        const timer = setInterval(() => {
            if (cloud.journal.count({ operation: "PutBucketEncryption" }) === 0) return;
            clearInterval(timer);
            ends.push(cloud.faults.add({ kind: "reset-before", operation: "GetBucketEncryption" }));
        }, 1);
        return () => {
            clearInterval(timer);
            for (const end of ends) end();
        };
    }

    it("adopts existing rules by declaring them, with one reading for each bucket and no write", async () => {
        cloud.setBucketRule("example-logs", { sseAlgorithm: "AES256" });
        stack.declare({ logs });
        expect(await stack.succeed("preview")).to.include("which equals the declared one: it is adopted");
        cloud.journal.clear();
        await stack.deploy();
        expect(operations()).to.deep.equal(["Get"]);
        const [resource] = stack.rules;
        expect(resource?.outputs?.previousRule).to.deep.equal({ sseAlgorithm: "AES256" });
    });

    it("creates a rule with one reading, one write and one reading back, and updates it with one of each", async () => {
        cloud.journal.clear();
        await stack.declare({ logs }).deploy();
        expect(operations()).to.deep.equal(["Get", "Put", "Get"]);
        cloud.journal.clear();
        await stack.declare({ logs: { ...logs, sseAlgorithm: "KMS" } }).deploy();
        expect(operations()).to.deep.equal([...readBefore(), "Put", "Get"]);
        cloud.journal.clear();
        await stack.succeed("refresh", "--yes", "--skip-preview");
        expect(operations()).to.deep.equal(["Get"]);
    });

    it("rejects weakening a bucket's rule in the preview already, and weakens it with `overwrite`", async () => {
        cloud.setBucketRule("example-logs", { sseAlgorithm: "KMS", kmsMasterKeyId: key });
        const { status, output } = await stack.declare({ logs }).command("preview");
        expect(status).to.equal(1);
        expect(output)
            .to.include("KMS with the given key …f6a7")
            .and.include("AES256")
            .and.include('set `existingRule: "overwrite"`');
        expect((await stack.command("up", "--yes", "--skip-preview")).status).to.equal(1);
        expect(rule()).to.deep.equal({ sseAlgorithm: "KMS", kmsMasterKeyId: key });
        await stack.declare({ logs: { ...logs, existingRule: "overwrite", onDelete: "restore" } }).deploy();
        expect(rule()).to.deep.equal({ sseAlgorithm: "AES256" });
        await stack.succeed("destroy", "--yes", "--skip-preview");
        expect(rule(), "put back").to.deep.equal({ sseAlgorithm: "KMS", kmsMasterKeyId: key });
    });

    it("rejects deleting a rule that was changed outside the stack, until a refresh has shown it, or a declaration says so", async () => {
        await stack.declare({ logs }).deploy();
        cloud.setBucketRule("example-logs", { sseAlgorithm: "KMS", kmsMasterKeyId: key });
        const { status, output } = await stack.command("destroy", "--yes", "--skip-preview");
        expect(status).to.equal(1);
        expect(output).to.include("was changed outside this stack").and.include("pulumi refresh");
        expect(rule()).to.deep.equal({ sseAlgorithm: "KMS", kmsMasterKeyId: key });
        const refreshed = await stack.succeed("refresh", "--yes", "--skip-preview");
        // The first reading shows it; the plugin's is the one before the deletion.
        expect(stack.kind === "plugin" ? output : refreshed).to.include(
            "the rule of bucket example-logs was changed outside this stack: AES256 → KMS with the given key …f6a7",
        );
        if (stack.kind === "plugin") {
            // The plugin cannot tell `pulumi refresh` from the engine's own reading before an operation.
            expect((await stack.command("destroy", "--yes", "--skip-preview")).status).to.equal(1);
            await stack.declare({ logs: { ...logs, sseAlgorithm: "KMS", kmsMasterKeyId: key } }).deploy();
        }
        await stack.succeed("destroy", "--yes", "--skip-preview");
        expect(rule()).to.equal(undefined);
    });

    it("keeps what was created and is not ready, and finishes it in the next deployment", async () => {
        const lost = loseAnswers();
        const { status } = await stack.declare({ logs }).command("up", "--yes", "--skip-preview");
        lost();
        expect(status).to.equal(1);
        const [kept] = stack.rules;
        expect(kept).to.include({ id: "example-logs" });
        expect(kept?.outputs).to.include({ unconfirmed: true });
        // The reading before the operation confirms the write.
        const finished = stack.kind === "plugin" ? {} : { logs: "update" };
        expect(await stack.previewedSteps()).to.deep.equal(finished);
        await stack.deploy();
        expect(stack.rules[0]?.outputs).not.to.have.property("unconfirmed");
        await stack.deploy("--expect-no-changes");
    });

    it("leaves no unknown rule behind when a declaration is removed after a lost answer", async () => {
        await stack.declare({ logs }).deploy();
        cloud.journal.clear();
        const found = loseAnswers();
        await stack.declare({ logs: { ...logs, sseAlgorithm: "SM4" } }).command("up", "--yes", "--skip-preview");
        found();
        expect(rule(), "written all the same").to.deep.equal({ sseAlgorithm: "SM4" });
        await stack.declare({ logs }).deploy();
        expect(rule()).to.deep.equal({ sseAlgorithm: "AES256" });
    });

    it("needs no region in arguments, configuration or environment", async () => {
        stack.environment = { ...stack.environment, OSS_REGION: undefined };
        await stack.declare({ logs }).deploy();
        expect(stack.rules[0]?.outputs?.bucketRegion).to.equal("cn-hangzhou");
        await stack.deploy("--expect-no-changes");
        await stack.succeed("refresh", "--yes", "--skip-preview");
        await stack.deploy("--expect-no-changes");
        await stack.succeed("destroy", "--yes", "--skip-preview");
        expect(rule()).to.equal(undefined);
    });

    it("shows no difference in a state that the first version wrote, and goes on from it", async () => {
        const payments = { sseAlgorithm: "KMS", kmsMasterKeyId: key, kmsDataEncryption: "SM4" } as const;
        cloud.createBucket({ name: "example-payments", encryption: payments });
        cloud.setBucketRule("example-logs", { sseAlgorithm: "AES256" });
        cloud.setBucketRule("example-audit", { sseAlgorithm: "SM4" });
        const written = path.join(__dirname, "..", "vectors", "first-version");
        copyFileSync(path.join(written, "settings.yaml"), path.join(stack.folder, "Pulumi.dev.yaml"));
        const states = path.join(stack.state, ".pulumi", "stacks", "test-stack");
        copyFileSync(path.join(written, "dev.json"), path.join(states, "dev.json"));
        stack.declare({
            logs,
            audit: { bucket: "example-audit", sseAlgorithm: "SM4", region: "cn-hangzhou" },
            payments: { bucket: "example-payments", ...payments, kmsMasterKeyId: `secret:${key}` },
        });
        expect(await stack.previewedSteps()).to.deep.equal({});
        await stack.deploy("--expect-no-changes");
        expect(cloud.journal.entries()).to.deep.equal([]);
        expect(await stack.previewedSteps("--refresh")).to.deep.equal({});
        expect(cloud.bucketRule("example-payments")).to.deep.equal(payments);
        await stack.succeed("destroy", "--yes", "--skip-preview");
        expect(cloud.journal.count({ operation: "DeleteBucketEncryption" })).to.equal(3);
        for (const name of cloud.bucketNames()) expect(cloud.bucketRule(name), name).to.equal(undefined);
    });

    it("changes a setting without a request, except for the plugin's reading", async () => {
        await stack.declare({ logs }).deploy();
        cloud.journal.clear();
        await stack.declare({ logs: { ...logs, onDelete: "retain" } }).deploy();
        expect(operations()).to.deep.equal(readBefore());
        await stack.succeed("destroy", "--yes", "--skip-preview");
        expect(rule(), "left as it is").to.deep.equal({ sseAlgorithm: "AES256" });
    });

    it("proves the rule with an object when asked to, and keeps what it cannot prove as not ready", async () => {
        const proven = { ...logs, proveKey: true };
        cloud.faults.add({ kind: "status", status: 403, code: "AccessDenied", operation: "PutObject", count: 1 });
        const { status, output } = await stack.declare({ logs: proven }).command("up", "--yes", "--skip-preview");
        expect(status).to.equal(1);
        expect(output).to.include("write the object that proves the rule").and.include("oss:PutObject");
        expect(stack.rules[0]?.outputs).to.include({ unconfirmed: true });
        cloud.journal.clear();
        await stack.deploy();
        expect(operations()).to.deep.equal([...readBefore(), "Put", "Get", "PutObject", "GetObject", "DeleteObject"]);
        await stack.deploy("--expect-no-changes");
    });

    describe("with KMS", () => {
        const account = "1000000000000001";
        const other = "1000000000000002";
        const payments = { bucket: "example-logs", sseAlgorithm: "KMS", kmsMasterKeyId: key };
        const asked = () => kms.journal.count({ operation: "DescribeKey" });
        let kms: LocalCloud;
        beforeEach(async () => {
            const accessKeys = [{ id: "local-key-id", secret: "local-key-secret" }];
            const keys = [
                { id: key, alias: "alias/payments" },
                { id: "key-going", state: "PendingDeletion" as const },
                { id: "key-in-beijing", region: "cn-beijing" },
            ];
            kms = await LocalCloud.start({
                isStrict: true,
                accounts: { accounts: [{ id: account, accessKeys, keys }] },
            });
            stack.environment = { ...stack.environment, ALIBABA_CLOUD_KMS_ENDPOINT: kms.url };
        });
        afterEach(() => kms.stop());

        for (const [what, kmsMasterKeyId, reason] of [
            ["is about to be deleted", "key-going", "in the state PendingDeletion, not Enabled"],
            ["is not there", "key-lost", "names no key that KMS knows"],
            ["is in another region", "key-in-beijing", "in the region cn-beijing; the bucket is in cn-hangzhou"],
            ["is another account's", `acs:kms:cn-hangzhou:${other}:key/${key}`, "names no key that KMS knows"],
        ] as const) {
            it(`rejects a key that ${what}, in the preview and before any write`, async () => {
                stack.declare({ logs: { ...payments, kmsMasterKeyId } });
                for (const verb of [["preview"], ["up", "--yes", "--skip-preview"]]) {
                    const { status, output } = await stack.command(...verb);
                    expect(status, output).to.equal(1);
                    expect(output).to.include(reason);
                }
                expect(operations().filter((name) => name !== "Get")).to.deep.equal([]);
            });
        }

        it("recognizes an alias, an id and an ARN as one key, and shows no change between them", async () => {
            await stack.declare({ logs: payments }).deploy();
            kms.journal.clear();
            for (const name of ["alias/payments", `acs:kms:cn-hangzhou:${account}:key/${key}`]) {
                await stack.declare({ logs: { ...payments, kmsMasterKeyId: name } }).deploy("--expect-no-changes");
            }
            expect(rule()?.kmsMasterKeyId).to.equal(key);
        });

        it("looks a key up once for any number of buckets, and looks up no unchanged key", async () => {
            stack.declare({ logs: payments, audit: { ...payments, bucket: "example-audit" } });
            await stack.deploy();
            expect(asked()).to.equal(1);
            await stack.deploy("--expect-no-changes");
            expect(asked()).to.equal(1);
        });

        it("only warns when KMS does not answer, or refuses the lookup", async () => {
            // A notice of the plugin has its resource.
            const about =
                stack.kind === "plugin" && stack.inProcess ? "bucket-encryption:index:BucketEncryption logs: " : "";
            const warning = `warning: ${about}the KMS key could not be verified: KMS cannot be asked`;
            kms.faults.add({ kind: "status", status: 403, code: "Forbidden.NoPermission" });
            expect(await stack.declare({ logs: payments }).deploy())
                .to.include(warning)
                .and.include("Forbidden.NoPermission");
            kms.faults.clear();
            kms.faults.add({ kind: "reset-before" });
            stack.declare({ logs: { ...payments, kmsMasterKeyId: "key-going" } });
            expect(await stack.deploy()).to.include(warning);
        });

        it("looks nothing up with verifyKey: false", async () => {
            await stack.declare({ logs: { ...payments, kmsMasterKeyId: "key-going", verifyKey: false } }).deploy();
            expect(stack.rules.map(({ inputs }) => inputs?.kmsMasterKeyId)).to.deep.equal(["key-going"]);
            expect(asked()).to.equal(0);
        });
    });
});
