import { expect } from "chai";
import { packMembers, type SetState, UnfinishedResource } from "../../../lib/declaration";
import { errorCatalogue } from "../../../lib/errors";
import { notYetKnown } from "../../../lib/rule";
import { denied, FleetStore, members, numbered, whileTimeFlies } from "./fleet-store";

const aes = { sseAlgorithm: "AES256" };
const sm4 = { sseAlgorithm: "SM4" };
const kms = { sseAlgorithm: "KMS" };

const cureOf = (kind: "weaker-rule" | "rule-exists") => errorCatalogue[kind].cure.replace(/\.$/, "");

describe("checking a set", () => {
    it("counts its buckets, and lists the changes beside the list of the last deployment", () => {
        const set = new FleetStore().set();
        const first = set.check({}, { ...aes, members: members("a-one", "b-one") });
        expect(first).to.deep.equal({ inputs: { ...aes, members: members("a-one", "b-one"), buckets: 2 }, issues: [] });
        const { inputs } = set.check(first.inputs, { ...aes, members: members("b-one", "c-one") });
        expect(inputs).to.deep.equal({
            ...aes,
            members: members("a-one", "b-one"),
            membersSince: { "a-one": "removed", "c-one": "added" },
            buckets: 2,
        });
    });

    it("rejects a wrong declaration with its faults", () => {
        const { issues } = new FleetStore().set().check({}, { sseAlgorithm: "AES", members: members("a-one") });
        expect(issues.map(({ code, path }) => `${code} ${path}`)).to.deep.equal(["not-allowed sseAlgorithm"]);
    });

    it("keeps a list that is not known yet, or that cannot be read", () => {
        const set = new FleetStore().set();
        for (const list of [notYetKnown, "nonsense!"]) {
            const { inputs } = set.check({}, { ...aes, members: list, selection: "all" });
            expect(inputs).to.deep.equal({ ...aes, members: list, selection: "all" });
        }
    });
});

describe("verifying the keys of a set", () => {
    const key = { sseAlgorithm: "KMS", kmsMasterKeyId: "key-1" };
    const fleet = packMembers(
        new Map([
            ["a-one", { region: "cn-hangzhou" }],
            ["a-two", { region: "cn-hangzhou" }],
            ["b-one", { region: "cn-beijing" }],
        ]),
    );

    it("looks a key up once for each region, and reports a fault once", async () => {
        const store = new FleetStore();
        store.keyLookup = { missing: true };
        const issues = await store.set().verifyKeys({}, { ...key, members: fleet });
        expect(store.keyRequests.map(({ region }) => region)).to.deep.equal(["cn-hangzhou", "cn-beijing"]);
        expect(issues.map(({ message }) => message)).to.have.lengthOf(1);
        expect(issues[0]?.message).to.include("names no key");
    });

    it("looks up no key that these buckets had already, and one that is new for them", async () => {
        const store = new FleetStore();
        await store.set().verifyKeys({ ...key, members: fleet }, { ...key, members: fleet });
        expect(store.keyRequests).to.deep.equal([]);
        await store.set().verifyKeys({ ...key, members: members("other") }, { ...key, members: fleet });
        expect(store.keyRequests).to.have.lengthOf(2);
    });
});

describe("the foresight of a set", () => {
    const foresee = (store: FleetStore, inputs: Record<string, unknown>, options = {}, before = {}) =>
        store.set(options).foresee(before, { ...aes, ...inputs }, true);

    it("reads the buckets that join, and reports their changes", async () => {
        const store = new FleetStore("a-one", "b-one", "c-one");
        store.rules.set("b-one", aes).set("c-one", sm4);
        const inputs = { members: members("a-one", "b-one", "c-one", "d-one"), region: "cn-hangzhou" };
        expect(await foresee(store, inputs, {}, { members: members("z-one") })).to.deep.equal([]);
        expect(store.requests).to.have.members(["get a-one", "get b-one", "get c-one", "get d-one"]);
        expect(store.notices).to.have.members([
            "bucket a-one: no rule → AES256",
            "bucket b-one: AES256 is there, and is adopted",
            "bucket c-one: SM4 → AES256",
            "bucket d-one: does not exist yet; its update fails unless the program creates it",
        ]);
    });

    it("reads nothing where no bucket joins, or while a part of the declaration is not known", async () => {
        const store = new FleetStore("a-one");
        const declared = { members: members("a-one") };
        expect(await foresee(store, declared, {}, declared)).to.deep.equal([]);
        expect(await foresee(store, { ...declared, kmsMasterKeyId: notYetKnown })).to.deep.equal([]);
        expect(await foresee(store, { members: notYetKnown })).to.deep.equal([]);
        expect(await foresee(store, { ...declared, account: { id: notYetKnown } })).to.deep.equal([]);
        expect(store.notices).to.deep.equal([]);
        expect(store.requests).to.deep.equal([]);
    });

    it("reports nothing about a bucket whose own rule is not known", async () => {
        const store = new FleetStore("a-one", "b-one");
        await foresee(store, { members: members("a-one", "b-one"), overrides: { "a-one": notYetKnown } });
        expect(store.notices).to.deep.equal(["bucket b-one: no rule → AES256"]);
    });

    it("warns of the buckets that it cannot read, once for each reason", async () => {
        const store = new FleetStore("a-one", "b-one", "c-one");
        store.failures.set("get a-one", denied()).set("get b-one", denied()).set("get c-one", denied("throttled"));
        expect(await foresee(store, { members: members("a-one", "b-one", "c-one") })).to.deep.equal([]);
        expect(store.notices.map((text) => text.split(": ").slice(0, 3).join(": "))).to.deep.equal([
            "warning: access-denied: the rules of 2 buckets are not known (a-one, b-one)",
            "warning: throttled: the rule of bucket c-one is not known",
        ]);
    });

    it("reports no failed reading in a deployment, which reports its own", async () => {
        const store = new FleetStore("a-one", "b-one");
        store.failures.set("get a-one", denied()).set("get b-one", denied("credentials-rejected"));
        const set = store.set({});
        expect(await set.foresee({}, { ...aes, members: members("a-one", "b-one") }, false)).to.deep.equal([]);
        expect(store.notices).to.deep.equal([]);
        expect(store.requests).to.have.members(["get a-one", "get b-one"]);
    });

    it("passes on a defect", async () => {
        const store = new FleetStore("a-one");
        store.failures.set("get a-one", new TypeError("a defect"));
        const error = await foresee(store, { members: members("a-one") }).catch((reason: unknown) => reason);
        expect(error).to.be.instanceOf(TypeError);
    });

    it("reads no longer than it may", async () => {
        const store = new FleetStore(...numbered(100));
        await foresee(store, { members: members(...numbered(100)) }, { foresightMilliseconds: -1 });
        expect(store.requests).to.deep.equal([]);
        expect(store.notices).to.have.lengthOf(1);
        expect(store.notices[0]).to.match(
            /^warning: unreachable: the rules of 100 buckets are not known \(b-000, .*: The rule was not read in time\./,
        );
    });

    it("reports its progress where it takes long", async () => {
        const store = new FleetStore("a-one", "b-one");
        await whileTimeFlies(() =>
            foresee(store, { members: members("a-one", "b-one") }, { foresightMilliseconds: Number.POSITIVE_INFINITY }),
        );
        expect(store.notices[0]).to.match(/^1 of 2 buckets read, /);
    });

    it("stops when no request succeeds", async () => {
        const store = new FleetStore(...numbered(100));
        for (const bucket of numbered(100)) store.failures.set(`get ${bucket}`, denied("credentials-rejected"));
        const issues = await foresee(store, { members: members(...numbered(100)) });
        expect(store.requests.length).to.be.within(64, 99);
        expect(issues.map(({ code, path, message }) => `${code} ${path} ${message.split(" (")[0]}`)).to.deep.equal([
            "not-usable buckets the rules of 100 buckets are not known",
        ]);
        expect(store.notices).to.deep.equal([]);
    });

    it("reads nothing more after it is cancelled, and says so", async () => {
        const store = new FleetStore("a-one", "b-one");
        await foresee(store, { members: members("a-one", "b-one") }, { cancelled: AbortSignal.abort() });
        expect(store.requests).to.deep.equal([]);
        expect(store.notices).to.deep.equal(["2 buckets: not read, since the operation was cancelled (a-one, b-one)"]);
    });

    it("rejects what would weaken rules, with the settings that would accept it", async () => {
        const store = new FleetStore("a-one", "b-one");
        store.rules.set("a-one", kms);
        const [one] = await foresee(store, { members: members("a-one", "b-one") });
        expect(one).to.deep.equal({
            code: "conflicting",
            path: "sseAlgorithm",
            message: `bucket a-one has a rule already that the declared one would weaken. ${cureOf("weaker-rule")}`,
        });
        store.rules.set("b-one", kms);
        const [two, ...others] = await foresee(store, { members: members("a-one", "b-one") });
        expect(two?.message).to.match(/^2 buckets have a rule .* would weaken \(a-one, b-one\). Set `atLeast: true`/);
        expect(others).to.deep.equal([]);
        expect(await foresee(store, { members: members("a-one"), existingRule: "overwrite" })).to.deep.equal([]);
    });

    it("rejects any rule that is there where existingRule says so", async () => {
        const store = new FleetStore("a-one", "b-one");
        store.rules.set("a-one", aes).set("b-one", sm4);
        const inputs = { members: members("a-one", "b-one"), existingRule: "fail" };
        const said = (await foresee(store, inputs)).map(({ message }) => message);
        expect(said).to.deep.equal([
            `2 buckets have a rule already, and existingRule is "fail" (a-one, b-one). ${cureOf("rule-exists")}`,
        ]);
        const [single] = await foresee(store, { ...inputs, members: members("a-one") });
        expect(single?.message).to.equal(
            `bucket a-one has a rule already, and existingRule is "fail". ${cureOf("rule-exists")}`,
        );
    });

    it("leaves stronger rules where the declared one is a minimum", async () => {
        const store = new FleetStore("a-one", "b-one");
        store.rules.set("a-one", kms);
        expect(await foresee(store, { members: members("a-one", "b-one"), atLeast: true })).to.deep.equal([]);
        expect(store.notices).to.have.members([
            "bucket a-one: KMS with the service's key is stronger than AES256, and stays",
            "bucket b-one: no rule → AES256",
        ]);
    });
});

describe("a preview of a set whose last deployment failed for some buckets", () => {
    const declared = { ...kms, members: members("a-done", "b-failed", "c-failed") };
    /** The state after the deployment. */
    async function leftBy(store: FleetStore): Promise<SetState> {
        store.failures.set("put b-failed", denied());
        store.failures.set("put c-failed", denied());
        const failure: unknown = await store
            .set()
            .create(declared)
            .catch((error: unknown) => error);
        if (!(failure instanceof UnfinishedResource)) throw failure;
        store.failures.clear();
        store.requests.length = 0;
        return failure.state as SetState;
    }

    it("reads these buckets alone, and has no issue where they can be written", async () => {
        const store = new FleetStore("a-done", "b-failed", "c-failed");
        const state = await leftBy(store);
        expect(await store.set().foreseeUnfinished(state, declared)).to.deep.equal([]);
        expect(store.requests.sort()).to.deep.equal(["get b-failed", "get c-failed"]);
    });

    it("warns of a bucket that cannot be read, and shows what happens to the others", async () => {
        const store = new FleetStore("a-done", "b-failed", "c-failed");
        const state = await leftBy(store);
        store.failures.set("get c-failed", denied());
        const set = store.set();
        expect(await set.foreseeUnfinished(state, declared)).to.deep.equal([]);
        expect(store.notices).to.deep.equal([
            "bucket b-failed: no rule → KMS with the service's key",
            `warning: access-denied: the rule of bucket c-failed is not known: it says access-denied. ${errorCatalogue["access-denied"].cure.replace(/\.$/, "")}`,
        ]);
    });
});
