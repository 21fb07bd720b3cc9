import { copyFileSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { LocalCloud } from "../../../lib/local-cloud";
import { BucketStack } from "../../stacks/bucket-stack";
import { needed } from "../needed-tool";
import { FakeComments } from "./fake-comments";
import { GitlabRunner } from "./gitlab-runner";
import { layOut } from "./pipeline-project";

const examples = path.join(__dirname, "..", "..", "..", "examples", "pipelines", "gitlab-ci");

describe("GitLab's pipelines, run by gitlab-ci-local", function () {
    this.timeout(300_000);
    let runner: GitlabRunner;
    let cloud: LocalCloud;
    let stack: BucketStack;
    let server: FakeComments;

    before(async function () {
        runner = await needed(this, () => GitlabRunner.installed(this));
        cloud = await LocalCloud.start();
        for (const name of ["logs", "archive"]) cloud.createBucket({ name });
        server = await FakeComments.start();
        stack = await new BucketStack(cloud).start();
        await stack.succeed("stack", "init", "prod", "--no-select");
        layOut(stack);
        copyFileSync(path.join(examples, ".gitlab-ci.yml"), path.join(stack.folder, ".gitlab-ci.yml"));
    });
    after(async () => {
        stack?.remove();
        await Promise.all([cloud?.stop(), server?.stop()]);
    });

    const both = {
        logs: { bucket: "logs", sseAlgorithm: "KMS" },
        archive: { bucket: "archive", sseAlgorithm: "AES256" },
    };
    const review = async (declared: Parameters<BucketStack["declare"]>[0], source = "1") => {
        stack.declare(declared);
        runner.prepare(stack.folder);
        const variables = {
            CI_PIPELINE_SOURCE: "merge_request_event",
            CI_MERGE_REQUEST_SOURCE_PROJECT_ID: source,
            CI_MERGE_REQUEST_PROJECT_ID: "1",
            ALIBABA_CLOUD_ID_TOKEN: "an id token",
            ...server.environment("GitLab CI"),
        };
        return await runner.run(stack.folder, ".gitlab-ci.yml", variables, stack.environment);
    };

    it("review each stack of a merge request, comment, and stop what removes a rule", async () => {
        const added = await review(both);
        expect(added.status, added.output).to.equal(0);
        expect(server.own).to.have.length(1);
        expect(server.own[0]).to.contain("`logs`");
        await stack.deploy();
        const removed = await review({ logs: both.logs });
        expect(removed.status, removed.output).to.equal(1);
        expect(removed.output).to.match(/FAIL.*review/);
        expect(server.own[0]).to.contain("Stopped");
        expect(readFileSync(path.join(stack.folder, "comment.md"), "utf8")).to.contain("Stopped");
    });

    it("refuse a merge request of a fork", async () => {
        const fork = await review(both, "2");
        expect(fork.status, fork.output).to.equal(1);
        expect(fork.output).to.contain("A merge request from a fork gets no credentials");
    });
});
