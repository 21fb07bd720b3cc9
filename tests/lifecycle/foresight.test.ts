import { expect } from "chai";
import { errorCatalogue } from "../../lib/errors";
import { notYetKnown } from "../../lib/rule";
import { bucket, inputs, lostAnswer, ScriptedStore } from "./scripted-store";

const cureOf = (kind: "weaker-rule" | "rule-exists") => errorCatalogue[kind].cure.replace(/\.$/, "");
const strong = { sseAlgorithm: "KMS", kmsMasterKeyId: "key-hzz65f0a1b2c3d4e5f6a7" };

describe("what a check foresees for a new resource", () => {
    let store: ScriptedStore;
    beforeEach(() => {
        store = new ScriptedStore();
    });

    for (const name of ["bucket", "sseAlgorithm", "store", "region", "endpoint", "forcePathStyle", "existingRule"]) {
        it(`is nothing, and takes no request, while ${name} is not known`, async () => {
            store.rule = strong;
            const declared = { ...inputs(), [name]: notYetKnown };
            expect(await store.lifecycle().foresee(store.declaration(declared))).to.deep.equal([]);
            expect(store.requests).to.deep.equal([]);
        });
    }

    it("is nothing for a rule whose key is not known", async () => {
        store.rule = strong;
        const declared = { ...inputs({ sseAlgorithm: "KMS" }), kmsMasterKeyId: notYetKnown };
        expect(await store.lifecycle().foresee(store.declaration(declared))).to.deep.equal([]);
        expect(store.requests).to.deep.equal([]);
    });

    it("is a fault at sseAlgorithm with the setting that would accept it, where a rule would be weakened", async () => {
        store.rule = strong;
        expect(await store.lifecycle().foresee(store.declaration({ ...inputs() }))).to.deep.equal([
            {
                code: "conflicting",
                path: "sseAlgorithm",
                message: `bucket ${bucket} has a default encryption rule already (KMS with the given key …f6a7), and the declared one (AES256) would weaken it. ${cureOf("weaker-rule")}`,
            },
        ]);
    });

    it("is a fault without such a setting where any rule is one", async () => {
        store.rule = { sseAlgorithm: "SM4" };
        expect(
            await store.lifecycle().foresee(store.declaration({ ...inputs({ existingRule: "fail" }) })),
        ).to.deep.equal([
            {
                code: "conflicting",
                path: "sseAlgorithm",
                message: `bucket ${bucket} has a default encryption rule already (SM4), and existingRule is "fail". ${cureOf("rule-exists")}`,
            },
        ]);
    });

    it("is used once: a second creation looks for itself", async () => {
        const lifecycle = store.lifecycle();
        await lifecycle.foresee(store.declaration({ ...inputs() }));
        await lifecycle.create(inputs());
        store.requests.length = 0;
        await lifecycle.create(inputs());
        expect(store.requests).to.deep.equal(["get"]);
    });

    it("has what earlier checks left of the time", async () => {
        const lifecycle = store.lifecycle({ foresightMilliseconds: 60_000 });
        await lifecycle.foresee(store.declaration({ ...inputs() }));
        await lifecycle.foresee(store.declaration({ ...inputs() }));
        expect(store.waits[0]).to.equal(60_000);
        expect(store.waits[1]).to.be.greaterThan(0).and.lessThan(60_000);
    });

    it("has no time where earlier checks took more than there was", async () => {
        const lifecycle = store.lifecycle({ foresightMilliseconds: 5 });
        const get = store.getRule.bind(store);
        store.getRule = async (name) => {
            for (const end = performance.now() + 20; performance.now() < end; );
            return get(name);
        };
        await lifecycle.foresee(store.declaration({ ...inputs() }));
        await lifecycle.foresee(store.declaration({ ...inputs() }));
        expect(store.waits).to.deep.equal([5, 0]);
    });

    it("is left to the deployment where the bucket cannot be read", async () => {
        store.failures.push({ on: "get", error: lostAnswer() });
        expect(await store.lifecycle().foresee(store.declaration({ ...inputs() }))).to.deep.equal([]);
    });
});
