import { expect } from "chai";
import {
    canonicalizeRule,
    canonicalValue,
    describeRule,
    isAsDeclared,
    observedRuleOf,
    ruleDifferences,
} from "../../lib/rule";

const aes = { sseAlgorithm: "AES256" };
const blocked = { ...aes, blockedEncryptionTypes: ["SSE-C"] };
const open = { ...aes, blockedEncryptionTypes: ["NONE"] };

describe("the encryption types that a rule blocks", () => {
    it("are shown where there are any", () => {
        expect(describeRule(blocked)).to.equal("AES256, SSE-C blocked");
        expect(describeRule(open)).to.equal("AES256");
        expect(describeRule({ ...blocked, bucketKeyEnabled: false })).to.equal("AES256, SSE-C blocked");
        expect(describeRule({ ...blocked, bucketKeyEnabled: true })).to.equal("AES256, bucket key on, SSE-C blocked");
    });

    it("differ from others, and not from a rule that leaves them out", () => {
        expect(ruleDifferences(open, blocked)).to.deep.equal([
            { path: "blockedEncryptionTypes", from: "NONE", to: "SSE-C" },
        ]);
        expect(ruleDifferences(blocked, aes)).to.deep.equal([]);
        expect(ruleDifferences(aes, blocked)).to.have.length(1);
        expect(ruleDifferences(blocked, undefined).map(({ path }) => path)).to.include("blockedEncryptionTypes");
        expect(isAsDeclared(blocked, aes)).to.equal(true);
        expect(isAsDeclared(open, blocked)).to.equal(false);
    });

    it("are the same in every order", () => {
        const both = { ...aes, blockedEncryptionTypes: ["SSE-C", "NONE"] };
        expect(canonicalizeRule(both).blockedEncryptionTypes).to.deep.equal(["NONE", "SSE-C"]);
        expect(ruleDifferences(both, { ...aes, blockedEncryptionTypes: ["NONE", "SSE-C"] })).to.deep.equal([]);
        expect(canonicalValue(["b", "a", "b"])).to.deep.equal(["a", "b"]);
        expect(canonicalValue("b")).to.equal("b");
    });
});

describe("a rule that properties hold", () => {
    it("has the properties' values, in the types of a rule", () => {
        const properties = {
            bucket: "logs",
            sseAlgorithm: "KMS",
            kmsMasterKeyId: "key-1",
            kmsDataEncryption: "SM4",
            bucketKeyEnabled: false,
            blockedEncryptionTypes: ["SSE-C"],
            unrecognized: { Scope: "objects" },
        };
        const { bucket: _, ...rule } = properties;
        expect(observedRuleOf(properties)).to.deep.equal(rule);
    });

    it("is none without an algorithm", () => {
        for (const sseAlgorithm of [undefined, null, "", 7]) {
            expect(observedRuleOf({ sseAlgorithm, kmsMasterKeyId: "key-1" })).to.equal(undefined);
        }
    });

    it("lacks values of another type", () => {
        const wrong = { kmsMasterKeyId: "", bucketKeyEnabled: "true", blockedEncryptionTypes: ["SSE-C", 7] };
        for (const unrecognized of [null, "text", {}, { Scope: 7 }]) {
            expect(observedRuleOf({ ...aes, ...wrong, unrecognized })).to.deep.equal(aes);
        }
        expect(observedRuleOf({ ...aes, unrecognized: { Scope: 7, Kept: "a" } })).to.deep.equal({
            ...aes,
            unrecognized: { Kept: "a" },
        });
    });
});
