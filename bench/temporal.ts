import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { recordedKills } from "../tests/interop/temporal/recorded-kills";
import { RecordedRollout } from "../tests/interop/temporal/recorded-rollout";
import { TemporalServer, type TemporalTools, temporalTools } from "../tests/interop/temporal/temporal-environment";
import { type Histories, TemporalHistories } from "../tests/interop/temporal/temporal-histories";
import { median } from "./median";
import { table } from "./results-file";

/** Stacks at the same time; half of them in each worker. */
const lanes = 100;
const workerStarts = 5;
/** In milliseconds; a rollout that takes longer has hung. */
const longest = 300_000;
/** The server's database survives a kill of the server, but does not wait for the disk after each step. */
const withoutWaiting = ["--sqlite-pragma", "journal_mode=WAL", "--sqlite-pragma", "synchronous=NORMAL"];

const text = `A stack of this benchmark is a file, and no process of an engine is started: its preview checks whether the file exists; its
deployment takes the stack's lock, appends a line to a log, and writes the file. The rest is a real rollout: the plan in the shared folder, an activity
for each stack, its result as a file that is synced to the disk, waves, log and report. Two workers run ${lanes / 2} stacks at the same time each, beside Temporal's
development server with a database file, on the same machine. Its SQLite has a write-ahead log and does not wait for the disk at each commit
(\`${withoutWaiting.join(" ")}\`), unless the table says otherwise.`;

/**
 * The time and memory of rollouts on Temporal without the engines. `TEMPORAL_STACKS` is the number of stacks of the large rollout, `TEMPORAL_KILLS` of the kills
 * of another one.
 */
export async function temporal(): Promise<string> {
    const tools = await temporalTools();
    const large = Number(process.env.TEMPORAL_STACKS ?? 10_000);
    const kills = Number(process.env.TEMPORAL_KILLS ?? 20);
    const small = await measured(tools, 60, withoutWaiting, workerStarts);
    const many = await measured(tools, large, withoutWaiting, 0);
    const synced = await measured(tools, Math.min(large, 500), [], 0);
    const killed = await recordedKills(tools, { stacks: 20 * kills, kills, milliseconds: 1000 });
    const each = (total: number): string => (total / large).toFixed(1);
    const { worker, workerAndEngines, server, freeze } = killed.kills;
    const count = [
        `${worker + workerAndEngines} workers`,
        `${server} × the server`,
        `${freeze} workers frozen for 4 s`,
    ];
    const rows = [
        [`${large} no-op stacks`, `${many.seconds.toFixed(1)} s, ${rate(many)}`, "120 s for 10,000"],
        ["start of a worker, from its process to its first question", `${median(small.starts).toFixed(0)} ms`, "1 s"],
        ["memory of a worker after 60 stacks", megabytes(small.resident), "200 MB"],
        [`memory of a worker after ${large} stacks`, megabytes(many.resident), ""],
        ["events of history for each stack", each(many.histories.events), ""],
        ["bytes of history for each stack", each(many.histories.bytes), ""],
        [
            "longest history",
            `${many.histories.mostEvents} events of ${many.histories.workflows} workflows`,
            "10,240, where Temporal warns",
        ],
        [
            `${synced.stacks} no-op stacks, with a server that waits for the disk at each step`,
            `${synced.seconds.toFixed(1)} s, ${rate(synced)}`,
            "",
        ],
        [`kills and freezes during a rollout of ${20 * kills} stacks`, count.join(", "), ""],
        ["attempts after them that followed a first one", String(killed.retries), ""],
        ["stacks that were deployed twice, and not at all", `${killed.doubled.length}, ${killed.lost.length}`, "0, 0"],
    ];
    return `${text}\n\n${table(["figure", ">measured", "goal"], rows)}`;
}

interface Figures {
    readonly stacks: number;
    readonly seconds: number;
    /** Milliseconds from the start of a worker's process until it works, with the workflows bundled before. */
    readonly starts: readonly number[];
    /** Of the larger one of two workers, in bytes. */
    readonly resident: number;
    readonly histories: Histories;
}

const rate = ({ stacks, seconds }: Figures): string => `${(stacks / seconds).toFixed(0)}/s`;
const megabytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MB`;

/** @param starts how many starts of workers to measure before */
async function measured(
    tools: TemporalTools,
    stacks: number,
    flags: readonly string[],
    starts: number,
): Promise<Figures> {
    const names = Array.from({ length: stacks }, (_, index) => `stack-${index}`);
    const folder = mkdtempSync(path.join(tmpdir(), "bench-temporal-"));
    const server = await TemporalServer.start(tools, folder, flags);
    const waves = [{ name: "all", stacks: names, maxConcurrent: Math.min(lanes, stacks) }];
    const rollout = await RecordedRollout.create(tools, server.address, waves);
    const workers: ChildProcess[] = [];
    try {
        // The first worker bundles the workflows.
        for (let index = 0; index < 2; index += 1) workers.push(await rollout.worker(0, lanes / 2));
        const measuredStarts: number[] = [];
        for (let index = 0; index < starts; index += 1) measuredStarts.push(await startOf(rollout));
        const seconds = await rolledOut(rollout, stacks);
        const resident = Math.max(...(await Promise.all(workers.map(memoryOf))));
        const histories = new TemporalHistories(tools, server.address).sizes();
        return { stacks, seconds, starts: measuredStarts, resident, histories };
    } finally {
        for (const worker of workers) worker.kill("SIGKILL");
        await server.dispose();
        rollout.dispose();
        rmSync(folder, { recursive: true });
    }
}

async function startOf(rollout: RecordedRollout): Promise<number> {
    const begun = performance.now();
    const worker = await rollout.worker(0, lanes / 2);
    const took = performance.now() - begun;
    worker.kill("SIGTERM");
    await once(worker, "exit");
    return took;
}

/** @returns seconds */
async function rolledOut(rollout: RecordedRollout, stacks: number): Promise<number> {
    return await rollout.control(async (control) => {
        const begun = performance.now();
        await control.start();
        let parts = 0;
        for (let isOpen = true; isOpen; ) {
            if (performance.now() - begun > longest) throw new Error(`${stacks} stacks were not done in ${longest} ms`);
            await delay(300);
            ({ isOpen, parts } = await control.state(parts));
        }
        const seconds = (performance.now() - begun) / 1000;
        const { totals } = await control.report();
        const deployments = [...rollout.deployments().values()];
        const isEachOnce = deployments.length === stacks && deployments.every((count) => count === 1);
        if (totals.stacks.deployed !== stacks || !isEachOnce)
            throw new Error(
                `${totals.stacks.deployed} of ${stacks} were deployed, in ${deployments.length} deployments`,
            );
        return seconds;
    });
}

async function memoryOf(worker: ChildProcess): Promise<number> {
    worker.send("memory");
    const [{ residentBytes }] = (await once(worker, "message")) as [{ residentBytes: number }];
    return residentBytes;
}
