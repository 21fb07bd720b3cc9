import { expect } from "chai";
import { bucketEncryptionSetType, packMembers } from "../../lib/declaration";
import type { StepMetadata } from "../../lib/rollout/engines/stack-engine";
import { bucketsOf } from "../../lib/rollout/plan/buckets";

const inputsOf = (names: readonly string[], extra: object = {}) => ({
    members: packMembers(new Map(names.map((name) => [name, {}]))),
    buckets: names.length,
    sseAlgorithm: "AES256",
    ...extra,
});

function stepOf(op: string, before: object | undefined, after: object, outputs: object = {}): StepMetadata {
    const old = before === undefined ? null : { inputs: { ...before }, outputs: { ...before, ...outputs } };
    return { op, urn: "urn", type: bucketEncryptionSetType, old, new: { inputs: { ...after } } };
}

const opsOf = (step: StepMetadata) => Object.fromEntries(bucketsOf(step).map(({ bucket, op }) => [bucket, op]));

describe("the buckets of a set in a preview", () => {
    it("are all created with it, and are all unchanged when it is unchanged", () => {
        expect(opsOf(stepOf("create", undefined, inputsOf(["a", "b"])))).to.deep.equal({ a: "create", b: "create" });
        expect(opsOf(stepOf("same", inputsOf(["a"]), inputsOf(["a"])))).to.deep.equal({ a: "same" });
    });

    it("join and leave one by one", () => {
        const step = stepOf("update", inputsOf(["a", "b"]), inputsOf(["b", "c"]));
        expect(opsOf(step)).to.deep.equal({ a: "delete", b: "same", c: "create" });
    });

    it("are updated where their rule is not the declared one", () => {
        const step = stepOf("update", inputsOf(["a", "b"]), inputsOf(["a", "b"]), { exceptions: { b: "no rule" } });
        expect(opsOf(step)).to.deep.equal({ a: "same", b: "update" });
    });

    it("are all updated when the set's rule changes, or when the changed buckets are not known", () => {
        const all = { a: "update", b: "update" };
        const [before, after] = [inputsOf(["a", "b"]), inputsOf(["a", "b"], { sseAlgorithm: "SM4" })];
        expect(opsOf(stepOf("update", before, after))).to.deep.equal(all);
        expect(opsOf(stepOf("update", before, before))).to.deep.equal(all);
        const outputs = { exceptions: { b: "no rule" }, exceptionsNotListed: 1 };
        expect(opsOf(stepOf("update", before, before, outputs))).to.deep.equal(all);
        const secret = {
            ...stepOf("update", before, before, { exceptions: { b: "no rule" } }),
            diffs: ["kmsMasterKeyId"],
        };
        expect(opsOf(secret)).to.deep.equal(all);
    });
});
