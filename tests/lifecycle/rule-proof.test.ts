import { expect } from "chai";
import { UnfinishedResource } from "../../lib/declaration";
import { ServiceError, UserError } from "../../lib/errors";
import type { ObservedRule } from "../../lib/rule";
import { bucket, inputs, rejection, ScriptedStore } from "./scripted-store";

const key = "key-hzz65f0a1b2c3d4e5f6a7";
const withKey = inputs({ sseAlgorithm: "KMS", kmsMasterKeyId: key, proveKey: true });

describe("proving a rule with an object", () => {
    let store: ScriptedStore;
    beforeEach(() => {
        store = new ScriptedStore();
    });

    it("is made only if it is declared", async () => {
        await store.lifecycle().create(inputs());
        expect(store.requests).to.deep.equal(["get", "put", "get"]);
    });

    it("follows the reading back, when the rule is created and when it is updated", async () => {
        const state = await store.lifecycle().create(withKey);
        expect(store.requests).to.deep.equal(["get", "put", "get", "prove"]);
        store.requests.length = 0;
        await store.lifecycle().update({ ...state }, inputs({ proveKey: true }));
        expect(store.requests).to.deep.equal(["put", "get", "prove"]);
    });

    it("is done for an adopted rule, and when proveKey is turned on", async () => {
        store.rule = { sseAlgorithm: "AES256" };
        const state = await store.lifecycle().create(inputs({ proveKey: true }));
        expect(store.requests).to.deep.equal(["get", "prove"]);
        const before = { ...state, proveKey: undefined };
        expect(store.lifecycle().diff(before, { ...state }).changed).to.deep.equal(["proveKey"]);
        await store.lifecycle().update(before, inputs({ proveKey: true }));
        expect(store.requests).to.deep.equal(["get", "prove", "prove"]);
    });

    const none = undefined;
    for (const [what, shown, rule] of [
        ["no encryption", none, { sseAlgorithm: "AES256" }],
        ["another algorithm", { sseAlgorithm: "AES256" }, { sseAlgorithm: "SM4" }],
        [
            "another key",
            { sseAlgorithm: "KMS", kmsMasterKeyId: "key-other" },
            { sseAlgorithm: "KMS", kmsMasterKeyId: key },
        ],
        ["data in AES256", { sseAlgorithm: "KMS" }, { sseAlgorithm: "KMS", kmsDataEncryption: "SM4" }],
        ["data in SM4", { sseAlgorithm: "KMS", kmsDataEncryption: "SM4" }, { sseAlgorithm: "KMS" }],
    ] as const satisfies readonly (readonly [string, ObservedRule | undefined, ObservedRule])[]) {
        it(`rejects an object that shows ${what}, and keeps the resource as not ready`, async () => {
            store.objectEncryption = { shown };
            const error = await rejection(store.lifecycle().create(inputs({ ...rule, proveKey: true })));
            expect(error).to.be.instanceOf(UnfinishedResource);
            expect((error as UnfinishedResource).cause.kind).to.equal("not-effective");
            expect((error as UnfinishedResource).state).to.include({ unconfirmed: true });
        });
    }

    it("says what the rule is, how the object is encrypted, and in which bucket", async () => {
        store.objectEncryption = { shown: undefined };
        const unencrypted = (await rejection(
            store.lifecycle().create(inputs({ proveKey: true })),
        )) as UnfinishedResource;
        expect(unencrypted.cause.where).to.deep.equal({ bucket });
        expect(unencrypted.message).to.include("The bucket's rule is AES256, but a new object is not encrypted");
        expect(unencrypted).to.include({ name: "UnfinishedResource" });
        store.objectEncryption = { shown: { sseAlgorithm: "SM4" } };
        const otherwise = (await rejection(
            store.lifecycle().update({}, inputs({ proveKey: true })),
        )) as UnfinishedResource;
        expect(otherwise.message).to.include("a new object is encrypted with SM4");
    });

    for (const [what, shown, kmsMasterKeyId] of [
        ["the service's key by its id", { sseAlgorithm: "KMS", kmsMasterKeyId: "key-of-oss" }, undefined],
        ["the key behind an alias", { sseAlgorithm: "KMS", kmsMasterKeyId: key }, "alias/payments"],
        [
            "the key by its ARN",
            { sseAlgorithm: "KMS", kmsMasterKeyId: `acs:kms:cn-hangzhou:1000000000000001:key/${key}` },
            key,
        ],
        ["no key", { sseAlgorithm: "KMS" }, key],
        ["AES256 for the data", { sseAlgorithm: "KMS", kmsMasterKeyId: key, kmsDataEncryption: "AES256" }, key],
    ] as const) {
        it(`takes an object that shows ${what}`, async () => {
            store.objectEncryption = { shown };
            const declared = kmsMasterKeyId === undefined ? {} : { kmsMasterKeyId };
            await store.lifecycle().create(inputs({ sseAlgorithm: "KMS", ...declared, proveKey: true }));
        });
    }

    it("rejects another key than the one that KMS gives for an alias", async () => {
        store.keyLookup = { found: { keyId: key } };
        store.objectEncryption = { shown: { sseAlgorithm: "KMS", kmsMasterKeyId: "key-other" } };
        const declared = inputs({ sseAlgorithm: "KMS", kmsMasterKeyId: "alias/payments", proveKey: true });
        const lifecycle = store.lifecycle();
        await lifecycle.verifyKey({}, store.declaration({ ...declared }));
        expect(await rejection(lifecycle.create(declared))).to.have.nested.property("cause.kind", "not-effective");
    });

    it("reports the service's answer where the object cannot be written, and keeps the resource as not ready", async () => {
        store.failures.push({ on: "prove", error: new ServiceError("key-unusable", "KMS says no", { bucket }) });
        const error = (await rejection(store.lifecycle().create(withKey))) as UnfinishedResource;
        expect(error.cause.kind).to.equal("key-unusable");
        expect(error.state).to.include({ unconfirmed: true });
    });

    it("leaves the state unchanged if only the proof was to be done", async () => {
        store.rule = { sseAlgorithm: "AES256" };
        store.objectEncryption = { shown: undefined };
        const error = await rejection(store.lifecycle().create(inputs({ proveKey: true })));
        expect(error).to.be.instanceOf(UserError);
        expect(error).to.have.property("kind", "not-effective");
    });
});
