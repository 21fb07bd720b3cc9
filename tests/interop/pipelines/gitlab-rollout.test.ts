import { copyFileSync, existsSync, rmSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { accessKeySecret, passphrase, TestRollout } from "../../rollout/test-rollout";
import { needed } from "../needed-tool";
import { GitlabRunner } from "./gitlab-runner";
import { installPackage } from "./pipeline-project";
import type { PipelineRun } from "./pipeline-run";

const example = path.join(__dirname, "..", "..", "..", "examples", "pipelines", "gitlab-ci", "rollout.gitlab-ci.yml");

describe("GitLab's pipelines of a rollout, run by gitlab-ci-local", function () {
    this.timeout(900_000);
    let runner: GitlabRunner;
    let rollout: TestRollout;

    before(async function () {
        runner = await needed(this, () => GitlabRunner.installed(this));
        rollout = await TestRollout.create([1, 1, 1]);
        rollout.write({
            refresh: false,
            stacks: [rollout.stack(1), rollout.stack(2), rollout.stack(3)],
            waves: [
                { name: "canary", stacks: ["account-1"], pause: "person" },
                { name: "the others", stacks: ["account-2", "account-3"], maxConcurrent: 2, failureTolerance: 1 },
            ],
        });
        await rollout.plan();
        installPackage(rollout.folder);
        copyFileSync(example, path.join(rollout.folder, ".gitlab-ci.yml"));
        runner.prepare(rollout.folder);
    });
    after(async () => await rollout?.dispose());

    const refuse = (account: string): void => {
        rollout.cloud.faults.add({
            kind: "status",
            status: 403,
            code: "NoPermission",
            operation: "PutBucketEncryption",
            bucket: `${account}-bucket-1`,
        });
    };
    const run = async (file: string, ...jobs: string[]): Promise<PipelineRun> => {
        const variables = {
            CI_PIPELINE_SOURCE: "web",
            PARENT_PIPELINE_ID: "1",
            ALIBABA_CLOUD_ID_TOKEN: "an id token",
        };
        return await runner.run(rollout.folder, file, variables, rollout.environment, jobs);
    };
    /** The child pipeline gets only the artifacts of the job that planned. */
    const child = async (...jobs: string[]): Promise<PipelineRun> => {
        for (const made of ["rollout-results", "rollout.html", "rollout.xml"])
            rmSync(path.join(rollout.folder, made), { recursive: true, force: true });
        return await run("pipeline.yml", ...jobs);
    };

    it("plan, and write the child pipeline", async () => {
        const { status, output } = await run(".gitlab-ci.yml", "plan");
        expect(status, output).to.equal(0);
        for (const artifact of ["plan.json", "pipeline.yml"])
            expect(existsSync(path.join(rollout.folder, artifact)), artifact).to.equal(true);
    });

    it("stop at the gate of a wave with a failed stack, and deploy nothing of the next one", async () => {
        refuse("account-1");
        const { status, output } = await child("--manual", "pause after canary");
        expect(status, output).to.equal(1);
        expect(output).to.contain("wave canary: 1 stack failed (account-1); 0 may fail");
        expect(rollout.writes()).to.deep.equal({});
        for (const secret of [accessKeySecret, passphrase]) expect(output.includes(secret)).to.equal(false);
    });

    it("deploy each stack in a job of its own after the pause, pass a gate that tolerates the failure, and report", async () => {
        rollout.cloud.faults.clear();
        refuse("account-3");
        const { status, output } = await child("--manual", "pause after canary");
        expect(status, output).to.equal(0);
        expect(rollout.writes()).to.deep.equal({ "account-1-bucket-1": 1, "account-2-bucket-1": 1 });
        // The journal of the failed job came from the cache.
        expect(output).to.match(/account-1 +\d+ +deployed +2 +1\/1/);
        expect(existsSync(path.join(rollout.folder, "rollout.html"))).to.equal(true);
    });
});
