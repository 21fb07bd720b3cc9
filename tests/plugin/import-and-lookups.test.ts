import { expect } from "chai";
import { nativeTypes } from "../../lib/declaration";
import { identifiedBy, resourceId } from "../../lib/plugin/resource-id";
import { failureOf } from "./plugin-client";
import { PluginUnderTest } from "./plugin-under-test";

describe("rules that exist already, through the plugin", () => {
    let plugin: PluginUnderTest;
    beforeEach(async () => {
        plugin = await PluginUnderTest.start();
        for (const name of ["archive", "logs", "photos"]) plugin.cloud.createBucket({ name });
        plugin.cloud.setBucketRule("logs", { sseAlgorithm: "KMS", kmsDataEncryption: "SM4" });
    });
    afterEach(() => plugin.stop());

    const found = { bucket: "logs", sseAlgorithm: "KMS", kmsDataEncryption: "SM4" };
    const logs = () => plugin.client.resource("logs");

    it("are imported with inputs that deploy without a change and without a write", async () => {
        const imported = await logs().read("logs");
        expect(imported).to.deep.equal({ id: "logs", state: found, inputs: found, refreshBeforeUpdate: true });
        const { inputs, failures } = await logs().check(imported?.inputs ?? {}, imported?.inputs);
        expect([inputs, failures]).to.deep.equal([found, []]);
        expect((await logs().diff("logs", imported?.state ?? {}, inputs)).changes).to.equal(false);
        expect(plugin.cloud.journal.count({ operation: "PutBucketEncryption" })).to.equal(0);
    });

    it("fail with the cause when there is no rule or no bucket", async () => {
        expect((await failureOf(logs().read("photos"))).message).to.match(
            /^Cannot read the default encryption rule: the bucket has none; .*Declare a rule for the bucket instead of importing one or looking one up, or name another bucket\.$/,
        );
        expect((await failureOf(logs().read("none-such"))).message).to.match(
            /^Cannot read the default encryption rule: there is no such bucket; .*Create the bucket first, or correct `bucket`\.$/,
        );
    });

    it("have ids that name the kind of store unless it is the default one", async () => {
        const { id } = (await logs().read("oss/logs")) ?? {};
        expect(id).to.equal("logs");
        expect(identifiedBy("s3/logs", {})).to.deep.equal({ bucket: "logs", known: { store: "s3" } });
        expect(resourceId({ store: "s3" }, "logs")).to.equal("s3/logs");
        expect(identifiedBy("gcs/logs", {})).to.deep.equal({ bucket: "gcs/logs", known: {} });
        expect(identifiedBy("s3/logs/2026", {})).to.deep.equal({ bucket: "logs/2026", known: { store: "s3" } });
        // A resource that was a dynamic one keeps the id that it had there.
        const known = { bucket: "logs", sseAlgorithm: "KMS", kmsDataEncryption: "SM4" };
        expect((await logs().read("an-old-id", known, known))?.id).to.equal("an-old-id");
    });

    it("reject an id with more than a store and a bucket before any request", async () => {
        plugin.cloud.journal.clear();
        const { message } = await failureOf(logs().read("oss/logs/2026"));
        expect(message).to.match(
            /^The bucket's address is not valid: the bucket name "logs\/2026" holds other characters than lower-case letters, digits and hyphens\. /,
        );
        expect(plugin.cloud.journal.count()).to.equal(0);
    });

    it("warn in the preview when an imported rule is weakened by the same deployment", async () => {
        const imported = await logs().read("logs");
        const weaker = { bucket: "logs", sseAlgorithm: "AES256" };
        const { inputs } = await logs().check(weaker);
        await logs().diff("logs", imported?.state ?? {}, inputs);
        await logs().diff("logs", imported?.state ?? {}, inputs);
        expect(plugin.client.told.filter(({ severity }) => severity === 2)).to.deep.equal([
            {
                severity: 2,
                message:
                    "weaker-rule: bucket logs is imported with KMS with the service's key, data in SM4, and this deployment then replaces that by AES256, which weakens it. Declare the rule that the bucket has, and change it later",
                about: "logs",
            },
        ]);
        await plugin.restart();
        const again = await logs().read("logs");
        await logs().diff("logs", again?.state ?? {}, { ...weaker, atLeast: true });
        await logs().diff("logs", again?.state ?? {}, { ...weaker, bucket: "photos" });
        await logs().diff("logs", again?.state ?? {}, found);
        expect(plugin.client.told).to.deep.equal([]);
    });

    it("are not imported as a set, which has no id of its own", async () => {
        const { message } = await failureOf(
            plugin.client.resource("fleet", nativeTypes.bucketEncryptionSet).read("logs"),
        );
        expect(message).to.include('The set "logs" is in no state, and sets cannot be imported');
    });

    it("are looked up by a function, with faults of its arguments all at once", async () => {
        const look = (args: Record<string, unknown>) => plugin.client.invoke(nativeTypes.getBucketEncryption, args);
        expect(await look({ bucket: "logs" })).to.deep.equal({ found, failures: [] });
        expect((await look({ buckt: "logs", forcePathStyle: true })).failures).to.deep.equal([
            'buckt: is not one of the properties of getBucketEncryption; did you mean "bucket"?',
            "bucket: is required: the name of the bucket",
            'forcePathStyle: is not supported by the store "oss"; remove it',
        ]);
        expect((await failureOf(look({ bucket: "photos" }))).message).to.include("the bucket has none");
        const unknown = plugin.client.invoke("bucket-encryption:index:getBuckets", {});
        expect((await failureOf(unknown)).message).to.equal(
            'This plugin has no "bucket-encryption:index:getBuckets"; it has bucket-encryption:index:BucketEncryption, bucket-encryption:index:BucketEncryptionSet, bucket-encryption:index:getBucketEncryption. Use one of the named types, or install the version of the plugin that has it.',
        );
    });

    it("are listed page by page, by ids that can be imported", async () => {
        const list = (bounds: { limit?: number; pageSize?: number; after?: string } = {}) =>
            plugin.client.list(nativeTypes.bucketEncryption, {}, bounds);
        expect(await list()).to.deep.equal({ ids: ["archive", "logs", "photos"] });
        expect(await list({ pageSize: 2 })).to.deep.equal({ ids: ["archive", "logs"], next: "logs" });
        expect(await list({ pageSize: 2, after: "logs" })).to.deep.equal({ ids: ["photos"] });
        expect(await list({ limit: 1 })).to.deep.equal({ ids: ["archive"] });
        const wrong = plugin.client.list(nativeTypes.bucketEncryption, { regoin: "cn-hangzhou" }, {});
        expect((await failureOf(wrong)).message).to.include('did you mean "region"?');
    });
});
