import { expect } from "chai";
import fc from "fast-check";
import { packMembers } from "../../lib/declaration";
import { LocalCloud } from "../../lib/local-cloud";
import { type Extent, limitMs } from "../extent";
import { OneResourceStack, Refused } from "../pulumi/one-resource-stack";

const names = ["bucket-a", "bucket-b", "bucket-c", "bucket-d", "bucket-e"];
const never = "never-declared";
const rules = ["AES256", "SM4", "KMS"] as const;
const strength = { AES256: 1, SM4: 1, KMS: 2 };
type Rule = (typeof rules)[number];

const someNames = fc.subarray(names);
const declaration = fc.record({
    members: someNames,
    sseAlgorithm: fc.constantFrom(...rules),
    overridden: fc.dictionary(fc.constantFrom(...names), fc.constantFrom(...rules), { maxKeys: 2 }),
    atLeast: fc.boolean(),
    onDelete: fc.constantFrom("remove", "restore", "retain", undefined),
});
type Declaration = ReturnType<typeof declaration.generate>["value"];

const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant("up" as const), declaration }) },
    fc.record({ kind: fc.constant("refresh" as const) }),
    fc.record({ kind: fc.constant("destroy" as const) }),
    {
        weight: 2,
        arbitrary: fc.record({
            kind: fc.constant("console" as const),
            bucket: fc.constantFrom(...names),
            rule: fc.constantFrom(undefined, ...rules),
        }),
    },
    {
        weight: 2,
        arbitrary: fc.record({
            kind: fc.constant("fault" as const),
            bucket: fc.constantFrom(...names),
            operation: fc.constantFrom("PutBucketEncryption", "GetBucketEncryption", "DeleteBucketEncryption"),
        }),
    },
    fc.record({ kind: fc.constant("vanish" as const), bucket: fc.constantFrom(...names) }),
    fc.record({ kind: fc.constant("appear" as const), bucket: fc.constantFrom(...names) }),
);

function inputsOf({ members, overridden, ...others }: Declaration) {
    const own = Object.entries(overridden).filter(([bucket]) => members.includes(bucket));
    return {
        ...others,
        existingRule: "overwrite",
        members: packMembers(new Map(members.map((bucket) => [bucket, {}]))),
        overrides: Object.fromEntries(own.map(([bucket, sseAlgorithm]) => [bucket, { sseAlgorithm }])),
    };
}

/** @param extent how many sequences are played, or how long */
export function anySequenceOfSets(extent: Extent): void {
    const runs =
        "rounds" in extent
            ? { numRuns: extent.rounds }
            : { numRuns: 1e9, interruptAfterTimeLimit: 1000 * extent.seconds, markInterruptAsFailure: false };

    describe("a set under any sequence of declarations, faults, console changes and operations", function () {
        this.timeout(limitMs(extent, 1));

        it("reaches the declared rules once nothing fails, reports that, and touches no other bucket", async () => {
            const cloud = await LocalCloud.start();
            const holds = async (steps: readonly ReturnType<typeof step.generate>["value"][], last: Declaration) => {
                cloud.faults.clear();
                for (const name of cloud.bucketNames()) cloud.deleteBucket(name);
                for (const name of names) cloud.createBucket({ name });
                cloud.createBucket({ name: never, encryption: { sseAlgorithm: "SM4" } });
                const stack = new OneResourceStack("set", {
                    endpoint: cloud.url,
                    region: "cn-hangzhou",
                    accessKeyId: "local-key-id",
                    accessKeySecret: "local-key-secret",
                });
                for (const action of steps) await play(cloud, stack, action);
                cloud.faults.clear();
                for (const name of names) if (!cloud.bucketNames().includes(name)) cloud.createBucket({ name });
                if (stack.kept !== undefined) await stack.refresh();
                await stack.up(inputsOf(last));
                for (const bucket of last.members) {
                    const declared: Rule = last.overridden[bucket] ?? last.sseAlgorithm;
                    const found = cloud.bucketRule(bucket)?.sseAlgorithm as Rule;
                    const isKept = last.atLeast && strength[found] > strength[declared];
                    expect(isKept ? declared : found, bucket).to.equal(declared);
                }
                expect(stack.kept?.outputs.exceptions).to.equal(undefined);
                expect(stack.kept?.outputs.buckets).to.equal(last.members.length);
                expect(await stack.preview(inputsOf(last))).to.equal("same");
                const before = structuredClone(stack.kept);
                await stack.refresh();
                expect(stack.kept?.outputs).to.deep.equal(before?.outputs);
                expect(cloud.bucketRule(never)).to.deep.equal({ sseAlgorithm: "SM4" });
            };
            try {
                await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 8 }), declaration, holds), runs);
            } finally {
                await cloud.stop();
            }
        });
    });
}

async function play(
    cloud: LocalCloud,
    stack: OneResourceStack,
    action: ReturnType<typeof step.generate>["value"],
): Promise<void> {
    const isThere = (bucket: string) => cloud.bucketNames().includes(bucket);
    try {
        switch (action.kind) {
            case "up":
                await stack.up(inputsOf(action.declaration));
                break;
            case "refresh":
                if (stack.kept !== undefined) await stack.refresh();
                break;
            case "destroy":
                if (stack.kept !== undefined) await stack.destroy();
                break;
            case "console":
                if (isThere(action.bucket)) {
                    cloud.setBucketRule(action.bucket, action.rule && { sseAlgorithm: action.rule });
                }
                break;
            case "fault":
                cloud.faults.add({ ...action, kind: "status", status: 403, code: "AccessDenied", count: 1 });
                break;
            case "vanish":
                cloud.deleteBucket(action.bucket);
                break;
            case "appear":
                if (!isThere(action.bucket)) cloud.createBucket({ name: action.bucket });
        }
    } catch (error) {
        if (!(error instanceof Refused)) throw error;
    }
}
