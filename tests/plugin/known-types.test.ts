import { expect } from "chai";
import {
    bucketEncryptionSetTypes,
    bucketEncryptionTypes,
    isBucketEncryption,
    isBucketEncryptionSet,
    nativeTypes,
    packMembers,
} from "../../lib/declaration";
import { programText } from "../../lib/migration";
import { allowedAlgorithms, everyBucketHasARule, keepRuleOnDelete, oneOwner } from "../../lib/policy";
import { bucketsOf } from "../../lib/rollout/plan/buckets";
import { ossBucket, PolicyUnderTest } from "../policy/judged-resources";
import { entry, preview, step } from "../review/preview-builder";
import { reviewPreview } from "../review/reviewed-documents";

const members = packMembers(new Map([["logs", {}]]));
const kinds = [
    ["single resource", bucketEncryptionTypes, { bucket: "logs", sseAlgorithm: "KMS" }],
    ["set", bucketEncryptionSetTypes, { members, buckets: 1, sseAlgorithm: "KMS" }],
] as const;

/** The classes of a review's changes. */
const review = (...steps: Parameters<typeof preview>) =>
    reviewPreview(preview(...steps)).changes.map((change) => change.class);

describe("resources of the plugin and dynamic ones", () => {
    it("are known by one list", () => {
        expect(bucketEncryptionTypes).to.have.length(2).and.include(nativeTypes.bucketEncryption);
        expect(bucketEncryptionSetTypes).to.have.length(2).and.include(nativeTypes.bucketEncryptionSet);
        expect(bucketEncryptionTypes.map(isBucketEncryption)).to.deep.equal([true, true]);
        expect(bucketEncryptionTypes.map(isBucketEncryptionSet)).to.deep.equal([false, false]);
        expect(bucketEncryptionSetTypes.map(isBucketEncryptionSet)).to.deep.equal([true, true]);
    });

    for (const [kind, types, inputs] of kinds) {
        for (const type of types) {
            const weaker = { ...inputs, sseAlgorithm: "AES256" };

            it(`are judged alike by policies (${kind}, ${type})`, async () => {
                const judge = async (policy: PolicyUnderTest, props: object = inputs) =>
                    (await policy.judge({ type, props: { ...props } })).violations;
                const algorithms = new PolicyUnderTest(allowedAlgorithms(), { algorithms: ["KMS"] });
                expect(await judge(algorithms)).to.deep.equal([]);
                expect(await judge(algorithms, weaker)).to.deep.equal([
                    "AES256 is not among the allowed algorithms: KMS",
                ]);
                const keep = await judge(new PolicyUnderTest(keepRuleOnDelete(), {}, "prod"), {
                    ...inputs,
                    onDelete: "remove",
                });
                expect(keep).to.have.length(1);
                expect(keep[0]).to.include("deletes");
            });

            it(`own their buckets' rules for policies on the stack (${kind}, ${type})`, async () => {
                const bucket = { type: ossBucket, name: "logs", props: { bucket: "logs" } };
                const resource = { type, name: "rule", props: inputs };
                const rules = new PolicyUnderTest(everyBucketHasARule());
                expect((await rules.judgeStack([bucket])).violations).to.have.length(1);
                expect((await rules.judgeStack([bucket, resource])).violations).to.deep.equal([]);
                const owners = new PolicyUnderTest(oneOwner());
                const twice = [resource, { ...resource, name: "other", type: types[0] as string }];
                expect((await owners.judgeStack(twice)).violations).to.have.length(1);
            });

            it(`are reviewed alike (${kind}, ${type})`, () => {
                const [before, after] = [entry(inputs, { type }), entry(weaker, { type })];
                expect(review(step("update", before, after))).to.deep.equal(["weakened"]);
                expect(review(step("delete", before, undefined))).to.deep.equal([
                    kind === "set" ? "unchanged" : "removed",
                ]);
            });

            it(`have their buckets in a rollout's plan (${kind}, ${type})`, () => {
                const metadata = { op: "create", urn: "urn", type, old: null, new: { inputs: { ...inputs } } };
                expect(bucketsOf(metadata)).to.deep.equal([{ bucket: "logs", op: "create" }]);
            });
        }
    }

    it("are also judged by lists of buckets from programs in other languages", async () => {
        const bucket = { type: ossBucket, name: "logs", props: { bucket: "logs" } };
        const rules = new PolicyUnderTest(everyBucketHasARule());
        for (const buckets of [["logs"], { logs: {} }]) {
            const set = { type: nativeTypes.bucketEncryptionSet, props: { buckets, sseAlgorithm: "KMS" } };
            expect((await rules.judgeStack([bucket, set])).violations).to.deep.equal([]);
        }
    });

    it("are declared by the programs that adopt rules, as wanted", () => {
        const rules = [{ source: "a", name: "a", properties: { bucket: "logs", sseAlgorithm: "KMS" } }];
        expect(programText(rules)).to.include('from "pulumi-bucket-encryption";');
        expect(programText(rules, true)).to.include('from "pulumi-bucket-encryption/native";');
    });
});

describe("a review of a preview that refreshes a resource of the plugin first", () => {
    const type = nativeTypes.bucketEncryption;
    const secret = entry({ bucket: "logs", sseAlgorithm: "KMS", kmsMasterKeyId: "[secret]" }, { type });

    it("does not list the refresh where the resource stays the same, also with a secret key", () => {
        expect(review(step("refresh", secret, secret))).to.deep.equal(["unchanged"]);
        expect(review(step("update", secret, secret, { diffReasons: ["kmsMasterKeyId"] }))).to.deep.equal(["unknown"]);
    });

    it("lists what the refresh found, and what the deployment does about it", () => {
        const declared = entry({ bucket: "logs", sseAlgorithm: "KMS" }, { type });
        const found = entry({ bucket: "logs", sseAlgorithm: "AES256" }, { type });
        expect(review(step("refresh", declared, found))).to.deep.equal(["weakened"]);
        expect(review(step("refresh", declared, found), step("update", found, declared))).to.deep.equal([
            "strengthened",
        ]);
    });
});
