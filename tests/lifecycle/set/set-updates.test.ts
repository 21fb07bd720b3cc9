import { expect } from "chai";
import { packColumns, packMembers, type SetState } from "../../../lib/declaration";
import { heldBucketsOf, heldColumns } from "../../../lib/lifecycle/set/held-buckets";
import { lostAnswer } from "../scripted-store";
import { denied, FleetStore, members, numbered } from "./fleet-store";
import { aes, created, held, sm4, unfinished } from "./set-under-test";

describe("updating a set", () => {
    it("updates only the buckets that differ", async () => {
        const store = new FleetStore("a-one", "b-one", "c-one", "d-one");
        const state = await created(store, { members: members("a-one", "b-one", "c-one"), onDelete: "remove" });
        const next = await store.set().update(state, {
            ...aes,
            onDelete: "remove",
            members: members("b-one", "c-one", "d-one"),
            overrides: { "c-one": sm4 },
        });
        expect(Object.fromEntries(store.rules)).to.deep.equal({
            "a-one": undefined,
            "b-one": aes,
            "c-one": sm4,
            "d-one": aes,
        });
        expect(store.requests.filter((request) => !request.startsWith("get"))).to.have.members([
            "put c-one",
            "put d-one",
            "delete a-one",
        ]);
        expect(Object.keys(held(next))).to.deep.equal(["b-one", "c-one", "d-one"]);
        expect(next).not.to.have.property("exceptions");
    });

    it("keeps the old rule of a bucket that fails, and counts all buckets", async () => {
        const store = new FleetStore("a-one", "b-one");
        const state = await created(store);
        store.failures.set("put a-one", denied());
        const inputs = { ...sm4, members: members("a-one", "b-one") };
        const { cause, state: kept, id } = await unfinished(store.set().update(state, inputs));
        expect(cause.message).to.include("1 of 2 buckets");
        expect(held(kept)).to.deep.equal({ "a-one": { rule: aes }, "b-one": { rule: sm4 } });
        expect(kept.exceptions).to.deep.equal({ "a-one": "AES256" });
        expect(id).to.equal(undefined);
    });

    it("is unfinished, and not gone, where everything failed", async () => {
        const store = new FleetStore("a-one");
        const state = await created(store, { onDelete: "remove" });
        store.failures.set("delete a-one", denied());
        const { state: kept } = await unfinished(
            store.set().update(state, { ...aes, onDelete: "remove", members: members() }),
        );
        expect(Object.keys(held(kept))).to.deep.equal(["a-one"]);
    });

    it("leaves the rule of a bucket that leaves by default", async () => {
        const store = new FleetStore("a-one", "b-one");
        const state = await created(store);
        const next = await store.set().update(state, { ...aes, members: members("b-one") });
        expect(store.requests).to.deep.equal([]);
        expect(store.rules.get("a-one")).to.deep.equal(aes);
        expect(Object.keys(held(next))).to.deep.equal(["b-one"]);
    });

    it("writes a bucket again whose write was not confirmed", async () => {
        const store = new FleetStore("a-one", "b-one");
        store.failures.set("put a-one", lostAnswer());
        const inputs = { ...aes, members: members("a-one", "b-one") };
        const { state } = await unfinished(store.set().create(inputs));
        store.failures.clear();
        store.requests.length = 0;
        const next = await store.set().update({ ...state }, inputs);
        expect(store.requests).to.deep.equal(["put a-one", "get a-one"]);
        expect(held(next)).to.deep.equal({ "a-one": { rule: aes }, "b-one": { rule: aes } });
    });

    it("proves all buckets when proveKey is declared, and none where it was before", async () => {
        const store = new FleetStore("a-one", "b-one");
        const declared = { ...aes, members: members("a-one", "b-one"), proveKey: true };
        const state = await created(store);
        const proven = await store.set().update(state, declared);
        expect(store.requests.filter((request) => request.startsWith("prove"))).to.have.members([
            "prove a-one",
            "prove b-one",
        ]);
        expect(store.count("put")).to.equal(0);
        store.requests.length = 0;
        await store.set().update(proven, { ...declared, onDelete: "remove" });
        expect(store.requests).to.deep.equal([]);
    });

    it("proves no bucket twice that joins as proveKey is declared", async () => {
        const store = new FleetStore("a-one", "b-one");
        const state = await created(store, { members: members("a-one") });
        await store.set().update(state, { ...aes, members: members("a-one", "b-one"), proveKey: true });
        expect(store.requests.filter((request) => request.startsWith("prove"))).to.have.members([
            "prove a-one",
            "prove b-one",
        ]);
    });

    it("prefetches owners where eight buckets change in any way", async () => {
        const store = new FleetStore(...numbered(9));
        const state = await created(store, { members: members(...numbered(6)) });
        const changed = (kept: string[], overridden: string[]) => ({
            ...aes,
            members: members(...kept),
            overrides: Object.fromEntries(overridden.map((bucket) => [bucket, sm4])),
        });
        // Three join, three have another rule, two leave; then one less leaves.
        const names = numbered(9);
        await store.set().update(state, changed(names.slice(2), names.slice(2, 5)));
        expect(store.prepared).to.equal(1);
        store.prepared = 0;
        await store.set().update(state, changed(names.slice(1), names.slice(1, 4)));
        expect(store.prepared).to.equal(0);
    });

    it("keeps the former rule of a bucket that joins", async () => {
        const store = new FleetStore("a-one", "b-one");
        const state = await created(store, { members: members("a-one") });
        store.rules.set("b-one", sm4);
        const next = await store.set().update(state, { ...aes, members: members("a-one", "b-one") });
        expect(held(next)).to.deep.equal({ "a-one": { rule: aes }, "b-one": { rule: aes, previous: sm4 } });
    });

    it("adopts a declared rule that was written outside the stack, without a request", async () => {
        const store = new FleetStore("a-one", "b-one");
        const state = await created(store);
        store.rules.set("a-one", sm4);
        const set = store.set();
        const read = await set.read(state, true);
        const found = { ...read?.state };
        expect(held(found as SetState)["a-one"]).to.deep.equal({ rule: sm4, written: aes });
        store.requests.length = 0;
        store.notices.length = 0;
        const declared = { ...aes, members: state.members, buckets: 2, overrides: { "a-one": sm4 } };
        expect(set.diff({ ...found, overrides: declared.overrides }, declared).changed).to.deep.equal(["members"]);
        expect(store.notices).to.deep.equal([
            "bucket a-one: has the declared rule, which was written outside this stack",
        ]);
        expect(held(await set.update(found, declared))).to.deep.equal({
            "a-one": { rule: sm4 },
            "b-one": { rule: aes },
        });
        expect(store.requests).to.deep.equal([]);
    });

    it("writes a rule again that this operation removed with another resource, and says so", async () => {
        const store = new FleetStore("a-one", "b-one", "c-one");
        const state = await created(store, { onDelete: "remove" });
        const set = store.set();
        const [gone, declared] = [
            { ...state, members: members("b-one", "c-one") },
            { ...aes, members: members("a-one", "b-one"), buckets: 2, onDelete: "remove" },
        ];
        await set.remove({ ...gone, held: packColumns(new Map([...heldBucketsOf(state)].slice(1)), heldColumns) });
        expect(Object.fromEntries(store.rules)).to.deep.equal({ "a-one": aes, "b-one": undefined, "c-one": undefined });
        store.requests.length = 0;
        expect(set.diff(state, declared).changed).to.include("members");
        expect(store.notices).to.deep.equal([
            "this operation has removed the encryption rule of bucket b-one with another resource, before this one was declared: it is written again",
            "bucket b-one: AES256 is written again",
            "bucket c-one: leaves the set; its rule is removed",
        ]);
        expect(held(await set.update(state, declared))).to.deep.equal({
            "a-one": { rule: aes },
            "b-one": { rule: aes },
        });
        expect(store.requests).to.include("put b-one").and.not.include("put a-one");
        expect(store.rules.get("b-one")).to.deep.equal(aes);
    });

    it("reads its buckets at another endpoint as new ones, in the preview too", async () => {
        const store = new FleetStore("a-one", "b-one");
        const here = { ...sm4, members: members("a-one", "b-one"), endpoint: "https://here.example" };
        const there = { ...here, endpoint: "https://there.example" };
        const state = await store.set().update(await created(store), here);
        store.rules.set("b-one", undefined);
        store.requests.length = 0;
        await store.set().foresee(here, there, true);
        expect(store.requests).to.have.members(["get a-one", "get b-one"]);
        store.requests.length = 0;
        const next = await store.set().update(state, there);
        expect(store.requests.filter((request) => request.startsWith("put"))).to.deep.equal(["put b-one"]);
        expect(Object.fromEntries(store.rules)).to.deep.equal({ "a-one": sm4, "b-one": sm4 });
        expect(held(next)).to.deep.equal({ "a-one": { rule: sm4 }, "b-one": { rule: sm4 } });
        store.requests.length = 0;
        await store.set().foresee(there, there, true);
        await store.set().update(next, there);
        expect(store.requests).to.deep.equal([]);
    });

    it("reaches each bucket where it is known to be", async () => {
        const store = new FleetStore("a-one", "b-one", "c-one");
        const fleet = new Map([
            ["a-one", { region: "cn-hangzhou" }],
            ["b-one", { region: "cn-beijing" }],
            ["c-one", { region: "cn-shanghai" }],
        ]);
        const state = await created(store, { members: packMembers(fleet), onDelete: "remove" });
        store.targets.length = 0;
        const now = new Map([
            ["a-one", {}],
            ["b-one", { region: "cn-qingdao" }],
        ]);
        await store.set().update(state, { ...sm4, members: packMembers(now), onDelete: "remove" });
        expect(store.targets.map(({ region }) => region)).to.have.members(["cn-hangzhou", "cn-qingdao", "cn-shanghai"]);
    });
});
