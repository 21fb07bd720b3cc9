import { expect } from "chai";
import fc from "fast-check";
import { nativeTypes, packMembers, unpackMembers } from "../../lib/declaration";
import { ruleDifferences } from "../../lib/rule";
import { declarableRule, observedRule } from "../rule/rule-arbitraries";
import { failureOf, type Properties, secret, unknown } from "./plugin-client";
import { PluginUnderTest } from "./plugin-under-test";

describe("what a preview shows of a change, through the plugin", () => {
    let plugin: PluginUnderTest;
    before(async () => {
        plugin = await PluginUnderTest.start();
        for (const name of ["logs", "photos", "my-bucket"]) plugin.cloud.createBucket({ name });
    });
    after(() => plugin.stop());

    const bucket = "logs";
    const diff = (state: Properties, inputs: Properties, ignored: string[] = []) =>
        plugin.client.resource("logs").diff("logs", state, inputs, ignored);

    it("is exactly what differs, by its kind, for every pair of rules", async () => {
        const isGiven = (value: unknown) => value !== undefined && value !== "";
        const kindOf = (from: Properties, to: Properties, name: string) =>
            !isGiven(from[name]) ? "add" : isGiven(to[name]) ? "update" : "delete";
        await fc.assert(
            fc.asyncProperty(observedRule, declarableRule, async (from, to) => {
                const { detail, changes } = await diff({ bucket, ...from }, { bucket, ...to });
                const expected = ruleDifferences(from, to)
                    .filter(({ path }) => path !== "unrecognized" && Object.hasOwn({ ...from, ...to }, path))
                    // What a service set on its own is no difference.
                    .filter(
                        ({ path }) =>
                            Object.hasOwn(to, path) || path === "kmsMasterKeyId" || path === "kmsDataEncryption",
                    );
                expect(detail).to.deep.equal(
                    Object.fromEntries(expected.map(({ path }) => [path, kindOf({ ...from }, { ...to }, path)])),
                );
                expect(changes).to.equal(expected.length > 0);
            }),
            { numRuns: 200 },
        );
    });

    it("is a replacement only where the bucket or the kind of store is another, with the old rule restored first where declared", async () => {
        const state = { bucket, sseAlgorithm: "AES256" };
        expect(await diff(state, { ...state, bucket: "photos" })).to.deep.equal({
            changes: true,
            replaces: ["bucket"],
            deleteBeforeReplace: false,
            detail: { bucket: "update-replace" },
        });
        const restored = await diff({ ...state, onDelete: "restore" }, { ...state, store: "s3", onDelete: "restore" });
        expect(restored).to.deep.include({ replaces: ["store"], deleteBeforeReplace: true });
        expect(restored.detail).to.deep.equal({ store: "add-replace" });
        expect((await diff(state, { ...state, region: "cn-shanghai" })).replaces).to.deep.equal([]);
    });

    it("names the deepest place, keeps secrets and unknown values apart, and leaves out what is ignored", async () => {
        const state = { bucket, sseAlgorithm: "KMS", account: { id: "1000000000000001", profile: "one" } };
        const inputs = { ...state, account: { id: "1000000000000001", profile: "two", roleArn: "acs" } };
        expect((await diff(state, inputs)).detail).to.deep.equal({
            "account.profile": "update",
            "account.roleArn": "add",
        });
        const sealed = { bucket, sseAlgorithm: "KMS", kmsMasterKeyId: secret("key-1") };
        expect((await diff(sealed, sealed)).changes).to.equal(false);
        expect((await diff(sealed, { ...sealed, kmsMasterKeyId: secret("key-2") })).detail).to.deep.equal({
            kmsMasterKeyId: "update",
        });
        expect((await diff(sealed, { ...sealed, kmsMasterKeyId: unknown })).detail).to.deep.equal({
            kmsMasterKeyId: "update",
        });
        const ignored = await diff(sealed, { ...sealed, sseAlgorithm: "SM4", onDelete: "retain" }, ["sseAlgorithm"]);
        expect(ignored.detail).to.deep.equal({ onDelete: "add" });
    });

    it("ignores what a dynamic resource has left in the state, so that a move by alias is no change", async () => {
        const state = { bucket, sseAlgorithm: "AES256", __provider: "exports.handler = () => undefined;" };
        expect(await diff(state, { bucket, sseAlgorithm: "AES256" })).to.deep.include({ changes: false, detail: {} });
    });

    describe("of a set", () => {
        const set = () => plugin.client.resource("fleet", nativeTypes.bucketEncryptionSet);
        const rule = { sseAlgorithm: "AES256" };

        it("packs the buckets that programs in other languages list, as the Node classes pack them", async () => {
            const members = packMembers(
                new Map([
                    ["logs", {}],
                    ["photos", { region: "cn-hangzhou" }],
                ]),
            );
            const asMap = { logs: {}, photos: { region: "cn-hangzhou" } };
            const expected = { ...rule, members, buckets: 2 };
            expect(await set().check({ ...rule, buckets: asMap })).to.deep.equal({ inputs: expected, failures: [] });
            expect((await set().check({ ...rule, members })).inputs).to.deep.equal(expected);
            const list = await set().check({ ...rule, buckets: ["photos", "logs", "logs"] });
            expect([...(unpackMembers(list.inputs)?.keys() ?? [])]).to.deep.equal(["logs", "photos"]);
            expect(await set().check({ ...rule, buckets: ["logs", unknown] })).to.deep.include({
                inputs: { ...rule, members: unknown },
                failures: [],
            });
        });

        it("rejects lists with all other faults at once, and keeps the former list where a program ignores its changes", async () => {
            const { failures } = await set().check({ buckets: ["logs", "no bucket!", 7], sseAlgorithm: "aes256" });
            expect(failures).to.deep.equal([
                { property: "", reason: 'buckets: contains values that are not bucket names: "no bucket!", 7' },
                {
                    property: "",
                    reason: 'sseAlgorithm: "aes256" is not one of "AES256", "KMS", "SM4"; did you mean "AES256"?',
                },
            ]);
            const { inputs } = await set().check({ ...rule, buckets: ["logs"] });
            // An engine puts the former value of an ignored property in place of the new one.
            expect((await set().check({ ...rule, buckets: 1 }, inputs)).inputs).to.deep.equal(inputs);
        });

        it("shows each bucket that joins and leaves, and deploys exactly these", async () => {
            const first = (await set().check({ ...rule, buckets: ["logs", "photos"] })).inputs;
            const { id, state } = await set().create(first);
            const next = (await set().check({ ...rule, buckets: ["logs", "my-bucket"] }, first)).inputs;
            expect((await set().diff(id, state, next)).detail).to.deep.equal({
                membersSince: "add",
            });
            plugin.cloud.journal.clear();
            const { state: updated } = await set().update(id, state, next, first);
            expect([...(unpackMembers(updated)?.keys() ?? [])].sort()).to.deep.equal(["logs", "my-bucket"]);
            expect(plugin.cloud.journal.count({ operation: "PutBucketEncryption" })).to.equal(1);
            expect((await set().diff(id, updated, next)).changes).to.equal(false);
        });

        it("keeps the packed rules secret where a key is", async () => {
            const declared = { ...rule, sseAlgorithm: "KMS", kmsMasterKeyId: secret("key-1"), verifyKey: false };
            plugin.cloud.setBucketRule("logs", undefined);
            const { inputs } = await set().check({ ...declared, buckets: ["logs"] });
            const { state } = await set().create(inputs);
            expect(state.kmsMasterKeyId).to.deep.equal(secret("key-1"));
            expect(state.held).to.have.property("value").that.is.a("string");
            expect(state.members).to.be.a("string");
        });

        it("is kept with the buckets that succeeded when others fail", async () => {
            const { inputs } = await set().check({ ...rule, buckets: ["photos", "missing"] });
            const { message, unfinished } = await failureOf(set().create(inputs));
            expect(message).to.include("1 of 2 buckets does not have the declared rule");
            expect(unfinished?.id).to.match(/^bucket-encryption-set-/);
            expect(unfinished?.state.buckets).to.equal(1);
        });
    });
});
