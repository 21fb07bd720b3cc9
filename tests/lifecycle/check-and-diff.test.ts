import { expect } from "chai";
import fc from "fast-check";
import { argumentNames, type StoreSettings } from "../../lib/declaration";
import { BucketEncryptionLifecycle } from "../../lib/lifecycle";
import { notYetKnown } from "../../lib/rule";
import { ossStoreFamily } from "../../lib/stores/oss/oss-store-family";
import { declarableRule } from "../rule/rule-arbitraries";

/** A lifecycle that must get by without any request. */
function lifecycle(settings: StoreSettings = {}): BucketEncryptionLifecycle {
    const unexpected = () => {
        throw new Error("neither a check nor a diff makes a request or a notice");
    };
    return new BucketEncryptionLifecycle({
        families: { oss: ossStoreFamily },
        settings: () => settings,
        open: unexpected,
        notice: unexpected,
        lookUpKey: unexpected,
        wait: unexpected,
    });
}

const valid = { bucket: "example-logs", sseAlgorithm: "AES256", region: "cn-hangzhou" };
const issues = (declared: Record<string, unknown>, settings?: StoreSettings) =>
    lifecycle(settings)
        .check(declared)
        .issues.map(({ path, message }) => `${path} ${message}`);

describe("a setting with the meaning of its default", () => {
    for (const setting of [
        { forcePathStyle: false },
        { deletionIsSafe: false },
        { forceDelete: false },
        { proveKey: false },
        { onDelete: "remove" },
        { kmsDataEncryption: "AES256" },
    ]) {
        it(`is no difference: ${JSON.stringify(setting)}`, () => {
            expect(lifecycle().diff(valid, { ...valid, ...setting }).changed).to.deep.equal([]);
            expect(lifecycle().diff({ ...valid, ...setting }, valid).changed).to.deep.equal([]);
        });
    }

    for (const setting of [{ verifyKey: true }, { verifyKey: false }, { existingRule: "fail" }]) {
        it(`is no difference where it counts only on creation: ${JSON.stringify(setting)}`, () => {
            expect(lifecycle().diff(valid, { ...valid, ...setting }).changed).to.deep.equal([]);
        });
    }

    for (const setting of [
        { forcePathStyle: true },
        { deletionIsSafe: true },
        { forceDelete: true },
        { proveKey: true },
    ]) {
        it(`is a difference where it means something else: ${JSON.stringify(setting)}`, () => {
            const changed = lifecycle().diff(valid, { ...valid, ...setting }).changed;
            expect(changed).to.deep.equal(Object.keys(setting));
        });
    }
});

describe("the account that a declaration names", () => {
    const account = { id: "1000000000000002", through: [{ roleArn: "acs:ram::1000000000000001:role/hub" }] };
    const changed = (from: unknown, to: unknown) =>
        lifecycle().diff({ ...valid, account: from }, { ...valid, account: to }).changed;

    it("is the same in every order of its members", () => {
        const reordered = { through: [{ ...account.through[0] }], id: account.id };
        expect(changed(account, reordered)).to.deep.equal([]);
    });

    for (const [what, to] of [
        ["another id", { ...account, id: "1000000000000003" }],
        ["another role on the way", { ...account, through: [{ roleArn: "acs:ram::1000000000000001:role/other" }] }],
        ["one role more", { ...account, through: [...account.through, { roleArn: "acs:ram::1:role/more" }] }],
        ["more to it", { ...account, profile: "ops" }],
        ["no id", { through: account.through }],
        ["no list of roles", { ...account, through: { 0: account.through[0] } }],
        ["no account", undefined],
        ["null", null],
        ["text", "1000000000000002"],
    ] as const) {
        it(`differs with ${what}`, () => {
            expect(changed(account, to)).to.deep.equal(["account"]);
            expect(changed(to, account)).to.deep.equal(["account"]);
        });
    }
});

describe("what is null in the account that a declaration names", () => {
    it("is left out", () => {
        const account = { id: null, profile: "ops", through: [{ roleArn: "acs:ram::1:role/hub", externalId: null }] };
        const { inputs } = lifecycle().check({ ...valid, account });
        expect(inputs.account).to.deep.equal({ profile: "ops", through: [{ roleArn: "acs:ram::1:role/hub" }] });
    });
});

describe("check", () => {
    it("accepts a declaration, and returns it without empty values", () => {
        const outcome = lifecycle().check({
            ...valid,
            kmsMasterKeyId: "",
            kmsDataEncryption: undefined,
            endpoint: null,
        });
        expect(outcome).to.deep.include({ inputs: valid, issues: [] });
    });

    it("rejects every fault at once: bucket, rule, region, endpoint and unknown properties", () => {
        const { issues } = lifecycle().check({
            bucket: "Not_A_Bucket",
            sseAlgorithm: "kms",
            kmsDataEncryption: "SM3",
            kmsMasterKeyID: "key-1",
            region: "oss-cn-hangzhou",
            endpoint: "http://example.com",
        });
        const paths = issues.map(({ path }) => path).sort();
        expect(paths).to.deep.equal([
            "bucket",
            "endpoint",
            "kmsDataEncryption",
            "kmsMasterKeyID",
            "region",
            "sseAlgorithm",
        ]);
    });

    it("rejects a misspelt property and suggests the right one", () => {
        expect(issues({ ...valid, kmsMasterKeyID: "key-1" })).to.deep.equal([
            'kmsMasterKeyID is not one of the properties of BucketEncryption; did you mean "kmsMasterKeyId"?',
        ]);
        expect(issues({ ...valid, colour: "blue" })).to.deep.equal([
            `colour is not one of the properties of BucketEncryption, which are ${argumentNames.join(", ")}`,
        ]);
        expect(argumentNames.slice(0, 2)).to.deep.equal(["bucket", "sseAlgorithm"]);
    });

    it("rejects a declaration without a bucket", () => {
        expect(issues({ sseAlgorithm: "SM4", region: "cn-hangzhou" })).to.deep.equal([
            "bucket is required: the name of the bucket",
        ]);
    });

    it("accepts a declaration without a region, which the service names", () => {
        expect(issues({ bucket: "example-logs", sseAlgorithm: "SM4" })).to.deep.equal([]);
        expect(issues({ bucket: "example-logs", sseAlgorithm: "SM4", endpoint: "http://127.0.0.1:1" })).to.deep.equal(
            [],
        );
    });

    it("takes the region from the settings, and an argument before them", () => {
        const settings = { region: { value: "no region", source: "environment variable OSS_REGION" } };
        const [fault, ...others] = issues({ bucket: "example-logs", sseAlgorithm: "SM4" }, settings);
        expect(others).to.deep.equal([]);
        expect(fault).to.match(/^region .*\(from environment variable OSS_REGION\)$/);
        expect(issues(valid, settings)).to.deep.equal([]);
    });

    it("passes on unknown values, and checks nothing that depends on them", () => {
        const declared = {
            bucket: notYetKnown,
            sseAlgorithm: notYetKnown,
            kmsMasterKeyId: notYetKnown,
            region: notYetKnown,
        };
        expect(lifecycle().check(declared)).to.deep.include({ inputs: declared, issues: [] });
        expect(issues({ ...valid, region: notYetKnown, endpoint: "http://127.0.0.1:9000" })).to.deep.equal([]);
        expect(issues({ ...valid, endpoint: notYetKnown })).to.deep.equal([]);
    });

    it("changes nothing when it checks its own inputs again", () => {
        fc.assert(
            fc.property(declarableRule, (rule) => {
                const { inputs } = lifecycle().check({ ...valid, ...rule });
                expect(lifecycle().check(inputs)).to.deep.include({ inputs, issues: [] });
            }),
        );
    });
});

describe("check of settings", () => {
    it("accepts every choice, omitted values and unknown ones", () => {
        for (const existingRule of ["adopt", "overwrite", "fail", "", undefined, notYetKnown]) {
            for (const onDelete of ["remove", "restore", "retain", "", undefined, notYetKnown]) {
                for (const forceDelete of [true, false, undefined, notYetKnown])
                    expect(issues({ ...valid, existingRule, onDelete, forceDelete })).to.deep.equal([]);
            }
        }
    });

    it("rejects other words, and suggests a choice", () => {
        expect(issues({ ...valid, existingRule: "Adopt", onDelete: "keep", forceDelete: "yes" })).to.deep.equal([
            'existingRule "Adopt" is not one of "adopt", "overwrite", "fail"; did you mean "adopt"?',
            'onDelete "keep" is not one of "remove", "restore", "retain"',
            "forceDelete must be true or false, not a value of type string",
        ]);
        expect(issues({ ...valid, existingRule: 1 })).to.deep.equal([
            'existingRule must be one of "adopt", "overwrite", "fail", not a value of type number',
        ]);
    });

    it("rejects a second resource with another rule for the same bucket, and accepts one that is checked twice", () => {
        const once = lifecycle();
        expect(once.check(valid).issues).to.deep.equal([]);
        expect(once.check(valid).issues).to.deep.equal([]);
        expect(once.check({ ...valid, sseAlgorithm: notYetKnown }).issues).to.deep.equal([]);
        expect(once.check({ ...valid, sseAlgorithm: "SM4" }).issues).to.deep.equal([
            {
                code: "conflicting",
                path: "bucket",
                message:
                    "has another rule (AES256) by another resource of this program; a bucket has one rule, so keep one of the two",
            },
        ]);
    });

    it("rejects it also if the two reach the bucket through different endpoints of the cloud", () => {
        const once = lifecycle();
        once.check(valid);
        const endpoint = "https://oss-cn-hangzhou-internal.aliyuncs.com";
        const { issues: found } = once.check({ ...valid, endpoint, sseAlgorithm: "SM4" });
        expect(found.map(({ path }) => path)).to.deep.equal(["bucket"]);
    });
});

describe("diff", () => {
    it("finds no difference between a state and the declaration that it came from", () => {
        fc.assert(
            fc.property(declarableRule, (rule) => {
                const { inputs } = lifecycle().check({ ...valid, ...rule });
                expect(lifecycle().diff(inputs, inputs)).to.deep.equal({ changed: [], replaces: [] });
            }),
        );
    });

    it("names exactly the properties that differ, for every pair of rules", () => {
        fc.assert(
            fc.property(declarableRule, declarableRule, (from, to) => {
                const { changed, replaces } = lifecycle().diff({ ...valid, ...from }, { ...valid, ...to });
                const names = ["sseAlgorithm", "kmsMasterKeyId", "kmsDataEncryption"] as const;
                const differing = names.filter(
                    (name) => (from as Record<string, unknown>)[name] !== (to as Record<string, unknown>)[name],
                );
                expect(changed).to.deep.equal(differing);
                expect(replaces).to.deep.equal([]);
            }),
        );
    });

    it("finds no difference between an empty, an omitted and a default value", () => {
        const state = { ...valid, sseAlgorithm: "KMS", kmsMasterKeyId: "", kmsDataEncryption: "AES256" };
        expect(lifecycle().diff(state, { ...valid, sseAlgorithm: "KMS" }).changed).to.deep.equal([]);
    });

    it("finds none in a state of an earlier version, or for an explicit default", () => {
        const written = { ...valid, onDelete: "remove", forceDelete: false, existingRule: "adopt" };
        expect(lifecycle().diff(valid, written).changed).to.deep.equal([]);
        expect(lifecycle().diff(written, valid).changed).to.deep.equal([]);
    });

    it("finds changed deletion options, and ignores creation-only options and outputs", () => {
        const state = { ...valid, previousRule: { sseAlgorithm: "SM4" }, bucketRegion: "cn-beijing" };
        expect(lifecycle().diff(state, { ...valid, existingRule: "fail" }).changed).to.deep.equal([]);
        expect(lifecycle().diff(state, { ...valid, onDelete: "restore", forceDelete: true }).changed).to.deep.equal([
            "onDelete",
            "forceDelete",
        ]);
    });

    it("finds an unconfirmed write", () => {
        expect(lifecycle().diff({ ...valid, unconfirmed: true }, valid).changed).to.deep.equal(["unconfirmed"]);
    });

    it("finds none between two names of one key", () => {
        const kms = { ...valid, sseAlgorithm: "KMS" };
        const id = { ...kms, kmsMasterKeyId: "key-1" };
        const arn = { ...kms, kmsMasterKeyId: "acs:kms:cn-hangzhou:1000000000000001:key/key-1" };
        expect(lifecycle().diff(id, arn).changed).to.deep.equal([]);
        expect(lifecycle().diff({ ...kms, kmsMasterKeyId: "alias/acs/oss" }, kms).changed).to.deep.equal([]);
    });

    it("replaces the resource only if the bucket changes", () => {
        expect(lifecycle().diff(valid, { ...valid, bucket: "example-audit" })).to.deep.equal({
            changed: ["bucket"],
            replaces: ["bucket"],
        });
        expect(
            lifecycle().diff(valid, { ...valid, region: "cn-beijing", endpoint: "https://oss.example" }),
        ).to.deep.equal({
            changed: ["region", "endpoint"],
            replaces: [],
        });
    });

    it("counts an unknown value as a difference", () => {
        expect(lifecycle().diff(valid, { ...valid, sseAlgorithm: notYetKnown }).changed).to.deep.equal([
            "sseAlgorithm",
        ]);
        expect(lifecycle().diff(valid, { ...valid, bucket: notYetKnown }).replaces).to.deep.equal(["bucket"]);
    });

    it("finds none in unknown fields, which services add", () => {
        const read = { ...valid, unrecognized: { Scope: "objects" } };
        expect(lifecycle().diff(read, valid).changed).to.deep.equal([]);
        expect(lifecycle().diff(read, { ...valid, sseAlgorithm: "SM4" }).changed).to.deep.equal(["sseAlgorithm"]);
    });
});
