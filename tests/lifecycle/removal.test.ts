import { expect } from "chai";
import { ServiceError, UserError } from "../../lib/errors";
import { bucket, inputs, lostAnswer, rejection, ScriptedStore } from "./scripted-store";

const before = { sseAlgorithm: "KMS", kmsMasterKeyId: "key-1" } as const;

describe("deleting a resource", () => {
    let store: ScriptedStore;
    beforeEach(() => {
        store = new ScriptedStore();
        store.rule = { sseAlgorithm: "AES256" };
    });
    const remove = (state: object = {}) => store.lifecycle().remove(bucket, { ...inputs(), ...state });

    it("reads and removes the rule by default", async () => {
        await remove({ previousRule: before });
        expect(store.rule).to.equal(undefined);
        expect(store.requests).to.deep.equal(["get", "delete"]);
    });

    it("leaves the rule with onDelete retain, without a request", async () => {
        await remove({ onDelete: "retain" });
        expect(store.rule).to.deep.equal({ sseAlgorithm: "AES256" });
        expect(store.requests).to.deep.equal([]);
    });

    it("restores the former rule with onDelete restore, and reads it back", async () => {
        await remove({ onDelete: "restore", previousRule: before });
        expect(store.rule).to.deep.equal(before);
        expect(store.requests).to.deep.equal(["get", "put", "get"]);
    });

    it("removes the rule with onDelete restore where there was none before", async () => {
        await remove({ onDelete: "restore" });
        expect(store.requests).to.deep.equal(["get", "delete"]);
        expect(store.rule).to.equal(undefined);
    });

    it("writes nothing with onDelete restore if the bucket has the former rule", async () => {
        await remove({ onDelete: "restore", previousRule: { sseAlgorithm: "AES256" } });
        expect(store.requests).to.deep.equal(["get"]);
    });

    it("names the bucket and the rule that cannot be restored", async () => {
        const error = (await rejection(
            remove({ onDelete: "restore", previousRule: { sseAlgorithm: "SM9" } }),
        )) as UserError;
        expect(error.where).to.deep.equal({ bucket });
        expect(error.message).to.include("The rule that the bucket had before (SM9)");
    });

    it("rejects restoring a rule that this version cannot write, and one that is not confirmed", async () => {
        const strange = { sseAlgorithm: "AES256", unrecognized: { Scope: "objects" } };
        for (const previousRule of [strange, { sseAlgorithm: "SM9" }]) {
            expect(await rejection(remove({ onDelete: "restore", previousRule }))).to.have.property(
                "kind",
                "rule-not-restorable",
            );
        }
        store.lateBy = Number.POSITIVE_INFINITY;
        expect(await rejection(remove({ onDelete: "restore", previousRule: before }))).to.have.property(
            "kind",
            "not-converged",
        );
    });

    for (const onDelete of ["remove", "restore"]) {
        it(`succeeds with onDelete ${onDelete} when the rule or its bucket is gone`, async () => {
            store.rule = undefined;
            await remove({ onDelete, previousRule: before });
            store.invisibleFor = 1;
            await remove({ onDelete, previousRule: before });
            expect(store.requests).to.deep.equal(["get", "get"]);
        });

        it(`rejects touching a rule that was changed outside the stack, with onDelete ${onDelete}`, async () => {
            store.rule = { sseAlgorithm: "SM4" };
            const error = (await rejection(remove({ onDelete, previousRule: before }))) as UserError;
            expect(error.kind).to.equal("rule-changed");
            expect(error.message).to.include("SM4 now, and was AES256");
            expect(store.rule).to.deep.equal({ sseAlgorithm: "SM4" });
        });

        it(`touches it with forceDelete, with onDelete ${onDelete}`, async () => {
            store.rule = { sseAlgorithm: "SM4" };
            await remove({ onDelete, previousRule: before, forceDelete: true });
            expect(store.rule).to.deep.equal(onDelete === "restore" ? before : undefined);
        });
    }

    it("treats another name of the same key as no change", async () => {
        store.rule = { sseAlgorithm: "KMS", kmsMasterKeyId: "acs:kms:cn-hangzhou:1000000000000001:key/key-1" };
        await remove(before);
        expect(store.requests).to.deep.equal(["get", "delete"]);
        expect(store.rule).to.equal(undefined);
    });

    it("leaves the former rule if an unconfirmed write never took effect", async () => {
        store.rule = before;
        await remove({ unconfirmed: true, previousRule: before });
        expect(store.rule).to.deep.equal(before);
        store.rule = { sseAlgorithm: "SM4" };
        expect(await rejection(remove({ unconfirmed: true, previousRule: before }))).to.have.property(
            "kind",
            "rule-changed",
        );
        store.rule = { sseAlgorithm: "AES256" };
        await remove({ unconfirmed: true, previousRule: before });
        expect(store.rule).to.equal(undefined);
    });

    for (const onDelete of ["remove", "restore"]) {
        it(`is done with onDelete ${onDelete} when the answer was lost and a reading shows it`, async () => {
            const on = onDelete === "remove" ? "delete" : "put";
            store.failures.push({ on, error: lostAnswer(), workDone: true });
            await remove({ onDelete, previousRule: before });
            expect(store.rule).to.deep.equal(onDelete === "restore" ? before : undefined);
        });

        it(`fails with onDelete ${onDelete} when the answer was lost and the rule is still there`, async () => {
            store.failures.push({ on: onDelete === "remove" ? "delete" : "put", error: lostAnswer() });
            expect(await rejection(remove({ onDelete, previousRule: before }))).to.have.property("kind", "unreachable");
            expect(store.rule).to.deep.equal({ sseAlgorithm: "AES256" });
        });
    }

    for (const kind of ["rule-not-found", "bucket-not-found"] as const) {
        it(`is done when the removal itself finds ${kind}`, async () => {
            store.failures.push({ on: "delete", error: new ServiceError(kind, "gone", { bucket }) });
            await remove();
        });

        it(`is done when its answer was lost and the reading after it finds ${kind}`, async () => {
            store.failures.push({ on: "delete", error: lostAnswer() });
            const get = store.getRule.bind(store);
            store.getRule = async (name) => {
                if (store.requests.includes("delete")) throw new ServiceError(kind, "gone", { bucket });
                return get(name);
            };
            await remove();
        });
    }

    it("reports the failed removal when its answer was lost and the rule cannot be read either", async () => {
        store.failures.push({ on: "delete", error: lostAnswer() });
        const get = store.getRule.bind(store);
        store.getRule = async (name) => {
            if (store.requests.includes("delete")) throw new ServiceError("access-denied", "denied", { bucket });
            return get(name);
        };
        expect(await rejection(remove())).to.have.property("kind", "unreachable");
    });

    it("passes on an error that is not the service's answer, if the answer was lost and the rule is read", async () => {
        store.failures.push({ on: "delete", error: lostAnswer() });
        const get = store.getRule.bind(store);
        store.getRule = async (name) => {
            if (store.requests.includes("delete")) throw new UserError("no-credentials", "none");
            return get(name);
        };
        expect(await rejection(remove())).to.have.property("kind", "no-credentials");
    });

    it("does not mistake the former rule for an unconfirmed write if the write was confirmed", async () => {
        store.rule = before;
        expect(await rejection(remove({ previousRule: before }))).to.have.property("kind", "rule-changed");
    });

    it("names the bucket and both rules where it was changed outside the stack", async () => {
        store.rule = { sseAlgorithm: "SM4" };
        const error = (await rejection(remove())) as UserError;
        expect(error.where).to.deep.equal({ bucket });
        expect(error.message).to.include("it is SM4 now, and was AES256");
    });

    it("proves nothing when it restores the former rule", async () => {
        await remove({ onDelete: "restore", previousRule: before, proveKey: true });
        expect(store.requests).to.deep.equal(["get", "put", "get"]);
    });

    it("rejects a failed reading, and leaves the rule", async () => {
        store.failures.push({ on: "get", error: lostAnswer() });
        expect(await rejection(remove())).to.have.property("kind", "unreachable");
        expect(store.rule).to.deep.equal({ sseAlgorithm: "AES256" });
    });
});
