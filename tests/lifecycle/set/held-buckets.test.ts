import { inflateRawSync } from "node:zlib";
import { expect } from "chai";
import { DeclarationParser, DeclaredSet, packMembers, type RuleRecord, unpackMembers } from "../../../lib/declaration";
import {
    changesOf,
    type HeldBuckets,
    heldBucketsOf,
    RuleJudge,
    setState,
} from "../../../lib/lifecycle/set/held-buckets";
import { notYetKnown, type ObservedRule } from "../../../lib/rule";
import { ScriptedStore } from "../scripted-store";

const [aes, sm4, kms] = ["AES256", "SM4", "KMS"].map((sseAlgorithm): ObservedRule => ({ sseAlgorithm })) as [
    ObservedRule,
    ObservedRule,
    ObservedRule,
];
const keyIdentity = (name: string | undefined) => name?.replace(/^alias\//, "");
const judge = (atLeast = false) => new RuleJudge(keyIdentity, { atLeast });
const members = (...names: string[]) => packMembers(new Map(names.map((name) => [name, {}])));

const declaredSet = (inputs: Record<string, unknown>) =>
    new DeclaredSet({ ...aes, ...inputs }, new DeclarationParser(new ScriptedStore().ports()));

describe("the comparison of a bucket's rule with the declared one", () => {
    it("is satisfied by the declared rule, under every name of its key", () => {
        const named = (kmsMasterKeyId: string) => ({ sseAlgorithm: "KMS", kmsMasterKeyId });
        expect(judge().satisfies(named("alias/key"), named("key"))).to.equal(true);
        expect(judge().satisfies(named("other"), named("key"))).to.equal(false);
        expect(judge().satisfies(kms, aes)).to.equal(false);
    });

    it("is satisfied by a stronger rule if the declared one is a minimum, and by no weaker one", () => {
        expect(judge(true).satisfies(kms, aes)).to.equal(true);
        expect(judge(true).satisfies(aes, kms)).to.equal(false);
    });

    it("is satisfied by a block of SSE-C that a minimum lacks, and by none that another algorithm or key goes with", () => {
        const blocking = { ...kms, blockedEncryptionTypes: ["SSE-C"] };
        const open = { ...kms, blockedEncryptionTypes: ["NONE"] };
        expect(judge(true).satisfies(blocking, open)).to.equal(true);
        expect(judge(false).satisfies(blocking, open)).to.equal(false);
        expect(judge(true).satisfies(open, blocking)).to.equal(false);
        expect(judge(true).satisfies(blocking, { ...open, kmsMasterKeyId: "key" })).to.equal(false);
    });

    it("is not satisfied if one of the two is missing", () => {
        expect(judge().satisfies(undefined, aes)).to.equal(false);
        expect(judge().satisfies(aes, notYetKnown)).to.equal(false);
        expect(judge().satisfies(undefined, notYetKnown)).to.equal(false);
    });

    it("is made once for two rules, and kept apart for others", () => {
        let asked = 0;
        const counting = new RuleJudge(
            (name) => {
                asked += 1;
                return name;
            },
            { atLeast: false },
        );
        expect(counting.satisfies(aes, aes)).to.equal(true);
        const once = asked;
        expect(counting.satisfies(aes, aes)).to.equal(true);
        expect(asked).to.equal(once);
        expect(counting.satisfies(aes, sm4)).to.equal(false);
        expect(counting.satisfies(sm4, aes)).to.equal(false);
    });
});

describe("what changes in a set", () => {
    it("are buckets that join, that leave, whose rule differs or is not confirmed, and whose foreign rule is declared", () => {
        const held: HeldBuckets = new Map<string, RuleRecord>([
            ["as-declared", { rule: aes }],
            ["another", { rule: sm4 }],
            ["none", {}],
            ["unseen", { rule: aes, unconfirmed: true }],
            ["leaving", { rule: aes }],
            ["foreign", { rule: aes, written: sm4 }],
            ["drifted", { rule: sm4, written: aes }],
        ]);
        const names = ["another", "as-declared", "drifted", "foreign", "joining", "none", "unseen"];
        const declared = declaredSet({ members: members(...names) });
        expect(changesOf(held, declared, judge())).to.deep.equal({
            added: ["joining"],
            rewritten: ["another", "drifted", "none", "unseen"],
            dropped: ["leaving"],
            accepted: ["foreign"],
        });
    });
});

describe("the state of a set", () => {
    const stateOf = (held: HeldBuckets, declared: Record<string, unknown> = {}) => {
        const inputs = { sseAlgorithm: "AES256", members: members(...held.keys()), ...declared };
        return setState(inputs, held, declaredSet(inputs), judge());
    };

    it("has the record of each bucket", () => {
        const held: HeldBuckets = new Map([
            ["a", { rule: aes, previous: sm4, region: "cn-hangzhou" }],
            ["b", { rule: aes, unconfirmed: true }],
            ["c", {}],
        ]);
        const state = stateOf(held);
        expect(state).to.include({ sseAlgorithm: "AES256", buckets: 3, members: members("a", "b", "c") });
        expect(heldBucketsOf(state)).to.deep.equal(held);
        expect(state.exceptions).to.deep.equal({ c: "no rule" });
    });

    it("has the rule that the stack last wrote, and the column for it only where a bucket has one", () => {
        const foreign: HeldBuckets = new Map<string, RuleRecord>([
            ["a", { rule: aes }],
            ["b", { rule: sm4, written: aes }],
        ]);
        const columnsOf = (held: HeldBuckets) => {
            const table = inflateRawSync(Buffer.from(String(stateOf(held).held), "base64")).toString();
            return Object.keys((JSON.parse(table) as { columns: object }).columns);
        };
        expect(heldBucketsOf(stateOf(foreign))).to.deep.equal(foreign);
        expect(columnsOf(foreign)).to.deep.equal(["region", "rule", "previous", "unconfirmed", "written"]);
        const own: HeldBuckets = new Map([["a", { rule: aes }]]);
        expect(columnsOf(own)).to.deep.equal(["region", "rule", "previous", "unconfirmed"]);
    });

    it("keeps the list of the last deployment, with what changed since", () => {
        const list = members("a", "b");
        const state = stateOf(new Map([["a", { rule: aes }]]), { members: list });
        expect(state).to.deep.include({ members: list, membersSince: { b: "removed" } });
    });

    it("keeps members as they were declared, and those that were dropped by where they were found", () => {
        const declared = packMembers(new Map([["a", { region: "cn-beijing" }]]));
        const held: HeldBuckets = new Map([
            ["a", { rule: aes, region: "cn-hangzhou" }],
            ["b", { rule: aes, region: "cn-hangzhou" }],
            ["c", { rule: aes }],
        ]);
        const state = stateOf(held, { members: declared });
        expect(Object.fromEntries(unpackMembers(state) ?? [])).to.deep.equal({
            a: { region: "cn-beijing" },
            b: { region: "cn-hangzhou" },
            c: {},
        });
    });

    it("has no exceptions where there are none, and none of before", () => {
        const state = stateOf(new Map([["a", { rule: aes }]]), { exceptions: { a: "SM4" }, exceptionsNotListed: 7 });
        expect(state).to.include.keys("members").and.not.to.have.any.keys("exceptions", "exceptionsNotListed");
    });

    it("lists a hundred exceptions, and counts the others", () => {
        const odd = (count: number): HeldBuckets =>
            new Map(Array.from({ length: count }, (_, n) => [`bucket-${n}`, { rule: sm4 }]));
        const all = stateOf(odd(100));
        expect(Object.keys(all.exceptions ?? {})).to.have.lengthOf(100);
        expect(all).not.to.have.property("exceptionsNotListed");
        const most = stateOf(odd(103));
        expect(Object.keys(most.exceptions ?? {})).to.have.lengthOf(100);
        expect(most.exceptions).to.include({ "bucket-0": "SM4" });
        expect(most.exceptionsNotListed).to.equal(3);
    });

    it("holds no bucket where it cannot be read", () => {
        expect([...heldBucketsOf(stateOf(new Map([["a", { rule: aes }]]))).keys()]).to.deep.equal(["a"]);
        expect(heldBucketsOf({ members: "nonsense!", held: "" }).size).to.equal(0);
        expect(heldBucketsOf({ members: members("a"), held: "nonsense!" }).size).to.equal(0);
    });
});
