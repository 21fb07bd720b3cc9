import { expect } from "chai";
import { type CallFailed, failureOf, type Properties, secret, unknown } from "./plugin-client";
import { PluginUnderTest } from "./plugin-under-test";

describe("a bucket's rule through the plugin", () => {
    let plugin: PluginUnderTest;
    beforeEach(async () => {
        plugin = await PluginUnderTest.start();
        for (const name of ["logs", "photos"]) plugin.cloud.createBucket({ name });
    });
    afterEach(() => plugin.stop());

    const declared = { bucket: "logs", sseAlgorithm: "AES256" };
    const rule = (bucket = "logs") => plugin.cloud.bucketRule(bucket)?.sseAlgorithm;
    const created = async (inputs: Properties = declared) => {
        const { id, state } = await plugin.client.resource("logs").create(inputs);
        plugin.cloud.journal.clear();
        return { id, state };
    };

    it("is created, read, changed and removed with the requests of the dynamic resource", async () => {
        const logs = plugin.client.resource("logs");
        expect(await logs.check({ ...declared, kmsMasterKeyId: "" })).to.deep.equal({ inputs: declared, failures: [] });
        const { id, state } = await logs.create(declared);
        expect([id, state, rule()]).to.deep.equal(["logs", declared, "AES256"]);
        expect(await logs.read(id, state, declared)).to.deep.equal({
            id,
            state: declared,
            inputs: declared,
            refreshBeforeUpdate: true,
        });
        const changed = { ...declared, sseAlgorithm: "SM4" };
        expect(await logs.diff(id, state, changed)).to.deep.include({
            changes: true,
            replaces: [],
            detail: { sseAlgorithm: "update" },
        });
        expect((await logs.update(id, state, changed)).state).to.deep.equal(changed);
        expect(rule()).to.equal("SM4");
        await (await plugin.restart()).resource("logs").delete(id, changed);
        expect(rule()).to.equal(undefined);
    });

    it("asks for a reading before each operation, so that a plain preview shows drift", async () => {
        const logs = plugin.client.resource("logs");
        const { id, state, refreshBeforeUpdate } = await logs.create(declared);
        const update = await logs.update(id, state, { ...declared, sseAlgorithm: "SM4" });
        expect([refreshBeforeUpdate, update.refreshBeforeUpdate]).to.deep.equal([true, true]);
    });

    it("reports every fault of a declaration, and names no property, whose value an engine would print", async () => {
        const { failures } = await plugin.client.resource("logs").check({ bucket: "logs", sseAlgoritm: "KMS" });
        expect(failures).to.deep.equal([
            {
                property: "",
                reason: 'sseAlgoritm: is not one of the properties of BucketEncryption; did you mean "sseAlgorithm"?',
            },
            { property: "", reason: 'sseAlgorithm: is required: one of "AES256", "KMS", "SM4"' },
        ]);
    });

    it("keeps secrets secret where they were declared, and wherever their text stands", async () => {
        plugin.cloud.setBucketRule("logs", { sseAlgorithm: "KMS", kmsMasterKeyId: "key-1" });
        const inputs = { bucket: "logs", sseAlgorithm: "KMS", kmsMasterKeyId: secret("key-1"), verifyKey: false };
        const logs = plugin.client.resource("logs");
        expect((await logs.check(inputs)).inputs).to.deep.equal(inputs);
        const { id, state } = await logs.create(inputs);
        const previousRule = { sseAlgorithm: "KMS", kmsMasterKeyId: secret("key-1") };
        expect(state).to.deep.equal({ ...inputs, previousRule });
        expect((await logs.read(id, state, inputs))?.state).to.deep.equal({ ...inputs, previousRule });
    });

    it("passes on values that a preview does not know", async () => {
        const inputs = { bucket: unknown, sseAlgorithm: "KMS", kmsMasterKeyId: secret(unknown) };
        const logs = plugin.client.resource("logs");
        expect(await logs.check(inputs)).to.deep.equal({ inputs, failures: [] });
        expect((await logs.create(inputs, true)).state).to.deep.equal(inputs);
        expect(await logs.diff("logs", declared, { ...declared, sseAlgorithm: unknown })).to.deep.include({
            changes: true,
            detail: { sseAlgorithm: "update" },
        });
    });

    it("previews without a write, and fails the preview of what a deployment would refuse", async () => {
        const logs = plugin.client.resource("logs");
        expect(await logs.create(declared, true)).to.deep.include({ id: "", state: declared });
        plugin.cloud.setBucketRule("photos", { sseAlgorithm: "KMS" });
        const weaker = { bucket: "photos", sseAlgorithm: "AES256" };
        const photos = plugin.client.resource("photos");
        expect((await photos.check(weaker)).failures).to.deep.equal([]);
        const { message } = await failureOf(photos.create(weaker, true));
        expect(message).to.match(
            /^sseAlgorithm: bucket photos has a default encryption rule already \(KMS with the service's key\), and the declared one \(AES256\) would weaken it\. Set `atLeast: true`/,
        );
        expect(plugin.cloud.journal.count({ operation: "PutBucketEncryption" })).to.equal(0);
    });

    it("is in the state as unfinished when a write was not confirmed", async () => {
        plugin.cloud.faults.add({
            kind: "status",
            status: 500,
            code: "InternalError",
            operation: "PutBucketEncryption",
        });
        const failure: CallFailed = await failureOf(plugin.client.resource("logs").create(declared));
        expect(failure.unfinished).to.deep.equal({
            id: "logs",
            state: { ...declared, unconfirmed: true },
            inputs: declared,
        });
    });

    it("sends notices to the engine with their resource", async () => {
        plugin.cloud.setBucketRule("logs", { sseAlgorithm: "AES256" });
        await plugin.client.resource("my-logs").create(declared);
        expect(plugin.client.told).to.deep.equal([
            {
                severity: 1,
                message:
                    "bucket logs has a default encryption rule already (AES256), which equals the declared one: it is adopted",
                about: "my-logs",
            },
        ]);
    });

    it("ends a wait when the operation is cancelled, with what is known in the state", async () => {
        const { id } = await created();
        expect(id).to.equal("logs");
        plugin.cloud.faults.add({
            kind: "status",
            status: 503,
            code: "ServiceUnavailable",
            operation: "PutBucketEncryption",
        });
        const updating = plugin.client.resource("logs").update("logs", declared, { ...declared, sseAlgorithm: "SM4" });
        await plugin.client.cancel();
        const { message } = await failureOf(updating);
        expect(message).to.include("The operation was cancelled before this resource was finished");
    });
});
