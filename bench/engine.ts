import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { type Measurement, measure } from "./measured-command";
import { table } from "./results-file";

const root = path.join(__dirname, "..");
const operations: readonly (readonly [string, readonly string[]])[] = [
    ["preview", ["preview"]],
    ["up", ["up", "--yes", "--skip-preview"]],
    ["up without changes", ["up", "--yes", "--skip-preview", "--expect-no-changes"]],
    ["refresh", ["refresh", "--yes", "--skip-preview"]],
    ["destroy", ["destroy", "--yes", "--skip-preview"]],
];

async function deployments(count: number): Promise<Measurement[]> {
    const work = mkdtempSync(path.join(tmpdir(), "bench-engine-"));
    try {
        const program = path.join(work, "program");
        cpSync(path.join(root, "tests", "engine", "programs", "many"), program, { recursive: true });
        symlinkSync(path.join(root, "node_modules"), path.join(program, "node_modules"));
        mkdirSync(path.join(work, "state"));
        const env = {
            ...process.env,
            COUNT: String(count),
            PULUMI_HOME: path.join(work, "home"),
            PULUMI_BACKEND_URL: pathToFileURL(path.join(work, "state")).href,
            PULUMI_CONFIG_PASSPHRASE: "bench",
        };
        const engine = [process.execPath, path.join(root, "dist", "cli", "pulumi-embedded.js")];
        await measure([...engine, "stack", "init", "bench", "--cwd", program], env);
        const measured: Measurement[] = [];
        for (const [, args] of operations) {
            measured.push(await measure([...engine, ...args, "--stack", "bench", "--cwd", program], env));
        }
        return measured;
    } finally {
        rmSync(work, { recursive: true, force: true });
    }
}

/** The engine alone: deployments of resources whose provider does nothing. */
export async function engine(): Promise<string> {
    const rows: string[][] = [];
    for (const count of [1, 300, 1000, 5000]) {
        const measured = await deployments(count);
        const peak = Math.max(...measured.map(({ peakMb }) => peakMb));
        const cells = measured.map(({ seconds, cpuSeconds }) => `${seconds.toFixed(1)} (${cpuSeconds.toFixed(1)})`);
        rows.push([count.toLocaleString("en"), ...cells, `${peak.toFixed(0)} MB`]);
    }
    const titles = operations.map(([title]) => `>${title}: s (CPU-s)`);
    return table([">resources", ...titles, ">peak memory"], rows);
}
