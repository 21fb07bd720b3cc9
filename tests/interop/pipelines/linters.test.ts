import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { needed } from "../needed-tool";
import { actionlint, lint, lintWorkflow, pythonLinters } from "./linter-environment";

const folder = path.join(__dirname, "..", "..", "..", "examples", "pipelines");
const workflowFile = path.join(folder, "github-actions", "encryption-review.yml");
const rolloutWorkflows = ["rollout.yml", "rollout-part.yml", "rollout-gate.yml"].map((name) =>
    path.join(folder, "github-actions", name),
);
const workflowFiles = [workflowFile, ...rolloutWorkflows];
const gitlabFile = path.join(folder, "gitlab-ci", ".gitlab-ci.yml");

/** The workflow with a fault. */
async function withAltered(from: string, to: string, use: (file: string) => Promise<void>): Promise<void> {
    const work = mkdtempSync(path.join(tmpdir(), "workflow-"));
    try {
        const file = path.join(work, "altered.yml");
        writeFileSync(file, readFileSync(workflowFile, "utf8").replaceAll(from, to));
        await use(file);
    } finally {
        rmSync(work, { recursive: true });
    }
}

describe("the pipelines of examples/pipelines, as linters see them", function () {
    this.timeout(600_000);

    it("match the schemas of their systems", async function () {
        const packages = await needed(this, pythonLinters);
        for (const [schema, files] of [
            ["vendor.github-workflows", workflowFiles],
            ["vendor.gitlab-ci", [gitlabFile, path.join(folder, "gitlab-ci", "rollout.gitlab-ci.yml")]],
        ] as const) {
            const { status, output } = await lint(packages, "check-jsonschema", "--builtin-schema", schema, ...files);
            expect(status, output).to.equal(0);
        }
    });

    it("pass zizmor, which finds a known fault", async function () {
        const packages = await needed(this, pythonLinters);
        const { status, output } = await lint(
            packages,
            "zizmor",
            "--offline",
            "--persona",
            "pedantic",
            ...workflowFiles,
        );
        expect(status, output).to.equal(0);
        await withAltered("pull_request:", "pull_request_target:", async (file) => {
            expect((await lint(packages, "zizmor", "--offline", file)).status).not.to.equal(0);
        });
    });

    it("pass actionlint, which finds a known fault", async function () {
        const command = await needed(this, actionlint);
        for (const file of workflowFiles) {
            const { status, output } = await lintWorkflow(command, file);
            expect(status, output).to.equal(0);
        }
        await withAltered("matrix.stack", "matrix.stak", async (file) => {
            expect(await lintWorkflow(command, file)).to.deep.include({ status: 1 });
        });
    });
});
