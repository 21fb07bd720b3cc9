import { expect } from "chai";
import fc from "fast-check";
import { canonicalizeRule, type ObservedRule, ruleDifferences, rulesEqual } from "../../lib/rule";
import { anyStoresRule, observedRule } from "./rule-arbitraries";

describe("canonicalizeRule", () => {
    it("leaves out what is empty, and the default that a service writes out", () => {
        expect(
            canonicalizeRule({
                sseAlgorithm: "KMS",
                kmsMasterKeyId: "",
                kmsDataEncryption: "AES256",
                unrecognized: { Scope: "" },
            }),
        ).to.deep.equal({ sseAlgorithm: "KMS" });
    });

    it("keeps unknown fields", () => {
        const rule = { sseAlgorithm: "SM9", unrecognized: { Scope: "objects" } };
        expect(canonicalizeRule(rule)).to.deep.equal(rule);
    });

    it("sorts unknown fields", () => {
        const unrecognized = { Zone: "z", Area: "a", Mode: "m" };
        const { unrecognized: fields = {} } = canonicalizeRule({ sseAlgorithm: "KMS", unrecognized });
        expect(Object.keys(fields)).to.deep.equal(["Area", "Mode", "Zone"]);
    });

    it("changes nothing when applied again", () => {
        fc.assert(
            fc.property(observedRule, (rule) => {
                expect(canonicalizeRule(canonicalizeRule(rule))).to.deep.equal(canonicalizeRule(rule));
            }),
        );
    });

    it("keeps every declarable rule as it is", () => {
        fc.assert(
            fc.property(anyStoresRule, (rule) => {
                expect(canonicalizeRule(rule)).to.deep.equal(rule);
            }),
        );
    });
});

describe("rulesEqual", () => {
    it("is an equivalence: reflexive and symmetric", () => {
        fc.assert(
            fc.property(observedRule, observedRule, (one, other) => {
                expect(rulesEqual(one, one)).to.equal(true);
                expect(rulesEqual(one, other)).to.equal(rulesEqual(other, one));
            }),
        );
    });

    it("holds exactly between rules of one canonical form", () => {
        fc.assert(
            fc.property(observedRule, observedRule, (one, other) => {
                const same = JSON.stringify(canonicalizeRule(one)) === JSON.stringify(canonicalizeRule(other));
                expect(rulesEqual(one, other)).to.equal(same);
            }),
        );
    });

    it("distinguishes an unknown field from its absence", () => {
        expect(
            rulesEqual({ sseAlgorithm: "KMS" }, { sseAlgorithm: "KMS", unrecognized: { Scope: "objects" } }),
        ).to.equal(false);
    });
});

describe("ruleDifferences", () => {
    it("lists each property that differs, in the order of the properties", () => {
        expect(
            ruleDifferences(
                { sseAlgorithm: "KMS", kmsMasterKeyId: "key-1", kmsDataEncryption: "SM4" },
                { sseAlgorithm: "AES256", kmsMasterKeyId: "" },
            ),
        ).to.deep.equal([
            { path: "sseAlgorithm", from: "KMS", to: "AES256" },
            { path: "kmsMasterKeyId", from: "key-1", to: undefined },
            { path: "kmsDataEncryption", from: "SM4", to: undefined },
        ]);
    });

    it("treats an absent rule like one without properties", () => {
        expect(ruleDifferences(undefined, { sseAlgorithm: "SM4" })).to.deep.equal([
            { path: "sseAlgorithm", from: undefined, to: "SM4" },
        ]);
        expect(ruleDifferences(undefined, undefined)).to.deep.equal([]);
    });

    it("leads from the one rule to the other when applied", () => {
        fc.assert(
            fc.property(anyStoresRule, anyStoresRule, (from, to) => {
                const applied: Record<string, unknown> = { ...from };
                for (const { path, to: value } of ruleDifferences(from, to)) applied[path] = value;
                expect(rulesEqual(applied as unknown as ObservedRule, to)).to.equal(true);
            }),
        );
    });
});

describe("a setting that a rule leaves out", () => {
    const on = { sseAlgorithm: "KMS", bucketKeyEnabled: true };
    const unsaid = { sseAlgorithm: "KMS" };

    it("is no difference to what is there, since it stays as it is", () => {
        expect(rulesEqual(on, unsaid)).to.equal(true);
        expect(ruleDifferences(on, { ...unsaid, kmsMasterKeyId: "key-1" })).to.deep.equal([
            { path: "kmsMasterKeyId", from: undefined, to: "key-1" },
        ]);
    });

    it("differs from every value that is declared later", () => {
        for (const bucketKeyEnabled of [true, false]) {
            expect(ruleDifferences(unsaid, { ...unsaid, bucketKeyEnabled })).to.deep.equal([
                { path: "bucketKeyEnabled", from: undefined, to: String(bucketKeyEnabled) },
            ]);
        }
    });

    it("is also gone with its rule", () => {
        expect(ruleDifferences(on, undefined)).to.deep.equal([
            { path: "sseAlgorithm", from: "KMS", to: undefined },
            { path: "bucketKeyEnabled", from: "true", to: undefined },
        ]);
    });
});
