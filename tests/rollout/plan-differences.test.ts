import { expect } from "chai";
import type { StepMetadata } from "../../lib/rollout/engines/stack-engine";
import { planDifferences } from "../../lib/rollout/plan/plan-differences";
import { plannedStep } from "../../lib/rollout/plan/planned-step";

const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const ruleType = "pulumi-nodejs:dynamic/bucket-encryption:BucketEncryption";
const setType = "pulumi-nodejs:dynamic/bucket-encryption:BucketEncryptionSet";

type Properties = Readonly<Record<string, unknown>>;

function step(name: string, op: string, now: Properties | null, before: Properties | null = null, type = ruleType) {
    const urn = `urn:pulumi:dev::project::${type}::${name}`;
    const state = (properties: Properties | null) =>
        properties === null ? null : { urn, type, inputs: properties, outputs: properties };
    return { op, urn, type, old: state(before), new: state(now) } satisfies StepMetadata;
}

const key = { bucket: "logs", sseAlgorithm: "KMS", kmsMasterKeyId: "key-1" };
const plain = { bucket: "media", sseAlgorithm: "AES256" };

function differences(
    planned: readonly StepMetadata[],
    found: readonly StepMetadata[],
    mayBeHalfDone = false,
): string[] {
    const preview = {
        changes: found.filter(({ op }) => op !== "same"),
        unchanged: found.filter(({ op }) => op === "same"),
    };
    const steps = planned.filter(({ op }) => op !== "same").map((one) => plannedStep(one));
    return planDifferences(steps, preview, { mayBeHalfDone });
}

describe("a preview compared with its plan", () => {
    it("is as planned when every step has the same start and goal", () => {
        const steps = [step("logs", "create", key), step("media", "update", plain, key)];
        expect(differences(steps, steps)).to.deep.equal([]);
    });

    it("is not as planned with another goal, another start, another step or one step more", () => {
        const planned = [step("logs", "update", key, plain)];
        expect(
            differences(planned, [step("logs", "update", { ...key, kmsMasterKeyId: "key-2" }, plain)]),
        ).to.deep.equal(["update of logs is needed now, but was planned differently"]);
        // The rule was strengthened since, so the same goal would now weaken it.
        expect(differences(planned, [step("logs", "update", key, { ...plain, sseAlgorithm: "KMS" })])).to.have.length(
            1,
        );
        expect(differences(planned, [step("logs", "replace", key, plain)])).to.have.length(1);
        expect(differences(planned, [...planned, step("media", "create", plain)])).to.deep.equal([
            "create of media is needed now, but was not planned",
        ]);
    });

    it("is not as planned when the program no longer leads to a planned step", () => {
        const planned = [step("logs", "create", key)];
        expect(differences(planned, [])).to.deep.equal(["create of logs was planned, but is no longer needed"]);
        expect(differences(planned, [step("logs", "same", plain, plain)])).to.have.length(1);
        expect(differences(planned, [], true)).to.have.length(1);
    });

    describe("of which another machine has deployed a part", () => {
        it("is as planned with the rest of the steps", () => {
            const planned = [
                step("logs", "create", key),
                step("media", "update", plain, key),
                step("old", "delete", null, key),
            ];
            const rest = [step("logs", "same", key, key), step("media", "update", plain, key)];
            expect(differences(planned, rest)).to.deep.equal([]);
            expect(
                differences(planned, [step("logs", "same", key, key), step("media", "same", plain, plain)]),
            ).to.deep.equal([]);
        });

        it("is as planned when a value that the plan did not know is known now", () => {
            const bucket = step("bucket", "create", { acl: "private" }, null, "alicloud:oss/bucket:Bucket");
            const made = step("bucket", "same", { acl: "private" }, { acl: "private" }, "alicloud:oss/bucket:Bucket");
            const planned = [bucket, step("rule", "create", { ...key, bucket: unknown })];
            expect(differences(planned, planned)).to.deep.equal([]);
            expect(differences(planned, [made, step("rule", "create", key)])).to.deep.equal([]);
            expect(differences(planned, [made, step("rule", "same", key, key)])).to.deep.equal([]);
            expect(
                differences(planned, [made, step("rule", "create", { ...key, kmsMasterKeyId: "key-2" })]),
            ).to.have.length(1);
        });

        it("is not as planned when such a value is known with nothing of the plan done", () => {
            const planned = [
                step("bucket", "create", { acl: "private" }, null, "alicloud:oss/bucket:Bucket"),
                step("rule", "create", { ...key, bucket: unknown }),
            ];
            const [first] = planned as [StepMetadata];
            expect(differences(planned, [first, step("rule", "create", key)])).to.deep.equal([
                "create of rule is needed now, but was planned differently",
            ]);
        });

        it("is as planned from another start only when an earlier turn may have stopped within the step", () => {
            const set = (held: string[]) => ({ buckets: ["a", "b"], sseAlgorithm: "AES256", held });
            const planned = [step("set", "update", set([]), set([]), setType)];
            const found = [step("set", "update", set([]), set(["a"]), setType)];
            expect(differences(planned, found)).to.have.length(1);
            expect(differences(planned, found, true)).to.deep.equal([]);
            expect(differences(planned, [step("set", "replace", set([]), set(["a"]), setType)], true)).to.have.length(
                1,
            );
        });

        it("is as planned when a replacement has deleted and not yet created", () => {
            const planned = [step("logs", "replace", key, plain)];
            expect(differences(planned, [step("logs", "create", key)], true)).to.deep.equal([]);
        });
    });
});
