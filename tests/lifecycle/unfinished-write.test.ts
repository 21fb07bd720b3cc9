import { expect } from "chai";
import { UnfinishedResource } from "../../lib/declaration";
import { ServiceError, UserError } from "../../lib/errors";
import { notYetKnown } from "../../lib/rule";
import { bucket, inputs, lostAnswer, rejection, ScriptedStore } from "./scripted-store";

async function unfinished(work: Promise<unknown>): Promise<UnfinishedResource> {
    const error = await rejection(work);
    expect(error).to.be.instanceOf(UnfinishedResource);
    return error as UnfinishedResource;
}

describe("a rule that was written", () => {
    let store: ScriptedStore;
    beforeEach(() => {
        store = new ScriptedStore();
    });

    it("is read back at once, and then with growing waits until it is visible", async () => {
        store.lateBy = 3;
        await store.lifecycle().create(inputs());
        expect(store.requests).to.deep.equal(["get", "put", "get", "get", "get", "get"]);
        expect(store.waits).to.deep.equal([100, 200, 400]);
    });

    it("is waited for as the wanted value, not as any value, when it is changed", async () => {
        store.rule = { sseAlgorithm: "SM4" };
        store.lateBy = 2;
        await store.lifecycle().update({ ...inputs({ sseAlgorithm: "SM4" }) }, inputs());
        expect(store.requests).to.deep.equal(["put", "get", "get", "get"]);
    });

    it("is given up at the time limit, with the visible rule, and kept in the state as not ready", async () => {
        store.rule = { sseAlgorithm: "SM4" };
        store.lateBy = Number.POSITIVE_INFINITY;
        const confirmation = { firstMilliseconds: 100, longestMilliseconds: 300, totalMilliseconds: 1_000 };
        const lifecycle = store.lifecycle({ confirmation });
        const { cause, state, message } = await unfinished(lifecycle.create(inputs()));
        expect(cause.kind).to.equal("not-converged");
        expect(cause.where).to.deep.equal({ bucket });
        expect(message).to.include("AES256").and.include("SM4").and.include("5 readings within 1 s");
        expect(store.waits).to.deep.equal([100, 200, 300, 300]);
        expect(state).to.deep.equal({ ...inputs(), previousRule: { sseAlgorithm: "SM4" }, unconfirmed: true });
    });

    it("is not waited for after the operation is cancelled, and is kept in the state as not ready", async () => {
        store.lateBy = Number.POSITIVE_INFINITY;
        const reading = store.getRule.bind(store);
        store.getRule = (asked) => {
            if (store.waits.length === 2) store.cancelling.abort(new UserError("cancelled", "Nobody waits any more"));
            return reading(asked);
        };
        const { cause, state } = await unfinished(store.lifecycle().create(inputs()));
        expect(cause).to.equal(store.cancelling.signal.reason);
        expect(state).to.deep.equal({ ...inputs(), unconfirmed: true });
        expect(store.waits).to.deep.equal([100, 200]);
    });

    it("is kept in the state as not ready when the reading is forbidden", async () => {
        store.failures.push({ on: "put", error: lostAnswer(), workDone: true });
        store.failures.push({ on: "get", error: new UserError("no-credentials", "They ended") });
        store.rule = { sseAlgorithm: "SM4" };
        const known = { ...inputs({ sseAlgorithm: "SM4" }) };
        const { cause, state } = await unfinished(store.lifecycle().update(known, inputs()));
        expect(cause.kind).to.equal("no-credentials");
        expect(state).to.include({ unconfirmed: true, sseAlgorithm: "AES256" });
    });

    it("is kept in the state as not ready when it cannot be read back", async () => {
        store.failures.push({ on: "get", error: new ServiceError("access-denied", "denied", { bucket }) });
        const { cause, state } = await unfinished(
            store.lifecycle().update({ ...inputs({ sseAlgorithm: "SM4" }) }, inputs()),
        );
        expect(cause.kind).to.equal("access-denied");
        expect(state).to.include({ unconfirmed: true, sseAlgorithm: "AES256" });
    });

    it("is kept in the state as not ready when its outcome is not known", async () => {
        store.rule = { sseAlgorithm: "SM4" };
        store.failures.push({ on: "put", error: lostAnswer(), workDone: true });
        const present = store.getRule.bind(store);
        store.getRule = async (asked) => {
            if (store.requests.includes("put")) throw new ServiceError("access-denied", "denied", { bucket });
            return present(asked);
        };
        const { cause, state } = await unfinished(store.lifecycle().create(inputs()));
        expect(cause.kind, "what became of the write").to.equal("unreachable");
        expect(state.previousRule, "what was there before is not lost").to.deep.equal({ sseAlgorithm: "SM4" });
    });

    it("is done when its answer was lost and a reading shows it", async () => {
        store.failures.push({ on: "put", error: lostAnswer(), workDone: true });
        expect(await store.lifecycle().create(inputs())).to.deep.equal(inputs());
        expect(store.requests).to.deep.equal(["get", "put", "get"]);
    });

    it("leaves no trace in the state when it was refused", async () => {
        const error = new ServiceError("access-denied", "denied", { bucket });
        store.failures.push({ on: "put", error });
        expect(await rejection(store.lifecycle().create(inputs()))).to.equal(error);
    });

    it("rejects inputs that no check has passed, and names their faults", async () => {
        const wrong = { bucket: "example-logs", sseAlgorithm: "ROT13", kmsMasterKeyId: "a key" };
        const error = (await rejection(store.lifecycle().create(wrong))) as UserError;
        expect(error.where).to.deep.equal({ bucket: "example-logs" });
        expect(error.message).to.match(/^The rule cannot be written: sseAlgorithm .*; kmsMasterKeyId has white space/);
        const unknown = { bucket: "example-logs", sseAlgorithm: notYetKnown };
        expect(((await rejection(store.lifecycle().update({}, unknown))) as UserError).message).to.include(
            "a part of the declaration is not known",
        );
    });

    it("is written again by the next deployment, which then succeeds", async () => {
        store.failures.push({ on: "put", error: lostAnswer() });
        const { state } = await unfinished(store.lifecycle().create(inputs()));
        expect(store.lifecycle().diff({ ...state }, { ...inputs() }).changed).to.deep.equal(["unconfirmed"]);
        const done = await store.lifecycle().update({ ...state }, inputs());
        expect(done).to.deep.equal(inputs());
        expect(store.rule).to.deep.equal({ sseAlgorithm: "AES256" });
    });

    it("is ready after a refresh has seen it", async () => {
        store.rule = { sseAlgorithm: "AES256" };
        expect(await store.lifecycle().read(bucket, { ...inputs(), unconfirmed: true })).to.deep.equal(inputs());
        expect(store.notices).to.deep.equal([]);
    });
});

describe("a field that the service starts to set", () => {
    let store: ScriptedStore;
    beforeEach(() => {
        store = new ScriptedStore();
        // Every acknowledged write is there afterwards.
        const present = store.getRule.bind(store);
        store.getRule = async (asked) => ({ ...(await present(asked)), unrecognized: { BlockedTypes: "SSE-C" } });
    });

    it("does not prevent the confirmation of a write", async () => {
        const lifecycle = store.lifecycle();
        await lifecycle.create(inputs());
        await lifecycle.update({ ...inputs() }, inputs({ sseAlgorithm: "SM4" }));
        expect(store.requests).to.deep.equal(["get", "put", "get", "put", "get"]);
    });

    it("is shown by a refresh, and makes no difference to the declaration", async () => {
        await store.lifecycle().create(inputs());
        const read = { ...(await store.lifecycle().read(bucket, { ...inputs() })) };
        expect(read.unrecognized).to.deep.equal({ BlockedTypes: "SSE-C" });
        expect(store.notices[0]).to.include("AES256 → AES256, BlockedTypes SSE-C");
        expect(store.lifecycle().diff(read, { ...inputs() }).changed).to.deep.equal([]);
        store.notices.length = 0;
        await store.lifecycle().read(bucket, read);
        expect(store.notices).to.deep.equal([]);
    });

    it("is kept in the state by an update of something else, which makes no request for it", async () => {
        const unrecognized = { BlockedTypes: "SSE-C" };
        const updated = await store.lifecycle().update({ ...inputs(), unrecognized }, inputs({ onDelete: "retain" }));
        expect(updated).to.deep.equal({ ...inputs({ onDelete: "retain" }), unrecognized });
        expect(store.requests).to.deep.equal([]);
    });

    it("does not prevent the deletion after a refresh has shown it", async () => {
        store.rule = { sseAlgorithm: "AES256" };
        const error = (await rejection(store.lifecycle().remove(bucket, { ...inputs() }))) as UserError;
        expect(error.kind).to.equal("rule-changed");
        await store.lifecycle().remove(bucket, { ...(await store.lifecycle().read(bucket, { ...inputs() })) });
        expect(store.rule).to.equal(undefined);
    });
});

describe("drift", () => {
    it("is not reported for an unconfirmed write", async () => {
        const store = new ScriptedStore();
        store.rule = { sseAlgorithm: "SM4" };
        await store.lifecycle().read(bucket, { ...inputs(), unconfirmed: true });
        expect(store.notices).to.deep.equal([]);
        await store.lifecycle().read(bucket, { ...inputs() });
        expect(store.notices[0]).to.include("SM4");
    });

    it("is not reported for a rule that is only looked up", async () => {
        const store = new ScriptedStore();
        store.rule = { sseAlgorithm: "SM4" };
        expect((await store.lifecycle().read(bucket, {}))?.sseAlgorithm).to.equal("SM4");
        expect(store.notices).to.deep.equal([]);
    });

    it("shows in which region the bucket was found", async () => {
        const store = new ScriptedStore();
        store.rule = { sseAlgorithm: "AES256" };
        store.foundIn = "cn-beijing";
        expect(await store.lifecycle().read(bucket, { ...inputs() })).to.deep.equal({
            ...inputs(),
            bucketRegion: "cn-beijing",
        });
    });

    it("is reported with both rules, and the usual second owner once, and is silent without a change", async () => {
        const store = new ScriptedStore();
        store.rule = { sseAlgorithm: "SM4" };
        await store.lifecycle().read(bucket, { ...inputs({ sseAlgorithm: "SM4" }) });
        expect(store.notices).to.deep.equal([]);
        const lifecycle = store.lifecycle();
        await lifecycle.read(bucket, { ...inputs() });
        store.rule = undefined;
        await lifecycle.read(bucket, { ...inputs() });
        expect(store.notices).to.deep.equal([
            `the rule of bucket ${bucket} was changed outside this stack: AES256 → SM4`,
            "a rule that changes again after each deployment has a second owner, such as `serverSideEncryptionRule` of an alicloud.oss.Bucket",
            `the rule of bucket ${bucket} was changed outside this stack: AES256 → no rule`,
        ]);
    });

    it("names a bucket that does not exist any more, instead of a rule that was changed", async () => {
        const store = new ScriptedStore();
        store.rule = { sseAlgorithm: "AES256" };
        const lifecycle = store.lifecycle();
        const state = await lifecycle.create(inputs());
        store.notices.length = 0;
        store.failures.push({ on: "get", error: new ServiceError("bucket-not-found", "no bucket", { bucket }) });
        expect(await lifecycle.read(bucket, state)).to.equal(undefined);
        expect(store.notices).to.deep.equal([`bucket ${bucket} does not exist any more, and its rule with it`]);
    });

    it("keeps the settings of the resource, and forgets fields that are gone", async () => {
        const store = new ScriptedStore();
        store.rule = { sseAlgorithm: "SM4" };
        const settings = { onDelete: "restore", forceDelete: true, existingRule: "overwrite" } as const;
        const kept = {
            ...settings,
            previousRule: { sseAlgorithm: "KMS" },
            bucketRegion: "cn-beijing",
            region: "cn-hangzhou",
        };
        const known = { ...inputs({ kmsMasterKeyId: "key-1" }), unrecognized: { Scope: "objects" }, ...kept };
        expect(await store.lifecycle().read(bucket, known)).to.deep.equal({ bucket, sseAlgorithm: "SM4", ...kept });
    });
});

describe("an operation on a resource that an engine repeats, as an error hook asks for", () => {
    const before = { sseAlgorithm: "SM4" };
    let store: ScriptedStore;
    beforeEach(() => {
        store = new ScriptedStore();
        store.rule = before;
    });
    const denied = () => new ServiceError("access-denied", "no", { bucket });

    it("keeps the rule before the first attempt, and writes again what that left unconfirmed", async () => {
        const lifecycle = store.lifecycle();
        store.failures.push({ on: "prove", error: denied() });
        const declared = inputs({ proveKey: true });
        await unfinished(lifecycle.create(declared));
        store.requests.length = 0;
        expect(await lifecycle.create(declared)).to.deep.equal({ ...declared, previousRule: before });
        expect(store.requests).to.deep.equal(["put", "get", "prove"]);
    });

    it("keeps what the first update left if the second one fails at once", async () => {
        const lifecycle = store.lifecycle();
        const [state, declared] = [inputs(before), inputs()];
        const reading = store.getRule.bind(store);
        store.getRule = () => Promise.reject(denied());
        await unfinished(lifecycle.update(state, declared));
        store.getRule = reading;
        store.failures.push({ on: "put", error: denied() });
        const second = await unfinished(lifecycle.update(state, declared));
        expect(second.state).to.deep.equal({ ...declared, unconfirmed: true });
    });

    it("keeps what the first attempt left if the second one fails at once", async () => {
        const lifecycle = store.lifecycle();
        store.failures.push({ on: "prove", error: denied() });
        const declared = inputs({ proveKey: true });
        await unfinished(lifecycle.create(declared));
        store.failures.push({ on: "put", error: denied() });
        const { state } = await unfinished(lifecycle.create(declared));
        expect(state).to.deep.equal({ ...declared, previousRule: before, unconfirmed: true });
    });
});
