import { expect } from "chai";
import { nativeTypes, unpackMembers } from "../../lib/declaration";
import { heldBucketsOf } from "../../lib/lifecycle/set/held-buckets";
import { failureOf, type Properties } from "./plugin-client";
import { PluginUnderTest } from "./plugin-under-test";

const cure =
    "Inspect it with `pulumi refresh`. A dynamic resource can then be deleted, which removes the rule that the refresh showed. For a resource of the plugin, declare the rule that the bucket has, or set `forceDelete: true`, and deploy that before you delete.";

describe("a rule that was changed outside the stack, through the plugin", () => {
    let plugin: PluginUnderTest;
    beforeEach(async () => {
        plugin = await PluginUnderTest.start();
        for (const name of ["logs", "photos"]) plugin.cloud.createBucket({ name });
    });
    afterEach(() => plugin.stop());

    const declared = { bucket: "logs", sseAlgorithm: "KMS" };
    const rule = (bucket = "logs") => plugin.cloud.bucketRule(bucket)?.sseAlgorithm;
    const created = async (inputs: Properties = declared) =>
        (await plugin.client.resource("logs").create(inputs)).state;
    /** What an engine does before each operation. */
    const read = async (state: Properties, inputs: Properties = declared) =>
        (await (await plugin.restart()).resource("logs").read("logs", state, inputs))?.state as Properties;

    it("shows in a plain preview, and the next deployment writes the declared one", async () => {
        const state = await created();
        plugin.cloud.setBucketRule("logs", { sseAlgorithm: "SM4" });
        const found = await read(state);
        expect(found).to.deep.equal({ ...declared, sseAlgorithm: "SM4", writtenRule: { sseAlgorithm: "KMS" } });
        const logs = plugin.client.resource("logs");
        expect((await logs.diff("logs", found, declared)).detail).to.deep.equal({ sseAlgorithm: "update" });
        expect((await logs.update("logs", found, declared)).state).to.deep.equal(declared);
        expect(rule()).to.equal("KMS");
    });

    it("is not deleted, although the engine reads it before the deletion, however often it does", async () => {
        const state = await created();
        plugin.cloud.setBucketRule("logs", { sseAlgorithm: "SM4" });
        const found = await read(await read(state));
        expect((await failureOf(plugin.client.resource("logs").delete("logs", found))).message).to.equal(
            `The bucket's rule is not deleted, since it was changed outside this stack: it is SM4 now, and was KMS with the service's key (bucket logs). ${cure}`,
        );
        expect(rule()).to.equal("SM4");
    });

    it("is deleted where the declaration says so, and once it is as the stack wrote it again", async () => {
        const forced = { ...declared, forceDelete: true };
        const state = await created(forced);
        plugin.cloud.setBucketRule("logs", { sseAlgorithm: "SM4" });
        const found = await read(state, forced);
        await plugin.client.resource("logs").delete("logs", found);
        expect(rule()).to.equal(undefined);
        const again = await created();
        plugin.cloud.setBucketRule("logs", { sseAlgorithm: "SM4" });
        const drifted = await read(again);
        plugin.cloud.setBucketRule("logs", { sseAlgorithm: "KMS" });
        const repaired = await read(drifted);
        expect(repaired).to.deep.equal(declared);
        await plugin.client.resource("logs").delete("logs", repaired);
        expect(rule()).to.equal(undefined);
    });

    it("is deleted once the program has declared it and that was deployed, which needs no request", async () => {
        const state = await created();
        plugin.cloud.setBucketRule("logs", { sseAlgorithm: "SM4" });
        const found = await read(state);
        const accepting = { ...declared, sseAlgorithm: "SM4" };
        const logs = plugin.client.resource("logs");
        expect(await logs.diff("logs", found, accepting)).to.deep.include({
            changes: true,
            replaces: [],
            detail: { writtenRule: "delete" },
        });
        plugin.cloud.journal.clear();
        const accepted = (await logs.update("logs", found, accepting)).state;
        expect(accepted).to.deep.equal(accepting);
        expect(plugin.cloud.journal.entries()).to.deep.equal([]);
        expect((await logs.diff("logs", accepted, accepting)).changes).to.equal(false);
        await logs.delete("logs", accepted);
        expect(rule()).to.equal(undefined);
    });

    it("stays another owner's when it is stronger than the declared one, which `atLeast` allows", async () => {
        const lenient = { ...declared, sseAlgorithm: "AES256", atLeast: true };
        const state = await created(lenient);
        plugin.cloud.setBucketRule("logs", { sseAlgorithm: "KMS" });
        const found = await read(state, lenient);
        const logs = plugin.client.resource("logs");
        expect((await logs.diff("logs", found, lenient)).changes).to.equal(false);
        expect((await failureOf(logs.delete("logs", found))).message).to.include("it was changed outside this stack");
        expect(rule()).to.equal("KMS");
    });

    it("is not taken for this stack's when its write was not confirmed and never took effect", async () => {
        plugin.cloud.setBucketRule("logs", { sseAlgorithm: "AES256" });
        plugin.cloud.faults.add({
            kind: "status",
            status: 500,
            code: "InternalError",
            operation: "PutBucketEncryption",
        });
        const { unfinished } = await failureOf(plugin.client.resource("logs").create(declared));
        plugin.cloud.faults.clear();
        const found = await read(unfinished?.state ?? {});
        expect(found).to.deep.equal({
            ...declared,
            sseAlgorithm: "AES256",
            previousRule: { sseAlgorithm: "AES256" },
            writtenRule: { sseAlgorithm: "KMS" },
            unconfirmed: true,
        });
        await plugin.client.resource("logs").delete("logs", found);
        expect(rule()).to.equal("AES256");
    });

    it("is gone from the state when the rule or the bucket is, so that the next deployment creates it", async () => {
        const state = await created();
        plugin.cloud.setBucketRule("logs", undefined);
        expect(await read(state)).to.equal(undefined);
        expect(plugin.client.told[0]).to.deep.equal({
            severity: 1,
            message: "the rule of bucket logs was changed outside this stack: KMS with the service's key → no rule",
            about: "logs",
        });
    });

    it("keeps its guard in a set too, for each bucket", async () => {
        const set = () => plugin.client.resource("fleet", nativeTypes.bucketEncryptionSet);
        const { inputs } = await set().check({ buckets: ["logs", "photos"], sseAlgorithm: "KMS", onDelete: "remove" });
        const { id, state } = await set().create(inputs);
        plugin.cloud.setBucketRule("logs", { sseAlgorithm: "SM4" });
        await plugin.restart();
        const found = (await set().read(id, state, inputs))?.state ?? {};
        expect([...(unpackMembers(found)?.keys() ?? [])]).to.deep.equal(["logs", "photos"]);
        expect(heldBucketsOf(found).get("logs")).to.deep.equal({
            rule: { sseAlgorithm: "SM4" },
            written: { sseAlgorithm: "KMS" },
        });
        const { message } = await failureOf(set().delete(id, found));
        expect(message).to.include("1 of 2 buckets does not lose their rule: 1 with rule-changed (logs)");
        expect([rule("logs"), rule("photos")]).to.deep.equal(["SM4", undefined]);
    });

    it("becomes the set's once the program has declared it for the bucket, without a request", async () => {
        const set = () => plugin.client.resource("fleet", nativeTypes.bucketEncryptionSet);
        const fleet = { buckets: ["logs", "photos"], sseAlgorithm: "KMS", onDelete: "remove" };
        const { inputs } = await set().check(fleet);
        const { id, state } = await set().create(inputs);
        plugin.cloud.setBucketRule("logs", { sseAlgorithm: "SM4" });
        await plugin.restart();
        const found = (await set().read(id, state, inputs))?.state ?? {};
        const override = { sseAlgorithm: "SM4", reason: "its owner asks for it" };
        const accepting = (await set().check({ ...fleet, overrides: { logs: override } }, inputs)).inputs;
        expect((await set().diff(id, found, accepting)).changes).to.equal(true);
        plugin.cloud.journal.clear();
        const accepted = (await set().update(id, found, accepting, inputs)).state;
        expect(plugin.cloud.journal.entries()).to.deep.equal([]);
        expect(heldBucketsOf(accepted).get("logs")).to.deep.equal({ rule: { sseAlgorithm: "SM4" } });
        expect((await set().diff(id, accepted, accepting)).changes).to.equal(false);
        await plugin.restart();
        await set().delete(id, accepted);
        expect([rule("logs"), rule("photos")]).to.deep.equal([undefined, undefined]);
    });

    it("becomes the set's when the whole set declares it, as a change of that bucket", async () => {
        const set = () => plugin.client.resource("fleet", nativeTypes.bucketEncryptionSet);
        const { inputs } = await set().check({ buckets: ["logs"], sseAlgorithm: "KMS", onDelete: "remove" });
        const { id, state } = await set().create(inputs);
        plugin.cloud.setBucketRule("logs", { sseAlgorithm: "SM4" });
        await plugin.restart();
        const { state: found = {}, inputs: foundInputs = {} } = (await set().read(id, state, inputs)) ?? {};
        expect((await set().diff(id, found, inputs)).changes).to.equal(true);
        const repaired = (await set().update(id, found, inputs, foundInputs)).state;
        expect(rule()).to.equal("KMS");
        expect(heldBucketsOf(repaired).get("logs")).to.deep.equal({ rule: { sseAlgorithm: "KMS" } });
    });
});
