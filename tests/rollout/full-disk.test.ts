import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import { Journal, readJournal } from "../../lib/rollout/journal/journal";
import { RolloutLock } from "../../lib/rollout/journal/rollout-lock";
import { skipBecause } from "../skip-because";
import { TinyDisk } from "../tiny-disk";
import { TestRollout } from "./test-rollout";

const megabyte = 1024 * 1024;

describe("a rollout whose disk is full", function () {
    this.timeout(240_000);
    let rollout: TestRollout;
    let disk: TinyDisk;
    before(async function () {
        rollout = await TestRollout.create([3, 2]);
        // Plan, journal and lock are there, and the stacks' states.
        const mounted = TinyDisk.mount(path.join(rollout.folder, ".rollout"), 16 * megabyte);
        if (typeof mounted === "string") return skipBecause(this, mounted);
        disk = mounted;
        const backend = path.join(disk.folder, "backend");
        mkdirSync(backend);
        rollout.environment = { ...rollout.environment, PULUMI_BACKEND_URL: pathToFileURL(backend).href };
        rollout.write({
            stacks: [rollout.stack(1), rollout.stack(2)],
            waves: [{ name: "all", stacks: ["account-1", "account-2"] }],
        });
    });
    after(async () => {
        disk?.unmount();
        await rollout.dispose();
    });

    /** What a command says that cannot go on: where, why, and what to do. */
    function expectReadable({ status, stdout, stderr }: Awaited<ReturnType<TestRollout["run"]>>): string {
        const text = stdout + stderr;
        expect(status, text).to.equal(1);
        expect(text).not.to.match(/^ +at |internal error/m);
        return text;
    }

    it("writes no half plan, and reports it", async () => {
        disk.fill();
        const text = expectReadable(await rollout.run("plan", "--create-stacks"));
        expect(text).to.match(/error: .* \(ENOSPC\) \((file|endpoint) .*\)\. Free space on the disk/);
        const state = rollout.stateFolder;
        expect(existsSync(state) ? readdirSync(state) : []).to.deep.equal([]);
        disk.free();
        await rollout.plan();
    });

    it("cannot be locked, and leaves nothing behind", async () => {
        disk.fill();
        expect(expectReadable(await rollout.run("run", "--yes"))).to.match(
            /(?:cannot|could not) be (locked|written) \(ENOSPC\)/,
        );
        expect(rollout.journal()).to.deep.equal([]);
        expect(() => RolloutLock.acquire(path.join(disk.folder, "lock"))).to.throw("ENOSPC");
        expect(readdirSync(path.join(disk.folder, "lock"))).to.deep.equal([]);
    });

    it("begins no stack when there is hardly any room", async () => {
        disk.fill(megabyte);
        expect(expectReadable(await rollout.run("run", "--yes"))).to.match(
            /The disk has only \d+ bytes left .*journal\.jsonl.* Free space on the disk/,
        );
        expect(rollout.writes()).to.deep.equal({});
        expect(await rollout.outcomes()).to.deep.equal({ "account-1": "waiting", "account-2": "waiting" });
    });

    it("that is filled in the middle of a deployment loses nothing, and `resume` writes no rule twice", async () => {
        disk.free();
        const slow = rollout.cloud.faults.add({
            kind: "latency",
            milliseconds: 5000,
            operation: "PutBucketEncryption",
            bucket: "account-1-bucket-3",
        });
        const { child, ended } = rollout.start("resume", "rollout.yaml", "--yes");
        while (rollout.writes()["account-1-bucket-1"] === undefined && child.exitCode === null) await delay(20);
        disk.fill();
        const result = await ended;
        slow();
        const text = expectReadable(result);
        expect(text).to.include("ENOSPC");
        const [first, second] = (await rollout.report()).waves[0]?.stacks ?? [];
        expect(first?.state).to.be.oneOf(["failed", "interrupted"]);
        expect(second?.state).to.equal("waiting");

        disk.free();
        await rollout.succeed("resume", "--yes");
        const report = await rollout.report();
        expect(report.state).to.equal("completed");
        expect(report.totals.buckets).to.deep.equal({ "as-declared": 5, different: 0, "not-known": 0 });
        const buckets = rollout.accounts.flatMap((account) => account.buckets);
        expect(rollout.writes()).to.deep.equal(Object.fromEntries(buckets.map((bucket) => [bucket, 1])));
    });

    it("removes a half line at the journal's end, once there is room", () => {
        const file = path.join(disk.folder, "some.jsonl");
        disk.free();
        disk.fill(3 * 4096);
        const journal = Journal.open(file);
        const reason = "x".repeat(3000);
        journal.append({ kind: "begun", plan: "plan", by: "somebody" });
        let written = 0;
        expect(() => {
            for (;;) {
                journal.append({ kind: "aborted", reason, by: "somebody" });
                written += 1;
            }
        })
            .to.throw("cannot be written (ENOSPC)")
            .with.property("kind", "rollout-not-recorded");
        expect(() => journal.append({ kind: "completed" })).to.throw("ENOSPC");
        journal.close();
        disk.free();
        expect(readFileSync(file).at(-1)).not.to.equal(0x0a);
        expect(readJournal(file)).to.have.length(1 + written);
        const reopened = Journal.open(file);
        reopened.append({ kind: "completed" });
        reopened.close();
        expect(readJournal(file).map(({ kind }) => kind)).to.deep.equal([
            "begun",
            ...Array.from({ length: written }, () => "aborted"),
            "completed",
        ]);
    });

    it("reports a report file that could not be written", async function () {
        if (!existsSync("/dev/full")) return skipBecause(this, "there is no /dev/full");
        const text = expectReadable(await rollout.run("report", "--output", "/dev/full"));
        expect(text).to.match(
            /^error: The file cannot be written \(ENOSPC\) \(file \/dev\/full\)\. Free space on the disk/,
        );
    });
});
