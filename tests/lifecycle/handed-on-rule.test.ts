import { expect } from "chai";
import { bucket, inputs, ScriptedStore } from "./scripted-store";

const [aes, sm4, kms] = [{ sseAlgorithm: "AES256" }, { sseAlgorithm: "SM4" }, { sseAlgorithm: "KMS" }] as const;
const stays = `the encryption rule of bucket ${bucket} stays, since the stack still declares one for it`;

describe("the rule before a resource that another one replaces", () => {
    let store: ScriptedStore;
    beforeEach(() => {
        store = new ScriptedStore();
        store.rule = kms;
    });
    const declared = inputs({ ...kms, onDelete: "restore" });
    const state = { ...declared, previousRule: sm4 };

    for (const [what, learn] of [
        ["deleted first", (lifecycle) => lifecycle.remove(bucket, state)],
        ["compared first", async (lifecycle) => void lifecycle.diff(state, declared)],
        ["read first", async (lifecycle) => void (await lifecycle.read(bucket, state))],
    ] as [string, (lifecycle: ReturnType<ScriptedStore["lifecycle"]>) => Promise<void>][]) {
        it(`is the one before the new resource where the old one is ${what}`, async () => {
            const lifecycle = store.lifecycle();
            lifecycle.check(declared);
            await learn(lifecycle);
            expect((await lifecycle.create(declared)).previousRule).to.deep.equal(sm4);
            expect(store.rule).to.deep.equal(kms);
        });
    }

    it("is none where there was none", async () => {
        const lifecycle = store.lifecycle();
        lifecycle.diff(declared, declared);
        const state = await lifecycle.create(declared);
        expect(state).to.include({ sseAlgorithm: kms.sseAlgorithm }).and.not.to.have.property("previousRule");
    });

    it("is the one that is found where that is not the old resource's", async () => {
        const lifecycle = store.lifecycle();
        store.rule = aes;
        lifecycle.diff(state, declared);
        expect((await lifecycle.create(declared)).previousRule).to.deep.equal(aes);
    });

    it("is the one that is found where the old resource's state has no rule", async () => {
        const lifecycle = store.lifecycle();
        lifecycle.diff({ bucket }, declared);
        expect((await lifecycle.create(declared)).previousRule).to.deep.equal(kms);
    });

    it("is lost with a warning where the new resource is created first", async () => {
        const lifecycle = store.lifecycle();
        lifecycle.check(declared);
        await lifecycle.create(declared);
        store.notices.length = 0;
        await lifecycle.remove(bucket, state);
        const [first, warning, ...others] = store.notices;
        expect([first, others]).to.deep.equal([stays, []]);
        expect(warning).to.match(
            /^warning: bucket example-logs had SM4 before this stack, .* will restore KMS with .*`aliases`/,
        );
    });

    for (const [what, before, more] of [
        ["the new one knows it all the same", kms, {}],
        ["the rule would not be restored", sm4, { onDelete: "remove" }],
    ] as const) {
        it(`needs no warning where ${what}`, async () => {
            const lifecycle = store.lifecycle();
            lifecycle.check(declared);
            await lifecycle.create(declared);
            store.notices.length = 0;
            await lifecycle.remove(bucket, { ...state, previousRule: before, ...more });
            expect(store.notices).to.deep.equal([stays]);
        });
    }
});

describe("a rule that is declared as a minimum", () => {
    let store: ScriptedStore;
    beforeEach(() => {
        store = new ScriptedStore();
    });
    const declared = inputs({ atLeast: true });

    it("leaves a stronger rule as it is, and keeps it in the state", async () => {
        store.rule = kms;
        const state = await store.lifecycle().create(declared);
        expect(state).to.deep.equal({ ...declared, ...kms, previousRule: kms });
        expect(store.requests).to.deep.equal(["get"]);
        expect(store.lifecycle().diff(state, declared).changed).to.deep.equal([]);
        expect(await store.lifecycle().update(state, declared)).to.deep.equal(state);
        expect(store.requests).to.deep.equal(["get"]);
    });

    it("leaves it in every case, also where any rule would be an error or is written over", async () => {
        store.rule = kms;
        for (const existingRule of ["adopt", "overwrite", "fail"]) {
            await store.lifecycle().create({ ...declared, existingRule });
        }
        expect(store.rule).to.deep.equal(kms);
    });

    it("proves a stronger rule that stays", async () => {
        store.rule = kms;
        await store.lifecycle().create({ ...declared, proveKey: true });
        expect(store.requests).to.deep.equal(["get", "prove"]);
    });

    it("is written where there is none, a weaker or an equal one", async () => {
        for (const before of [undefined, sm4]) {
            store.rule = before;
            await store.lifecycle().create(declared);
            expect(store.rule).to.deep.equal(aes);
        }
    });

    it("is written when it is no minimum any more", async () => {
        store.rule = kms;
        const state = await store.lifecycle().create(declared);
        const { changed } = store.lifecycle().diff(state, inputs());
        expect(changed).to.deep.equal(["sseAlgorithm", "atLeast"]);
        await store.lifecycle().update(state, inputs());
        expect(store.rule).to.deep.equal(aes);
    });

    it("is different from a weaker rule, and from one that is not known yet", () => {
        const state = { ...declared, ...sm4 };
        expect(store.lifecycle().diff(state, { ...declared, ...kms }).changed).to.deep.equal(["sseAlgorithm"]);
    });
});

describe("a key that the check of an operation found unusable", () => {
    it("fails creating and updating the resource, without a write and without the key in the message", async () => {
        const store = new ScriptedStore();
        store.keyLookup = { found: { keyId: "key-1", state: "Disabled" } };
        const declared = inputs({ ...kms, kmsMasterKeyId: "key-1" });
        const lifecycle = store.lifecycle();
        const { declaration } = lifecycle.check(declared);
        if (declaration === undefined) throw new Error("the declaration is right");
        expect(await lifecycle.verifyKey({}, declaration)).to.have.length(1);
        for (const work of [lifecycle.create(declared), lifecycle.update(inputs(), declared)]) {
            const error = await work.then(
                () => undefined,
                (reason: Error) => reason,
            );
            expect(error).to.include({ kind: "key-unusable" });
            expect(error?.message).to.equal(
                "kmsMasterKeyId names a key in the state Disabled, not Enabled (bucket example-logs). Correct `kmsMasterKeyId`, or set `verifyKey` to false to deploy without this check.",
            );
        }
        expect(store.requests).to.deep.equal([]);
        await lifecycle.create(inputs({ ...kms, kmsMasterKeyId: "key-2" }));
        expect(store.requests).to.include("put");
    });
});
