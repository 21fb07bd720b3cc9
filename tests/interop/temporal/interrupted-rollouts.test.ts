import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { needed } from "../needed-tool";
import { RecordedRollout } from "./recorded-rollout";
import { TemporalServer, type TemporalTools, temporalTools } from "./temporal-environment";
import { TemporalRollout } from "./temporal-rollout";

/** Lets a program's deployments wait while a file is there: a time would be too short on a busy machine. */
const waitingWhile = (file: string): string => `
while (!require("@pulumi/pulumi").runtime.isDryRun() && require("node:fs").existsSync(${JSON.stringify(file)}))
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
`;

describe("a rollout on Temporal that is cut off", function () {
    this.timeout(180_000);
    let tools: TemporalTools;
    let folder: string;
    let server: TemporalServer;
    let rollout: RecordedRollout;
    before(async function () {
        tools = await needed(this, temporalTools);
    });
    beforeEach(async () => {
        folder = mkdtempSync(path.join(tmpdir(), "interrupted-"));
        server = await TemporalServer.start(tools, folder);
        const waves = [{ name: "all", stacks: ["a", "b", "c", "d", "e", "f"], maxConcurrent: 2 }];
        rollout = await RecordedRollout.create(tools, server.address, waves, { heartbeatTimeout: "2s" });
    });
    afterEach(async () => {
        await server.dispose();
        rollout.dispose();
        rmSync(folder, { recursive: true });
    });

    const deployed = (): number => rollout.deployments().size;
    const onceEach = () => new Map(["a", "b", "c", "d", "e", "f"].map((name) => [name, 1]));
    const temporal = (...args: string[]): void => {
        const all = ["workflow", ...args, "--address", server.address];
        const { status, stderr } = spawnSync(tools.server, all, { encoding: "utf8", timeout: 30_000 });
        expect(status, stderr).to.equal(0);
    };

    for (const [title, cut] of [
        ["its workflow is terminated", async (id: string) => temporal("terminate", "--workflow-id", id)],
        [
            "its server loses everything",
            async () => {
                await server.dispose();
                await server.start();
                // The server makes its namespace when it accepts connections already.
                await delay(3000);
            },
        ],
    ] as const)
        it(`is interrupted when ${title}, and is resumed from its log: no stack is deployed twice`, async () => {
            const first = await rollout.worker(1500);
            await rollout.control(async (control) => {
                await control.start();
                while (deployed() < 2) await delay(100);
                await cut(control.workflowId);
            });
            first.kill("SIGKILL");
            const worker = await rollout.worker(100);
            await rollout.control(async (control) => {
                const report = await control.report();
                expect(report.state).to.equal("interrupted");
                await control.startAgain(await control.state());
                while ((await control.state()).isOpen) await delay(200);
                const { state, totals } = await control.report();
                expect([state, totals.stacks.deployed]).to.deep.equal(["completed", 6]);
            });
            expect(rollout.deployments()).to.deep.equal(onceEach());
            worker.kill("SIGKILL");
        });

    it("begins nothing further when its workflow is cancelled, lets running stacks finish, and is resumed", async () => {
        const worker = await rollout.worker(1500);
        await rollout.control(async (control) => {
            await control.start();
            while (deployed() < 2) await delay(100);
            temporal("cancel", "--workflow-id", control.workflowId);
            while ((await control.state()).isOpen) await delay(200);
            const { state, totals } = await control.report();
            expect([state, totals.stacks.running]).to.deep.equal(["interrupted", 0]);
            expect(totals.stacks.waiting).to.be.greaterThan(0);
            expect(totals.stacks.deployed).to.equal(deployed());
            await control.startAgain(await control.state());
            while ((await control.state()).isOpen) await delay(200);
            expect((await control.report()).state).to.equal("completed");
        });
        expect(rollout.deployments()).to.deep.equal(onceEach());
        worker.kill("SIGKILL");
    });

    it("continues in another worker when one is stopped, which finishes its stacks and takes no other", async () => {
        const first = await rollout.worker(2000, 2);
        await rollout.control(async (control) => {
            await control.start();
            // Both places of the worker are taken.
            while ((await rollout.log()).every(({ kind }) => kind !== "shard-begun")) await delay(50);
            await delay(1000);
            first.kill("SIGTERM");
            const [status] = await once(first, "exit");
            expect(status).to.equal(0);
            expect([...rollout.deployments().keys()].sort()).to.deep.equal(["a", "b"]);
            const second = await rollout.worker(100);
            while ((await control.state()).isOpen) await delay(200);
            second.kill("SIGKILL");
        });
        expect(rollout.deployments()).to.deep.equal(onceEach());
    });
});

describe("commands about a rollout on Temporal that is not over", function () {
    this.timeout(180_000);
    let tools: TemporalTools;
    before(async function () {
        tools = await needed(this, temporalTools);
    });

    it("start it once, resume it only after a pause, leave it running at ^C, refuse another plan, and abort it with a changed file", async () => {
        const temporal = await TemporalRollout.create(tools, [1, 1]);
        const { rollout } = temporal;
        try {
            temporal.describeTwoWaves("shared");
            const hold = path.join(rollout.folder, "hold");
            const program = path.join(rollout.folder, "index.js");
            writeFileSync(program, `${waitingWhile(hold)}${readFileSync(program, "utf8")}`);
            await rollout.plan();
            const runs = await Promise.all([1, 2].map(() => temporal.command("run", "--yes", "--detach")));
            expect(runs.map(({ status }) => status).sort()).to.deep.equal([0, 1]);
            expect(runs.map(({ stderr }) => stderr).join("")).to.match(
                /error: The rollout "test rollout" of the plan [0-9a-f]{12} was started on Temporal before/,
            );
            const early = await temporal.command("resume", "--yes");
            expect(early.status).to.equal(1);
            expect(early.stderr).to.match(/^error: The rollout is already being run on Temporal \(workflow rollout\//);

            await temporal.worker();
            while (!(await temporal.command("status")).stdout.includes(": paused")) await delay(500);
            writeFileSync(hold, "");
            const resumed = temporal.start("resume", "--yes");
            while (!resumed.output.includes("account-2: begun")) await delay(100);
            resumed.child.kill("SIGINT");
            const left = await resumed.ended;
            expect(left.status).to.equal(130);
            expect(left.stderr).to.contain("It continues on Temporal.");

            await rollout.plan();
            const other = await temporal.command("run", "--yes");
            expect(other.status).to.equal(1);
            expect(other.stderr).to.match(
                /^error: The rollout of the plan [0-9a-f]{12} was started on Temporal, and may still run/,
            );

            appendFileSync(rollout.file, "# changed\n");
            const aborted = await temporal.command("abort", "--reason", "the key was withdrawn");
            expect(aborted.stdout, aborted.stderr).to.match(/^The rollout (?:ends after the stacks|is aborted)/);
            rmSync(hold);
            await rollout.plan();
            let next = await temporal.command("run", "--yes", "--detach");
            while (next.status !== 0 && next.stderr.includes("may still run"))
                next = await temporal.command("run", "--yes", "--detach");
            expect(next.status, next.stderr).to.equal(0);
            expect(rollout.writes()).to.deep.equal({ "account-1-bucket-1": 1, "account-2-bucket-1": 1 });
        } finally {
            await temporal.dispose();
        }
    });
});
