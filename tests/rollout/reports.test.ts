import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { parse as parseYaml } from "yaml";
import { progressText } from "../../lib/cli/rollout-progress";
import { planText, reportTable } from "../../lib/cli/rollout-tables";
import { UserError } from "../../lib/errors";
import {
    gateFault,
    joinReports,
    type MatrixFormat,
    matrixText,
    type RolloutReport,
    readPlan,
    readResult,
    reportText,
} from "../../lib/rollout";
import { totalsOf } from "../../lib/rollout/report/make-report";
import { fileOf, WaveFixture } from "./wave-fixture";

const nasty = `</td><script>alert("x")</script>&'\u0007\u202e|*_\`[a](http://evil)\n@everyone`;

/** A rollout with every outcome, in which every text from outside is hostile. */
function reportOf(text: string): RolloutReport {
    const bucket = (status: "as-declared" | "different" | "not-known") => ({
        bucket: `${status}-${text}`,
        urn: "urn:pulumi:stack::project::type::name",
        status,
        ...(status !== "as-declared" && { why: text }),
    });
    const stack = (state: RolloutReport["waves"][0]["stacks"][0]["state"], index: number) => ({
        name: `stack-${index}`,
        account: "1000000000000001",
        region: "cn-hangzhou",
        state,
        reason: text,
        turns: 1,
        seconds: 1.5,
        risk: "added",
        changes: { create: 2 },
        violations: [{ pack: "pack", policy: text, level: "mandatory", message: text }],
        buckets: [bucket("as-declared"), bucket("different"), bucket("not-known")],
    });
    const states = [
        "deployed",
        "unchanged",
        "failed",
        "differs",
        "interrupted",
        "waiting",
        "running",
        "not-planned",
    ] as const;
    const waves = [
        { name: "canary", state: "stopped" as const, maxConcurrent: 2, failureTolerance: 1, stacks: states.map(stack) },
        {
            name: "rest",
            state: "waiting" as const,
            maxConcurrent: 1,
            failureTolerance: 0,
            stacks: Array.from({ length: 60 }, (_, index) => stack("waiting", 100 + index)),
        },
    ];
    return {
        version: 1,
        name: `rollout ${text}`,
        plan: "a".repeat(64),
        engine: "pulumi-embedded",
        state: "stopped",
        reason: text,
        begunAt: "2027-01-01T00:00:00.000Z",
        endedAt: "2027-01-01T01:00:00.000Z",
        waves,
        totals: totalsOf(waves),
    };
}

describe("a rollout's report", () => {
    const report = reportOf(nasty);

    it("has everything in its JSON", () => {
        expect(JSON.parse(reportText("json", report))).to.deep.equal(report);
    });

    it("is a JUnit document: a suite for each stack, a case for the stack and each bucket", () => {
        const text = reportText("junit", report);
        expect(XMLValidator.validate(text)).to.equal(true);
        const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: "" });
        const { testsuites } = parser.parse(text) as {
            testsuites: { tests: string; testsuite: { name: string; tests: string; testcase: object[] }[] };
        };
        expect(testsuites.testsuite).to.have.length(68);
        expect(Number(testsuites.tests)).to.equal(68 * 4);
        const [deployed] = testsuites.testsuite;
        const results = deployed?.testcase.map((one) => ["failure", "error", "skipped"].find((name) => name in one));
        expect(results).to.deep.equal([undefined, undefined, "failure", "error"]);
    });

    it("is an HTML page that loads nothing, runs nothing, and draws each wave and stack", () => {
        const text = reportText("html", report);
        expect(text).not.to.match(/<script|\son\w+=|src=|href=|url\(/i);
        expect(text).to.include("default-src 'none'");
        expect(text).to.include("prefers-color-scheme: dark").and.to.include("@media print");
        const pictures = text.match(/<svg[\s\S]*?<\/svg>/g) ?? [];
        expect(pictures).to.have.length(2); // for wide displays and for narrow ones
        const [svg = ""] = pictures;
        for (const picture of pictures) expect(XMLValidator.validate(picture)).to.equal(true);
        expect(svg.match(/<rect class="box failed"/g)).to.have.length(2); // the stack, and the legend
        expect(svg.match(/<g><title>/g)).to.have.length(68);
        expect(svg).to.include('role="img"');
        expect(text).to.include("not-known-&lt;/td&gt;&lt;script&gt;");
    });

    it("is Markdown in which no foreign text is mark-up, and each row is one line", () => {
        const text = reportText("markdown", report);
        const outsideCode = text.replaceAll(/(?<!`)(`+)(?!`)[^\n|]*?(?<!`)\1(?!`)/g, "");
        expect(outsideCode).not.to.match(/<script|@everyone|\[a\]/);
        for (const line of text.split("\n").filter((one) => one.startsWith("| ")))
            expect(line.match(/(?<!\\)\|/g)?.length, line).to.be.oneOf([5, 9]);
    });

    it("holds no control character and no bidirectional override in any format", () => {
        const texts = [
            reportTable(report, 80),
            ...(["html", "markdown", "junit"] as const).map((format) => reportText(format, report)),
        ];
        for (const text of texts) expect(text).not.to.match(/(?![\n\t])\p{Cc}|\u202e/u);
    });

    it("is the same for the same rollout", () => {
        for (const format of ["html", "markdown", "json", "junit"] as const)
            expect(reportText(format, report)).to.equal(reportText(format, reportOf(nasty)));
    });
});

describe("progress", () => {
    it("shows counts, rate and time left", () => {
        const figures = { wave: "rest", total: 50, ended: 12, failed: 1, running: 4, endedNow: 10, seconds: 120 };
        expect(progressText(figures)).to.equal(
            "rest: 12 of 50 stacks, 1 failed, 4 running, 5.0 a minute, about 8 min left",
        );
        expect(progressText({ ...figures, ended: 0, failed: 0, endedNow: 0 })).to.equal(
            "rest: 0 of 50 stacks, 4 running",
        );
    });
});

const outputsOf = (text: string): Record<string, string> =>
    Object.fromEntries(
        text
            .trim()
            .split("\n")
            .map((line) => line.split(/=(.*)/).slice(0, 2)),
    );

describe("jobs of a CI system", () => {
    let fixture: WaveFixture;
    let results: string;
    beforeEach(async () => {
        const file = fileOf(
            { stacks: ["a", "b", "c"], maxConcurrent: 2, failureTolerance: 1, pause: { for: "person" } },
            { stacks: ["d"] },
        );
        fixture = await new WaveFixture(file, {
            b: { declares: { x: "AES256" }, deployments: ["access denied", undefined] },
        }).plan();
        results = mkdtempSync(path.join(tmpdir(), "results-"));
    });
    afterEach(() => {
        fixture.dispose();
        rmSync(results, { recursive: true });
    });

    const matrix = (format: MatrixFormat) =>
        matrixText(format, fixture.file, readPlan(fixture.folder.planFile), { file: "it's.yaml", plan: "plan.json" });

    async function jobOf(name: string): Promise<string> {
        const file = path.join(results, `${name}.json`);
        writeFileSync(file, reportText("json", await fixture.job(name)));
        return file;
    }

    it("are one for each stack, as JSON", () => {
        const { plan, waves } = JSON.parse(matrix("json"));
        expect(plan).to.equal(readPlan(fixture.folder.planFile).id);
        expect(
            waves.map(
                ({ name, maxConcurrent, jobs }: { name: string; maxConcurrent: number; jobs: { stack: string }[] }) => [
                    name,
                    maxConcurrent,
                    jobs.map(({ stack }) => stack),
                ],
            ),
        ).to.deep.equal([
            ["wave-1", 2, ["a", "b", "c"]],
            ["wave-2", 1, ["d"]],
        ]);
        expect(waves[0].jobs[0].command.join(" ")).to.equal(
            "npx bucket-encryption rollout run it's.yaml --plan plan.json --stack a --result rollout-results/a.json --yes",
        );
    });

    it("are lines for GITHUB_OUTPUT that hold a matrix and its limit", () => {
        const outputs = outputsOf(matrix("github"));
        expect(outputs).to.include({ waves: "2", wave_1_max_parallel: "2", wave_2_name: "wave-2" });
        expect(JSON.parse(outputs.wave_1 ?? "").include.map(({ stack }: { stack: string }) => stack)).to.deep.equal([
            "a",
            "b",
            "c",
        ]);
    });

    for (const [stacks, sizes] of [
        [256, [256]],
        [257, [256, 1]],
        [300, [256, 44]],
        [1000, [256, 256, 256, 232]],
    ] as const)
        it(`name each of ${stacks} stacks once: in matrices of ${sizes.join(" and ")} for GitHub, in one stage for GitLab`, () => {
            const names = Array.from({ length: stacks }, (_, index) => `s${index}`);
            const file = fileOf({ stacks: names, maxConcurrent: 40 }, { stacks: ["last"] });
            const plan = readPlan(fixture.folder.planFile);
            const outputs = outputsOf(matrixText("github", file, plan, { file: "f", plan: "p" }));
            const parts = (JSON.parse(outputs.wave_1_parts ?? "") as string[]).map(
                (part) => JSON.parse(part) as { include: { stack: string }[] },
            );
            expect(parts.map(({ include }) => include.length)).to.deep.equal(sizes);
            expect(parts.flatMap(({ include }) => include.map(({ stack }) => stack))).to.deep.equal(names);
            expect(outputs).to.include({ wave_1_max_parallel: "40" });
            expect("wave_1" in outputs).to.equal(sizes.length === 1);
            expect(JSON.parse(outputs.wave_2_parts ?? "")).to.deep.equal([outputs.wave_2]);
            const text = matrixText("gitlab", file, plan, { file: "f", plan: "p" });
            const jobs = Object.values<{ extends?: string; resource_group?: string; variables: object }>(
                parseYaml(text),
            );
            const ofWave = jobs.filter((job) => job.extends === ".stack of wave 1");
            expect(ofWave.map(({ variables }) => variables)).to.deep.equal(
                names.map((ROLLOUT_STACK) => ({ ROLLOUT_STACK })),
            );
            expect(new Set(ofWave.map((job) => job.resource_group)).size).to.equal(40);
            expect(text.length / stacks).to.be.below(200);
        });

    it("rejects more jobs than GitHub passes between jobs", () => {
        const file = fileOf({ stacks: Array.from({ length: 12_000 }, (_, index) => `stack-${index}`) });
        expect(() => matrixText("github", file, readPlan(fixture.folder.planFile), { file: "f", plan: "p" }))
            .to.throw(UserError)
            .with.property("kind", "too-many-rollout-jobs");
    });

    it("are a pipeline for GitLab: gates between the waves, resource groups within them, and a manual job to continue", () => {
        const pipeline = parseYaml(matrix("gitlab"));
        expect(pipeline.stages).to.deep.equal([
            "plan",
            "wave 1 wave-1",
            "gate 1",
            "pause 1",
            "wave 2 wave-2",
            "gate 2",
            "pause 2",
            "report",
        ]);
        expect(["a", "b", "c"].map((name) => pipeline[`stack ${name}`].resource_group)).to.deep.equal([
            "rollout-1-1",
            "rollout-1-2",
            "rollout-1-1",
        ]);
        expect(pipeline["pause after wave-1"]).to.include({ when: "manual", allow_failure: false });
        expect(pipeline["gate wave-1"].script[0]).to.equal(
            "npx bucket-encryption rollout report 'it'\\''s.yaml' rollout-results/*.json --plan plan.json --gate wave-1",
        );
        expect(pipeline["stack b"]).to.deep.equal({
            extends: ".stack of wave 1",
            resource_group: "rollout-1-2",
            variables: { ROLLOUT_STACK: "b" },
        });
        expect(pipeline[".stack of wave 1"].script).to.deep.equal([
            `npx bucket-encryption rollout run 'it'\\''s.yaml' --plan plan.json --stack "$ROLLOUT_STACK" --result "rollout-results/$ROLLOUT_STACK.json" --yes`,
        ]);
        for (const [name, job] of Object.entries<{ stage?: string; extends?: string }>(pipeline))
            if (!["stages", "default"].includes(name))
                expect(pipeline.stages, name).to.include(job.stage ?? pipeline[job.extends ?? ""].stage);
    });

    it("run for GitLab in an image with the plan's engine and Node 22, in one with another Node, or in a given one", () => {
        const plan = readPlan(fixture.folder.planFile);
        const imageOf = (engine: string, image = {}) => {
            const places = { file: "f.yaml", plan: "plan.json", ...image };
            return parseYaml(matrixText("gitlab", fixture.file, { ...plan, engine }, places)).default.image;
        };
        expect(imageOf("pulumi v3.247.0")).to.equal("pulumi/pulumi-nodejs-22:3.247.0");
        expect(imageOf("pulumi-embedded")).to.equal("node:22.21.1-bookworm-slim");
        expect(imageOf("pulumi-embedded", { nodeVersion: 24 })).to.equal("node:24-bookworm-slim");
        expect(imageOf("pulumi 3.247.0", { nodeVersion: 24 })).to.equal("pulumi/pulumi-nodejs-24:3.247.0");
        expect(imageOf("pulumi-embedded", { image: "registry.example.com/ci:1" })).to.equal(
            "registry.example.com/ci:1",
        );
    });

    it("are joined: a wave is done within its tolerance, and a stack without a result is waiting", async () => {
        const base = fixture.report();
        const first = joinReports(base, [await jobOf("a"), await jobOf("b")].map(readResult));
        expect(first.state).to.equal("running");
        expect(gateFault(first, "wave-1")).to.equal("wave wave-1: no result yet of c");
        const second = joinReports(
            base,
            ["a", "b"]
                .map((name) => path.join(results, `${name}.json`))
                .concat(await jobOf("c"))
                .map(readResult),
        );
        expect(gateFault(second, "wave-1")).to.equal(undefined);
        expect(gateFault(second, "wave-2")).to.equal("wave wave-2: no result yet of d");
        expect(second.totals.stacks).to.include({ deployed: 2, failed: 1, waiting: 1 });
        expect(() => gateFault(second, "wave-3")).to.throw('no wave "wave-3"');
    });

    it("continue where they were when retried, and the better result counts", async () => {
        const failed = readResult(await jobOf("b"));
        expect(failed.waves[0]?.stacks[0]?.state).to.equal("failed");
        const again = readResult(await jobOf("b"));
        expect(again.waves[0]?.stacks[0]).to.include({ state: "deployed", turns: 2 });
        for (const order of [
            [failed, again],
            [again, failed],
        ])
            expect(joinReports(undefined, order).waves[0]?.stacks[0]?.state).to.equal("deployed");
    });

    it("rejects results of different plans, and files that are no results", async () => {
        const one = readResult(await jobOf("a"));
        expect(() => joinReports(undefined, [one, { ...one, plan: "b".repeat(64) }])).to.throw("different plans");
        const file = path.join(results, "other.json");
        for (const text of ["{}", "[", '{"version":1,"plan":"x","waves":[{}]}', "null"]) {
            writeFileSync(file, text);
            expect(() => readResult(file), text)
                .to.throw()
                .with.property("kind", "invalid-rollout-report");
        }
    });

    it("rejects a stack that is not in the rollout", async () => {
        const error = await fixture.job("nobody").catch((reason) => reason);
        expect(error).to.have.property("kind", "unknown-rollout-stack");
    });

    it("have a table of the plan, with the risk of each stack", () => {
        const text = planText(fixture.file, readPlan(fixture.folder.planFile), 80);
        expect(text.split("\n")[0]).to.match(/^WAVE +STACK +ACCOUNT +REGION +CHANGES +RISK +POLICIES$/);
        expect(text.split("\n")[1]).to.match(/^wave-1 +a +1 create +added +none$/);
    });
});
