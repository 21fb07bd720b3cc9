import { type ChildProcess, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { RecordedRollout } from "../tests/interop/temporal/recorded-rollout";
import { TemporalServer, type TemporalTools, temporalTools } from "../tests/interop/temporal/temporal-environment";
import { table } from "./results-file";

const lanes = 40;

interface Figures {
    readonly stacks: number;
    readonly seconds: number;
    /** Milliseconds from the start of a worker's process until it works, with the workflows bundled before. */
    readonly start: number;
    /** Of the larger one of two workers, in bytes. */
    readonly resident: number;
    readonly histories: Histories;
}

/** What rollouts on Temporal take themselves: their stacks are files, which take no time. `TEMPORAL_STACKS` is the larger number. */
export async function temporal(): Promise<string> {
    const tools = await temporalTools();
    const large = Number(process.env.TEMPORAL_STACKS ?? 10_000);
    const rows: string[][] = [];
    for (const stacks of [60, large]) {
        const { seconds, start, resident, histories } = await measured(tools, stacks);
        rows.push([
            String(stacks),
            `${seconds.toFixed(1)} s`,
            `${(stacks / seconds).toFixed(0)}/s`,
            `${start} ms`,
            `${Math.round(resident / 2 ** 20)} MB`,
            (histories.events / stacks).toFixed(1),
            `${Math.round(histories.bytes / stacks)} B`,
            `${histories.mostEvents} of 51,200`,
        ]);
    }
    const head = [
        "stacks",
        ">time",
        ">rate",
        ">worker's start",
        ">worker's memory",
        ">events a stack",
        ">bytes a stack",
    ];
    return table([...head, ">longest history"], rows);
}

async function measured(tools: TemporalTools, stacks: number): Promise<Figures> {
    const names = Array.from({ length: stacks }, (_, index) => `stack-${index}`);
    const folder = mkdtempSync(path.join(tmpdir(), "bench-temporal-"));
    const server = await TemporalServer.start(tools, folder);
    const waves = [{ name: "all", stacks: names, maxConcurrent: Math.min(lanes, stacks) }];
    const rollout = await RecordedRollout.create(tools, server.address, waves);
    try {
        // The first worker bundles the workflows.
        const workers = [await rollout.worker(0, lanes / 2)];
        const started = performance.now();
        workers.push(await rollout.worker(0, lanes / 2));
        const start = Math.round(performance.now() - started);
        const begun = performance.now();
        const seconds = await rollout.control(async (control) => {
            await control.start();
            let parts = 0;
            for (let isOpen = true; isOpen; ) {
                await delay(300);
                ({ isOpen, parts } = await control.state(parts));
            }
            const took = (performance.now() - begun) / 1000;
            const { totals } = await control.report();
            if (totals.stacks.deployed !== stacks) throw new Error(`only ${totals.stacks.deployed} were deployed`);
            return took;
        });
        const resident = Math.max(...(await Promise.all(workers.map(memoryOf))));
        for (const worker of workers) worker.kill("SIGKILL");
        return { stacks, seconds, start, resident, histories: histories(tools.server, server.address) };
    } finally {
        await server.dispose();
        rollout.dispose();
        rmSync(folder, { recursive: true });
    }
}

async function memoryOf(worker: ChildProcess): Promise<number> {
    worker.send("memory");
    const [{ residentBytes }] = (await once(worker, "message")) as [{ residentBytes: number }];
    return residentBytes;
}

interface Histories {
    readonly events: number;
    readonly bytes: number;
    readonly mostEvents: number;
}

/** Events and bytes of all workflows, as the server counts them. */
function histories(temporal: string, address: string): Histories {
    const args = ["workflow", "list", "--address", address, "--limit", "1000", "--output", "json"];
    const { stdout } = spawnSync(temporal, args, { encoding: "utf8", maxBuffer: 2 ** 28 });
    const listed = JSON.parse(stdout) as { readonly historyLength: string; readonly historySizeBytes?: string }[];
    const events = listed.map(({ historyLength }) => Number(historyLength));
    const bytes = listed.map(({ historySizeBytes = "0" }) => Number(historySizeBytes));
    const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
    return { events: sum(events), bytes: sum(bytes), mostEvents: Math.max(...events) };
}
