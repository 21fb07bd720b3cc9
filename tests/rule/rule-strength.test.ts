import { expect } from "chai";
import fc from "fast-check";
import {
    describeRule,
    isStronger,
    keyIdentity,
    keyOwner,
    lostProtections,
    type ObservedRule,
    type RuleChange,
    ruleChange,
    ruleStrength,
    rulesEqual,
} from "../../lib/rule";
import { anyStoresRule, declarableRule, kmsKey, observedRule } from "./rule-arbitraries";

const anyRule = fc.option(declarableRule, { nil: undefined });
const anyStored = fc.option(anyStoresRule, { nil: undefined });
const opposite: Record<RuleChange, RuleChange> = {
    unchanged: "unchanged",
    strengthened: "weakened",
    weakened: "strengthened",
    "key-changed": "key-changed",
    "algorithm-changed": "algorithm-changed",
    "setting-changed": "setting-changed",
    "not-comparable": "not-comparable",
};

describe("the strength of a rule", () => {
    const rules: readonly (readonly [name: string, rule: ObservedRule | undefined, level: number | undefined])[] = [
        ["none", undefined, 0],
        ["AES256", { sseAlgorithm: "AES256" }, 1],
        ["SM4", { sseAlgorithm: "SM4" }, 1],
        ["the service's key", { sseAlgorithm: "KMS" }, 2],
        ["the service's key by its alias", { sseAlgorithm: "KMS", kmsMasterKeyId: "alias/acs/oss" }, 2],
        ["the service's key with SM4", { sseAlgorithm: "KMS", kmsDataEncryption: "SM4" }, 2],
        ["two layers with the service's key", { sseAlgorithm: "KMS_DSSE" }, 2],
        ["the service's key of another cloud", { sseAlgorithm: "KMS_DSSE", kmsMasterKeyId: "alias/aws/s3" }, 2],
        ["two layers with a given key", { sseAlgorithm: "KMS_DSSE", kmsMasterKeyId: "key-1" }, 3],
        ["a given key", { sseAlgorithm: "KMS", kmsMasterKeyId: "key-1" }, 3],
        ["another given key", { sseAlgorithm: "KMS", kmsMasterKeyId: "key-2" }, 3],
        ["an unknown algorithm", { sseAlgorithm: "SM9" }, undefined],
    ];
    for (const [name, rule, level] of rules) {
        it(`puts ${name} on level ${level ?? "unknown"}`, () => expect(ruleStrength(rule)).to.equal(level));
    }

    for (const [from, before, low] of rules) {
        for (const [to, after, high] of rules) {
            const levels = low === undefined || high === undefined ? undefined : Math.sign(high - low);
            it(`classifies the change from ${from} to ${to} by their levels`, () => {
                const change = ruleChange(before, after);
                if (rulesEqual(before, after)) expect(change).to.equal("unchanged");
                else if (levels === undefined) expect(change).to.equal("not-comparable");
                else if (levels !== 0) expect(change).to.equal(levels > 0 ? "strengthened" : "weakened");
                else if (before?.kmsMasterKeyId === after?.kmsMasterKeyId || low !== 3)
                    expect(change).to.equal("algorithm-changed");
                else expect(change).to.equal("key-changed");
            });
        }
    }

    it("is an order: a change and its way back are opposite, and weakening twice weakens", () => {
        fc.assert(
            fc.property(anyRule, anyRule, anyRule, (one, two, three) => {
                expect(ruleChange(two, one)).to.equal(opposite[ruleChange(one, two)]);
                if (ruleChange(one, two) === "weakened" && ruleChange(two, three) === "weakened")
                    expect(ruleChange(one, three)).to.equal("weakened");
            }),
        );
    });

    it("is lost only by a change that is called weakened: to a lower level, or to one that blocks less", () => {
        fc.assert(
            fc.property(anyStored, anyStored, (from, to) => {
                const isLower = (ruleStrength(to) ?? 0) < (ruleStrength(from) ?? 0);
                const blocks = (rule: ObservedRule | undefined) => rule?.blockedEncryptionTypes?.[0];
                const blocksLess = blocks(from) === "SSE-C" && blocks(to) === "NONE";
                expect(ruleChange(from, to) === "weakened").to.equal(isLower || blocksLess);
            }),
        );
    });

    it("is a partial order: what strengthens twice strengthens, and the way back weakens", () => {
        const stored = anyStoresRule.map((rule) => ({ blockedEncryptionTypes: ["NONE"], ...rule }));
        fc.assert(
            fc.property(stored, stored, stored, (one, two, three) => {
                if (ruleChange(one, two) !== "strengthened") return;
                expect(ruleChange(two, one)).to.equal("weakened");
                if (ruleChange(two, three) === "strengthened") expect(ruleChange(one, three)).to.equal("strengthened");
            }),
        );
    });

    const blocking = { sseAlgorithm: "KMS", blockedEncryptionTypes: ["SSE-C"] };
    const open = { sseAlgorithm: "KMS", blockedEncryptionTypes: ["NONE"] };
    const silent = { sseAlgorithm: "KMS" };
    for (const [what, from, to, change] of [
        ["an end of a block", blocking, open, "weakened"],
        ["an empty list in place of a block", blocking, { ...open, blockedEncryptionTypes: [] }, "weakened"],
        ["a new block", open, blocking, "strengthened"],
        ["a block that a new rule leaves out, and that the bucket keeps", blocking, silent, "unchanged"],
        ["an end of a block that may be there", silent, open, "not-comparable"],
        ["a block that may be there already", silent, blocking, "setting-changed"],
        ["a higher level without the block", blocking, { ...open, kmsMasterKeyId: "key-1" }, "weakened"],
        ["a lower level with a block", open, { ...blocking, sseAlgorithm: "AES256" }, "weakened"],
        ["a lower level, and a block that may end", silent, { ...open, sseAlgorithm: "AES256" }, "weakened"],
        [
            "another given key without the block",
            { ...blocking, kmsMasterKeyId: "key-1" },
            { ...open, kmsMasterKeyId: "key-2" },
            "weakened",
        ],
        [
            "another given key with a new block",
            { ...open, kmsMasterKeyId: "key-1" },
            { ...blocking, kmsMasterKeyId: "key-2" },
            "key-changed",
        ],
        ["a first rule that blocks nothing", undefined, open, "strengthened"],
        [
            "the end of a block that this version does not know",
            { ...blocking, blockedEncryptionTypes: ["SSE-C", "SSE-X"] },
            blocking,
            "weakened",
        ],
    ] as const) {
        it(`calls ${what} ${change}`, () => expect(ruleChange(from, to)).to.equal(change));
    }

    it("lets a minimum keep a higher level, and a block that only the minimum lacks", () => {
        expect(isStronger(blocking, open)).to.equal(true);
        expect(isStronger({ ...blocking, bucketKeyEnabled: false }, { ...open, bucketKeyEnabled: true })).to.equal(
            true,
        );
        expect(isStronger({ ...open, kmsMasterKeyId: "key-1" }, blocking)).to.equal(true);
        expect(isStronger(open, blocking)).to.equal(false);
        expect(isStronger(blocking, { ...open, kmsMasterKeyId: "key-1" })).to.equal(false);
        expect(isStronger(blocking, { ...open, sseAlgorithm: "KMS_DSSE" })).to.equal(false);
        expect(isStronger(silent, open)).to.equal(false);
    });

    it("names the lost protections, and those that may be lost", () => {
        expect(lostProtections(blocking, open)).to.deep.equal({ values: ["SSE-C"], isPossible: false });
        expect(lostProtections(silent, open)).to.deep.equal({ values: ["SSE-C"], isPossible: true });
        for (const [from, to] of [
            [open, blocking],
            [blocking, silent],
            [silent, blocking],
            [undefined, open],
            [blocking, undefined],
        ])
            expect(lostProtections(from, to)).to.deep.equal({ values: [], isPossible: false });
    });

    it("is not comparable where an unknown field would be lost", () => {
        const strange = { sseAlgorithm: "AES256", unrecognized: { Scope: "objects" } };
        expect(ruleChange(strange, { sseAlgorithm: "KMS" })).to.equal("not-comparable");
        expect(ruleChange(strange, strange)).to.equal("unchanged");
        expect(ruleChange({ sseAlgorithm: "AES256" }, strange)).to.equal("algorithm-changed");
    });

    it("stays the same where only a bucket's own key is turned on or off, and says so", () => {
        const on = { sseAlgorithm: "KMS", bucketKeyEnabled: true };
        const off = { sseAlgorithm: "KMS", bucketKeyEnabled: false };
        expect(ruleChange(on, off)).to.equal("setting-changed");
        expect(ruleChange(off, on)).to.equal("setting-changed");
        expect(ruleChange(off, { ...on, sseAlgorithm: "KMS_DSSE" })).to.equal("algorithm-changed");
        expect(ruleChange(off, { ...on, kmsMasterKeyId: "key-1" })).to.equal("strengthened");
        expect(ruleChange(on, { sseAlgorithm: "KMS" })).to.equal("unchanged");
    });

    it("is unchanged exactly between equal rules", () => {
        fc.assert(
            fc.property(observedRule, observedRule, (one, other) => {
                expect(ruleChange(one, other) === "unchanged").to.equal(rulesEqual(one, other));
            }),
        );
    });
});

describe("a key's name", () => {
    const withKey = (kmsMasterKeyId: string) => ({ sseAlgorithm: "KMS", kmsMasterKeyId });
    const arn = "acs:kms:cn-hangzhou:1000000000000001:";

    it("names the same key as an id and as the ARN that ends in it", () => {
        expect(rulesEqual(withKey("key-1"), withKey(`${arn}key/key-1`))).to.equal(true);
        expect(rulesEqual(withKey("alias/payments"), withKey(`${arn}alias/payments`))).to.equal(true);
        expect(rulesEqual(withKey("key-1"), withKey(`${arn}key/key-2`))).to.equal(false);
        expect(rulesEqual(withKey("payments"), withKey(`${arn}alias/payments`))).to.equal(false);
    });

    it("names the service's key when it is that key's alias", () => {
        expect(rulesEqual(withKey("alias/acs/oss"), { sseAlgorithm: "KMS" })).to.equal(true);
        expect(rulesEqual(withKey(`${arn}alias/acs/oss`), { sseAlgorithm: "KMS" })).to.equal(true);
    });

    it("names the same in either cloud's ARNs", () => {
        const awsArn = "arn:aws-cn:kms:cn-north-1:100000000001:";
        expect(rulesEqual(withKey("1234abcd"), withKey(`${awsArn}key/1234abcd`))).to.equal(true);
        expect(rulesEqual(withKey(`${awsArn}alias/aws/s3`), { sseAlgorithm: "KMS" })).to.equal(true);
        expect(keyOwner(`${awsArn}key/1234abcd`)).to.deep.equal({ region: "cn-north-1", account: "100000000001" });
    });

    it("names what an alias stands for after a lookup in KMS", () => {
        const asked = (name: string | undefined) => (name === "alias/payments" ? "key-1" : name);
        expect(rulesEqual(withKey("alias/payments"), withKey("key-1"), asked)).to.equal(true);
        expect(rulesEqual(withKey("alias/payments"), withKey("key-1"))).to.equal(false);
    });

    it("stands for what follows region and account in an ARN, and for itself in anything else", () => {
        for (const [name, identity] of [
            ["key-1", "key-1"],
            ["key/key-1", "key-1"],
            [`${arn}key/key-1`, "key-1"],
            [`${arn}alias/a/b`, "alias/a/b"],
            [`x${arn}key/key-1`, `x${arn}key/key-1`],
            ["acs:kms:cn-hangzhou:1", "acs:kms:cn-hangzhou:1"],
            ["alias/acs/oss", undefined],
            ["", undefined],
            [undefined, undefined],
        ] as const) {
            expect(keyIdentity(name), String(name)).to.equal(identity);
        }
    });

    it("has a region and an account only as an ARN", () => {
        expect(keyOwner(`${arn}key/key-1`)).to.deep.equal({ region: "cn-hangzhou", account: "1000000000000001" });
        for (const name of [
            "key-1",
            "alias/payments",
            `x${arn}key/key-1`,
            "acs:kms:cn-hangzhou:key-1",
            "acs:kms::1:key/k",
        ])
            expect(keyOwner(name), name).to.equal(undefined);
    });

    it("is shown by its end only", () => {
        fc.assert(
            fc.property(kmsKey, (key) => {
                const text = describeRule(withKey(key));
                expect(text).not.to.include(key);
                expect(text).to.match(/^KMS with the given key( ….{4})?$/);
            }),
        );
    });
});

describe("the text for a rule", () => {
    for (const [rule, text] of [
        [undefined, "no rule"],
        [{ sseAlgorithm: "AES256" }, "AES256"],
        [{ sseAlgorithm: "KMS", kmsDataEncryption: "SM4" }, "KMS with the service's key, data in SM4"],
        [{ sseAlgorithm: "KMS", kmsMasterKeyId: "key-hzz65f0a1b2c3d4e5f6a7" }, "KMS with the given key …f6a7"],
        [{ sseAlgorithm: "KMS", kmsMasterKeyId: "key-16-long-1234" }, "KMS with the given key …1234"],
        [{ sseAlgorithm: "KMS", kmsMasterKeyId: "key-15-long-123" }, "KMS with the given key"],
        [{ sseAlgorithm: "KMS", kmsMasterKeyId: "key-short" }, "KMS with the given key"],
        [{ sseAlgorithm: "KMS_DSSE", bucketKeyEnabled: true }, "KMS_DSSE with the service's key, bucket key on"],
        [{ sseAlgorithm: "AES256", bucketKeyEnabled: false }, "AES256"],
        [{ sseAlgorithm: "SM9", unrecognized: { Scope: "objects" } }, "SM9, Scope objects"],
    ] as const) {
        it(`is "${text}"`, () => expect(describeRule(rule)).to.equal(text));
    }
});
