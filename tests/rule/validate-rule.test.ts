import { expect } from "chai";
import fc from "fast-check";
import {
    capabilitiesOfAnyStore,
    type DeclaredRule,
    notYetKnown,
    type RuleCapabilities,
    validateRule,
} from "../../lib/rule";
import { declarableRule } from "./rule-arbitraries";

const chinese: RuleCapabilities = {
    store: "oss",
    sseAlgorithms: ["AES256", "KMS", "SM4"],
    optionalArguments: ["kmsDataEncryption"],
};
const layered: RuleCapabilities = {
    store: "s3",
    sseAlgorithms: ["AES256", "KMS", "KMS_DSSE"],
    optionalArguments: ["bucketKeyEnabled", "blockedEncryptionTypes"],
};

/** The table at `ServerSideEncryptionRule`, with every combination that is not in it: what is wrong, by property. */
const combinations = ["AES256", "SM4", "KMS", "KMS_DSSE"].flatMap((sseAlgorithm) =>
    [undefined, "key-1"].flatMap((kmsMasterKeyId) =>
        [undefined, "SM4"].map((kmsDataEncryption) => ({
            declared: { sseAlgorithm, kmsMasterKeyId, kmsDataEncryption },
            wrong: [
                ...(kmsMasterKeyId && !sseAlgorithm.startsWith("KMS") ? ["kmsMasterKeyId"] : []),
                ...(kmsDataEncryption && sseAlgorithm !== "KMS" ? ["kmsDataEncryption"] : []),
            ],
        })),
    ),
);

const faults = (declared: DeclaredRule, capabilities = chinese) =>
    validateRule(declared, capabilities).issues.map(({ code, path, message }) => `${code} ${path} ${message}`);

describe("validateRule", () => {
    for (const { declared, wrong } of combinations) {
        const { sseAlgorithm, kmsMasterKeyId, kmsDataEncryption } = declared;
        const combination = `${sseAlgorithm} with ${kmsMasterKeyId ? "a key" : "no key"} and ${kmsDataEncryption ?? "no"} data encryption`;
        it(`${wrong.length > 0 ? "rejects" : "accepts"} ${combination}`, () => {
            const { issues, rule } = validateRule(declared);
            expect(issues.map(({ path }) => path)).to.deep.equal(wrong);
            expect(issues.every(({ code }) => code === "conflicting")).to.equal(true);
            const given = Object.fromEntries(Object.entries(declared).filter(([, value]) => value !== undefined));
            expect(rule).to.deep.equal(wrong.length > 0 ? undefined : given);
        });
    }

    for (const [found, meant] of [
        ["aes-256", "AES256"],
        ["AES-256", "AES256"],
        ["aes256", "AES256"],
        ["AES265", "AES256"],
        ["kms", "KMS"],
        ["aws:kms", "KMS"],
        ["SSE-KMS", "KMS"],
        ["sm4", "SM4"],
        ["SM-4", "SM4"],
    ] as const) {
        it(`rejects ${found} and suggests ${meant}`, () => {
            expect(faults({ sseAlgorithm: found })).to.deep.equal([
                `not-allowed sseAlgorithm "${found}" is not one of "AES256", "KMS", "SM4"; did you mean "${meant}"?`,
            ]);
        });
    }

    it("rejects an algorithm that resembles none, without a suggestion", () => {
        expect(faults({ sseAlgorithm: "ROT13" })).to.deep.equal([
            'not-allowed sseAlgorithm "ROT13" is not one of "AES256", "KMS", "SM4"',
        ]);
    });

    it("rejects a rule without an algorithm", () => {
        for (const sseAlgorithm of [undefined, null, ""]) {
            expect(faults({ sseAlgorithm })).to.deep.equal([
                'required sseAlgorithm is required: one of "AES256", "KMS", "SM4"',
            ]);
        }
    });

    it("rejects every fault of a declaration at once", () => {
        expect(faults({ sseAlgorithm: "AES256", kmsMasterKeyId: "a key", kmsDataEncryption: "AES256" })).to.deep.equal([
            "malformed kmsMasterKeyId has white space, control characters or half a character in it, which no KMS key id has",
            'not-allowed kmsDataEncryption "AES256" is not one of "SM4"; leave it out for "AES256"',
            'conflicting kmsMasterKeyId is only allowed with sseAlgorithm "KMS", not with "AES256"; remove it, or set sseAlgorithm to "KMS"',
            'conflicting kmsDataEncryption is only allowed with sseAlgorithm "KMS", not with "AES256"; remove it, or set sseAlgorithm to "KMS"',
        ]);
    });

    it("rejects a key id that no request can hold", () => {
        for (const kmsMasterKeyId of ["a\u0000", "a\nb", "\ud800"])
            expect(faults({ sseAlgorithm: "KMS", kmsMasterKeyId })).to.deep.equal([
                "malformed kmsMasterKeyId has white space, control characters or half a character in it, which no KMS key id has",
            ]);
    });

    it("rejects a misspelt data encryption, and says which was meant", () => {
        expect(faults({ sseAlgorithm: "KMS", kmsDataEncryption: "sm-4" })).to.deep.equal([
            'not-allowed kmsDataEncryption "sm-4" is not one of "SM4"; did you mean "SM4"?',
        ]);
        expect(faults({ sseAlgorithm: "KMS", kmsDataEncryption: "" })).to.deep.equal([]);
    });

    it("rejects a value that is long, and shows its first 40 characters only", () => {
        for (const [found, shown] of [
            ["?".repeat(40), "?".repeat(40)],
            ["?".repeat(41), `${"?".repeat(40)}…`],
        ] as const) {
            expect(faults({ sseAlgorithm: found })).to.deep.equal([
                `not-allowed sseAlgorithm "${shown}" is not one of "AES256", "KMS", "SM4"`,
            ]);
        }
    });

    it("suggests nothing for what has no letters", () => {
        expect(faults({ sseAlgorithm: "--" })).to.deep.equal([
            'not-allowed sseAlgorithm "--" is not one of "AES256", "KMS", "SM4"',
        ]);
    });

    it("rejects a key beside a misspelt KMS with one fault, not two", () => {
        expect(
            validateRule({ sseAlgorithm: "kms", kmsMasterKeyId: "key-1" }).issues.map(({ path }) => path),
        ).to.deep.equal(["sseAlgorithm"]);
    });

    it("rejects values that are not strings", () => {
        expect(faults({ sseAlgorithm: 256, kmsMasterKeyId: ["key-1"], kmsDataEncryption: true })).to.deep.equal([
            'wrong-type sseAlgorithm must be one of "AES256", "KMS", "SM4", not a value of type number',
            "wrong-type kmsMasterKeyId must be a string, not a list",
            'wrong-type kmsDataEncryption must be one of "SM4", not a value of type boolean',
        ]);
    });

    it("never repeats a key in a message, since it may be a secret of the stack", () => {
        fc.assert(
            fc.property(
                fc.string({ minLength: 12 }),
                fc.constantFrom("AES256", "SM4", "nonsense"),
                (key, sseAlgorithm) => {
                    const text = faults({ sseAlgorithm, kmsMasterKeyId: key }).join("\n");
                    return key.trim().length < 12 || !text.includes(key);
                },
            ),
        );
    });

    it("accepts every rule that can be declared, and returns it unchanged", () => {
        fc.assert(
            fc.property(declarableRule, (rule) => {
                expect(validateRule(rule)).to.deep.equal({ issues: [], rule });
            }),
        );
    });

    it("treats null and the empty string as not given", () => {
        expect(
            validateRule({ sseAlgorithm: "AES256", kmsMasterKeyId: "", kmsDataEncryption: null }).rule,
        ).to.deep.equal({
            sseAlgorithm: "AES256",
        });
    });

    it("returns a rule or issues for any input, never both and never an exception", () => {
        const anything = fc.oneof(fc.anything(), fc.constantFrom("AES256", "KMS", "SM4", "", notYetKnown));
        fc.assert(
            fc.property(anything, anything, anything, (sseAlgorithm, kmsMasterKeyId, kmsDataEncryption) => {
                const { issues, rule } = validateRule({ sseAlgorithm, kmsMasterKeyId, kmsDataEncryption });
                const unknown = [sseAlgorithm, kmsMasterKeyId, kmsDataEncryption].includes(notYetKnown);
                expect(rule === undefined || rule === notYetKnown).to.equal(issues.length > 0 || unknown);
            }),
        );
    });

    describe("by what a store has", () => {
        it("accepts the algorithms that it has, each with the settings that it has", () => {
            for (const sseAlgorithm of layered.sseAlgorithms) {
                for (const bucketKeyEnabled of [true, false]) {
                    const rule = { sseAlgorithm, bucketKeyEnabled };
                    expect(validateRule(rule, layered)).to.deep.equal({ issues: [], rule });
                }
            }
        });

        it("rejects an algorithm that only another kind of store has, and suggests none", () => {
            expect(faults({ sseAlgorithm: "SM4" }, layered)).to.deep.equal([
                'not-allowed sseAlgorithm "SM4" is not one of "AES256", "KMS", "KMS_DSSE", which this kind of store has',
            ]);
            expect(faults({ sseAlgorithm: "KMS_DSSE", kmsMasterKeyId: "key-1" })).to.deep.equal([
                'not-allowed sseAlgorithm "KMS_DSSE" is not one of "AES256", "KMS", "SM4", which this kind of store has',
            ]);
        });

        it("rejects a near miss and suggests only what the store has", () => {
            expect(faults({ sseAlgorithm: "aws:kms:dsse" }, layered)[0]).to.include('did you mean "KMS_DSSE"?');
            expect(faults({ sseAlgorithm: "aws:kms" }, layered)[0]).to.include('did you mean "KMS"?');
            expect(faults({ sseAlgorithm: "kms-dsse" })[0]).to.include('did you mean "KMS"?');
        });

        it("rejects settings that it does not support, with one fault each", () => {
            expect(faults({ sseAlgorithm: "AES256", kmsDataEncryption: "SM4" }, layered)).to.deep.equal([
                'not-allowed kmsDataEncryption is not supported by the store "s3"; remove it',
            ]);
            expect(faults({ sseAlgorithm: "KMS", bucketKeyEnabled: false })).to.deep.equal([
                'not-allowed bucketKeyEnabled is not supported by the store "oss"; remove it',
            ]);
        });

        it("rejects a bucket key that is neither on nor off", () => {
            expect(faults({ sseAlgorithm: "KMS", bucketKeyEnabled: "true" }, layered)).to.deep.equal([
                "wrong-type bucketKeyEnabled must be true or false, not a value of type string",
            ]);
        });

        it("rejects a key beside an algorithm without one, and names those with one", () => {
            expect(faults({ sseAlgorithm: "AES256", kmsMasterKeyId: "key-1" }, layered)).to.deep.equal([
                'conflicting kmsMasterKeyId is only allowed with sseAlgorithm "KMS" or "KMS_DSSE", not with "AES256"; remove it, or set sseAlgorithm to "KMS" or "KMS_DSSE"',
            ]);
        });

        it("accepts the values of every store while the store is not known", () => {
            for (const sseAlgorithm of capabilitiesOfAnyStore.sseAlgorithms)
                expect(validateRule({ sseAlgorithm, bucketKeyEnabled: true }).issues).to.deep.equal([]);
        });
    });

    describe("while a value is not known yet", () => {
        it("judges no combination with it", () => {
            expect(validateRule({ sseAlgorithm: "AES256", kmsMasterKeyId: notYetKnown })).to.deep.equal({
                issues: [],
                rule: notYetKnown,
            });
            expect(validateRule({ sseAlgorithm: notYetKnown, kmsMasterKeyId: "key-1" })).to.deep.equal({
                issues: [],
                rule: notYetKnown,
            });
        });

        it("rejects a value that is wrong with every algorithm", () => {
            expect(validateRule({ sseAlgorithm: notYetKnown, kmsDataEncryption: "SM3" }).issues).to.have.length(1);
        });

        it("accepts every part of a rule that it accepts as a whole", () => {
            const names = ["sseAlgorithm", "kmsMasterKeyId", "kmsDataEncryption"] as const;
            fc.assert(
                fc.property(declarableRule, fc.subarray([...names]), (rule, hidden) => {
                    const declared = { ...rule, ...Object.fromEntries(hidden.map((name) => [name, notYetKnown])) };
                    expect(validateRule(declared).issues).to.deep.equal([]);
                }),
            );
        });
    });
});
