import { expect } from "chai";
import type { Place } from "../../lib/declaration";
import { UserError } from "../../lib/errors";
import { decideOnExistingRule } from "../../lib/lifecycle/existing-rule";
import { keyIdentity, type ObservedRule } from "../../lib/rule";
import { bucket, inputs, rejection, ScriptedStore } from "./scripted-store";

const given: ObservedRule = { sseAlgorithm: "KMS", kmsMasterKeyId: "key-hzz65f0a1b2c3d4e5f6a7" };
const other: ObservedRule = { sseAlgorithm: "KMS", kmsMasterKeyId: "key-hzz65f0a1b2c3d4eOTHER" };
const strange: ObservedRule = { sseAlgorithm: "AES256", unrecognized: { Scope: "objects" } };

type Outcome = "adopts" | "writes" | "weaker-rule" | "rule-exists";

/** The found rule, the declared rule and the result of each setting: examples for the table of `decideOnExistingRule`. */
const cases: readonly (readonly [
    found: ObservedRule | undefined,
    declared: ObservedRule,
    adopt: Outcome,
    overwrite: Outcome,
    fail: Outcome,
])[] = [
    [undefined, given, "writes", "writes", "writes"],
    [given, given, "adopts", "writes", "rule-exists"],
    [{ sseAlgorithm: "AES256" }, { sseAlgorithm: "KMS" }, "writes", "writes", "rule-exists"],
    [{ sseAlgorithm: "SM4" }, { sseAlgorithm: "AES256" }, "writes", "writes", "rule-exists"],
    [{ sseAlgorithm: "KMS" }, given, "writes", "writes", "rule-exists"],
    [other, given, "writes", "writes", "rule-exists"],
    [given, { sseAlgorithm: "KMS" }, "weaker-rule", "writes", "rule-exists"],
    [given, { sseAlgorithm: "SM4" }, "weaker-rule", "writes", "rule-exists"],
    [{ sseAlgorithm: "KMS" }, { sseAlgorithm: "AES256" }, "weaker-rule", "writes", "rule-exists"],
    [strange, { sseAlgorithm: "KMS" }, "weaker-rule", "writes", "rule-exists"],
    [{ sseAlgorithm: "SM9" }, given, "weaker-rule", "writes", "rule-exists"],
];
const name = (rule: ObservedRule | undefined) =>
    rule === undefined
        ? "none"
        : Object.values(rule)
              .map((part) => (typeof part === "string" ? part : "more"))
              .join(" ");

describe("creating a resource on a bucket with a rule", () => {
    let store: ScriptedStore;
    beforeEach(() => {
        store = new ScriptedStore();
    });

    for (const [found, declared, ...outcomes] of cases) {
        for (const [index, existingRule] of (["adopt", "overwrite", "fail"] as const).entries()) {
            const outcome = outcomes[index] as Outcome;
            it(`${outcome} with "${existingRule}" where there is ${name(found)} and ${name(declared)} is declared`, async () => {
                store.rule = found;
                const wanted = inputs({ ...(declared as object), existingRule });
                const expected = { weaker: "weaker-rule", exists: "rule-exists" };
                const [issue] = await store.lifecycle().foresee(store.declaration({ ...wanted }));
                if (Object.values(expected).includes(outcome)) {
                    expect(issue?.code, "the preview").to.equal("conflicting");
                    const error = await rejection(store.lifecycle().create(wanted));
                    expect(error).to.be.instanceOf(UserError).with.property("kind", outcome);
                    expect(store.rule).to.deep.equal(found);
                } else {
                    expect(issue, "the preview").to.equal(undefined);
                    const state = await store.lifecycle().create(wanted);
                    expect(state.previousRule).to.deep.equal(found);
                    expect(store.rule).to.deep.equal(declared);
                }
                expect(store.requests.includes("put")).to.equal(outcome === "writes");
            });
        }
    }

    it("shows both rules and names the setting that would accept the weaker one, in the preview and after it", async () => {
        store.rule = given;
        const [issue] = await store.lifecycle().foresee(store.declaration({ ...inputs() }));
        const error = (await rejection(store.lifecycle().create(inputs()))) as UserError;
        for (const text of [issue?.message, error.message]) {
            expect(text).to.include("KMS with the given key …f6a7").and.include("AES256").and.include("existingRule");
            expect(text).not.to.include("key-hzz65f0a1b2c3d4e5f6a7");
        }
    });

    it("reports in the preview what will be done, and not again in the deployment", async () => {
        store.rule = { sseAlgorithm: "SM4" };
        const lifecycle = store.lifecycle();
        const wanted = inputs({ sseAlgorithm: "KMS" });
        await lifecycle.foresee(store.declaration({ ...wanted }));
        const expected = [
            `bucket ${bucket} has a default encryption rule already (SM4); it is replaced by KMS with the service's key (strengthened)`,
        ];
        expect(store.notices).to.deep.equal(expected);
        await lifecycle.create(wanted);
        expect(store.notices).to.deep.equal(expected);
    });

    it("uses the check's reading: one reading, one write, one reading back", async () => {
        const lifecycle = store.lifecycle();
        await lifecycle.foresee(store.declaration({ ...inputs() }));
        await lifecycle.create(inputs());
        expect(store.requests).to.deep.equal(["get", "put", "get"]);
    });

    it("reads the bucket itself if the check could not", async () => {
        const lifecycle = store.lifecycle();
        store.invisibleFor = 1;
        expect(await lifecycle.foresee(store.declaration({ ...inputs() }))).to.deep.equal([]);
        await lifecycle.create(inputs());
        expect(store.requests).to.deep.equal(["get", "get", "put", "get"]);
    });

    it("waits in a check only as long as all checks together may, and uses the answer when it arrives", async () => {
        const lifecycle = store.lifecycle({ foresightMilliseconds: 0 });
        let answer = () => {};
        const slow = new Promise<void>((resolve) => {
            answer = resolve;
        });
        const present = store.getRule.bind(store);
        store.getRule = async (asked) => {
            await slow;
            return present(asked);
        };
        store.rule = given;
        expect(await lifecycle.foresee(store.declaration({ ...inputs() }))).to.deep.equal([]);
        answer();
        expect(await rejection(lifecycle.create(inputs()))).to.have.property("kind", "weaker-rule");
        expect(store.requests).to.deep.equal(["get"]);
    });

    it("waits briefly for a bucket that was just made", async () => {
        store.invisibleFor = 3;
        await store.lifecycle().create(inputs());
        expect(store.rule).to.deep.equal({ sseAlgorithm: "AES256" });
        expect(store.waits).to.deep.equal([200, 400, 800]);
        store.invisibleFor = Number.POSITIVE_INFINITY;
        store.waits.length = 0;
        expect(await rejection(store.lifecycle().create(inputs()))).to.have.property("kind", "bucket-not-found");
        expect(store.waits).to.deep.equal([200, 400, 800, 1_000]);
    });

    it("waits for no bucket when it updates or reads", async () => {
        for (const work of [
            () => store.lifecycle().update({ ...inputs({ sseAlgorithm: "SM4" }) }, inputs()),
            () => store.lifecycle().read(bucket, {}),
        ]) {
            store.invisibleFor = 1;
            expect(await rejection(work())).to.have.property("kind", "bucket-not-found");
        }
        expect(store.waits).to.deep.equal([]);
    });
});

describe("the notice about an existing rule", () => {
    const bucketHas = "bucket example-logs has a default encryption rule already";
    for (const [found, declared, existingRule, notice] of [
        [
            given,
            given,
            "adopt",
            `${bucketHas} (KMS with the given key …f6a7), which equals the declared one: it is adopted`,
        ],
        [given, given, "overwrite", undefined],
        [
            { sseAlgorithm: "SM4" },
            { sseAlgorithm: "AES256" },
            "adopt",
            `${bucketHas} (SM4); it is replaced by AES256 (algorithm changed)`,
        ],
        [
            { sseAlgorithm: "KMS" },
            { sseAlgorithm: "AES256" },
            "overwrite",
            `${bucketHas} (KMS with the service's key); it is replaced by AES256, although the declared one (AES256) would weaken it`,
        ],
        [
            { sseAlgorithm: "SM9" },
            { sseAlgorithm: "AES256" },
            "overwrite",
            `${bucketHas} (SM9); it is replaced by AES256, although the declared one (AES256) may weaken it, which this version cannot determine`,
        ],
    ] as const satisfies readonly (readonly [ObservedRule, ObservedRule, string, string | undefined])[]) {
        it(`is ${notice ?? "nothing"} with "${existingRule}"`, async () => {
            const store = new ScriptedStore();
            store.rule = found;
            await store.lifecycle().create(inputs({ ...(declared as object), existingRule }));
            expect(store.notices).to.deep.equal(notice === undefined ? [] : [notice]);
        });
    }

    it("is a sentence that names the bucket, where it is refused", async () => {
        const store = new ScriptedStore();
        store.rule = { sseAlgorithm: "SM9" };
        const error = (await rejection(store.lifecycle().create(inputs()))) as UserError;
        expect(error.message).to.match(
            /^Bucket example-logs has .* \(SM9\), and the declared one \(AES256\) may weaken it, which this version cannot determine/,
        );
        expect(error.where).to.deep.equal({ bucket });
    });
});

describe("an existing rule that equals the declared one", () => {
    const declared = { sseAlgorithm: "AES256" as const };
    const decide = (serviceRule?: ObservedRule, found: ObservedRule = declared) => {
        const place = { reach: { features: { serviceRule } } } as unknown as Place;
        const declaration = { bucket, place, rule: declared, existingRule: "adopt" as const, atLeast: false };
        return decideOnExistingRule(declaration, found, keyIdentity);
    };

    it("is kept with a notice, or without one where the service made it", () => {
        const notice = `bucket ${bucket} has a default encryption rule already (AES256), which equals the declared one: it is adopted`;
        expect(decide()).to.deep.equal({ act: "keep", rule: declared, notice });
        expect(decide(declared)).to.deep.equal({ act: "keep", rule: declared });
        expect(decide({ sseAlgorithm: "KMS" })).to.deep.equal({ act: "keep", rule: declared, notice });
    });
});
