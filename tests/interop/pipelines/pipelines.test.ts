import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { expect } from "chai";
import { parse } from "yaml";
import { LocalCloud } from "../../../lib/local-cloud";
import { BucketStack, type Declarations } from "../../stacks/bucket-stack";
import { FakeComments } from "./fake-comments";
import { layOut } from "./pipeline-project";

const root = path.join(__dirname, "..", "..", "..");
const folder = path.join(root, "examples", "pipelines");
const workflowFile = path.join(folder, "github-actions", "encryption-review.yml");
const gitlabFile = path.join(folder, "gitlab-ci", ".gitlab-ci.yml");
const commentFile = path.join(folder, "comment.mjs");

interface Workflow {
    readonly on: unknown;
    readonly permissions: unknown;
    readonly jobs: Record<
        string,
        {
            readonly permissions: Record<string, string>;
            readonly steps: readonly {
                readonly name?: string;
                readonly uses?: string;
                readonly run?: string;
                readonly env?: object;
            }[];
        }
    >;
}
const workflow = parse(readFileSync(workflowFile, "utf8")) as Workflow;
const gitlab = parse(readFileSync(gitlabFile, "utf8")) as Record<
    string,
    { readonly script?: readonly string[]; readonly image?: string }
>;

/** The texts of a pipeline's steps that a shell runs, and that call commands of ours. */
const stepsOfOurs = {
    "GitHub Actions": Object.values(workflow.jobs).flatMap(({ steps }) => steps.flatMap(({ run }) => run ?? [])),
    "GitLab CI": Object.values(gitlab).flatMap(({ script = [] }) => script),
};

async function runShell(script: string, cwd: string, env: NodeJS.ProcessEnv) {
    const child = spawn("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", script], {
        cwd,
        env,
        stdio: ["ignore", "pipe", "pipe"],
    });
    const [output, errors, [status]] = await Promise.all([
        text(child.stdout),
        text(child.stderr),
        once(child, "close"),
    ]);
    return { status: status as number, output: output + errors };
}

describe("the pipelines of examples/pipelines", () => {
    it("give each job only the rights it needs, and the commenting job no code of the pull request", () => {
        expect(workflow.on).to.have.all.keys("pull_request");
        expect(workflow.permissions).to.deep.equal({});
        const { preview, review } = workflow.jobs;
        expect(preview?.permissions).to.deep.equal({ contents: "read", "id-token": "write" });
        expect(review?.permissions).to.deep.equal({ contents: "read", "pull-requests": "write" });
        const checkout = review?.steps.find(({ uses }) => uses?.startsWith("actions/checkout@")) as {
            with?: { ref?: string };
        };
        expect(checkout.with?.ref).to.match(/^\$\{\{ github\.event\.pull_request\.base\.sha \}\}$/);
        expect(JSON.stringify(review)).not.to.contain("secrets.");
    });

    for (const [system, scripts] of Object.entries(stepsOfOurs)) {
        describe(`the commands for ${system}`, function () {
            this.timeout(400_000);
            let cloud: LocalCloud;
            let stack: BucketStack;
            let server: FakeComments;

            before(async () => {
                cloud = await LocalCloud.start();
                for (const name of ["logs", "archive"]) cloud.createBucket({ name });
                server = await FakeComments.start();
                stack = await new BucketStack(cloud).start();
                layOut(stack);
            });
            after(async () => {
                stack.remove();
                await Promise.all([cloud.stop(), server.stop()]);
            });

            const script = (command: string): string => {
                const found = scripts.filter((one) => one.includes(command));
                expect(found, command).to.have.length(1);
                return found[0] as string;
            };
            const environment = (): NodeJS.ProcessEnv => ({
                ...stack.environment,
                PATH: `${path.join(stack.folder, "bin")}${path.delimiter}${process.env.PATH}`,
                STACK: "dev",
                ALIBABA_CLOUD_ID_TOKEN: "an id token",
                GITHUB_STEP_SUMMARY: path.join(stack.folder, "summary.md"),
                GITHUB_OUTPUT: path.join(stack.folder, "output.txt"),
                ...server.environment(system),
            });
            const run = (command: string) => runShell(script(command), stack.folder, environment());
            /** Preview, review and comment as the pipeline does; the gate's status. */
            const runPipeline = async (declared: Declarations): Promise<{ gate: number; log: string }> => {
                stack.declare(declared);
                const preview = await run("pulumi preview");
                expect(preview.status, preview.output).to.equal(0);
                const review = await run("bucket-encryption review");
                let { status: gate, output: log } = review;
                if (system === "GitHub Actions") {
                    expect(review.status, log).to.equal(0);
                    const { output } = await run("comment.mjs");
                    const results = readFileSync(path.join(stack.folder, "output.txt"), "utf8").trim().split("\n");
                    gate = Number(results.at(-1)?.replace("status=", ""));
                    log = `${preview.output}${log}${output}`;
                }
                return { gate, log };
            };

            const both = {
                logs: { bucket: "logs", sseAlgorithm: "KMS" },
                archive: { bucket: "archive", sseAlgorithm: "AES256" },
            };

            // One system after the other has each case, since a case takes seconds.
            if (system === "GitHub Actions") {
                it("comment once, also where nothing changes, and stop what removes a rule", async () => {
                    const added = await runPipeline(both);
                    expect(added.gate, added.log).to.equal(0);
                    expect(server.own).to.have.length(1);
                    expect(server.own[0])
                        .to.match(/^<!-- bucket-encryption-review:default -->\n/)
                        .and.to.contain("`logs`");

                    await stack.deploy();
                    const unchanged = await runPipeline(both);
                    expect(unchanged.gate, unchanged.log).to.equal(0);
                    expect(server.own).to.have.length(1);

                    const removed = await runPipeline({ logs: both.logs });
                    expect(removed.gate, removed.log).to.equal(2);
                    expect(server.own).to.have.length(1);
                    expect(server.own[0]).to.contain("Stopped");
                });
            } else {
                it("stop a failed preview, and update the comment once it succeeds", async () => {
                    const failed = await runPipeline({ logs: { bucket: "logs", sseAlgorithm: "None" } });
                    expect(failed.gate, failed.log).to.equal(2);
                    expect(server.own).to.have.length(1);
                    expect(server.own[0]).to.contain("Stopped");

                    const added = await runPipeline(both);
                    expect(added.gate, added.log).to.equal(0);
                    expect(server.own).to.have.length(1);
                    expect(server.own[0]).not.to.contain("Stopped");
                });
            }

            it("leave comments of others alone that begin like this one", () => {
                expect(server.foreign).to.deep.equal(["<!-- bucket-encryption-review:default -->\nnot ours"]);
            });
        });
    }

    it("rejects a comment without a marker, and settings that are missing", async () => {
        const work = mkdtempSync(path.join(tmpdir(), "comment-"));
        try {
            writeFileSync(path.join(work, "plain.md"), "hello");
            writeFileSync(path.join(work, "comment.md"), "<!-- bucket-encryption-review:default -->\nhello");
            const env = { PATH: process.env.PATH };
            const call = (file: string) => runShell(`node ${JSON.stringify(commentFile)} ${file}`, work, env);
            expect(await call("plain.md")).to.deep.include({
                status: 1,
                output: "The file does not begin with the marker of a review\n",
            });
            expect(await call("comment.md")).to.deep.include({
                status: 1,
                output: "Not set: GITHUB_API_URL, GITHUB_REPOSITORY, PULL_REQUEST, GITHUB_TOKEN\n",
            });
        } finally {
            rmSync(work, { recursive: true });
        }
    });
});
