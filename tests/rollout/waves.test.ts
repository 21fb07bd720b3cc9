import { appendFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { UserError } from "../../lib/errors";
import {
    abortRollout,
    type RolloutFile,
    RolloutFolder,
    type RolloutReport,
    type RunOptions,
    readPlan,
} from "../../lib/rollout";
import { Journal, type JournalDisk } from "../../lib/rollout/journal/journal";
import { RolloutLock } from "../../lib/rollout/journal/rollout-lock";
import type { StackScript } from "./scripted-engine";
import { fileOf, outcomesOf, WaveFixture } from "./wave-fixture";

const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `s${index + 1}`);
const failing: StackScript = { declares: { bucket: "AES256" }, deployments: ["access denied"] };
const failingOnce: StackScript = { declares: { bucket: "AES256" }, deployments: ["access denied", undefined] };

describe("waves", () => {
    let fixture: WaveFixture;
    afterEach(() => fixture.dispose());

    async function planned(file: RolloutFile, scripts: Record<string, StackScript> = {}): Promise<WaveFixture> {
        fixture = await new WaveFixture(file, scripts).plan();
        return fixture;
    }

    it("run one after another in their order, with as many stacks at the same time as they allow", async () => {
        await planned(fileOf({ stacks: ["a", "b"] }, { stacks: ["c", "d", "e", "f"], maxConcurrent: 3 }));
        const report = await fixture.run();
        expect(report.state).to.equal("completed");
        expect(fixture.engine.deployments.slice(0, 2)).to.deep.equal(["a", "b"]);
        expect(fixture.engine.mostAtOnce).to.equal(3);
        expect(outcomesOf(report)).to.deep.equal(Object.fromEntries([..."abcdef"].map((name) => [name, "deployed"])));
        expect(report.totals.buckets).to.deep.equal({ "as-declared": 6, different: 0, "not-known": 0 });
    });

    it("deploy nothing for a stack without a change", async () => {
        await planned(fileOf({ stacks: ["a"] }));
        await fixture.run();
        await fixture.plan();
        const report = await fixture.run();
        expect(outcomesOf(report)).to.deep.equal({ a: "unchanged" });
        expect(fixture.engine.deployments).to.deep.equal([]);
    });

    it("stop when more stacks failed than tolerated, and let running stacks finish", async () => {
        await planned(fileOf({ stacks: names(6), maxConcurrent: 3, failureTolerance: 1 }, { stacks: ["later"] }), {
            s1: failing,
            s2: failing,
        });
        fixture.engine.duringUp = async (name) => {
            if (name === "s3") await new Promise((resolve) => setTimeout(resolve, 50));
        };
        const report = await fixture.run();
        expect(report.state).to.equal("stopped");
        expect(report.reason).to.equal("wave wave-1: 2 stacks failed (s1, s2); 1 may fail");
        const outcomes = outcomesOf(report);
        expect(outcomes).to.include({ s1: "failed", s2: "failed", s3: "deployed", s6: "waiting", later: "waiting" });
        expect(report.waves.map(({ state }) => state)).to.deep.equal(["stopped", "waiting"]);
        expect(report.waves[0]?.stacks[0]?.reason).to.equal("access denied");
        expect(report.waves[0]?.stacks[0]?.buckets).to.deep.equal([
            {
                bucket: "bucket",
                urn: report.waves[0]?.stacks[0]?.buckets[0]?.urn,
                status: "different",
                why: "create was not reached: the stack failed before",
            },
        ]);
    });

    it("stop for a stack whose preview differs from the plan, with any tolerance, and deploy nothing of it", async () => {
        const scripts = { a: { declares: { bucket: "AES256" } } };
        await planned(fileOf({ stacks: ["a", "b"], failureTolerance: 2 }), scripts);
        (scripts.a as { declares: object }).declares = { bucket: "SM4", other: "AES256" };
        const report = await fixture.run();
        expect(report.state).to.equal("stopped");
        expect(outcomesOf(report)).to.deep.equal({ a: "differs", b: "waiting" });
        expect(report.waves[0]?.stacks[0]?.reason).to.equal(
            "differs from the plan: create of bucket is needed now, but was planned differently; create of other is needed now, but was not planned",
        );
        expect(fixture.engine.deployments).to.deep.equal([]);
        // It still is not what was planned, and so the rollout does not go on either.
        expect(outcomesOf(await fixture.resume())).to.deep.equal({ a: "differs", b: "waiting" });
    });

    it("count a stack that could not be planned as failed at its turn, without deploying it", async () => {
        await planned(fileOf({ stacks: ["a", "b"], failureTolerance: 1 }), {
            a: { declares: { bucket: "AES256" }, previews: ["the role trusts nobody"] },
        });
        expect(fixture.report().waves[0]?.stacks[0]).to.include({
            state: "not-planned",
            reason: "the role trusts nobody",
        });
        const report = await fixture.run();
        expect(outcomesOf(report)).to.deep.equal({ a: "failed", b: "deployed" });
        expect(fixture.engine.deployments).to.deep.equal(["b"]);
        expect(fixture.questions[0]).to.include("1 could not be planned and will count as failed");
        expect(report.waves[0]?.stacks[0]?.buckets[0]).to.include({ status: "not-known" });
    });

    it("begin nothing without confirmation", async () => {
        await planned(fileOf({ stacks: ["a"] }));
        fixture.answer = () => false;
        expect((await fixture.run()).state).to.equal("planned");
        expect(fixture.engine.asked).to.deep.equal([]);
        expect(fixture.questions).to.deep.equal(["Roll out 1 stack in 1 wave, 1 of them with changes?"]);
    });

    it("wait for a person, and continue after the pause", async () => {
        await planned(fileOf({ stacks: ["a"], pause: { for: "person" } }, { stacks: ["b"] }));
        fixture.answer = (question) => !question.startsWith("Wave");
        const paused = await fixture.run();
        expect(paused).to.include({ state: "paused", reason: "for a person, after wave wave-1" });
        expect(fixture.engine.deployments).to.deep.equal(["a"]);
        expect((await fixture.resume()).state).to.equal("completed");
        expect(fixture.engine.deployments).to.deep.equal(["a", "b"]);
    });

    it("are interrupted by ^C at the question of a pause, and `resume` asks no second time", async () => {
        await planned(fileOf({ stacks: ["a"], pause: { for: "person" } }, { stacks: ["b"] }));
        fixture.answer = (question) => {
            if (!question.startsWith("Wave")) return true;
            fixture.stop.abort();
            return false;
        };
        expect((await fixture.run()).state).to.equal("interrupted");
        expect(fixture.engine.deployments).to.deep.equal(["a"]);
        fixture.questions.length = 0;
        expect((await fixture.resume({ stop: new AbortController().signal })).state).to.equal("completed");
        expect(fixture.engine.deployments).to.deep.equal(["a", "b"]);
        expect(fixture.questions).to.deep.equal(["1 of 2 stacks is done. Continue with the others?"]);
    });

    it("wait for a time, and after an interruption only for the rest of it", async () => {
        await planned(fileOf({ stacks: ["a"], pause: { for: "time", seconds: 600 } }, { stacks: ["b"] }));
        const begun = fixture.time;
        const { options } = fixture;
        let slept = 0;
        const clock = {
            ...options.clock,
            sleep: async (milliseconds: number) => {
                slept += milliseconds;
                fixture.time += milliseconds;
                if (slept >= 60_000) fixture.stop.abort();
            },
        };
        expect((await fixture.run({ clock })).state).to.equal("interrupted");
        expect(fixture.engine.deployments).to.deep.equal(["a"]);
        expect((await fixture.resume({ stop: new AbortController().signal })).state).to.equal("completed");
        expect(fixture.time).to.equal(begun + 600_000);
    });

    it("stop at a signal, let running stacks finish, and continue later without deploying anything twice", async () => {
        await planned(fileOf({ stacks: names(4), maxConcurrent: 2 }));
        fixture.engine.duringUp = () => fixture.stop.abort();
        const report = await fixture.run();
        expect(report.state).to.equal("interrupted");
        expect(outcomesOf(report)).to.deep.equal({ s1: "deployed", s2: "deployed", s3: "waiting", s4: "waiting" });
        const resumed = await fixture.resume({ stop: new AbortController().signal });
        expect(resumed.state).to.equal("completed");
        expect(fixture.engine.deployments).to.deep.equal(names(4));
    });

    it("keep what was cancelled before its end as interrupted, and finish it later", async () => {
        await planned(fileOf({ stacks: names(2) }));
        fixture.engine.duringUp = () => {
            fixture.stop.abort();
            fixture.cancel.abort();
        };
        const report = await fixture.run();
        expect(outcomesOf(report)).to.deep.equal({ s1: "interrupted", s2: "waiting" });
        expect(report.waves[0]?.stacks[0]?.buckets[0]).to.include({
            status: "not-known",
            why: "cancelled before its end",
        });
        fixture.engine.duringUp = () => {};
        const fresh = new AbortController().signal;
        expect((await fixture.resume({ stop: fresh, cancel: fresh })).state).to.equal("completed");
    });

    it("try failed stacks again when resumed, and touch no deployed stack", async () => {
        await planned(fileOf({ stacks: names(3) }), { s2: failingOnce });
        expect((await fixture.run()).state).to.equal("stopped");
        fixture.engine.asked.length = 0;
        const report = await fixture.resume();
        expect(report.state).to.equal("completed");
        expect(fixture.engine.asked).to.deep.equal(["preview s2", "up s2", "preview s3", "up s3"]);
        expect(report.waves[0]?.stacks.map(({ turns }) => turns)).to.deep.equal([1, 2, 1]);
    });

    it("hold a stack that is locked without counting it as failed, do the others, and try it again when they are resumed", async () => {
        const locked =
            "the stack is currently locked by 1 lock(s). Either wait\n  file: created by somebody@elsewhere (pid 7)";
        await planned(fileOf({ stacks: ["a", "b"] }, { stacks: ["c"] }), {
            a: { declares: { bucket: "AES256" }, deployments: [locked, undefined] },
        });
        const report = await fixture.run();
        expect(report).to.include({ state: "stopped", reason: "wave wave-1: 1 stack is held by a lock (a)" });
        expect(outcomesOf(report)).to.deep.equal({ a: "held", b: "deployed", c: "waiting" });
        const [held] = report.waves[0]?.stacks ?? [];
        expect(held?.reason).to.match(/^the stack is locked: .*somebody@elsewhere.*remove the lock/s);
        expect(held?.buckets[0]).to.include({ status: "different", why: "create needed, not deployed" });
        expect((await fixture.resume()).state).to.equal("completed");
        expect(fixture.engine.deployments).to.deep.equal(["a", "b", "a", "c"]);
    });

    describe("as jobs on machines that share no folder", () => {
        const half: StackScript = {
            declares: { first: "AES256", second: "KMS" },
            deployments: ["access denied", undefined],
            arrives: ["first"],
        };

        async function jobOnNewMachine(extra: Partial<RunOptions> = {}): Promise<RolloutReport> {
            rmSync(fixture.folder.forStack("a").folder, { recursive: true, force: true });
            return await fixture.job("a", extra);
        }

        it("deploy what is left of a stack that was half done", async () => {
            await planned(fileOf({ stacks: ["a"] }), { a: half });
            expect(outcomesOf(await jobOnNewMachine())).to.deep.equal({ a: "failed" });
            const report = await jobOnNewMachine();
            expect(outcomesOf(report)).to.deep.equal({ a: "deployed" });
            expect(report.waves[0]?.stacks[0]?.buckets.map(({ status }) => status)).to.deep.equal([
                "as-declared",
                "as-declared",
            ]);
            expect(outcomesOf(await jobOnNewMachine())).to.deep.equal({ a: "unchanged" });
        });

        it("deploy nothing of it when what is left is not as planned", async () => {
            const scripts = { a: { ...half } };
            await planned(fileOf({ stacks: ["a"] }), scripts);
            await jobOnNewMachine();
            scripts.a.declares = { first: "AES256", second: "SM4" };
            expect(outcomesOf(await jobOnNewMachine())).to.deep.equal({ a: "differs" });
            expect(outcomesOf(await jobOnNewMachine({ mayBeHalfDone: true }))).to.deep.equal({ a: "differs" });
            expect(fixture.engine.deployments).to.deep.equal(["a"]);
        });

        it("deploy a step from another start only if an earlier job may have stopped within it", async () => {
            const scripts: Record<string, StackScript> = { a: { declares: { bucket: "AES256" } } };
            await planned(fileOf({ stacks: ["a"] }), scripts);
            await jobOnNewMachine();
            scripts.a = { declares: { bucket: "KMS" } };
            fixture.engine.scripts.a = scripts.a;
            await fixture.plan();
            fixture.engine.set("a", { bucket: "SM4" });
            expect(outcomesOf(await jobOnNewMachine())).to.deep.equal({ a: "differs" });
            expect(outcomesOf(await jobOnNewMachine({ mayBeHalfDone: true }))).to.deep.equal({ a: "deployed" });
        });
    });

    describe("are not run", () => {
        it("from a plan of another file, or one that was edited", async () => {
            await planned(fileOf({ stacks: ["a"] }));
            const file = { ...fixture.file, digest: "1".repeat(64) };
            const other = new WaveFixture(file);
            fixture.folder.writePlan(JSON.parse(readFileSync(fixture.folder.planFile, "utf8")), other.folder.planFile);
            expect(await kindOf(other.run())).to.equal("invalid-rollout-plan");
            other.dispose();
            writeFileSync(
                fixture.folder.planFile,
                readFileSync(fixture.folder.planFile, "utf8")
                    .replace("AES256", "SM4")
                    .replace('"added"', '"unchanged"'),
            );
            expect(await kindOf(fixture.run())).to.equal("invalid-rollout-plan");
            writeFileSync(fixture.folder.planFile, "{");
            expect(await kindOf(fixture.run())).to.equal("invalid-rollout-plan");
        });

        it("while an earlier rollout is not over, or another process runs it", async () => {
            await planned(fileOf({ stacks: ["a"] }), { a: failing });
            await fixture.run();
            expect(await kindOf(fixture.run())).to.equal("rollout-unfinished");
            const lock = RolloutLock.acquire(fixture.folder.lockFolder);
            expect(await kindOf(fixture.resume())).to.equal("rollout-running");
            lock.release();
        });

        it("again once they are completed or aborted", async () => {
            await planned(fileOf({ stacks: ["a"] }));
            expect(await kindOf(fixture.resume())).to.equal("rollout-not-begun");
            await fixture.run();
            expect(await kindOf(fixture.resume())).to.equal("rollout-not-begun");
        });
    });

    describe("aborted for good", () => {
        it("keep the reason, and cannot be resumed", async () => {
            await planned(fileOf({ stacks: ["a"] }), { a: failing });
            await fixture.run();
            expect(abortRollout(fixture.folder, "the key was withdrawn", () => new Date())).to.equal("aborted");
            expect(fixture.report()).to.include({ state: "aborted" });
            expect(fixture.report().reason).to.match(/^the key was withdrawn \(/);
            expect(await kindOf(fixture.resume())).to.equal("rollout-not-begun");
            await fixture.plan();
            expect(outcomesOf(await fixture.run())).to.deep.equal({ a: "failed" });
        });

        it("name a new plan, and not `resume`, where a stack was cancelled before its end", async () => {
            await planned(fileOf({ stacks: names(2) }));
            fixture.engine.duringUp = () => {
                fixture.stop.abort();
                fixture.cancel.abort();
            };
            const reasonOf = (report: RolloutReport) => report.waves[0]?.stacks[0]?.reason;
            expect(reasonOf(await fixture.run())).to.equal("cancelled before its end; `resume` checks what was done");
            expect(abortRollout(fixture.folder, "enough", () => new Date())).to.equal("aborted");
            expect(reasonOf(fixture.report())).to.equal("cancelled before its end; a new plan shows what was done");
        });

        it("while they run, end after the running stacks", async () => {
            await planned(fileOf({ stacks: names(3) }));
            fixture.engine.duringUp = (name) => {
                if (name === "s2")
                    expect(abortRollout(fixture.folder, "enough", () => new Date())).to.equal("requested");
            };
            const report = await fixture.run();
            expect(report.state).to.equal("aborted");
            expect(outcomesOf(report)).to.deep.equal({ s1: "deployed", s2: "deployed", s3: "waiting" });
        });
    });

    describe("on a disk that is full", () => {
        const full = (writes: number): JournalDisk => ({
            write(descriptor, bytes, offset) {
                if (writes <= 0) throw Object.assign(new Error("no space left"), { code: "ENOSPC" });
                writes -= 1;
                appendFileSync(descriptor, bytes.subarray(offset));
                return bytes.length - offset;
            },
            sync: () => {},
            freeBytes: () => undefined,
        });

        it("begin no stack whose beginning cannot be recorded, and continue once there is room", async () => {
            await planned(fileOf({ stacks: names(3) }));
            // The beginning, the wave's, the first stack's beginning and end.
            expect(await kindOf(fixture.run({ disk: full(4) }))).to.equal("rollout-not-recorded");
            expect(fixture.engine.deployments).to.deep.equal(["s1"]);
            expect(outcomesOf(fixture.report())).to.deep.equal({ s1: "deployed", s2: "waiting", s3: "waiting" });
            expect((await fixture.resume()).state).to.equal("completed");
            expect(fixture.engine.deployments).to.deep.equal(names(3));
        });

        it("find out the result of a stack whose end could not be recorded, and do not deploy it again", async () => {
            await planned(fileOf({ stacks: names(2) }));
            expect(await kindOf(fixture.run({ disk: full(3) }))).to.equal("rollout-not-recorded");
            expect(fixture.report()).to.include({ state: "interrupted" });
            expect(outcomesOf(fixture.report())).to.deep.equal({ s1: "interrupted", s2: "waiting" });
            const report = await fixture.resume();
            expect(outcomesOf(report)).to.deep.equal({ s1: "deployed", s2: "deployed" });
            expect(fixture.engine.deployments).to.deep.equal(names(2));
        });

        it("begin no stack when there is hardly any room", async () => {
            await planned(fileOf({ stacks: ["a"] }));
            const disk = { ...full(100), freeBytes: () => 1000 };
            expect(await kindOf(fixture.run({ disk }))).to.equal("rollout-not-recorded");
            expect(fixture.engine.asked).to.deep.equal([]);
        });
    });

    it("reject a folder that cannot be created", async () => {
        await planned(fileOf({ stacks: ["a"] }));
        const folder = new RolloutFolder(path.join(fixture.folder.planFile, "state"));
        const plan = readPlan(fixture.folder.planFile);
        for (const attempt of [
            () => folder.writePlan(plan),
            () => RolloutLock.acquire(folder.lockFolder),
            () => Journal.open(folder.journalFile),
        ])
            expect(attempt).to.throw(UserError, "ENOTDIR").with.property("kind", "rollout-not-recorded");
    });

    describe("with a journal", () => {
        it("that was cut off within a line find out what was deployed", async () => {
            await planned(fileOf({ stacks: names(2) }));
            expect(await kindOf(fixture.run({ disk: cutAt(3) }))).to.equal("rollout-not-recorded");
            const report = await fixture.resume();
            expect(report.state).to.equal("completed");
            expect(fixture.engine.deployments).to.deep.equal(names(2));
        });

        it("that was changed are rejected", async () => {
            await planned(fileOf({ stacks: ["a"] }), { a: failing });
            await fixture.run();
            writeFileSync(
                fixture.folder.journalFile,
                readFileSync(fixture.folder.journalFile, "utf8").replace("{", ""),
            );
            expect(await kindOf(fixture.resume())).to.equal("rollout-journal-damaged");
        });

        /** A crash in the middle of a write. */
        const cutAt = (writes: number): JournalDisk => ({
            write(descriptor, bytes) {
                if (writes <= 0) {
                    appendFileSync(descriptor, bytes.subarray(0, 20));
                    throw Object.assign(new Error("crash"), { code: "EIO" });
                }
                writes -= 1;
                appendFileSync(descriptor, bytes);
                return bytes.length;
            },
            sync: () => {},
            freeBytes: () => undefined,
        });
    });
});

async function kindOf(result: Promise<unknown>): Promise<string> {
    return await result.then(
        () => "no error",
        (error) => error.kind ?? error,
    );
}
