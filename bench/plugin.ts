import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { median } from "./median";
import { table } from "./results-file";

const root = path.join(__dirname, "..");
/** Linux counts processor time in hundredths of a second. */
const ticksPerSecond = 100;

interface Start {
    readonly seconds: number;
    readonly cpuSeconds: number;
    readonly mb: number;
}

/** Starts a provider as engines do, and reads what it has used when it prints its port. */
async function start(command: readonly [string, ...string[]]): Promise<Start> {
    const begun = performance.now();
    const [file, ...args] = command;
    const child = spawn(file, [...args, "127.0.0.1:1"], { cwd: root, stdio: ["ignore", "pipe", "ignore"] });
    await once(createInterface(child.stdout), "line");
    const seconds = (performance.now() - begun) / 1000;
    const fields = readFileSync(`/proc/${child.pid}/stat`, "utf8")
        .replace(/^.*\) /, "")
        .split(" ");
    const [, kilobytes = "0"] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8")) ?? [];
    child.kill("SIGKILL");
    await once(child, "exit");
    const cpuSeconds = (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
    return { seconds, cpuSeconds, mb: Number(kilobytes) / 1024 };
}

/** What it takes until a provider process listens: the plugin beside the dynamic provider host. Deployments are in `alternatives`. */
export async function plugin(rounds = 11): Promise<string> {
    const host = path.join(root, "node_modules", "@pulumi", "pulumi", "cmd", "dynamic-provider", "index.js");
    const providers = [
        ["plugin", [path.join(root, "plugin", "pulumi-resource-bucket-encryption")]],
        ["dynamic provider host, before it loads this package", [process.execPath, host]],
    ] as const;
    const results = providers.map(() => [] as Start[]);
    for (let round = -1; round < rounds; round += 1) {
        for (const [index, [, command]] of providers.entries()) {
            const started = await start(command);
            if (round >= 0) results[index]?.push(started); // the first round warms the file cache
        }
    }
    const rows = providers.map(([name], index) => {
        const all = results[index] ?? [];
        const middle = (part: keyof Start) => median(all.map((one) => one[part]));
        return [
            name,
            `${middle("seconds").toFixed(2)} s`,
            `${middle("cpuSeconds").toFixed(2)} s`,
            `${middle("mb").toFixed(0)} MB`,
        ];
    });
    return table(["until the port is printed", ">time", ">processor time", ">memory"], rows);
}
