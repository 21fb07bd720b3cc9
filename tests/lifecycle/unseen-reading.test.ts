import { expect } from "chai";
import { BucketEncryptionLifecycle } from "../../lib/lifecycle";
import { keptOfUnseen } from "../../lib/lifecycle/unseen-reading";
import { keyIdentity } from "../../lib/rule";
import { inputs, ScriptedStore } from "./scripted-store";

const [written, changed] = [{ sseAlgorithm: "KMS" }, { sseAlgorithm: "SM4" }];

describe("a reading that the engine does not show", () => {
    const kept = (record: Parameters<typeof keptOfUnseen>[0], observed: Parameters<typeof keptOfUnseen>[1]) =>
        keptOfUnseen(record, observed, keyIdentity);

    it("keeps the rule that the stack last wrote, if the bucket has another one or none", () => {
        expect(kept({ rule: written }, changed)).to.deep.equal({ written });
        expect(kept({ rule: changed, written }, changed)).to.deep.equal({ written });
        expect(kept({ rule: written }, undefined)).to.deep.equal({ written });
    });

    it("keeps that the write was not confirmed, until the bucket has the rule", () => {
        expect(kept({ rule: written, unconfirmed: true }, changed)).to.deep.equal({ written, unconfirmed: true });
        expect(kept({ rule: written, unconfirmed: true }, written)).to.deep.equal({});
        expect(kept({ rule: written, unconfirmed: false }, changed)).to.deep.equal({ written });
    });

    it("keeps nothing where the bucket has the written rule, or none was written", () => {
        expect(kept({}, changed)).to.deep.equal({});
        expect(kept({ rule: changed, written }, written)).to.deep.equal({});
    });

    it("writes what it keeps into the state, unlike a refresh", async () => {
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
