import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { skipBecause } from "../skip-because";
import { TestRollout } from "./test-rollout";

const hasPulumi = spawnSync("pulumi", ["version"]).status === 0;

describe("the engine of a rollout", function () {
    this.timeout(240_000);
    let rollout: TestRollout;
    beforeEach(async () => {
        rollout = await TestRollout.create([2, 1]);
        rollout.write({
            stacks: [rollout.stack(1), rollout.stack(2)],
            waves: [{ name: "all", stacks: ["account-1", "account-2"] }],
        });
    });
    afterEach(async () => await rollout.dispose());

    function hidePulumi(): void {
        const empty = path.join(rollout.folder, "empty");
        mkdirSync(empty);
        rollout.environment = { ...rollout.environment, PATH: empty };
    }

    it("rejects the engine pulumi where there is no pulumi CLI", async () => {
        hidePulumi();
        rollout.engine = ["--engine", "pulumi"];
        const { status, stderr } = await rollout.run("plan");
        expect(status).to.equal(1);
        expect(stderr).to.include("pulumi is not on the PATH").and.to.include("--engine embedded");
    });

    it("is pulumi-embedded where there is no pulumi CLI, and says how to create a missing stack", async () => {
        hidePulumi();
        rollout.engine = [];
        const { status, stdout, stderr } = await rollout.run("plan");
        expect(status).to.equal(1);
        expect(stderr).to.include("Planning 2 stacks with pulumi-embedded.");
        expect(stdout).to.match(/all +account-1 .* not known +not known +no stack named 'account-1' found/);
        const report = await rollout.report();
        expect(report.totals.stacks["not-planned"]).to.equal(2);
    });

    for (const engine of ["embedded", "pulumi"]) {
        it(`plans no stack whose account cannot be verified, with ${engine}, and deploys nothing of it`, async function () {
            if (engine === "pulumi" && !hasPulumi) return skipBecause(this, "there is no pulumi on the PATH");
            rollout.engine = ["--engine", engine];
            const roleArn = `acs:ram::${rollout.accounts[0]?.id}:role/trusting-nobody`;
            rollout.write({
                stacks: [
                    rollout.stack(1, { configuration: { "bucket-encryption:account": { roleArn } } }),
                    rollout.stack(2),
                ],
                waves: [{ name: "all", stacks: ["account-1", "account-2"], failureTolerance: 1 }],
            });
            const planned = await rollout.run("plan", "--create-stacks");
            expect(planned.status, planned.stderr).to.equal(1);
            expect(planned.stdout).to.match(
                /account-1 +\d+ +cn-hangzhou +2 create +not known +none +the account of the credentials could not be determined: Cannot assume the role .*trusting-nobody: STS refuses/,
            );
            expect(planned.stdout.match(/could not be determined/g)).to.have.length(1);
            await rollout.end(1, "run", "--yes");
            const [distrusted, fine] = (await rollout.report()).waves[0]?.stacks ?? [];
            expect(distrusted).to.include({ state: "failed", turns: 1 });
            expect(distrusted?.reason).to.match(
                /^could not be planned, so nothing was deployed: .*STS refuses: NoPermission/,
            );
            for (const { status, why } of distrusted?.buckets ?? []) {
                expect(status).to.equal("not-known");
                expect(why).to.include("STS refuses");
            }
            expect(distrusted?.buckets).to.have.length(2);
            expect(fine).to.include({ state: "deployed" });
            expect(rollout.writes()).to.deep.equal({ "account-2-bucket-1": 1 });
        });
    }

    it("is the pulumi CLI where there is one, through the Automation API, with the same outcomes", async function () {
        if (!hasPulumi) return skipBecause(this, "there is no pulumi on the PATH");
        rollout.engine = [];
        const planned = await rollout.run("plan", "--create-stacks");
        expect(planned.stderr).to.include("with pulumi 3.");
        expect(planned.stdout).to.match(/all +account-1 +1000000000000001 +cn-hangzhou +2 create +added +none/);
        rollout.cloud.faults.add({
            kind: "status",
            status: 403,
            code: "AccessDenied",
            operation: "PutBucketEncryption",
            bucket: "account-1-bucket-2",
        });
        expect((await rollout.run("run", "--yes")).status).to.equal(1);
        const failed = await rollout.report();
        expect(failed.waves[0]?.stacks.map(({ state }) => state)).to.deep.equal(["failed", "waiting"]);
        expect(failed.waves[0]?.stacks[0]?.reason).to.include("AccessDenied");
        expect(failed.waves[0]?.stacks[0]?.buckets.map(({ status }) => status)).to.deep.equal([
            "as-declared",
            "not-known",
        ]);
        rollout.cloud.faults.clear();
        await rollout.succeed("resume", "--yes");
        const report = await rollout.report();
        expect(report.state).to.equal("completed");
        expect(report.totals.buckets["as-declared"]).to.equal(3);
        expect(Object.values(rollout.writes())).to.deep.equal([1, 1, 1]);
        await rollout.plan();
        await rollout.succeed("run", "--yes");
        expect(await rollout.outcomes()).to.deep.equal({ "account-1": "unchanged", "account-2": "unchanged" });
    });
});
