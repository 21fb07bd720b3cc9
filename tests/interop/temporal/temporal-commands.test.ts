import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import type { RolloutReport } from "../../../lib/rollout";
import { accessKeySecret, passphrase, TestRollout } from "../../rollout/test-rollout";
import { needed } from "../needed-tool";
import { TemporalServer, type TemporalTools, temporalTools, withSdk } from "./temporal-environment";
import { TemporalRollout } from "./temporal-rollout";

/** A report without what differs between two runs: times, the plan, and where the cloud listens. */
function comparable({ begunAt: _begun, endedAt: _ended, plan: _plan, ...report }: RolloutReport): object {
    const text = JSON.stringify(report, (name, value) => (name === "seconds" ? undefined : value));
    return JSON.parse(text.replace(/127\.0\.0\.1:\d+/g, "CLOUD").replace(/request id [0-9A-F]+/gi, "request id ID"));
}

const refusal = {
    kind: "status",
    status: 403,
    code: "NoPermission",
    operation: "PutBucketEncryption",
    bucket: "account-2-bucket-1",
} as const;

/** Three stacks in two waves. The second one is refused as long as the cloud has the fault. */
function describeStacks(rollout: TestRollout): void {
    rollout.write({
        refresh: false,
        stacks: [rollout.stack(1), rollout.stack(2), rollout.stack(3)],
        waves: [
            { name: "canary", stacks: ["account-1"], pause: "person" },
            { name: "others", stacks: ["account-2", "account-3"] },
        ],
        temporal: { sharedPlace: "shared", heartbeatTimeout: "5s" },
    });
}

function textsUnder(folder: string, isWanted: (name: string) => boolean): string {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && isWanted(path.join(entry.parentPath, entry.name)))
        .map((entry) => readFileSync(path.join(entry.parentPath, entry.name), "latin1"))
        .join("\n");
}

/** Commands that ask again and again would keep the workers from their work. */
const moment = async (): Promise<void> => await delay(500);

describe("a rollout on Temporal", function () {
    this.timeout(900_000);
    let tools: TemporalTools;
    let temporal: TemporalRollout;

    before(async function () {
        tools = await needed(this, temporalTools);
    });
    beforeEach(async () => {
        temporal = await TemporalRollout.create(tools, [1, 1, 1]);
    });
    afterEach(async () => await temporal.dispose());

    const report = async (): Promise<RolloutReport> => JSON.parse((await temporal.command("report", "--json")).stdout);

    it("pauses, stops, resumes and gives the reports of one machine except for times, and keeps no secret in its history", async () => {
        const onMachine = await TestRollout.create([1, 1, 1]);
        const expected: object[] = [];
        try {
            describeStacks(onMachine);
            await onMachine.plan();
            onMachine.cloud.faults.add(refusal);
            await onMachine.end(1, "run", "--yes");
            expected.push(comparable(await onMachine.report()));
            onMachine.cloud.faults.clear();
            await onMachine.succeed("resume", "--yes");
            expected.push(comparable(await onMachine.report()));
        } finally {
            await onMachine.dispose();
        }

        const { rollout } = temporal;
        describeStacks(rollout);
        await rollout.plan();
        rollout.cloud.faults.add(refusal);
        await temporal.worker();

        const ran = await temporal.command("run", "--yes");
        expect(ran.stdout).to.contain("paused after wave canary");
        expect(ran.stdout).to.contain("stopped: wave others: 1 stack failed (account-2); 0 may fail");
        expect(ran.status, ran.stderr).to.equal(1);
        expect(comparable(await report())).to.deep.equal(expected[0]);

        const again = await temporal.command("run", "--yes");
        expect(again.status).to.equal(1);
        expect(again.stderr).to.match(
            /^error: The rollout "test rollout" of the plan [0-9a-f]{12} was started on Temporal before/,
        );

        rollout.cloud.faults.clear();
        // The command finds out that the last rollout runs on Temporal.
        const resumed = await rollout.start("resume", "rollout.yaml", "--yes").ended;
        expect(resumed.status, `${resumed.stdout}${resumed.stderr}`).to.equal(1);
        const followed = await temporal.command("resume", "--yes");
        expect(followed.status, followed.stderr).to.equal(0);
        expect(comparable(await report())).to.deep.equal(expected[1]);
        const status = await temporal.command("status");
        expect(status.stdout).to.contain(`Temporal at ${temporal.server.address}: workflow rollout/test rollout/`);

        expect(textsUnder(path.join(rollout.folder, "shared"), () => true)).to.contain("NoPermission");
        const args = ["workflow", "list", "--address", temporal.server.address, "--output", "json"];
        const listed = JSON.parse(spawnSync(tools.server, args, { encoding: "utf8" }).stdout) as {
            execution: { workflowId: string; runId: string };
        }[];
        const histories = listed.map(({ execution: { workflowId, runId } }) => {
            const show = ["workflow", "show", "-w", workflowId, "-r", runId, "--address", temporal.server.address];
            const { stdout } = spawnSync(tools.server, [...show, "--output", "json"], { encoding: "utf8" });
            return stdout.replace(/"data": "([^"]+)"/g, (_, data) => Buffer.from(data, "base64").toString("utf8"));
        });
        const kept = textsUnder(rollout.folder, (file) => file.startsWith(temporal.server.database));
        for (const text of [histories.join("\n"), kept]) {
            expect(text).to.contain("account-2");
            for (const secret of [accessKeySecret, passphrase, "NoPermission"])
                expect(text.includes(secret), `${secret} in a history`).to.equal(false);
        }
    });

    it("tries a held stack again with back-off while the others go on, shows it, and waits for a person to break the lock", async () => {
        const { rollout } = temporal;
        rollout.write({
            refresh: false,
            stacks: [rollout.stack(1), rollout.stack(2)],
            waves: [{ name: "all", stacks: ["account-1", "account-2"], maxConcurrent: 2 }],
            temporal: { sharedPlace: "shared", lockWait: "1h" },
        });
        await rollout.plan();
        const locks = path.join(rollout.state, ".pulumi", "locks", "organization", "test-rollout", "account-1");
        mkdirSync(locks, { recursive: true });
        const holder = {
            pid: 1,
            username: "somebody",
            hostname: "not-this-machine",
            timestamp: "2026-11-28T01:00:00Z",
        };
        writeFileSync(path.join(locks, "lock.json"), JSON.stringify(holder));
        await temporal.worker();
        expect((await temporal.command("run", "--yes", "--detach")).status).to.equal(0);
        let status = "";
        while (!/account-1 +[2-9]/.test(status)) status = (await temporal.command("status")).stdout;
        expect(status).to.match(/TRIED AGAIN +ATTEMPT +WORKER +LAST FAILURE/);
        expect(status).to.match(/the stack is locked: .*somebody@not-this-machine/);
        while ((await report()).waves[0]?.stacks[1]?.state !== "deployed") await moment();
        rmSync(path.join(locks, "lock.json"));
        while ((await report()).state !== "completed") await moment();
        expect(rollout.writes()).to.deep.equal({ "account-1-bucket-1": 1, "account-2-bucket-1": 1 });
    });

    it("ends the engines of a worker at its second signal, and another worker finishes what they began", async () => {
        const { rollout } = temporal;
        rollout.write({
            refresh: false,
            stacks: [rollout.stack(1)],
            waves: [{ name: "all", stacks: ["account-1"] }],
            temporal: { sharedPlace: "shared", heartbeatTimeout: "5s" },
        });
        await rollout.plan();
        const first = await temporal.worker();
        expect((await temporal.command("run", "--yes", "--detach")).status).to.equal(0);
        rollout.cloud.faults.add({ kind: "hang", operation: "PutBucketEncryption" });
        const isDeploying = (): boolean =>
            rollout.cloud.journal.entries().some(({ operation }) => operation === "PutBucketEncryption");
        while (!isDeploying()) await moment();
        const ended = once(first, "exit");
        first.kill("SIGTERM");
        await moment();
        expect(first.exitCode).to.equal(null);
        first.kill("SIGTERM");
        expect((await ended)[0]).to.equal(0);
        rollout.cloud.faults.clear();
        await temporal.worker();
        while ((await report()).state !== "completed") await moment();
        expect(rollout.writes()).to.deep.equal({ "account-1-bucket-1": 1 });
    });

    it("aborts: running stacks finish, nothing further begins, and the reason is in the report", async () => {
        const { rollout } = temporal;
        describeStacks(rollout);
        await rollout.plan();
        // Without a worker no stack is deployed, and status says so.
        expect((await temporal.command("run", "--yes", "--detach")).status).to.equal(0);
        expect((await temporal.command("status")).stdout).to.contain("No worker serves the task queue");
        await temporal.worker();
        while ((await report()).state !== "paused") await moment();
        const aborted = await temporal.command("abort", "--reason", "the key was withdrawn");
        expect(aborted.stdout).to.equal("The rollout ends after the stacks that are being deployed.\n");
        let { state, reason } = await report();
        while (state !== "aborted") ({ state, reason } = await report());
        expect(reason).to.match(/^the key was withdrawn \(.+@.+\)$/);
        const resumed = await temporal.command("resume", "--yes");
        expect(resumed.stderr).to.match(/^error: The last rollout was aborted at .+: the key was withdrawn/);
        expect(rollout.writes()).to.deep.equal({ "account-1-bucket-1": 1 });
    });
});

describe("a worker of rollouts on Temporal", function () {
    this.timeout(300_000);
    let tools: TemporalTools;
    let rollout: TestRollout;
    before(async function () {
        tools = await needed(this, temporalTools);
    });
    beforeEach(async () => {
        rollout = await TestRollout.create([1]);
        rollout.write({
            stacks: [rollout.stack(1)],
            waves: [{ name: "all", stacks: ["account-1"] }],
            temporal: { sharedPlace: "shared" },
        });
    });
    afterEach(async () => await rollout.dispose());

    it("rejects a missing address, and missing packages with what to install", async () => {
        rollout.engine = [];
        const without = await rollout.start("worker", "rollout.yaml").ended;
        expect(without).to.deep.include({ status: 1, stdout: "" });
        expect(without.stderr).to.equal(
            "error: A worker of rollouts on Temporal needs the package @temporalio/envconfig, which is not installed. Run `npm install @temporalio/worker @temporalio/workflow @temporalio/activity @temporalio/envconfig` in the folder where you run the command.\n",
        );
        rollout.environment = { ...rollout.environment, ...withSdk(tools) };
        const { status, stderr } = await rollout.start("worker", "rollout.yaml").ended;
        expect(status).to.equal(1);
        expect(stderr).to.equal(
            "error: Nothing names the address of the Temporal server. Set TEMPORAL_ADDRESS (and TEMPORAL_NAMESPACE, TEMPORAL_API_KEY, TEMPORAL_TLS_*), or name a profile of temporal.toml in TEMPORAL_PROFILE.\n",
        );
    });

    it("waits for a server that is not there yet, and ends with status 0 after a signal", async () => {
        const server = await TemporalServer.start(tools, rollout.folder);
        await server.kill();
        rollout.environment = { ...rollout.environment, ...withSdk(tools), TEMPORAL_ADDRESS: server.address };
        const { child, ended } = rollout.start("worker", "rollout.yaml", "--engine", "embedded");
        let said = "";
        child.stderr?.on("data", (text) => {
            said += text;
        });
        const until = async (text: string): Promise<void> => {
            while (!said.includes(text) && child.exitCode === null) await new Promise((next) => setTimeout(next, 50));
        };
        await until("Waiting for the Temporal server at ");
        await server.start();
        await until("Working for the rollout");
        child.kill("SIGTERM");
        expect((await ended).status, said).to.equal(0);
        await server.dispose();
    });
});
