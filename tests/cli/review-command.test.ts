import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { bucketEncryption } from "../../lib/cli/bucket-encryption-command";
import { entry, exported, preview, step } from "../review/preview-builder";
import { run as runCommand } from "./in-process";

const previews = path.join(__dirname, "..", "review", "previews");
const previewFile = (name: string) => path.join(previews, name);

describe("bucket-encryption review", () => {
    let folder: string;
    before(() => {
        folder = mkdtempSync(path.join(tmpdir(), "review-"));
    });
    after(() => rmSync(folder, { recursive: true, force: true }));

    const run = (args: string[], stdin?: string) =>
        runCommand(bucketEncryption, ["review", ...args], { ...(stdin !== undefined && { stdin }) });
    const written = (name: string, content: unknown) => {
        const file = path.join(folder, name);
        writeFileSync(
            file,
            typeof content === "string" || Buffer.isBuffer(content) ? content : JSON.stringify(content, undefined, 2),
        );
        return file;
    };
    const classesOf = (stdout: string) =>
        Object.fromEntries(
            JSON.parse(stdout).stacks[0].changes.map(
                ({ bucket = "?", class: name }: { bucket?: string; class: string }) => [bucket, name],
            ),
        );

    const expected = {
        "example-backups": "removed",
        "example-logs": "weakened",
        "?": "unknown",
        "example-drafts": "unknown",
        "example-photos": "key-changed",
        "example-fresh": "added",
        "example-orders": "strengthened",
        "example-notes": "unchanged",
    };

    for (const file of ["real-changes.json", "real-changes-events.jsonl", "embedded-changes.json"]) {
        it(`classifies each change of ${file}`, async () => {
            const { stdout, stderr, status } = await run([previewFile(file), "--json"]);
            expect(classesOf(stdout), stderr).to.deep.equal(expected);
            expect(status).to.equal(0);
            expect(JSON.parse(stdout).stacks[0].stack).to.equal("test-stack/dev");
        });
    }

    it("counts a replacement as one change of each bucket, in each form of the engine's list", async () => {
        for (const file of ["real-replace.json", "real-replacement-steps.json", "embedded-replace.json"]) {
            expect(classesOf((await run([previewFile(file), "--json"])).stdout), file).to.deep.equal({
                "example-orders": "removed",
                "example-drafts": "added",
            });
        }
    });

    it("reads a preview from standard input, and the output of a Windows shell", async () => {
        const text = readFileSync(previewFile("real-changes.json"), "utf8");
        expect(classesOf((await run(["--json"], text)).stdout)).to.deep.equal(expected);
        const utf16 = written("utf16.json", Buffer.from(`\ufeff${text}`, "utf16le"));
        expect(classesOf((await run([utf16, "--json"])).stdout)).to.deep.equal(expected);
    });

    it("compares two exported states", async () => {
        const before = written("before.json", exported(entry({ bucket: "example-logs", sseAlgorithm: "KMS" })));
        const after = written("after.json", exported(entry({ bucket: "example-logs", sseAlgorithm: "SM4" })));
        const { stdout, status } = await run(["--from", before, "--to", after, "--fail-on", "weakened"]);
        expect(stdout).to.include("WEAKENED  example-logs");
        expect(status).to.equal(2);
    });

    it("ends with its own status when the gate stops, and counts the stopped changes", async () => {
        const { status, stdout } = await run([previewFile("real-changes.json"), "--fail-on", "removed,weakened"]);
        expect(status).to.equal(2);
        expect(stdout).to.include("Stopped: 2 changes are not allowed");
        expect((await run([previewFile("real-create.json"), "--fail-on", "removed,weakened"])).status).to.equal(0);
    });

    it("never passes a failed preview", async () => {
        const { status, stdout } = await run([previewFile("real-failed.json")]);
        expect(status).to.equal(2);
        expect(stdout).to.include('"AES-256" is not one of');
    });

    it("writes each format, to a file too", async () => {
        const output = path.join(folder, "comment.md");
        const { stdout } = await run([
            previewFile("real-changes.json"),
            ...["--format", "markdown", "--marker", "shop", "--comment-limit", "3000", "--output", output],
        ]);
        expect(stdout).to.equal("");
        const comment = readFileSync(output, "utf8");
        expect(comment).to.match(/^<!-- bucket-encryption-review:shop -->\n/);
        expect(comment.length).to.be.at.most(3_000);
        expect((await run([previewFile("real-changes.json"), "--format", "html"])).stdout).to.match(/^<!DOCTYPE html>/);
        expect(
            JSON.parse((await run([previewFile("real-changes.json"), "--format", "sarif"])).stdout).version,
        ).to.equal("2.1.0");
    });

    it("reviews several stacks in one run", async () => {
        const other = written(
            "other.json",
            preview(step("create", undefined, entry({ bucket: "b-2", sseAlgorithm: "SM4" }))),
        );
        const { stdout } = await run([previewFile("real-replace.json"), other]);
        expect(stdout).to.include("test-stack/dev:").and.to.include("shop/dev: 1 added");
    });

    it("rejects unreadable files, all at once, each with its place", async () => {
        const text = readFileSync(previewFile("real-changes.json"), "utf8");
        const cut = written("cut.json", text.slice(0, 5_000));
        const typo = written("typo.json", '{\n  "steps": [,]\n}');
        const wrong = written("wrong.json", {
            steps: [step("update", entry({ bucket: "b" }), undefined), { op: "create" }],
        });
        const state = written("state.json", exported());
        const lines = written("lines.jsonl", '{"sequence":0,"preludeEvent":{}}\n{"sequence":1,');
        const { status, stderr, stdout } = await run([
            cut,
            typo,
            wrong,
            state,
            lines,
            written("empty.json", ""),
            written("binary.json", Buffer.from([0xc3, 0x28])),
            path.join(folder, "missing.json"),
            previewFile("real-create.json"),
        ]);
        expect(status).to.equal(1);
        expect(stdout).to.equal("");
        const messages = stderr.trim().split("\n");
        expect(messages).to.have.length(8);
        const lastLine = text.slice(0, 5_000).split("\n");
        expect(messages[0]).to.include("cut off").and.to.include(`cut.json:${lastLine.length}:`);
        expect(messages[1]).to.include("a value is missing").and.to.include("typo.json:2:13");
        expect(messages[2])
            .to.include("steps[1].urn is missing")
            .and.to.match(/wrong\.json:\d\d:5/);
        expect(messages[3]).to.include("exported state");
        expect(messages[4]).to.include("cut off").and.to.include("lines.jsonl:2:15");
        expect(messages[5]).to.include("empty");
        expect(messages[6]).to.include("UTF-8");
        expect(messages[7]).to.include("ENOENT");
    });

    it("rejects options that contradict each other or do not exist, and suggests the spelling", async () => {
        const rejected = async (args: string[], what: string) => {
            const { status, stderr } = await run(args, "");
            expect(status, args.join(" ")).to.equal(64);
            expect(stderr).to.include(what);
        };
        await rejected(["--fail-on", "weakend"], 'did you mean "weakened"?');
        await rejected(["--format", "pdf"], "Allowed choices are text, markdown, json, sarif, html");
        await rejected(["--from", "a.json"], "--from needs --to");
        await rejected(["--from", "a", "--to", "b", "c"], "Pass either previews");
        await rejected(["a", "b", "--stack", "dev"], "names one stack");
        await rejected(["--marker", "-->"], "letters, digits");
        await rejected(["--comment-limit", "10"], "2000");
    });
});
