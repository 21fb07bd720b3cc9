import { expect } from "chai";
import { type Properties, packMembers, type SetState } from "../../../lib/declaration";
import { UserError } from "../../../lib/errors";
import { BucketEncryptionSetLifecycle } from "../../../lib/lifecycle/set/bucket-encryption-set-lifecycle";
import { notYetKnown } from "../../../lib/rule";
import { lostAnswer } from "../scripted-store";
import { denied, FleetStore, members, numbered, whileTimeFlies } from "./fleet-store";
import { aes, created, failureOf, held, kms, sm4, unfinished } from "./set-under-test";

describe("a set whose key cannot be used", () => {
    const key = { sseAlgorithm: "KMS", kmsMasterKeyId: "key-1" };

    it("is given no rule with the key, by no further request", async () => {
        const store = new FleetStore("a-one");
        store.keyLookup = { missing: true };
        const [set, declared] = [store.set(), { ...key, members: members("a-one") }];
        await set.verifyKeys({}, declared);
        store.requests.length = 0;
        const failure = await failureOf(set.create(declared));
        expect(failure.message).to.include(
            "1 of 1 bucket does not have the declared rule: 1 with key-unusable (a-one)",
        );
        expect(store.requests).to.deep.equal([]);
    });

    it("keeps the rules that it has", async () => {
        const store = new FleetStore("a-one");
        const state = await created(store);
        store.keyLookup = { missing: true };
        const [set, declared] = [store.set(), { ...key, members: members("a-one") }];
        await set.verifyKeys(state, declared);
        store.requests.length = 0;
        const { cause, state: left } = await unfinished(set.update(state, declared));
        expect(cause.message).to.include("1 with key-unusable (a-one)");
        expect(store.requests).to.deep.equal([]);
        expect(held(left)).to.deep.equal({ "a-one": { rule: aes } });
    });
});

describe("a set with a part that is not known", () => {
    it("writes no rule, and says so of the bucket", async () => {
        const store = new FleetStore("a-one");
        const failure = await failureOf(
            store.set().create({ ...aes, sseAlgorithm: notYetKnown, members: members("a-one") }),
        );
        expect(failure.message).to.include(
            "1 with invalid-rule (a-one): The rule cannot be written: a part of it is not right or not known (bucket a-one)",
        );
        expect(store.requests).to.deep.equal([]);
    });
});

describe("a set that an engine creates again in the same operation, as an error hook asks for", () => {
    it("keeps the rules before its first creation, and its buckets if the second one fails", async () => {
        const store = new FleetStore("a-one", "b-one");
        for (const bucket of ["a-one", "b-one"]) store.rules.set(bucket, sm4);
        const [set, declared] = [store.set(), { ...aes, members: members("a-one", "b-one"), onDelete: "restore" }];
        store.failures.set("put b-one", denied());
        const first = await unfinished(set.create(declared));
        expect(held(first.state)).to.deep.equal({ "a-one": { rule: aes, previous: sm4 } });
        store.failures.set("get a-one", denied("throttled"));
        const second = await unfinished(set.create(declared));
        expect(held(second.state)).to.deep.equal({ "a-one": { rule: aes, previous: sm4, unconfirmed: true } });
        store.failures.clear();
        const { state } = await set.create(declared);
        const done = { rule: aes, previous: sm4 };
        expect(held(state)).to.deep.equal({ "a-one": done, "b-one": done });
    });
});

describe("a set that replaces another one", () => {
    for (const [what, learn] of [
        ["compared", async (set, state, declared) => void set.diff(state, declared)],
        ["read", async (set, state) => void (await set.read(state))],
    ] as [string, (set: BucketEncryptionSetLifecycle, state: SetState, declared: Properties) => Promise<void>][])
        it(`has the rules before that one, where that is ${what} before it is deleted`, async () => {
            const store = new FleetStore("a-one");
            store.rules.set("a-one", sm4);
            const state = await created(store, { onDelete: "restore" });
            const [set, declared] = [store.set(), { ...kms, members: members("a-one"), onDelete: "restore" }];
            await learn(set, state, declared);
            expect(held((await set.create(declared)).state)).to.deep.equal({ "a-one": { rule: kms, previous: sm4 } });
        });
});

describe("creating a set", () => {
    it("writes each rule and keeps what was there before", async () => {
        const store = new FleetStore("a-one", "b-one");
        store.rules.set("b-one", sm4);
        const declared = packMembers(
            new Map([
                ["a-one", { region: "cn-hangzhou" }],
                ["b-one", {}],
            ]),
        );
        const { id, state } = await store.set().create({ ...aes, members: declared });
        expect(id).to.match(/^bucket-encryption-set-[0-9a-f-]{36}$/);
        expect([...store.rules.values()]).to.deep.equal([aes, aes]);
        expect(state).to.include({ ...aes, members: declared, buckets: 2 });
        expect(held(state)).to.deep.equal({
            "a-one": { rule: aes, region: "cn-hangzhou" },
            "b-one": { rule: aes, previous: sm4 },
        });
    });

    it("keeps what succeeded, and reports the rest", async () => {
        const store = new FleetStore("a-one", "b-one", "c-one");
        store.failures.set("put b-one", denied());
        const { cause, state, id } = await unfinished(
            store.set().create({ ...aes, members: members("a-one", "b-one", "c-one") }),
        );
        expect(cause.message).to.include(
            "1 of 3 buckets does not have the declared rule: 1 with access-denied (b-one)",
        );
        expect(Object.keys(held(state))).to.deep.equal(["a-one", "c-one"]);
        expect(id).to.be.a("string");
    });

    it("tries every bucket while each failure is one bucket's own", async () => {
        const store = new FleetStore(...numbered(100));
        for (const bucket of numbered(100)) store.failures.set(`put ${bucket}`, denied());
        const failure = await failureOf(store.set().create({ ...aes, members: members(...numbered(100)) }));
        expect(failure.message).to.include("100 of 100 buckets").and.not.include("begun");
        expect(store.count("put")).to.equal(100);
    });

    it("does not exist where no bucket succeeded", async () => {
        const store = new FleetStore("a-one");
        store.failures.set("put a-one", denied());
        const failure = await failureOf(store.set().create({ ...aes, members: members("a-one") }));
        expect(failure).to.be.instanceOf(UserError).and.have.property("kind", "buckets-failed");
    });

    it("starts nothing after it is cancelled", async () => {
        const store = new FleetStore("a-one", "b-one");
        const set = store.set({ cancelled: AbortSignal.abort() });
        const failure = await failureOf(set.create({ ...aes, members: members("a-one", "b-one") }));
        expect(failure.message).to.include("2 were not started, since the operation was cancelled");
        expect(store.requests).to.deep.equal([]);
    });

    it("keeps a write that was not confirmed", async () => {
        const store = new FleetStore("a-one");
        store.failures.set("put a-one", lostAnswer());
        const { cause, state } = await unfinished(store.set().create({ ...aes, members: members("a-one") }));
        expect(cause.message).to.include("1 with unreachable (a-one)");
        expect(held(state)).to.deep.equal({ "a-one": { rule: aes, unconfirmed: true } });
    });

    it("keeps stronger rules where the rule is a minimum", async () => {
        const store = new FleetStore("a-one", "b-one", "c-one");
        store.rules.set("a-one", kms).set("b-one", aes);
        const inputs = { ...aes, atLeast: true, members: members("a-one", "b-one", "c-one") };
        const { state } = await store.set().create(inputs);
        expect(held(state)).to.deep.equal({
            "a-one": { rule: kms, previous: kms },
            "b-one": { rule: aes, previous: aes },
            "c-one": { rule: aes },
        });
        expect(state).not.to.have.property("exceptions");
        expect(store.requests.filter((request) => request.startsWith("put"))).to.deep.equal(["put c-one"]);
    });

    for (const [regions, most] of [
        [1, 32],
        [2, 64],
        [12, 256],
    ] as const) {
        it(`has ${most} buckets under way in ${regions} region${regions === 1 ? "" : "s"}`, async () => {
            const names = numbered(400);
            const fleet = new Map(names.map((name, index) => [name, { region: `cn-region-${index % regions}` }]));
            const store = new FleetStore(...names);
            await store.set().create({ ...aes, members: packMembers(fleet) });
            expect(store.mostAtOnce).to.equal(most);
        });
    }

    it("prefetches owners from eight buckets on", async () => {
        for (const [count, times] of [
            [7, 0],
            [8, 1],
        ] as const) {
            const store = new FleetStore(...numbered(count));
            await store.set().create({ ...aes, members: members(...numbered(count)) });
            expect(store.prepared).to.equal(times);
        }
    });

    it("needs no prefetched owners", async () => {
        const store = new FleetStore(...numbered(8));
        const set = new BucketEncryptionSetLifecycle({ ports: store.ports(), notice: () => undefined });
        await set.create({ ...aes, members: members(...numbered(8)) });
        expect(store.count("put")).to.equal(8);
    });

    it("reports its progress where it takes long", async () => {
        const store = new FleetStore("a-one", "b-one");
        const state = await whileTimeFlies(() => created(store, { onDelete: "remove" }));
        expect(store.notices.splice(0)[0]).to.match(/^1 of 2 buckets done, /);
        await whileTimeFlies(() => store.set().read(state));
        expect(store.notices.splice(0)[0]).to.match(/^1 of 2 buckets read, /);
        const declared = { ...sm4, members: state.members, onDelete: "remove" };
        const next = await whileTimeFlies(() => store.set().update(state, declared));
        expect(store.notices.splice(0)[0]).to.match(/^1 of 2 buckets done, /);
        await whileTimeFlies(() => store.set().remove(next));
        expect(store.notices[0]).to.match(/^1 of 2 buckets done, /);
    });
});

describe("reading a set", () => {
    it("changes nothing where nothing changed", async () => {
        const store = new FleetStore("a-one", "b-one");
        const state = await created(store);
        const found = await store.set().read(state);
        expect(found?.state).to.deep.equal(state);
        expect(found?.inputs).to.deep.equal({ ...aes, members: state.members, buckets: 2 });
        expect(store.notices).to.deep.equal([]);
        expect(store.requests).to.have.members(["get a-one", "get b-one"]);
    });

    it("takes an alias and the key that it names for one", async () => {
        const store = new FleetStore("a-one");
        store.keyLookup = { found: { keyId: "key-1" } };
        const declared = { ...kms, kmsMasterKeyId: "alias/payments", members: members("a-one"), region: "cn-hangzhou" };
        const state = await created(store, declared);
        store.rules.set("a-one", { ...kms, kmsMasterKeyId: "key-1" });
        const set = store.set();
        await set.verifyKeys({}, declared);
        store.requests.length = 0;
        expect((await set.read(state))?.state).to.deep.equal(state);
        expect(store.notices).to.deep.equal([]);
    });

    it("takes settings that the service has set for no change, and keeps none of them", async () => {
        const store = new FleetStore("a-one", "b-one");
        const state = await created(store);
        const settings = { bucketKeyEnabled: false, blockedEncryptionTypes: ["SSE-C"] };
        store.rules.set("a-one", { ...aes, ...settings });
        expect((await store.set().read(state))?.state).to.deep.equal(state);
        expect(store.notices).to.deep.equal([]);
        store.rules.set("b-one", { ...sm4, ...settings });
        const found = await store.set().read(state);
        expect(held(found?.state as SetState)).to.deep.equal({ "a-one": { rule: aes }, "b-one": { rule: sm4 } });
        expect(store.notices).to.have.length(1);
    });

    it("finds no set without a record of one", async () => {
        expect(await new FleetStore().set().read({ ...aes })).to.equal(undefined);
    });

    it("shows what was changed, and leaves out what is gone", async () => {
        const store = new FleetStore("a-one", "b-one", "c-one", "d-one");
        const state = await created(store);
        store.rules.set("b-one", sm4).set("c-one", undefined);
        store.rules.delete("d-one");
        const found = await store.set().read(state);
        expect(found?.state.exceptions).to.deep.equal({ "b-one": "SM4", "c-one": "no rule" });
        expect(found?.inputs.exceptions).to.deep.equal(found?.state.exceptions);
        expect(found?.inputs).not.to.have.property("held");
        expect(held(found?.state as SetState)).to.deep.equal({
            "a-one": { rule: aes },
            "b-one": { rule: sm4 },
            "c-one": {},
        });
        expect(store.notices).to.have.members([
            "bucket b-one: was changed outside this stack: AES256 → SM4",
            "bucket c-one: was changed outside this stack: AES256 → no rule",
            "bucket d-one: no longer exists, and leaves the set",
        ]);
    });

    it("keeps the former rule, and drops the mark of an unconfirmed write after a reading", async () => {
        const store = new FleetStore("a-one", "b-one");
        store.rules.set("b-one", sm4);
        store.failures.set("put a-one", lostAnswer());
        const { state } = await unfinished(store.set().create({ ...aes, members: members("a-one", "b-one") }));
        store.failures.clear();
        store.rules.set("a-one", aes);
        const found = await store.set().read({ ...state });
        expect(held(found?.state as SetState)).to.deep.equal({
            "a-one": { rule: aes },
            "b-one": { rule: aes, previous: sm4 },
        });
    });

    it("keeps the mark of an unconfirmed write while an object must prove the rule", async () => {
        const store = new FleetStore("a-one");
        store.failures.set("put a-one", lostAnswer());
        const declared = { ...aes, members: members("a-one"), proveKey: true };
        const { state } = await unfinished(store.set().create(declared));
        store.failures.clear();
        store.rules.set("a-one", aes);
        const found = await store.set().read({ ...state });
        expect(held(found?.state as SetState)).to.deep.equal({ "a-one": { rule: aes, unconfirmed: true } });
    });

    it("changes nothing where a bucket cannot be read", async () => {
        const store = new FleetStore("a-one", "b-one");
        const state = await created(store);
        store.failures.set("get b-one", denied());
        const failure = await failureOf(store.set().read(state));
        expect(failure).to.be.instanceOf(UserError);
        expect(failure.message).to.include("1 of 2 buckets does not show their rules: 1 with access-denied (b-one)");
    });
});

describe("removing a set", () => {
    for (const onDelete of [undefined, "retain"]) {
        it(`leaves all rules with onDelete ${onDelete}, without a request`, async () => {
            const store = new FleetStore(...numbered(8));
            const state = await created(store, { onDelete });
            const rules = new Map(store.rules);
            await store.set().remove(state);
            expect(store.rules).to.deep.equal(rules);
            expect(rules.size).to.equal(8);
            expect(store.requests).to.deep.equal([]);
            expect(store.prepared).to.equal(0);
        });
    }

    it("removes each rule, or restores the former one", async () => {
        for (const onDelete of ["remove", "restore"]) {
            const store = new FleetStore("a-one", "b-one");
            store.rules.set("b-one", sm4);
            await store.set().remove(await created(store, { onDelete }));
            const before = onDelete === "restore" ? sm4 : undefined;
            expect([...store.rules.values()]).to.deep.equal([undefined, before]);
        }
    });

    it("prefetches owners from eight buckets on", async () => {
        const store = new FleetStore(...numbered(8));
        await store.set().remove(await created(store, { onDelete: "remove" }));
        expect(store.prepared).to.equal(1);
    });

    it("touches no rule that was changed outside the stack without forceDelete", async () => {
        const store = new FleetStore("a-one", "b-one");
        const state = await created(store, { onDelete: "remove" });
        store.rules.set("a-one", sm4);
        const failure = await failureOf(store.set().remove(state));
        expect(failure.message).to.include("1 of 2 buckets does not lose their rule: 1 with rule-changed (a-one)");
        expect([...store.rules.values()]).to.deep.equal([sm4, undefined]);
        store.rules.set("b-one", aes);
        await store.set().remove({ ...state, forceDelete: true });
        expect([...store.rules.values()]).to.deep.equal([undefined, undefined]);
    });

    it("compares each bucket with its own rule, not the set's", async () => {
        const store = new FleetStore("a-one", "b-one");
        const inputs = {
            sseAlgorithm: "KMS",
            kmsMasterKeyId: "key-1",
            overrides: { "b-one": sm4 },
            onDelete: "remove",
        };
        await store.set().remove(await created(store, inputs));
        expect([...store.rules.values()]).to.deep.equal([undefined, undefined]);
    });

    it("reaches each bucket where it was found, or where the set is", async () => {
        const store = new FleetStore("a-one", "b-one");
        const fleet = new Map([
            ["a-one", { region: "cn-beijing" }],
            ["b-one", {}],
        ]);
        const inputs = { members: packMembers(fleet), region: "cn-hangzhou", onDelete: "remove" };
        const state = await created(store, inputs);
        store.targets.length = 0;
        await store.set().remove(state);
        expect(store.targets.map(({ region }) => region)).to.have.members(["cn-beijing", "cn-hangzhou"]);
    });
});
