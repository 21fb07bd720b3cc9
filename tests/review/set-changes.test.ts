import { expect } from "chai";
import { bucketEncryptionSetType, membersSinceLast, packColumns, packMembers } from "../../lib/declaration";
import { heldColumns } from "../../lib/lifecycle/set/held-buckets";
import { entry, type Properties, preview, step } from "./preview-builder";
import { reviewPreview } from "./reviewed-documents";

const type = bucketEncryptionSetType;
// Packed by the code that packs them in a stack: the test is about a review's reading.
const membersOf = (names: readonly string[], region?: string) =>
    new Map(names.map((name) => [name, region === undefined ? {} : { region }]));
const key = "key-hzz65f0a1b2c3d4e5f6a7";
const kms = { sseAlgorithm: "KMS" };
const given = { ...kms, kmsMasterKeyId: key };
const aes = { sseAlgorithm: "AES256" };

/** A set as it is declared. */
const declared = (names: readonly string[], properties: Properties, fields: Properties = {}) =>
    entry({ members: packMembers(membersOf(names)), ...properties }, { type, name: "fleet", ...fields });
/** A set as a state holds it, with the rule of each bucket. */
const present = (rules: Readonly<Record<string, object | undefined>>, properties: Properties) => {
    const set = declared(Object.keys(rules), properties);
    const rows = Object.entries(rules).map(
        ([name, rule]) => [name, { region: "cn-hangzhou", ...(rule && { rule }) }] as const,
    );
    const held = packColumns(new Map(rows), heldColumns);
    return { ...set, outputs: { ...set.inputs, held } };
};
const classes = (from: ReturnType<typeof entry> | undefined, to: ReturnType<typeof entry> | undefined) => {
    const op = from === undefined ? "create" : to === undefined ? "delete" : "update";
    const { changes } = reviewPreview(preview(step(op, from, to)));
    return Object.fromEntries(changes.map(({ bucket = "?", class: name }) => [bucket, name]));
};

describe("a review of a set of buckets", () => {
    it("has one change for each of its buckets", () => {
        expect(classes(undefined, declared(["a", "b"], aes))).to.deep.equal({ a: "added", b: "added" });
        expect(classes(present({ a: given, b: kms, c: aes }, given), declared(["a", "b", "c"], kms))).to.deep.equal({
            a: "weakened",
            b: "unchanged",
            c: "strengthened",
        });
    });

    it("compares with each bucket's own rule, and counts a bucket without one as added", () => {
        expect(classes(present({ a: aes, b: undefined }, given), declared(["a", "b"], given))).to.deep.equal({
            a: "strengthened",
            b: "added",
        });
    });

    it("applies overrides", () => {
        const overrides = { b: { ...aes, reason: "a device that reads it" } };
        expect(classes(declared(["a", "b"], given), declared(["a", "b"], { ...given, overrides }))).to.deep.equal({
            a: "unchanged",
            b: "weakened",
        });
    });

    it("leaves a bucket's rule where it leaves the set, unless onDelete is remove", () => {
        const left = (properties: Properties) =>
            classes(declared(["a", "b"], { ...aes, ...properties }), declared(["a"], { ...aes, ...properties }));
        expect(left({})).to.deep.equal({ a: "unchanged", b: "unchanged" });
        expect(left({ onDelete: "remove" })).to.deep.equal({ a: "unchanged", b: "removed" });
        const last = { members: packMembers(membersOf(["a", "b"])) };
        const now = new Map([...membersOf(["a"]), ...membersOf(["c"], "cn-beijing")]);
        const since = membersSinceLast(now, last);
        expect(since).to.deep.include({ membersSince: { b: "removed", c: "added in cn-beijing" } });
        const next = entry({ ...aes, onDelete: "remove", ...since }, { type, name: "fleet" });
        expect(classes(declared(["a", "b"], { ...aes, onDelete: "remove" }), next)).to.deep.equal({
            a: "unchanged",
            b: "removed",
            c: "added",
        });
    });

    it("treats a rule that is at least the declared one as unchanged", () => {
        const set = { ...kms, atLeast: true };
        expect(classes(present({ a: given, b: aes }, set), declared(["a", "b"], set))).to.deep.equal({
            a: "unchanged",
            b: "strengthened",
        });
    });

    it("reports hidden buckets as unknown, unless the rule becomes weaker", () => {
        for (const members of ["04da6b54-80e4-46f7-96ec-b56ff0331ba9", "[secret]", "no packed text"]) {
            const set = (rule: Properties) => entry({ ...rule, members }, { type, name: "fleet" });
            expect(classes(set(aes), set(kms)), members).to.deep.equal({ "?": "unknown" });
            expect(classes(set(kms), set(aes)), members).to.deep.equal({ "?": "weakened" });
        }
    });

    it("reads 10,000 buckets", () => {
        const names = Array.from({ length: 10_000 }, (_, index) => `bucket-${index}`);
        const found = Object.values(classes(declared(names, kms), declared(names, aes)));
        expect(found).to.have.length(10_000);
        expect(new Set(found)).to.deep.equal(new Set(["weakened"]));
    });
});
