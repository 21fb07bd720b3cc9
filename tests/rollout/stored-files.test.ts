import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { UserError } from "../../lib/errors";
import { joinReports, RolloutFolder, readPlan, readResult, reportText } from "../../lib/rollout";
import { readJournal } from "../../lib/rollout/journal/journal";
import { isLocked, RolloutLock } from "../../lib/rollout/journal/rollout-lock";
import { fileOf, WaveFixture } from "./wave-fixture";

/** What a full disk, a power cut or a wrong file leaves behind. */
const damaged = [
    "",
    "{",
    "null",
    "7",
    "[]",
    "{}",
    '"text"',
    "\0\0\0",
    '{"version":1}',
    '{"kind":"stack-ended","at":"now"}',
    "[null]",
];

function errorOf(read: () => unknown): UserError {
    try {
        read();
    } catch (error) {
        expect(error).to.be.instanceOf(UserError);
        return error as UserError;
    }
    throw new Error("nothing was refused");
}

describe("files that a rollout keeps", () => {
    let fixture: WaveFixture;
    before(async () => {
        fixture = await new WaveFixture(fileOf({ stacks: ["a", "b"] })).plan();
    });
    after(() => fixture.dispose());

    const fresh = (name: string): string => {
        const folder = path.join(fixture.folder.folder, "damaged", name);
        rmSync(folder, { recursive: true, force: true });
        mkdirSync(folder, { recursive: true });
        return folder;
    };

    it("rejects a damaged plan, result, lock or line of a journal with the file's name and what to do", () => {
        const folder = fresh("all");
        const readings = [
            ["plan.json", "invalid-rollout-plan", readPlan],
            ["result.json", "invalid-rollout-report", readResult],
            ["x.lock", "rollout-lock-unreadable", () => isLocked(folder)],
            ["x.lock", "rollout-lock-unreadable", () => RolloutLock.acquire(folder)],
            ["journal.jsonl", "rollout-journal-damaged", readJournal],
        ] as const;
        for (const [name, kind, read] of readings) {
            const file = path.join(folder, name);
            for (const text of damaged) {
                writeFileSync(file, name.endsWith("jsonl") ? `${text}\n` : text);
                const error = errorOf(() => read(file));
                expect(error.kind, `${name} with ${text}`).to.equal(kind);
                expect(error.message, `${name} with ${text}`).to.include(file);
            }
            rmSync(file);
            mkdirSync(file);
            expect(errorOf(() => read(file)).kind).to.equal(kind);
            rmSync(file, { recursive: true });
        }
    });

    it("names the line, the column and the member of what has the wrong shape", async () => {
        const report = JSON.parse(reportText("json", fixture.report()));
        report.waves[0].stacks[1].buckets = "none";
        const file = path.join(fresh("result"), "result.json");
        writeFileSync(file, JSON.stringify(report, undefined, 2));
        const lines = readFileSync(file, "utf8").split("\n");
        const line = lines.findIndex((text) => text.includes('"none"')) + 1;
        expect(errorOf(() => readResult(file)).message)
            .to.include(`"waves[0].stacks[1].buckets" must be a list, found text (line ${line}, column `)
            .and.to.include(file);
        writeFileSync(file, '{\n  "version": 1,\n  "name" "x"\n}');
        expect(errorOf(() => readResult(file)).message).to.match(/is not JSON: .*line 3, column/);
    });

    it("rejects every member of a result and of a plan that is something else", () => {
        const folder = fresh("members");
        const result = path.join(folder, "result.json");
        const plan = path.join(folder, "plan.json");
        const shapes = [
            [JSON.parse(reportText("json", fixture.report())), result, readResult],
            [JSON.parse(readFileSync(fixture.folder.planFile, "utf8")), plan, readPlan],
        ] as const;
        for (const [value, file, read] of shapes) {
            writeFileSync(file, JSON.stringify(value));
            read(file);
            for (const change of changes(value)) {
                writeFileSync(file, JSON.stringify(change));
                errorOf(() => read(file));
            }
        }
    });

    it("rejects a journal without its beginning, or beside another plan", async () => {
        const begun = '{"at":"2027-01-01T00:00:00Z","kind":"begun","plan":"another","by":"somebody"}';
        const folder = new RolloutFolder(fresh("journal"));
        writeFileSync(folder.journalFile, '{"at":"2027-01-01T00:00:00Z","kind":"completed"}\n');
        expect(errorOf(() => folder.begun()).message)
            .to.include("first record")
            .and.to.include(folder.journalFile);
        rmSync(folder.journalFile);
        folder.begin(readPlan(fixture.folder.planFile));
        writeFileSync(folder.journalFile, `${begun}\n`);
        expect(errorOf(() => folder.begun()).kind).to.equal("rollout-journal-damaged");
    });

    it("treats a damaged abort request as a request", () => {
        const folder = new RolloutFolder(fresh("abort"));
        folder.requestAbort("the key was withdrawn", "somebody");
        expect(folder.abortRequest()).to.deep.equal({ reason: "the key was withdrawn", by: "somebody" });
        for (const text of damaged) {
            writeFileSync(path.join(folder.folder, "abort.json"), text);
            expect(folder.abortRequest()?.reason, text).to.include("abort.json");
        }
    });

    it("differ for rollout.yaml, rollout.yml and rollout", () => {
        const folders = ["rollout.yaml", "rollout.yml", "rollout"].map((name) => RolloutFolder.of(name).folder);
        expect(new Set(folders).size).to.equal(3);
    });

    it("rejects results without a plan or a result", () => {
        expect(errorOf(() => joinReports(undefined, [])).kind).to.equal("invalid-rollout-report");
    });
});

/** The value with one required member after the other replaced. */
function changes(value: unknown): unknown[] {
    if (Array.isArray(value))
        return value.flatMap((item, index) => changes(item).map((other) => value.with(index, other)));
    if (typeof value !== "object" || value === null) return [typeof value === "number" ? "7" : 7];
    const ownChanges = Object.entries(value).flatMap(([name, member]) =>
        changes(member).map((other) => ({ ...value, [name]: other })),
    );
    return [null, [], ...ownChanges];
}
