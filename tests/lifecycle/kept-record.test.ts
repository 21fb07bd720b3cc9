import { expect } from "chai";
import type { RuleRecord } from "../../lib/declaration";
import { BucketEncryptionLifecycle } from "../../lib/lifecycle";
import { keptRecord, type Reading } from "../../lib/lifecycle/kept-record";
import { keyIdentity, type ObservedRule } from "../../lib/rule";
import { inputs, ScriptedStore } from "./scripted-store";

const [written, changed] = [{ sseAlgorithm: "KMS" }, { sseAlgorithm: "SM4" }];

describe("what a reading leaves of a record", () => {
    const unseen = { isUnseen: true, isToBeProven: false };
    const kept = (record: RuleRecord, observed: ObservedRule | undefined, reading: Reading = unseen) =>
        keptRecord(record, observed, reading, keyIdentity);

    it("is the rule that the stack last wrote, if the engine does not show the reading and the bucket has another one or none", () => {
        expect(kept({ rule: written }, changed)).to.deep.equal({ written });
        expect(kept({ rule: changed, written }, changed)).to.deep.equal({ written });
        expect(kept({ rule: written }, undefined)).to.deep.equal({ written });
    });

    it("is that the write was not confirmed, until the bucket has the rule", () => {
        expect(kept({ rule: written, unconfirmed: true }, changed)).to.deep.equal({ written, unconfirmed: true });
        expect(kept({ rule: written, unconfirmed: true }, written)).to.deep.equal({});
        expect(kept({ rule: written, unconfirmed: false }, changed)).to.deep.equal({ written });
    });

    it("is nothing where the bucket has the written rule, or none was written", () => {
        expect(kept({}, changed)).to.deep.equal({});
        expect(kept({ rule: changed, written }, written)).to.deep.equal({});
    });

    it("is that the write was not confirmed, also if the engine shows the rule, where an object must prove it", () => {
        for (const isUnseen of [true, false]) {
            const reading = { isUnseen, isToBeProven: true };
            const unconfirmed = { rule: written, unconfirmed: true };
            expect(kept(unconfirmed, written, reading)).to.deep.equal({ unconfirmed: true });
            expect(kept({ rule: written }, written, reading)).to.deep.equal({});
        }
        expect(
            kept({ rule: written, unconfirmed: true }, changed, { isUnseen: false, isToBeProven: false }),
        ).to.deep.equal({});
    });

    it("stands in the state, unlike after a refresh", async () => {
        const store = new ScriptedStore();
        const lifecycle = new BucketEncryptionLifecycle(store.ports());
        const state = await lifecycle.create(inputs(written));
        store.rule = changed;
        const unseen = await lifecycle.read(state.bucket, state, true);
        expect(unseen).to.deep.include({ ...changed, writtenRule: written });
        const seen = await lifecycle.read(state.bucket, state);
        expect(seen).to.deep.include(changed).and.to.not.have.property("writtenRule");
    });
});
