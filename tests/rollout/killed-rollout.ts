import { readFileSync } from "node:fs";
import { expect } from "chai";
import { type Extent, limitMs, roundsOf } from "../extent";
import { randomFor } from "../seed";
import { TestRollout } from "./test-rollout";

/** @param extent how often it is killed */
export function killedRollout(extent: Extent): void {
    describe("a rollout that is killed", function () {
        this.timeout(limitMs(extent, 40));
        let rollout: TestRollout;
        afterEach(async () => await rollout.dispose());

        it("goes on after ^C and any number of kills in the middle, deploys everything, and writes no rule twice", async () => {
            rollout = await TestRollout.create([3, 3, 3]);
            rollout.cloud.faults.add({ kind: "latency", milliseconds: 40 });
            const random = randomFor("moments of kills of a rollout");
            const kills = roundsOf(extent);
            let isOver = false;
            for (let round = 1; !isOver; round += 1) {
                const sseAlgorithm = round % 2 === 1 ? "AES256" : "SM4";
                const names = [1, 2, 3].map((number) => `account-${number}`);
                rollout.write({
                    stacks: [1, 2, 3].map((number) => rollout.stack(number, {}, sseAlgorithm)),
                    waves: [
                        { name: "first", stacks: names.slice(0, 2), maxConcurrent: 2 },
                        { name: "second", stacks: names.slice(2) },
                    ],
                });
                await rollout.plan();
                rollout.cloud.journal.clear();
                await interrupted(rollout);
                while (!isOver && !isCompleted(rollout)) {
                    const kill = kills.next();
                    if (kill.done === true) isOver = true;
                    else await killedOnce(rollout, kill.value, random);
                }
                if (!isCompleted(rollout)) await rollout.succeed("resume", "--yes");
                const report = await rollout.report();
                expect(report.state).to.equal("completed");
                expect(report.totals.buckets).to.deep.equal({ "as-declared": 9, different: 0, "not-known": 0 });
                const buckets = rollout.accounts.flatMap((account) => account.buckets);
                expect(rollout.writes()).to.deep.equal(Object.fromEntries(buckets.map((bucket) => [bucket, 1])));
                for (const bucket of buckets) expect(rollout.cloud.bucketRule(bucket)).to.deep.equal({ sseAlgorithm });
                expect(rollout.touchedAccounts()).to.deep.equal(rollout.accounts.map(({ id }) => id));
            }
        });
    });
}

const isCompleted = (rollout: TestRollout): boolean => rollout.journal().at(-1)?.kind === "completed";

/** ^C in the first wave: running stacks are finished and recorded, and no other is begun. */
async function interrupted(rollout: TestRollout): Promise<void> {
    const { child, ended } = rollout.start("run", "rollout.yaml", "--yes");
    await untilJournal(
        rollout,
        (kinds) => kinds.includes("stack-begun") && kinds.at(-1) !== "completed",
        child.pid as number,
    );
    child.kill("SIGINT");
    const { status, stderr } = await ended;
    expect(status, stderr).to.equal(130);
    const kinds = rollout.journal().map(({ kind }) => kind);
    expect(kinds.at(-1)).to.equal("interrupted");
    const count = (kind: string) => kinds.filter((other) => other === kind).length;
    expect(count("stack-ended")).to.equal(count("stack-begun"));
    expect(count("stack-begun")).to.be.lessThan(3);
}

/** Goes on, and is killed in the middle, never at the same place. */
async function killedOnce(rollout: TestRollout, kill: number, random: () => number): Promise<void> {
    const before = rollout.journal().length;
    const { child, ended } = rollout.start("resume", "rollout.yaml", "--yes");
    const id = child.pid as number;
    await Promise.race([untilJournal(rollout, (kinds) => kinds.length > before, id), ended]);
    await Promise.race([sleep(random() * 6000), ended]);
    // Every other time what it started is killed too, as a reboot would.
    if (kill % 2 === 1) for (const other of descendants(id)) killed(other);
    child.kill("SIGKILL");
    await ended;
    expect((await rollout.report()).state).to.be.oneOf(["interrupted", "completed"]);
}

/** Until the journal's records are as they should be, or the process is gone. */
async function untilJournal(rollout: TestRollout, isReached: (kinds: string[]) => boolean, id: number): Promise<void> {
    while (!isReached(rollout.journal().map(({ kind }) => kind)) && isThere(id)) await sleep(20);
}

const sleep = async (milliseconds: number): Promise<void> =>
    await new Promise((resolve) => setTimeout(resolve, milliseconds));

function isThere(id: number): boolean {
    try {
        process.kill(id, 0);
        return true;
    } catch {
        return false;
    }
}

function killed(id: number): void {
    try {
        process.kill(id, "SIGKILL");
    } catch {
        // It ended by itself.
    }
}

/** All processes that a process has started, and those that they have; none where the system does not tell. */
function descendants(id: number): number[] {
    try {
        const children = readFileSync(`/proc/${id}/task/${id}/children`, "utf8")
            .trim()
            .split(" ")
            .filter(Boolean)
            .map(Number);
        return children.flatMap((child) => [child, ...descendants(child)]);
    } catch {
        return [];
    }
}
