import path from "node:path";
import { expect } from "chai";
import { accessKeySecret, passphrase, TestRollout } from "../../rollout/test-rollout";
import { needed } from "../needed-tool";
import { GithubRunner } from "./github-runner";
import { installPackage } from "./pipeline-project";
import type { PipelineRun } from "./pipeline-run";

const examples = path.join(__dirname, "..", "..", "..", "examples", "pipelines", "github-actions");
const workflows = ["rollout.yml", "rollout-part.yml", "rollout-gate.yml"].map((name) => path.join(examples, name));

describe("GitHub's workflow of a rollout, run by act", function () {
    this.timeout(900_000);
    let runner: GithubRunner;
    let rollout: TestRollout;

    before(async function () {
        runner = await needed(this, () => GithubRunner.installed());
        rollout = await TestRollout.create([1, 1, 1]);
        rollout.write({
            refresh: false,
            stacks: [rollout.stack(1), rollout.stack(2), rollout.stack(3)],
            waves: [
                { name: "canary", stacks: ["account-1"] },
                { name: "others", stacks: ["account-2", "account-3"], maxConcurrent: 2, failureTolerance: 0 },
            ],
        });
        await rollout.plan();
        installPackage(rollout.folder);
        runner.prepare(rollout.folder, workflows);
    });
    after(async () => {
        await runner?.stop();
        await rollout?.dispose();
    });

    const run = async (): Promise<PipelineRun> => {
        const { PULUMI_BACKEND_URL = "", ...environment } = rollout.environment;
        return await runner.run(rollout.folder, "rollout.yml", environment, {
            variables: { PULUMI_BACKEND_URL },
            secrets: { PULUMI_CONFIG_PASSPHRASE: passphrase },
        });
    };

    it("stops at the gate of a wave with a failed stack, and deploys nothing of the next one", async () => {
        rollout.cloud.faults.add({
            kind: "status",
            status: 403,
            code: "NoPermission",
            operation: "PutBucketEncryption",
            bucket: "account-1-bucket-1",
        });
        const { status, output } = await run();
        expect(status, output).to.equal(1);
        expect(output).to.contain("wave canary: 1 stack failed (account-1); 0 may fail");
        expect(rollout.writes()).to.deep.equal({});
        for (const secret of [accessKeySecret, passphrase]) expect(output.includes(secret)).to.equal(false);
    });

    it("plans, deploys each stack in a job of its own, and passes the gate of each wave", async () => {
        rollout.cloud.faults.clear();
        const { status, output } = await run();
        expect(status, output).to.equal(0);
        expect(rollout.writes()).to.deep.equal({
            "account-1-bucket-1": 1,
            "account-2-bucket-1": 1,
            "account-3-bucket-1": 1,
        });
    });
});
