import { expect } from "chai";
import { allowedAlgorithms, encryptionPolicies, everyBucketHasARule, type PolicyException } from "../../lib/policy";
import { ossBucket, ours, PolicyUnderTest, unknownText } from "./judged-resources";

const now = () => new Date("2026-11-23T18:00:00Z");
const forbidden = { type: ours, name: "archive", props: { bucket: "old-archive", sseAlgorithm: "SM4" } };
const algorithms = ["KMS"];

function policyWith(...exceptions: readonly Partial<PolicyException>[]): PolicyUnderTest {
    return new PolicyUnderTest(allowedAlgorithms({ now }), { algorithms, exceptions });
}

describe("exceptions", () => {
    const valid = { reason: "moves to KMS in January", until: "2026-12-31" };

    for (const [by, selector] of Object.entries({
        "the bucket's name": { bucket: "old-archive" },
        "a pattern of it": { bucket: "old-*" },
        "the resource's name": { resource: "archive" },
        "the URN": { urn: "urn:pulumi:dev::*::archive" },
        "several of these": { bucket: "old-*", resource: "arch*" },
    })) {
        it(`exempt by ${by}`, async () => {
            expect((await policyWith().judge(forbidden)).violations).to.have.length(1);
            expect((await policyWith({ ...selector, ...valid }).judge(forbidden)).violations).to.deep.equal([]);
        });
    }

    it("exempt nothing else", async () => {
        for (const selector of [{ bucket: "archive" }, { resource: "old" }, { bucket: "old-*", resource: "other" }])
            expect((await policyWith({ ...selector, ...valid }).judge(forbidden)).violations).to.have.length(1);
        const unnamed = { ...forbidden, props: { ...forbidden.props, bucket: unknownText } };
        expect((await policyWith({ bucket: "*", ...valid }).judge(unnamed)).violations).to.have.length(1);
    });

    it("apply through their last day, and no longer", async () => {
        const until = (day: string) =>
            policyWith({ resource: "archive", reason: "moves", until: day }).judge(forbidden);
        expect((await until("2026-11-23")).violations).to.deep.equal([]);
        expect((await until("2026-11-22")).violations).to.deep.equal([
            "SM4 is not among the allowed algorithms: KMS (its exemption ended on 2026-11-22; the reason was: moves)",
        ]);
    });

    it("apply when one of several does", async () => {
        const ended = { resource: "archive", reason: "first", until: "2025-01-01" };
        expect((await policyWith(ended, { resource: "archive", ...valid }).judge(forbidden)).violations).to.deep.equal(
            [],
        );
    });

    it("keep a resource from being corrected", async () => {
        expect(await policyWith({ resource: "archive", ...valid }).remediate(forbidden)).to.equal(undefined);
        expect(await policyWith().remediate(forbidden)).to.deep.include({ sseAlgorithm: "KMS" });
    });

    it("exempt a bucket without a rule", async () => {
        const policy = new PolicyUnderTest(everyBucketHasARule({ now }), {
            exceptions: [{ bucket: "public", ...valid }],
        });
        const bucket = (name: string) => ({ type: ossBucket, name, props: { bucket: name } });
        expect((await policy.judgeStack([bucket("public"), bucket("private")])).violations).to.have.length(1);
    });

    it("rejects exemptions without effect, all at once", async () => {
        const policy = policyWith(
            { resource: "archive", until: "2026-12-31" },
            { resource: "archive", reason: " ", until: "2026-12-31" },
            { resource: "archive", reason: "x", until: "2026-02-30" },
            { resource: "archive", reason: "x", until: "31.12.2026" },
            { reason: "x", until: "2026-12-31" },
            { resource: "other", ...valid },
        );
        expect(await policy.faults()).to.deep.equal([
            "exception 1 in its configuration has no reason, so it has no effect",
            "exception 2 in its configuration has no reason, so it has no effect",
            'exception 3 in its configuration has no day as "until", such as 2026-12-31, so it has no effect',
            'exception 4 in its configuration has no day as "until", such as 2026-12-31, so it has no effect',
            "exception 5 in its configuration names neither a bucket, nor a resource, nor a URN, so it has no effect",
        ]);
        expect((await policy.judge(forbidden)).violations).to.have.length(1);
    });
});

describe("a policy's configuration", () => {
    it("rejects a property that the policy does not have, which engines accept", async () => {
        const policy = new PolicyUnderTest(allowedAlgorithms(), { algoritms: ["KMS"] });
        expect(await policy.faults()).to.deep.equal([
            'its configuration has a property "algoritms", which the policy does not have; did you mean "algorithms"?',
        ]);
    });

    it("is valid by its defaults, in every policy", async () => {
        for (const policy of encryptionPolicies()) {
            const { properties = {} } = policy.configSchema ?? {};
            const defaults = Object.entries(properties).flatMap(([name, schema]) =>
                schema.default === undefined ? [] : [[name, schema.default]],
            );
            expect(await new PolicyUnderTest(policy, Object.fromEntries(defaults)).faults(), policy.name).to.deep.equal(
                [],
            );
        }
    });

    it("prefers a pack's defaults to the policy's, and the user's values to both", async () => {
        const policy = allowedAlgorithms({ name: "kms-only", enforcementLevel: "advisory", defaults: { algorithms } });
        expect([policy.name, policy.enforcementLevel]).to.deep.equal(["kms-only", "advisory"]);
        expect(policy.configSchema?.properties.algorithms?.default).to.deep.equal(["KMS"]);
        expect((await new PolicyUnderTest(policy).judge(forbidden)).violations).to.have.length(1);
        expect((await new PolicyUnderTest(policy, { algorithms: ["SM4"] }).judge(forbidden)).violations).to.deep.equal(
            [],
        );
    });
});
