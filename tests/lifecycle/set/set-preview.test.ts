import { expect } from "chai";
import { DeclarationParser, DeclaredSet, packMembers } from "../../../lib/declaration";
import { BucketEncryptionLifecycle, DeclaredBuckets } from "../../../lib/lifecycle";
import { BucketEncryptionSetLifecycle } from "../../../lib/lifecycle/set/bucket-encryption-set-lifecycle";
import { type HeldBuckets, RuleJudge, setState } from "../../../lib/lifecycle/set/held-buckets";
import { keyIdentity, notYetKnown } from "../../../lib/rule";
import { ScriptedStore } from "../scripted-store";

const aes = { sseAlgorithm: "AES256" } as const;
const members = (...names: string[]) => packMembers(new Map(names.map((name) => [name, {}])));

describe("the preview of a set", () => {
    let notices: string[];
    let set: BucketEncryptionSetLifecycle;
    beforeEach(() => {
        notices = [];
        set = new BucketEncryptionSetLifecycle({
            ports: new ScriptedStore().ports(),
            notice: (text) => notices.push(text),
        });
    });
    const inputs = (others: object = {}) => ({ members: members("audit", "logs"), ...aes, ...others });
    /** Of a set in which every bucket has the rule. */
    const stateOf = (declared: Record<string, unknown>) => {
        const held: HeldBuckets = new Map(["audit", "logs"].map((name) => [name, { rule: aes }]));
        const parser = new DeclarationParser(new ScriptedStore().ports());
        return setState(
            declared,
            held,
            new DeclaredSet({ ...declared, ...aes, overrides: {} }, parser),
            new RuleJudge(keyIdentity, declared),
        );
    };

    it("shows nothing where nothing changes", () => {
        const declared = inputs({ selection: "all", overrides: { logs: { ...aes, reason: "none" } } });
        expect(set.diff(stateOf(declared), declared)).to.deep.equal({ changed: [], replaces: [] });
        expect(notices).to.deep.equal([]);
    });

    it("names changed arguments, and the members if their buckets change", () => {
        const state = stateOf(inputs());
        const changed = (others: object) => set.diff(state, inputs(others)).changed;
        expect(changed({ sseAlgorithm: "SM4" })).to.deep.equal(["sseAlgorithm", "members"]);
        expect(changed({ onDelete: "remove" })).to.deep.equal(["onDelete"]);
        expect(changed({ atLeast: true })).to.deep.equal(["atLeast"]);
        expect(changed({ selection: "logs*" })).to.deep.equal(["selection"]);
        expect(changed({ overrides: { logs: aes } })).to.deep.equal(["overrides"]);
        expect(changed({ overrides: { logs: { sseAlgorithm: "SM4" } } })).to.deep.equal(["overrides", "members"]);
        expect(changed({ members: members("logs") })).to.deep.equal(["members"]);
    });

    it("notices a changed selection or override", () => {
        const state = stateOf(inputs({ selection: "all", overrides: { logs: { ...aes, reason: "one" } } }));
        const declared = inputs({ selection: "logs*", overrides: { logs: { ...aes, reason: "another" } } });
        expect(set.diff(state, declared).changed).to.deep.equal(["selection", "overrides"]);
    });

    it("leaves the rules of a deleted set by default", () => {
        const changed = (before: object, after: object) => set.diff(stateOf(inputs(before)), inputs(after)).changed;
        expect(changed({}, { onDelete: "retain" })).to.deep.equal([]);
        expect(changed({ onDelete: "retain" }, {})).to.deep.equal([]);
        expect(changed({ onDelete: "remove" }, {})).to.deep.equal(["onDelete"]);
        expect(changed({}, { onDelete: notYetKnown })).to.deep.equal(["onDelete"]);
    });

    it("replaces the set with another kind of store alone", () => {
        expect(set.diff(stateOf(inputs()), inputs({ store: "other", proveKey: true })).replaces).to.deep.equal([
            "store",
        ]);
    });

    it("reports the change of each bucket once", () => {
        const declared = inputs({ members: members("logs", "new"), sseAlgorithm: "SM4" });
        for (const _time of ["at the diff", "and at another of the same"]) set.diff(stateOf(inputs()), declared);
        expect(notices).to.deep.equal([
            "bucket logs: AES256 → SM4",
            "bucket audit: leaves the set; its rule is left as it is",
        ]);
    });

    for (const [onDelete, words] of [
        ["remove", "removed"],
        ["restore", "the one before it again"],
        ["retain", "left as it is"],
    ] as const) {
        it(`says that the rule of a bucket that leaves is ${words} with onDelete ${onDelete}`, () => {
            set.diff(stateOf(inputs()), inputs({ members: members("logs"), onDelete }));
            expect(notices).to.deep.equal([`bucket audit: leaves the set; its rule is ${words}`]);
        });
    }

    it("does not mistake a rule that is not known yet for none", () => {
        const { changed } = set.diff(stateOf(inputs()), inputs({ overrides: { logs: notYetKnown } }));
        expect(changed).to.deep.equal(["overrides", "members"]);
        expect(notices).to.deep.equal(["bucket logs: AES256 → a rule that is not known yet"]);
    });

    it("shows a value that is not known yet as different, without a statement about buckets", () => {
        const state = stateOf(inputs());
        expect(set.diff(state, inputs({ members: notYetKnown })).changed).to.deep.equal(["members"]);
        expect(set.diff(state, inputs({ kmsMasterKeyId: notYetKnown })).changed).to.deep.equal(["kmsMasterKeyId"]);
        expect(set.diff(state, inputs({ selection: notYetKnown })).changed).to.deep.equal(["selection"]);
        expect(notices).to.deep.equal([]);
    });
});

describe("a set whose bucket another resource of the program declares, too", () => {
    for (const bucket of ["audit", "logs"]) {
        it(`rejects another rule for ${bucket}, and names it`, () => {
            const [ports, declared] = [new ScriptedStore().ports(), new DeclaredBuckets()];
            new BucketEncryptionLifecycle(ports, {}, declared).check({ bucket, sseAlgorithm: "SM4" });
            const set = new BucketEncryptionSetLifecycle({ ports, declared, notice: () => undefined });
            const { issues } = set.check({}, { members: members("logs", "audit"), ...aes });
            expect(issues.map(({ code, path }) => `${code} ${path}`)).to.deep.equal(["conflicting buckets"]);
            expect(issues[0]?.message).to.match(new RegExp(`^bucket ${bucket} has another rule \\(SM4\\)`));
        });
    }
});
