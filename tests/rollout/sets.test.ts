import { expect } from "chai";
import { TestRollout } from "./test-rollout";

describe("a rollout of a BucketEncryptionSet", () => {
    let rollout: TestRollout;
    afterEach(async () => await rollout.dispose());

    it("reports each bucket, and after a failure which of them were deployed", async () => {
        rollout = await TestRollout.create([3]);
        rollout.useSet();
        rollout.write({ stacks: [rollout.stack(1)], waves: [{ name: "all", stacks: ["account-1"] }] });
        await rollout.plan();
        const statuses = async () => {
            const { waves } = await rollout.report();
            return Object.fromEntries(waves[0]?.stacks[0]?.buckets.map(({ bucket, status }) => [bucket, status]) ?? []);
        };
        const names = ["account-1-bucket-1", "account-1-bucket-2", "account-1-bucket-3"] as const;
        expect(await statuses()).to.deep.equal(Object.fromEntries(names.map((name) => [name, "different"])));
        rollout.cloud.faults.add({
            kind: "status",
            status: 403,
            code: "AccessDenied",
            operation: "PutBucketEncryption",
            bucket: names[1],
        });
        expect((await rollout.run("run", "--yes")).status).to.equal(1);
        expect(await statuses()).to.deep.equal({
            [names[0]]: "as-declared",
            [names[1]]: "not-known",
            [names[2]]: "as-declared",
        });
        rollout.cloud.faults.clear();
        await rollout.succeed("resume", "--yes");
        expect(await statuses()).to.deep.equal(Object.fromEntries(names.map((name) => [name, "as-declared"])));
        expect(rollout.writes()).to.deep.equal(Object.fromEntries(names.map((name) => [name, 1])));
    }).timeout(180_000);
});
