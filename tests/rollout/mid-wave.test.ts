import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { TestRollout } from "./test-rollout";

describe("a rollout in which something changes after the plan", function () {
    this.timeout(240_000);
    let rollout: TestRollout;
    afterEach(async () => await rollout.dispose());

    const expired = {
        kind: "status",
        status: 403,
        code: "SecurityTokenExpired",
        operation: "PutBucketEncryption",
    } as const;

    it("renews a role's token that expires within a wave, and reports what a token without renewal left undone", async () => {
        rollout = await TestRollout.create([1, 2, 2]);
        const roleArn = `acs:ram::${rollout.accounts[1]?.id}:role/trusting-the-first`;
        const byRole = { "bucket-encryption:profile": "account-1", "bucket-encryption:account": { roleArn } };
        rollout.write({
            stacks: [rollout.stack(2, { configuration: byRole }), rollout.stack(3)],
            waves: [{ name: "all", stacks: ["account-2", "account-3"] }],
        });
        rollout.useToken(3, new Date(Date.now() + 3_600_000));
        await rollout.plan();
        rollout.cloud.faults.add({ ...expired, bucket: "account-2-bucket-1", count: 1 });
        rollout.cloud.faults.add({ ...expired, bucket: "account-3-bucket-2" });
        await rollout.end(1, "run", "--yes");
        const report = await rollout.report();
        expect(report).to.include({ state: "stopped", reason: "wave all: 1 stack failed (account-3); 0 may fail" });
        const [renewed, ended] = report.waves[0]?.stacks ?? [];
        expect([renewed?.state, ended?.state]).to.deep.equal(["deployed", "failed"]);
        expect(ended?.reason)
            .to.match(/token has expired/)
            .and.to.include("account-3-bucket-2");
        expect(ended?.buckets.map(({ status }) => status)).to.deep.equal(["as-declared", "not-known"]);
        expect(ended?.buckets[1]?.why).to.match(/token has expired/);

        rollout.cloud.faults.clear();
        rollout.useToken(3, new Date(Date.now() + 3_600_000));
        await rollout.succeed("resume", "--yes");
        const buckets = rollout.accounts.slice(1).flatMap((account) => account.buckets);
        expect(rollout.writes()).to.deep.equal(Object.fromEntries(buckets.map((bucket) => [bucket, 1])));
        expect(rollout.touchedAccounts()).to.deep.equal(rollout.accounts.map(({ id }) => id));
    });

    it("rejects credentials of another account with both ids, and reports an account that throttles everything", async () => {
        rollout = await TestRollout.create([1, 1, 1]);
        rollout.write({
            stacks: [rollout.stack(1), rollout.stack(2), rollout.stack(3)],
            waves: [{ name: "all", stacks: ["account-1", "account-2", "account-3"], failureTolerance: 2 }],
        });
        await rollout.plan();
        const [first, second] = rollout.accounts;
        rollout.changeProfile("account-2", { access_key_id: `key-of-${first?.id}` });
        rollout.cloud.faults.add({ kind: "throttle", bucket: "account-3-bucket-1" });
        await rollout.end(1, "run", "--yes");
        const [fine, foreign, throttled] = (await rollout.report()).waves[0]?.stacks ?? [];
        expect([fine?.state, foreign?.state, throttled?.state]).to.deep.equal(["deployed", "failed", "failed"]);
        expect(foreign?.reason).to.include(`the account ${first?.id}`).and.to.include(`${second?.id}`);
        expect(foreign?.buckets[0]).to.include({ status: "not-known" });
        expect(throttled?.reason).to.match(/limit|throttl/i);
        expect(throttled?.buckets[0]).to.include({ status: "not-known" });
        expect(rollout.writes()).to.deep.equal({ "account-1-bucket-1": 1 });
    });

    it("does not deploy a stack whose account can no longer be verified, and says why", async () => {
        rollout = await TestRollout.create([1]);
        rollout.write({ stacks: [rollout.stack(1)], waves: [{ name: "all", stacks: ["account-1"] }] });
        await rollout.plan();
        rollout.cloud.faults.add({ kind: "status", status: 403, code: "NoPermission", operation: "GetCallerIdentity" });
        await rollout.end(1, "run", "--yes");
        const report = await rollout.report();
        expect(report).to.include({ state: "stopped", reason: "wave all: 1 stack failed (account-1); 0 may fail" });
        const [stack] = report.waves[0]?.stacks ?? [];
        expect(stack?.reason).to.match(/^the account of the credentials could not be determined: NoPermission/);
        expect(stack?.buckets).to.have.length(1);
        expect(stack?.buckets[0]).to.include({ status: "not-known" });
        rollout.cloud.faults.clear();
        await rollout.succeed("resume", "--yes");
        expect(rollout.writes()).to.deep.equal({ "account-1-bucket-1": 1 });
    });

    it("deploys nothing of a stack whose program or rules have changed since the plan, with any tolerance of the wave", async () => {
        rollout = await TestRollout.create([1]);
        rollout.write({
            stacks: [rollout.stack(1)],
            waves: [{ name: "all", stacks: ["account-1"], failureTolerance: "100%" }],
        });
        await rollout.plan();
        const program = path.join(rollout.folder, "index.js");
        const before = readFileSync(program, "utf8");
        writeFileSync(program, before.replace("bucket, sseAlgorithm,", 'bucket, sseAlgorithm, onDelete: "retain",'));
        await rollout.end(1, "run", "--yes");
        const report = await rollout.report();
        expect(report.reason).to.equal("wave all: account-1 differs from the plan");
        expect(report.waves[0]?.stacks[0]).to.include({ state: "differs" });
        expect(rollout.writes()).to.deep.equal({});
        writeFileSync(program, before);
        await rollout.succeed("resume", "--yes");
        expect(await rollout.outcomes()).to.deep.equal({ "account-1": "deployed" });

        await rollout.plan();
        rollout.cloud.setBucketRule("account-1-bucket-1", { sseAlgorithm: "SM4" });
        await rollout.end(1, "run", "--yes");
        const drifted = (await rollout.report()).waves[0]?.stacks[0];
        expect(drifted).to.include({ state: "differs" });
        expect(drifted?.reason).to.match(/^differs from the plan: update of account-1-bucket-1 is needed now/);
        expect(drifted?.buckets[0]).to.include({ status: "different", why: "update needed, not deployed" });
        expect(rollout.cloud.bucketRule("account-1-bucket-1")).to.deep.equal({ sseAlgorithm: "SM4" });
    });
});
