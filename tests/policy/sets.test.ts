import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { packMembers } from "../../lib/declaration";
import { LocalCloud } from "../../lib/local-cloud";
import {
    allowedAlgorithms,
    allowedKeys,
    customerKeyRequired,
    everyBucketHasARule,
    expectedAccounts,
    keepRuleOnDelete,
    oneOwner,
} from "../../lib/policy";
import { BucketStack } from "../stacks/bucket-stack";
import { type Declared, ossBucket, ourSet, ours, PolicyUnderTest, unknownText } from "./judged-resources";

const pack = path.join(__dirname, "..", "..", "lib", "policy", "pack");

function setOf(buckets: readonly string[], more: object = {}, name = "fleet"): Declared {
    const members = packMembers(new Map(buckets.map((bucket) => [bucket, {}])));
    return { type: ourSet, name, props: { members, sseAlgorithm: "KMS", ...more } };
}

describe("the policies on a BucketEncryptionSet", () => {
    const weaker = { overrides: { public: { sseAlgorithm: "AES256", reason: "public documents" } } };

    it("judge its rule and each override", async () => {
        const policy = new PolicyUnderTest(allowedAlgorithms(), { algorithms: ["KMS"] });
        expect((await policy.judge(setOf(["a"]))).violations).to.deep.equal([]);
        expect((await policy.judge(setOf(["a", "public"], weaker))).violations).to.deep.equal([
            "the override of public: AES256 is not among the allowed algorithms: KMS",
        ]);
        const key = new PolicyUnderTest(customerKeyRequired());
        expect((await key.judge(setOf(["a", "public"], weaker))).violations).to.have.length(2);
    });

    it("exempt an override by its bucket", async () => {
        const exceptions = [{ bucket: "public", reason: "public documents", until: "2099-12-31" }];
        const policy = new PolicyUnderTest(allowedAlgorithms(), { algorithms: ["KMS"], exceptions });
        expect((await policy.judge(setOf(["a", "public"], weaker))).violations).to.deep.equal([]);
        expect((await policy.judge(setOf(["a"], { sseAlgorithm: "SM4" }))).violations).to.have.length(1);
    });

    it("correct its rule and its overrides", async () => {
        const policy = new PolicyUnderTest(allowedAlgorithms(), { algorithms: ["KMS"] });
        const mended = await policy.remediate(setOf(["a", "public"], { ...weaker, sseAlgorithm: "SM4" }));
        expect(mended).to.deep.include({
            sseAlgorithm: "KMS",
            kmsDataEncryption: "SM4",
            overrides: { public: { sseAlgorithm: "KMS", reason: "public documents" } },
        });
    });

    it("leave unknown overrides to the deployment", async () => {
        const policy = new PolicyUnderTest(allowedAlgorithms());
        expect((await policy.judge(setOf(["a"], { overrides: unknownText }))).warning).to.match(
            /^decided at deployment/,
        );
        const allowed = new PolicyUnderTest(allowedKeys(), { allowed: [{ alias: "alias/fleet" }] });
        const { violations } = await allowed.judge(setOf(["a"], { kmsMasterKeyId: "alias/other" }));
        expect(violations).to.have.length(1);
    });

    it("know that a set keeps rules by default when it is deleted", async () => {
        const policy = new PolicyUnderTest(keepRuleOnDelete(), {}, "prod");
        expect((await policy.judge(setOf(["a"]))).violations).to.deep.equal([]);
        expect((await policy.judge(setOf(["a"], { onDelete: "remove" }))).violations[0]).to.match(
            /^deleting this resource deletes the rules of its buckets/,
        );
    });

    it("compare its account", async () => {
        const policy = new PolicyUnderTest(expectedAccounts(), { accounts: ["1000000000000001"] });
        expect((await policy.judge(setOf(["a"], { account: { id: "1000000000000001" } }))).violations).to.deep.equal(
            [],
        );
        expect((await policy.judge(setOf(["a"], { account: { id: "2000000000000002" } }))).violations).to.have.length(
            1,
        );
    });

    it("find in it the rules of a stack's buckets", async () => {
        const bucket = (name: string): Declared => ({ type: ossBucket, name, props: { bucket: name } });
        const policy = new PolicyUnderTest(everyBucketHasARule());
        const { violations } = await policy.judgeStack([bucket("a"), bucket("b"), setOf(["a", "other"])]);
        expect(violations.map((text) => text.slice(0, 3))).to.deep.equal(["b: "]);
    });

    it("find second owners of its buckets, with one message for each two resources", async () => {
        const single: Declared = { type: ours, name: "single", props: { bucket: "b2", sseAlgorithm: "KMS" } };
        const names = Array.from({ length: 10 }, (_, index) => `b${index}`);
        const other = setOf(["b1", "b3", "b5", "b7", "c"], {}, "other");
        expect(
            (await new PolicyUnderTest(oneOwner()).judgeStack([setOf(names), single, other])).violations,
        ).to.deep.equal([
            'single: BucketEncryptionSet "fleet" already declares the bucket\'s rule; two owners overwrite each other',
            'other: BucketEncryptionSet "fleet" already declares the rules of 4 of its buckets (b1, b3, b5, …); two owners overwrite each other',
        ]);
        expect(await new PolicyUnderTest(oneOwner()).judgeStack([setOf(names, weaker)])).to.deep.equal({
            violations: [],
        });
    });

    it("check 50,000 buckets", async () => {
        const names = Array.from({ length: 50_000 }, (_, index) => `bucket-${index}`);
        const extra: Declared = { type: ours, name: "extra", props: { bucket: "bucket-49999", sseAlgorithm: "KMS" } };
        const { violations } = await new PolicyUnderTest(oneOwner()).judgeStack([setOf(names), extra]);
        expect(violations).to.have.length(1);
    });
});

describe("the policy pack in a stack with a set", function () {
    this.timeout(120_000);

    it("corrects a set, whose buckets then have the better rule", async () => {
        const cloud = await LocalCloud.start();
        for (const name of ["a", "b"]) cloud.createBucket({ name: `fleet-${name}` });
        const stack = await new BucketStack(cloud).start();
        try {
            writeFileSync(
                path.join(stack.folder, "index.js"),
                `const { BucketEncryptionSet } = require("pulumi-bucket-encryption");
                 new BucketEncryptionSet("fleet", { buckets: ["fleet-a", "fleet-b"], sseAlgorithm: "SM4" });`,
            );
            const config = path.join(stack.folder, "policies.json");
            const remediating = { enforcementLevel: "remediate", algorithms: ["KMS"] };
            writeFileSync(config, JSON.stringify({ "allowed-algorithms": remediating }));
            const flags = ["--yes", "--skip-preview", "--policy-pack", pack, "--policy-pack-config", config];
            const { status, output } = await stack.command("up", ...flags);
            expect(status, output).to.equal(0);
            for (const name of ["fleet-a", "fleet-b"])
                expect(cloud.bucketRule(name)).to.deep.equal({ sseAlgorithm: "KMS", kmsDataEncryption: "SM4" });
        } finally {
            stack.remove();
            await cloud.stop();
        }
    });
});
