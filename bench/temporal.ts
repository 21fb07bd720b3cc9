import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { RecordedRollout } from "../tests/interop/temporal/recorded-rollout";
import { TemporalServer, temporalTools } from "../tests/interop/temporal/temporal-environment";

// `npx tsx bench/temporal.ts [--stacks N] [--workers N] [--lanes N]`: the engine's time for stacks that take none themselves.

async function main(): Promise<void> {
    const { values } = parseArgs({
        options: { stacks: { type: "string" }, workers: { type: "string" }, lanes: { type: "string" } },
    });
    const count = Number(values.stacks ?? 10_000);
    const lanes = Number(values.lanes ?? 40);
    const tools = await temporalTools();
    const names = Array.from({ length: count }, (_, index) => `stack-${index}`);
    const waves = [{ name: "all", stacks: names, maxConcurrent: lanes }];
    const folder = mkdtempSync(path.join(tmpdir(), "temporal-bench-"));
    const server = await TemporalServer.start(tools, folder);
    const rollout = await RecordedRollout.create(tools, server.address, waves);
    try {
        const workers = [];
        for (let index = 0; index < Number(values.workers ?? 2); index += 1) {
            const begun = Date.now();
            workers.push(await rollout.worker(0, Math.ceil(lanes / 2)));
            console.log(`worker ${index + 1} works after ${Date.now() - begun} ms`);
        }
        const begun = Date.now();
        await rollout.control(async (control) => {
            await control.start();
            let state = await control.state();
            while (state.isOpen) {
                await delay(500);
                state = await control.state();
            }
            const seconds = (Date.now() - begun) / 1000;
            console.log(
                `${count} stacks in ${seconds.toFixed(1)} s: ${(count / seconds).toFixed(0)}/s, ${lanes} lanes`,
            );
            const { totals, state: end } = await control.report();
            console.log(`report: ${end}, ${totals.stacks.deployed} deployed`);
        });
        console.log(histories(tools.server, server.address, count));
        for (const worker of workers) {
            worker.send("memory");
            const [{ residentBytes }] = await new Promise<[{ residentBytes: number }]>((resolve) =>
                worker.once("message", (message) => resolve([message as { residentBytes: number }])),
            );
            console.log(`worker: ${Math.round(residentBytes / 2 ** 20)} MB resident`);
            worker.kill("SIGKILL");
        }
    } finally {
        await server.dispose();
        rmSync(folder, { recursive: true });
        rollout.dispose();
    }
}

interface Listed {
    readonly type: { readonly name: string };
    readonly historyLength: string;
    readonly historySizeBytes?: string;
}

/** Events and bytes of the workflows, as the server counts them. */
function histories(temporal: string, address: string, stacks: number): string {
    const args = ["workflow", "list", "--address", address, "--limit", "1000", "--output", "json"];
    const { stdout } = spawnSync(temporal, args, { encoding: "utf8", maxBuffer: 2 ** 28 });
    const listed = JSON.parse(stdout) as Listed[];
    const lines = ["rollout", "shard"].map((kind) => {
        const some = listed.filter(({ type }) => type.name === kind);
        const events = some.map(({ historyLength }) => Number(historyLength));
        const bytes = some.map(({ historySizeBytes = "0" }) => Number(historySizeBytes));
        return `${kind}: ${some.length} histories, at most ${Math.max(...events)} events and ${Math.max(...bytes)} bytes`;
    });
    const all = listed.reduce((sum, { historyLength }) => sum + Number(historyLength), 0);
    const size = listed.reduce((sum, { historySizeBytes = "0" }) => sum + Number(historySizeBytes), 0);
    return `${lines.join("\n")}\na stack: ${(all / stacks).toFixed(1)} events, ${Math.round(size / stacks)} bytes`;
}

void main();
