import { expect } from "chai";
import { BucketEncryptionLifecycle, DeclaredBuckets } from "../../lib/lifecycle";
import { bucket, inputs, ScriptedStore } from "./scripted-store";

describe("a resource whose bucket's rule the operation has removed with another resource", () => {
    const notice = `this operation has removed the encryption rule of bucket ${bucket} with another resource, before this one was declared: it is written again`;
    let store: ScriptedStore;
    let lifecycle: BucketEncryptionLifecycle;
    beforeEach(() => {
        store = new ScriptedStore();
        lifecycle = new BucketEncryptionLifecycle(store.ports(), {}, new DeclaredBuckets());
    });

    it("differs in the algorithm, says why, and is written again", async () => {
        const state = await lifecycle.create(inputs());
        expect(lifecycle.diff(state, inputs())).to.deep.equal({ changed: [], replaces: [] });
        expect(store.notices).to.deep.equal([]);
        await lifecycle.remove(bucket, state);
        expect(store.rule).to.equal(undefined);
        expect(lifecycle.diff(state, inputs())).to.deep.equal({ changed: ["sseAlgorithm"], replaces: [] });
        expect(store.notices).to.deep.equal([notice]);
        await lifecycle.update(state, inputs());
        expect(store.rule).to.deep.equal({ sseAlgorithm: "AES256" });
    });

    it("has only its own differences if there are some", async () => {
        const state = await lifecycle.create(inputs());
        await lifecycle.remove(bucket, state);
        const changed = lifecycle.diff(state, inputs({ onDelete: "retain" }));
        expect(changed).to.deep.equal({ changed: ["onDelete"], replaces: [] });
        expect(store.notices).to.deep.equal([]);
    });

    it("is compared also where its state names no bucket", async () => {
        await lifecycle.remove(bucket, await lifecycle.create(inputs()));
        expect(lifecycle.diff({}, inputs()).changed).to.have.members(["bucket", "sseAlgorithm"]);
        expect(lifecycle.diff({}, {})).to.deep.equal({ changed: [], replaces: [] });
    });
});

describe("a write that was not confirmed", () => {
    it("is confirmed by a reading, unless an object must prove the rule", async () => {
        const store = new ScriptedStore();
        store.rule = { sseAlgorithm: "AES256" };
        for (const proveKey of [false, true]) {
            const state = await store.lifecycle().read(bucket, { ...inputs(), proveKey, unconfirmed: true });
            expect(state?.unconfirmed).to.equal(proveKey ? true : undefined);
        }
    });
});

describe("a lookup", () => {
    it("is checked as a declaration without a rule is", () => {
        const lifecycle = new ScriptedStore().lifecycle();
        expect(lifecycle.checkLookup({ bucket })).to.deep.include({ inputs: { bucket }, issues: [] });
        expect(
            lifecycle.checkLookup({ bucket: "a", region: "cn hangzhou" }).issues.map(({ path }) => path),
        ).to.have.members(["bucket", "region"]);
    });
});
