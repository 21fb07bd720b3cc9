import { expect } from "chai";
import { notYetKnown } from "../../lib/rule";
import { storeFamilies } from "../../lib/stores";
import { bucket, inputs, lostAnswer, rejection, ScriptedStore } from "./scripted-store";

const byItself = { sseAlgorithm: "AES256" } as const;
const given = { sseAlgorithm: "KMS", kmsMasterKeyId: "key-1" } as const;

describe("a store that gives every bucket a rule of its own", () => {
    let store: ScriptedStore;
    beforeEach(() => {
        store = new ScriptedStore();
        store.capabilities = { ...storeFamilies.s3.capabilities(), serviceRule: byItself };
        store.rule = { ...byItself, bucketKeyEnabled: false };
    });

    it("has no owner for that rule: a stronger one is written without a notice, even where a rule would be an error", async () => {
        for (const existingRule of ["adopt", "overwrite", "fail"] as const) {
            store.rule = { ...byItself, bucketKeyEnabled: false };
            const state = await store.lifecycle().create(inputs({ ...given, existingRule }));
            expect(store.rule).to.deep.equal(given);
            expect(state.previousRule).to.deep.equal({ ...byItself, bucketKeyEnabled: false });
        }
        expect(store.notices).to.deep.equal([]);
    });

    it("is left as it is where just that rule is declared", async () => {
        await store.lifecycle().create(inputs());
        expect(store.requests).to.deep.equal(["get"]);
        expect(store.notices).to.deep.equal([]);
    });

    it("is still written with existingRule overwrite", async () => {
        await store.lifecycle().create(inputs({ existingRule: "overwrite" }));
        expect(store.requests).to.deep.equal(["get", "put", "get"]);
    });

    it("has an owner for any other rule", async () => {
        store.rule = given;
        expect(await rejection(store.lifecycle().create(inputs()))).to.have.property("kind", "weaker-rule");
    });

    it("returns to its rule when the declared one is removed", async () => {
        store.rule = given;
        await store.lifecycle().remove(bucket, { ...inputs(given) });
        expect(store.requests).to.deep.equal(["get", "delete"]);
        expect(store.rule).to.deep.equal(byItself);
    });

    it("has nothing to remove where the rule is gone or where its own rule was declared", async () => {
        await store.lifecycle().remove(bucket, { ...inputs(given) });
        await store.lifecycle().remove(bucket, { ...inputs() });
        await store.lifecycle().remove(bucket, { ...inputs(given), onDelete: "restore", previousRule: byItself });
        expect(store.requests).to.deep.equal(["get", "get", "get"]);
    });

    it("gets its former rule back, also if the declared one was the store's", async () => {
        await store.lifecycle().remove(bucket, { ...inputs(), onDelete: "restore", previousRule: given });
        expect(store.rule).to.deep.equal(given);
    });

    it("shows by its rule that a removal was done whose answer was lost", async () => {
        store.rule = given;
        store.failures.push({ on: "delete", error: lostAnswer(), workDone: true });
        await store.lifecycle().remove(bucket, { ...inputs(given) });
        expect(store.requests).to.deep.equal(["get", "delete", "get"]);
    });

    it("keeps a rule that was changed outside the stack, as every store does", async () => {
        store.rule = { sseAlgorithm: "KMS", kmsMasterKeyId: "key-2" };
        const error = await rejection(store.lifecycle().remove(bucket, { ...inputs(given) }));
        expect(error).to.have.property("kind", "rule-changed");
    });

    it("shows drift when its rule is back, since the bucket still has one", async () => {
        const state = await store.lifecycle().read(bucket, { ...inputs(given) });
        expect(state).to.deep.equal({ bucket, ...byItself });
        expect(store.notices[0]).to.include("was changed outside this stack");
    });
});

describe("a setting that the service adds to a rule", () => {
    let store: ScriptedStore;
    beforeEach(() => {
        store = new ScriptedStore();
        store.capabilities = { ...storeFamilies.s3.capabilities(), usualSecondOwner: "another one" };
        store.rule = { ...given, bucketKeyEnabled: true };
    });

    it("is adopted, read and compared without a difference if it is not declared", async () => {
        const created = await store.lifecycle().create(inputs(given));
        expect(created).not.to.have.property("bucketKeyEnabled");
        const read = await store.lifecycle().read(bucket, { ...created });
        expect(read).to.deep.equal(created);
        expect(store.lifecycle().diff({ ...read }, { ...inputs(given) }).changed).to.deep.equal([]);
        expect(store.requests).to.deep.equal(["get", "get"]);
        expect(store.notices)
            .to.have.length(1)
            .and.satisfy(([text]: string[]) => text?.includes("adopted"));
    });

    it("is shown where the rule is only looked up", async () => {
        expect(await store.lifecycle().read(bucket, {})).to.have.property("bucketKeyEnabled", true);
    });

    it("is written when it is declared, and is drift from then on", async () => {
        const wanted = inputs({ ...given, bucketKeyEnabled: false });
        expect(store.lifecycle().diff({ ...inputs(given) }, { ...wanted }).changed).to.deep.equal(["bucketKeyEnabled"]);
        await store.lifecycle().update({ ...inputs(given) }, wanted);
        expect(store.rule).to.deep.equal({ ...given, bucketKeyEnabled: false });
        store.rule = { ...given, bucketKeyEnabled: true };
        const read = await store.lifecycle().read(bucket, { ...wanted });
        expect(read).to.have.property("bucketKeyEnabled", true);
        expect(store.notices.at(-2)).to.include("bucket key on");
        expect(store.notices.at(-1)).to.include("such as another one");
        expect(store.lifecycle().diff({ ...read }, { ...wanted }).changed).to.deep.equal(["bucketKeyEnabled"]);
    });

    it("stays as it is when its declaration is removed", async () => {
        const before = { ...inputs({ ...given, bucketKeyEnabled: true }) };
        expect(store.lifecycle().diff(before, { ...inputs(given) }).changed).to.deep.equal([]);
    });
});

describe("buckets of several kinds of store", () => {
    const store = new ScriptedStore();
    const first = { ...inputs(), region: "cn-hangzhou" };

    it("rejects a kind of store that does not exist, and suggests one", () => {
        const { issues } = store.lifecycle().check({ ...first, store: "others" });
        expect(issues.map(({ path, message }) => `${path} ${message}`)).to.deep.equal([
            'store "others" is not one of "oss", "other"; did you mean "other"?',
        ]);
    });

    it("treats the default kind like none, and another kind as another bucket", () => {
        const lifecycle = store.lifecycle();
        expect(lifecycle.diff(first, { ...first, store: "oss" }).changed).to.deep.equal([]);
        const another = { changed: ["store"], replaces: ["store"] };
        expect(lifecycle.diff(first, { ...first, store: "other" })).to.deep.equal(another);
        expect(lifecycle.diff({ ...first, store: "other" }, first)).to.deep.equal(another);
    });

    it("is not compared with another bucket while one of the two is not known", () => {
        for (const name of ["bucket", "store"]) {
            const lifecycle = store.lifecycle();
            for (const sseAlgorithm of ["AES256", "SM4"]) {
                const declared = { ...first, sseAlgorithm, [name]: notYetKnown };
                expect(lifecycle.check(declared).issues).to.deep.equal([]);
            }
        }
    });

    it("may have the same name, and a deletion in one ignores the other", async () => {
        const own = new ScriptedStore();
        const lifecycle = own.lifecycle();
        own.rule = { sseAlgorithm: "AES256" };
        const other = { ...first, store: "other", sseAlgorithm: "SM4" };
        expect(lifecycle.check(other).issues).to.deep.equal([]);
        await lifecycle.remove(bucket, first);
        expect(own.requests).to.deep.equal(["get", "delete"]);
        await lifecycle.remove(bucket, other);
        expect(own.requests).to.deep.equal(["get", "delete"]);
    });

    it("may have one name at two endpoints, with different rules, and keep both where one is deleted", async () => {
        const own = new ScriptedStore();
        const lifecycle = own.lifecycle();
        const here = { ...first, endpoint: "https://here.example" };
        const there = { ...first, endpoint: "https://there.example", sseAlgorithm: "SM4" };
        for (const declared of [here, there]) expect(lifecycle.check(declared).issues).to.deep.equal([]);
        await lifecycle.remove(bucket, first);
        expect(own.requests).to.deep.equal([]);
    });

    it("has the rule before its own resource, not before that of another service", async () => {
        const own = new ScriptedStore();
        const lifecycle = own.lifecycle();
        const here = { ...first, endpoint: "https://here.example", sseAlgorithm: "KMS" };
        const there = { ...here, endpoint: "https://there.example" };
        const state = { ...here, previousRule: { sseAlgorithm: "AES256" } };
        expect(lifecycle.diff(state, here).changed).to.deep.equal([]);
        own.rule = { sseAlgorithm: "KMS" };
        expect((await lifecycle.create(there)).previousRule).to.deep.equal({ sseAlgorithm: "KMS" });
        // A resource that replaces the first one.
        expect((await lifecycle.create(here)).previousRule).to.deep.equal({ sseAlgorithm: "AES256" });
    });

    it("is read at another endpoint as a new one, and keeps its record where it is the same", async () => {
        const own = new ScriptedStore();
        const here = { ...first, endpoint: "https://here.example", sseAlgorithm: "SM4" };
        const there = { ...here, endpoint: "https://there.example" };
        own.rule = { sseAlgorithm: "AES256" };
        const state = await own.lifecycle().create(here);
        own.requests.length = 0;
        const same = await own.lifecycle().update(state, there);
        expect(own.requests).to.deep.equal(["get"]);
        expect(same).to.deep.equal({ ...there, previousRule: { sseAlgorithm: "AES256" } });

        own.rule = undefined;
        expect(await own.lifecycle().update(state, there)).to.deep.equal(there);
        expect(own.rule).to.deep.equal({ sseAlgorithm: "SM4" });

        own.rule = given;
        const declaration = own.declaration(there);
        expect(own.lifecycle().isElsewhere(here, declaration)).to.equal(true);
        expect(own.lifecycle().isElsewhere(there, declaration)).to.equal(false);
        const refused = await own
            .lifecycle()
            .update(state, there)
            .catch((error) => error);
        expect(refused).to.have.property("kind", "weaker-rule");

        // All endpoints of the cloud itself are one service.
        own.requests.length = 0;
        const inside = { ...first, endpoint: "https://oss-cn-hangzhou-internal.aliyuncs.com" };
        await own.lifecycle().update(first, inside);
        expect(own.requests).to.deep.equal([]);
    });

    it("rejects a lookup of keys where the store has none, and makes none by default", async () => {
        const own = new ScriptedStore();
        own.capabilities = { keyLookup: false };
        const declared = { ...inputs(given), region: "cn-hangzhou", verifyKey: true };
        const { issues } = own.lifecycle().check(declared);
        expect(issues.map(({ path, message }) => `${path} ${message}`)).to.deep.equal([
            'verifyKey cannot be true, since keys of the store "oss" cannot be looked up; remove it',
        ]);
        expect(issues[0]?.code).to.equal("not-allowed");
        expect(own.lifecycle().check({ ...declared, verifyKey: undefined }).issues).to.deep.equal([]);
        expect(new ScriptedStore().lifecycle().check(declared).issues).to.deep.equal([]);
        expect(
            await own.lifecycle().verifyKey({}, own.declaration({ ...declared, verifyKey: undefined })),
        ).to.deep.equal([]);
        expect(own.keyRequests).to.deep.equal([]);
    });
});
