import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { LocalCloud } from "../../lib/local-cloud";
import { pluginSettings, projectSettings } from "../stacks/test-project";
import { TestStack } from "../stacks/test-stack";

describe("a stack with dynamic resources and resources of the plugin", function () {
    this.timeout(120_000);
    let cloud: LocalCloud;
    let stack: TestStack;
    beforeEach(async () => {
        cloud = await LocalCloud.start({ isStrict: true });
        for (const name of ["logs", "audit"]) cloud.createBucket({ name });
        stack = new TestStack(
            "kinds",
            { "Pulumi.yaml": projectSettings("kinds") + pluginSettings },
            {
                ALIBABA_CLOUD_ACCESS_KEY_ID: "local-key-id",
                ALIBABA_CLOUD_ACCESS_KEY_SECRET: "local-key-secret",
                OSS_ENDPOINT: cloud.url,
                OSS_REGION: "cn-hangzhou",
            },
        );
        await stack.engine().createStack("dev");
    });
    afterEach(async () => {
        stack.remove();
        await cloud.stop();
    });

    const declare = (body: string) =>
        writeFileSync(
            path.join(stack.folder, "index.js"),
            `const pulumi = require("@pulumi/pulumi");
            const { BucketEncryption } = require("pulumi-bucket-encryption");
            class Native extends pulumi.CustomResource {
                constructor(name, args, opts) {
                    super("bucket-encryption:index:BucketEncryption", name, args, opts);
                }
            }
            class Instance extends pulumi.ProviderResource {
                constructor(name) {
                    super("bucket-encryption", name, {});
                }
            }
            ${body}`,
        );
    const up = async (body: string) => {
        declare(body);
        cloud.journal.clear();
        const summary = await stack.run("up");
        expect(summary.result.succeeded, summary.messages.join("\n")).to.equal(true);
        return summary;
    };
    const requests = () =>
        cloud.journal
            .entries()
            .map(({ operation, bucket }) => `${operation} ${bucket}`)
            .sort();
    const keeping = ["DeleteBucketEncryption audit", "GetBucketEncryption audit", "GetBucketEncryption logs"];

    it("keeps the rule of a bucket that moves from one kind to the other without an alias, both ways", async () => {
        const declared = (kind: string) => `new ${kind}("logs", { bucket: "logs", sseAlgorithm: "SM4" });`;
        await up(
            `${declared("BucketEncryption")} new BucketEncryption("audit", { bucket: "audit", sseAlgorithm: "KMS" });`,
        );
        const moved = await up(declared("Native"));
        expect(moved.steps).to.have.members([
            "create default",
            "create logs",
            "delete logs",
            "delete audit",
            "delete default",
        ]);
        expect(moved.messages.join("\n")).to.include("the encryption rule of bucket logs stays");
        expect(requests()).to.deep.equal(keeping);
        expect(cloud.bucketRule("logs")).to.deep.equal({ sseAlgorithm: "SM4" });

        await up(`${declared("Native")} new Native("audit", { bucket: "audit", sseAlgorithm: "KMS" });`);
        await up(declared("BucketEncryption"));
        expect(requests().filter((request) => request.startsWith("Delete"))).to.deep.equal(keeping.slice(0, 1));
        expect(cloud.bucketRule("logs")).to.deep.equal({ sseAlgorithm: "SM4" });
    });

    it("keeps the rule of a bucket whose resource is renamed and moved to another instance of the plugin", async () => {
        const instances = 'const [one, other] = [new Instance("one"), new Instance("other")];';
        await up(`${instances}
            new Native("logs", { bucket: "logs", sseAlgorithm: "SM4" }, { provider: one });
            new Native("audit", { bucket: "audit", sseAlgorithm: "SM4" }, { provider: other });`);
        await up(`${instances} new Native("renamed", { bucket: "logs", sseAlgorithm: "SM4" }, { provider: other });`);
        // The plugin's resources are also read before the update.
        expect([...new Set(requests())]).to.deep.equal(keeping);
        expect(cloud.bucketRule("logs")).to.deep.equal({ sseAlgorithm: "SM4" });
    });

    for (const [what, declared] of [
        ["has refused inputs", 'const of = (bucket) => ({ bucket, sseAlgorithm: "SM5" });'],
        [
            "has no bucket, since another resource failed",
            `const failed = new BucketEncryption("failed", { bucket: "denied", sseAlgorithm: "SM4" });
            const of = (bucket) => ({ bucket: failed.id.apply(() => bucket), sseAlgorithm: "SM4" });`,
        ],
    ] as const)
        it(`keeps the rules of renamed resources of which each ${what}, where failures are tolerated`, async () => {
            const rule = 'sseAlgorithm: "SM4"';
            await up(`new BucketEncryption("logs", { bucket: "logs", ${rule} });
                new Native("audit", { bucket: "audit", ${rule} });`);
            cloud.createBucket({ name: "denied" });
            cloud.faults.add({ kind: "status", status: 403, code: "AccessDenied", bucket: "denied" });
            declare(`${declared} new BucketEncryption("one", of("logs")); new Native("two", of("audit"));`);
            const { result, steps, messages } = await stack.run("up", { continueOnError: true });
            expect(result.succeeded).to.equal(false);
            expect(steps.filter((step) => step.startsWith("delete"))).to.deep.equal([]);
            for (const name of ["one", "two"])
                expect(messages.join("\n")).to.include(`BucketEncryption resource '${name}' has a problem: `);
            expect(["logs", "audit"].map((name) => cloud.bucketRule(name))).to.deep.equal([
                { sseAlgorithm: "SM4" },
                { sseAlgorithm: "SM4" },
            ]);
        });

    for (const [early, late, ignored] of [
        ["BucketEncryption", "BucketEncryption", ""],
        ["Native", "Native", ""],
        ["Native", "Native", "sseAlgorithm"],
    ] as const)
        it(`writes a rule again that the engine removed with a ${early} before it declared a ${late} for the bucket${ignored && `, also where changes of ${ignored} are ignored`}`, async () => {
            const rule = 'sseAlgorithm: "SM4"';
            const declared = (bucket: string) => `
                const instance = new Instance("instance");
                const early = new ${early}("early", { bucket: "${bucket}", ${rule} }, { deleteBeforeReplace: true });
                const late = new ${late}("late", { bucket: "logs", ${rule} }, {
                    dependsOn: early, ignoreChanges: ["${ignored}"]${late === "Native" ? ", provider: instance" : ""} });`;
            await up(declared("logs"));
            const moved = await up(declared("audit"));
            expect(moved.messages.join("\n")).to.include(
                "this operation has removed the encryption rule of bucket logs with another resource, before this one was declared: it is written again",
            );
            expect(requests()).to.include("DeleteBucketEncryption logs").and.include("PutBucketEncryption logs");
            expect(["logs", "audit"].map((name) => cloud.bucketRule(name))).to.deep.equal([
                { sseAlgorithm: "SM4" },
                { sseAlgorithm: "SM4" },
            ]);
            expect((await up(declared("audit"))).result.changes).to.have.all.keys("same");
        });

    it("writes the rules of a set again that the engine removed before it declared the set", async () => {
        const declared = (bucket: string) => `
            const { BucketEncryptionSet } = require("pulumi-bucket-encryption");
            const early = new Native("early", { bucket: "${bucket}", sseAlgorithm: "SM4" }, { deleteBeforeReplace: true });
            new BucketEncryptionSet("fleet", { buckets: ["logs"], sseAlgorithm: "SM4" }, { dependsOn: early });`;
        await up(declared("logs"));
        const moved = await up(declared("audit"));
        expect(moved.steps).to.include("update fleet");
        expect(requests()).to.include("DeleteBucketEncryption logs").and.include("PutBucketEncryption logs");
        expect(cloud.bucketRule("logs")).to.deep.equal({ sseAlgorithm: "SM4" });
    });

    it("replaces a set with the rules before it, also where the new set is created first", async () => {
        cloud.setBucketRule("logs", { sseAlgorithm: "AES256" });
        const declared = (sseAlgorithm: string) => `
            const { BucketEncryptionSet } = require("pulumi-bucket-encryption/native");
            new BucketEncryptionSet("fleet", { buckets: ["logs"], sseAlgorithm: "${sseAlgorithm}", onDelete: "restore" },
                { replaceOnChanges: ["sseAlgorithm"], deleteBeforeReplace: false });`;
        await up(declared("SM4"));
        const { steps, messages } = await up(declared("KMS"));
        expect(steps).to.include.members(["create-replacement fleet", "delete-replaced fleet"]);
        expect(messages.join("\n")).not.to.include("before this stack");
        expect((await stack.run("destroy")).result.succeeded).to.equal(true);
        expect(cloud.bucketRule("logs")).to.deep.equal({ sseAlgorithm: "AES256" });
    });

    it("keeps a rule whose resources of both kinds and of two instances are renamed, but not from a deletion by --target, which a refresh shows", async () => {
        const instances = 'const [one, other] = [new Instance("one"), new Instance("other")];';
        const sm4 = '{ bucket: "logs", sseAlgorithm: "SM4" }';
        await up(`${instances}
            new Native("a", ${sm4}, { provider: one }); new BucketEncryption("b", ${sm4}); new Native("c", ${sm4});`);
        await up(`${instances} new Native("d", ${sm4}, { provider: other }); new BucketEncryption("e", ${sm4});`);
        expect(requests().filter((request) => request.startsWith("Delete"))).to.deep.equal([]);
        expect(cloud.bucketRule("logs")).to.deep.equal({ sseAlgorithm: "SM4" });
        // Engines check only targets, so no process learns that another resource declares the bucket: docs/limits.md.
        writeFileSync(
            path.join(stack.folder, "index.js"),
            `const { BucketEncryption } = require("pulumi-bucket-encryption");
            new BucketEncryption("e", ${sm4});`,
        );
        const target = "**::d";
        const removed = await stack.run("up", { target: [target] });
        expect(removed.result.succeeded, removed.messages.join("\n")).to.equal(true);
        expect(removed.steps).to.include("delete d");
        expect(cloud.bucketRule("logs")).to.equal(undefined);
        expect((await stack.run("up", { refresh: true })).result.succeeded).to.equal(true);
        expect(cloud.bucketRule("logs")).to.deep.equal({ sseAlgorithm: "SM4" });
    });
});
