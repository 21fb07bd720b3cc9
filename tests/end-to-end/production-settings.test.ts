import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { LocalCloud } from "../../lib/local-cloud";
import { KmsServer, refused } from "../accounts/kms-server";
import { TestStack } from "./test-stack";

const key = "key-hzz65f0a1b2c3d4e5f6a7";
const logs = { bucket: "example-logs", sseAlgorithm: "AES256" };

describe("a stack in production", () => {
    let cloud: LocalCloud;
    let stack: TestStack;
    beforeEach(async () => {
        cloud = await LocalCloud.start();
        for (const name of ["example-logs", "example-audit"]) cloud.createBucket({ name });
        stack = await new TestStack(cloud).start();
    });
    afterEach(async () => {
        stack.remove();
        await cloud.stop();
    });
    const operations = () => cloud.journal.entries().map(({ operation }) => operation?.replace("BucketEncryption", ""));
    const rule = () => cloud.bucketRule("example-logs");

    /** Writes are done, and neither they nor a reading after them is answered. @returns ends it */
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

    it("takes over an estate by declaring it, with one reading for each bucket and no write", async () => {
        cloud.setBucketRule("example-logs", { sseAlgorithm: "AES256" });
        stack.declare({ logs });
        expect(await stack.succeed("preview")).to.include("it is taken over as it is");
        cloud.journal.clear();
        await stack.up();
        expect(operations()).to.deep.equal(["Get"]);
        const [resource] = await stack.resources();
        expect(resource?.outputs?.previousRule).to.deep.equal({ sseAlgorithm: "AES256" });
    });

    it("creates a rule with one reading, one write and one reading back, and updates it with one of each", async () => {
        cloud.journal.clear();
        await stack.declare({ logs }).up();
        expect(operations()).to.deep.equal(["Get", "Put", "Get"]);
        cloud.journal.clear();
        await stack.declare({ logs: { ...logs, sseAlgorithm: "KMS" } }).up();
        expect(operations()).to.deep.equal(["Put", "Get"]);
        cloud.journal.clear();
        await stack.succeed("refresh", "--yes", "--skip-preview");
        expect(operations()).to.deep.equal(["Get"]);
    });

    it("rejects weakening a bucket's rule in the preview already, and does it when told so", async () => {
        cloud.setBucketRule("example-logs", { sseAlgorithm: "KMS", kmsMasterKeyId: key });
        const { status, output } = await stack.declare({ logs }).run("preview");
        expect(status).to.equal(1);
        expect(output)
            .to.include("KMS with the given key …f6a7")
            .and.include("AES256")
            .and.include('existingRule to "overwrite"');
        expect((await stack.run("up", "--yes", "--skip-preview")).status).to.equal(1);
        expect(rule()).to.deep.equal({ sseAlgorithm: "KMS", kmsMasterKeyId: key });
        await stack.declare({ logs: { ...logs, existingRule: "overwrite", onDelete: "restore" } }).up();
        expect(rule()).to.deep.equal({ sseAlgorithm: "AES256" });
        await stack.succeed("destroy", "--yes", "--skip-preview");
        expect(rule(), "put back").to.deep.equal({ sseAlgorithm: "KMS", kmsMasterKeyId: key });
    });

    it("rejects deleting a rule that somebody else changed since, until a refresh has shown it", async () => {
        await stack.declare({ logs }).up();
        cloud.setBucketRule("example-logs", { sseAlgorithm: "KMS", kmsMasterKeyId: key });
        const { status, output } = await stack.run("destroy", "--yes", "--skip-preview");
        expect(status).to.equal(1);
        expect(output).to.include("somebody else changed it").and.include("pulumi refresh");
        expect(rule()).to.deep.equal({ sseAlgorithm: "KMS", kmsMasterKeyId: key });
        expect(await stack.succeed("refresh", "--yes", "--skip-preview")).to.include("second owner");
        await stack.succeed("destroy", "--yes", "--skip-preview");
        expect(rule()).to.equal(undefined);
    });

    it("keeps what was created and isn't ready, and finishes it in the next deployment", async () => {
        const lost = loseAnswers();
        const { status } = await stack.declare({ logs }).run("up", "--yes", "--skip-preview");
        lost();
        expect(status).to.equal(1);
        const [kept] = await stack.resources();
        expect(kept).to.include({ id: "example-logs" });
        expect(kept?.outputs).to.include({ unconfirmed: true });
        expect(await stack.previewedSteps()).to.deep.equal({ logs: "update" });
        await stack.up();
        expect((await stack.resources())[0]?.outputs).not.to.have.property("unconfirmed");
        await stack.up("--expect-no-changes");
    });

    it("leaves no rule that nobody knows of when a declaration is taken back after a lost answer", async () => {
        await stack.declare({ logs }).up();
        cloud.journal.clear();
        const found = loseAnswers();
        await stack.declare({ logs: { ...logs, sseAlgorithm: "SM4" } }).run("up", "--yes", "--skip-preview");
        found();
        expect(rule(), "written all the same").to.deep.equal({ sseAlgorithm: "SM4" });
        await stack.declare({ logs }).up();
        expect(rule()).to.deep.equal({ sseAlgorithm: "AES256" });
    });

    it("needs no region, and asks for it nowhere", async () => {
        stack.environment = { ...stack.environment, OSS_REGION: undefined };
        await stack.declare({ logs }).up();
        expect((await stack.resources())[0]?.outputs?.bucketRegion).to.equal("cn-hangzhou");
        await stack.up("--expect-no-changes");
        await stack.succeed("refresh", "--yes", "--skip-preview");
        await stack.up("--expect-no-changes");
        await stack.succeed("destroy", "--yes", "--skip-preview");
        expect(rule()).to.equal(undefined);
    });

    it("shows no difference in a state that an earlier version wrote", async () => {
        const payments = { bucket: "example-audit", sseAlgorithm: "KMS", kmsMasterKeyId: `secret:${key}` };
        await stack.declare({ logs, payments }).up();
        // What the version before these settings wrote had none of them.
        const file = path.join(stack.folder, ".pulumi", "stacks", "test-stack", "dev.json");
        const state = JSON.parse(readFileSync(file, "utf8"));
        for (const resource of state.checkpoint.latest.resources) {
            resource.additionalSecretOutputs = undefined;
            if (resource.outputs) resource.outputs.previousRule = undefined;
        }
        writeFileSync(file, JSON.stringify(state));
        cloud.journal.clear();
        expect(await stack.previewedSteps()).to.deep.equal({});
        await stack.up("--expect-no-changes");
        expect(cloud.journal.entries()).to.deep.equal([]);
    });

    it("changes a setting without a request to the bucket", async () => {
        await stack.declare({ logs }).up();
        cloud.journal.clear();
        await stack.declare({ logs: { ...logs, onDelete: "retain" } }).up();
        expect(cloud.journal.entries()).to.deep.equal([]);
        await stack.succeed("destroy", "--yes", "--skip-preview");
        expect(rule(), "left as it is").to.deep.equal({ sseAlgorithm: "AES256" });
    });

    it("rejects a key that can't be used in the preview, and only warns when KMS doesn't answer", async () => {
        const kms = await new KmsServer([{ id: key, state: "PendingDeletion" }], {
            "local-key-id": "local-key-secret",
        }).start();
        try {
            stack.environment = { ...stack.environment, ALIBABA_CLOUD_KMS_ENDPOINT: kms.endpoint };
            stack.declare({ logs: { bucket: "example-logs", sseAlgorithm: "KMS", kmsMasterKeyId: key } });
            const { status, output } = await stack.run("preview");
            expect(status).to.equal(1);
            expect(output).to.include("PendingDeletion");
            kms.refusal = refused(403, "Forbidden.NoPermission");
            expect(await stack.up()).to.include("warning: whether the KMS key can be used isn't known");
            const asked = kms.requests.length;
            await stack.up("--expect-no-changes");
            expect(kms.requests, "an unchanged deployment asks for nothing").to.have.length(asked);
        } finally {
            await kms.stop();
        }
    });
});
