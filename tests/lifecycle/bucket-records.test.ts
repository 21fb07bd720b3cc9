import { expect } from "chai";
import { ServiceError, UserError } from "../../lib/errors";
import { backoffWaits } from "../../lib/lifecycle/backoff-waits";
import { UnconfirmedWrite } from "../../lib/lifecycle/unconfirmed-write";
import { notYetKnown } from "../../lib/rule";
import { bucket, inputs, rejection, ScriptedStore } from "./scripted-store";

const kms = { sseAlgorithm: "KMS", kmsMasterKeyId: "key-1" };
const notFound = () => new ServiceError("bucket-not-found", "no bucket", { bucket });

describe("what the state keeps of a bucket", () => {
    let store: ScriptedStore;
    beforeEach(() => {
        store = new ScriptedStore();
    });

    it("is the region where it was found, if it was, and an update reaches it there", async () => {
        store.region = undefined;
        expect(await store.lifecycle().create(inputs())).not.to.have.property("bucketRegion");
        store.foundIn = "cn-beijing";
        store.rule = undefined;
        const state = await store.lifecycle().create(inputs());
        expect(state).to.have.property("bucketRegion", "cn-beijing");
        store.targets.length = 0;
        const updated = await store.lifecycle().update(state, inputs({ sseAlgorithm: "SM4" }));
        expect(updated).to.have.property("bucketRegion", "cn-beijing");
        expect(store.targets).to.deep.equal([{ store: "oss", likelyRegion: "cn-beijing" }]);
    });

    it("is read and written through one store for all operations that reach it in the same way", async () => {
        const lifecycle = store.lifecycle();
        const state = await lifecycle.create(inputs());
        await lifecycle.read(bucket, state);
        await lifecycle.remove(bucket, state);
        expect(store.targets).to.have.length(1);
    });
});

describe("a bucket that is not visible yet", () => {
    it("is waited for before the write of a creation, and not before that of an update", async () => {
        const store = new ScriptedStore();
        store.failures.push({ on: "put", error: notFound() });
        await store.lifecycle().create(inputs());
        expect(store.requests).to.deep.equal(["get", "put", "put", "get"]);
        store.failures.push({ on: "put", error: notFound() });
        const failed = await rejection(store.lifecycle().update({ ...inputs(kms) }, inputs()));
        expect(failed).to.have.property("kind", "bucket-not-found");
    });
});

describe("a resource that was only updated in an operation", () => {
    it("is no successor of another one", async () => {
        const store = new ScriptedStore();
        const lifecycle = store.lifecycle();
        const declared = inputs({ onDelete: "restore" });
        lifecycle.check(declared);
        await lifecycle.update({ ...declared, previousRule: { sseAlgorithm: "KMS" }, sseAlgorithm: "SM4" }, declared);
        store.notices.length = 0;
        await lifecycle.remove(bucket, { ...declared, previousRule: { sseAlgorithm: "SM4" } });
        expect(store.notices).to.have.length(1);
    });
});

describe("the lookup of a key", () => {
    const requestsFor = async (more: object) => {
        const store = new ScriptedStore();
        store.keyLookup = { found: { keyId: "key-1" } };
        await store.lifecycle().verifyKey({}, store.declaration({ ...inputs(kms), ...more }));
        return store.keyRequests;
    };

    it("is made on behalf of the declared account, if there is one", async () => {
        const account = { id: "1000000000000001" };
        expect((await requestsFor({ account }))[0]).to.deep.include({ account });
        expect((await requestsFor({}))[0]).not.to.have.property("account");
    });

    for (const [what, more] of [
        ["the key is not known", { kmsMasterKeyId: notYetKnown }],
        ["it is not known whether to look it up", { verifyKey: notYetKnown }],
        ["it is the service's own key", { kmsMasterKeyId: "alias/acs/oss" }],
        ["there is no key", { kmsMasterKeyId: undefined }],
    ] as const) {
        it(`is not made where ${what}`, async () => {
            expect(await requestsFor({})).to.have.length(1);
            expect(await requestsFor(more)).to.deep.equal([]);
        });
    }

    it("reports every fault of a key in the error of the deployment", async () => {
        const store = new ScriptedStore();
        const found = { keyId: "key-1", state: "Disabled", spec: "Not_Aliyun_AES_256", usage: "SIGN/VERIFY" };
        store.keyLookup = { found };
        const lifecycle = store.lifecycle();
        const { declaration } = lifecycle.check(inputs(kms));
        if (declaration === undefined) throw new Error("the declaration is right");
        expect(await lifecycle.verifyKey({}, declaration)).to.have.length(3);
        const error = (await rejection(lifecycle.create(inputs(kms)))) as UserError;
        expect(error.message).to.match(
            /state Disabled, not Enabled; names a key of the kind Not_Aliyun_AES_256.*; names a key for SIGN/,
        );
    });
});

describe("the waits between attempts", () => {
    it("use up the whole time", () => {
        const bounds = { firstMilliseconds: 100, longestMilliseconds: 200, totalMilliseconds: 500 };
        expect([...backoffWaits(bounds)]).to.deep.equal([100, 200, 200]);
        expect([...backoffWaits({ ...bounds, totalMilliseconds: 499 })]).to.deep.equal([100, 200]);
    });
});

describe("an unconfirmed write", () => {
    it("has its cause and the record to keep", () => {
        const cause = new UserError("not-converged", "It does not show", {});
        const write = new UnconfirmedWrite(cause, { unconfirmed: true });
        expect(write).to.include({ name: "UnconfirmedWrite", message: cause.message, cause });
        expect(write.record).to.deep.equal({ unconfirmed: true });
    });
});
