// Sets of buckets on the local cloud, beside the same requests and nothing else:
// npx tsx bench/sets.ts [--real] [--rounds=3] [sizes...]
// With --real the pulumi command of this machine deploys, otherwise pulumi-embedded. A size ending in s, such as 1000s, is
// that many single resources. Each round measures everything once, deployments right after their bare requests; shown are the medians.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { type Measurement, measure } from "./measured-command";
import { median } from "./median";

const root = path.join(__dirname, "..");
const cli = path.join(root, "dist", "cli");
const parallel = 32; // the most that a region's store has under way

interface Row {
    readonly seconds: number[];
    readonly peakMb: number[];
    /** The bare requests of each round, and how long the row took beside them. */
    readonly limit: number[];
    readonly ratio: number[];
}

async function sets(count: number, isReal: boolean, isSingle: boolean, rounds: number): Promise<void> {
    const project = isSingle ? "many-buckets" : "one-set";
    const program = path.join(__dirname, "programs", project);
    const work = mkdtempSync(path.join(tmpdir(), "bench-sets-"));
    const stack = `bench-${process.pid}-${count}`;
    const accounts = path.join(work, "accounts.json");
    const buckets = Array.from({ length: count }, (_, index) => ({ name: `bench-${index}`, region: "cn-hangzhou" }));
    const accessKeys = [{ id: "local-key-id", secret: "local-key-secret" }];
    writeFileSync(accounts, JSON.stringify({ accounts: [{ id: "1000000000000001", accessKeys, buckets }] }));
    const command = [path.join(cli, "bucket-encryption.js"), "local-cloud", "--accounts", accounts];
    // A session of its own, as a service elsewhere has: Linux shares the processor out by sessions, so one within the session of
    // the bare requests would favour them over a provider host, which has its own.
    const cloud = spawn(process.execPath, command, { stdio: ["ignore", "pipe", "ignore"], detached: true });
    const interrupted = () => process.exit(130);
    process.once("SIGINT", interrupted).once("exit", () => cloud.kill("SIGTERM"));
    try {
        const [line] = await once(createInterface(cloud.stdout), "line");
        const env = {
            ...process.env,
            BUCKETS: String(count),
            PULUMI_HOME: path.join(work, "home"),
            PULUMI_BACKEND_URL: pathToFileURL(work).href,
            PULUMI_CONFIG_PASSPHRASE: "bench",
            PULUMI_SKIP_UPDATE_CHECK: "true",
            ALIBABA_CLOUD_ACCESS_KEY_ID: "local-key-id",
            ALIBABA_CLOUD_ACCESS_KEY_SECRET: "local-key-secret",
            OSS_ENDPOINT: (JSON.parse(line) as { oss: string }).oss,
            OSS_REGION: "cn-hangzhou",
        };
        const engine = isReal ? ["pulumi"] : [process.execPath, path.join(cli, "pulumi-embedded.js")];
        const pulumi = (verb: string[], more: NodeJS.ProcessEnv = {}) =>
            measure([...engine, ...verb, "--stack", stack, "--cwd", program, "--non-interactive"], { ...env, ...more });
        const requests = [process.execPath, "--require", "tsx/cjs", path.join(__dirname, "bare-requests.ts")];
        const bare = (methods: string) => measure([...requests, String(count), String(parallel), methods], env);
        await measure([...engine, "stack", "init", stack, "--cwd", program], env);
        const rows = new Map<string, Row>();
        const note = (name: string, { seconds, peakMb }: Measurement, limit?: Measurement) => {
            const row = rows.get(name) ?? { seconds: [], peakMb: [], limit: [], ratio: [] };
            rows.set(name, row);
            row.seconds.push(seconds);
            row.peakMb.push(peakMb);
            if (limit === undefined) return;
            row.limit.push(limit.seconds);
            row.ratio.push(seconds / limit.seconds);
        };
        let bytes = 0;
        for (let round = 0; round < rounds; round += 1) {
            const write = await bare("get,put,get");
            await bare("delete");
            note("up", await pulumi(["up", "--yes", "--skip-preview"]), write);
            note("up, nothing changed", await pulumi(["up", "--yes", "--skip-preview", "--expect-no-changes"]));
            const read = await bare("get");
            note("refresh", await pulumi(["refresh", "--yes", "--skip-preview"]), read);
            if (!isSingle) {
                const preview = await pulumi(["preview", "--diff"], { OVERRIDE: "1" });
                const lines = preview.output.trim().split("\n").length;
                note(`preview --diff, one bucket changed (${lines} lines)`, preview);
            }
            bytes = stateBytes(work);
            note("destroy", await pulumi(["destroy", "--yes", "--skip-preview"]));
        }
        console.log(
            `\n${count} buckets, ${isSingle ? "single resources" : "one set"}, ${isReal ? "pulumi" : "pulumi-embedded"}; state ${bytes} bytes; medians of ${rounds}`,
        );
        for (const [name, { seconds, peakMb, limit, ratio }] of rows) {
            const beside =
                limit.length === 0
                    ? ""
                    : `  bare requests ${median(limit).toFixed(2)} s, ${median(ratio).toFixed(2)} × (${Math.min(...ratio).toFixed(2)} to ${Math.max(...ratio).toFixed(2)})`;
            console.log(
                `  ${name.padEnd(50)} ${median(seconds).toFixed(2).padStart(7)} s  ${median(peakMb).toFixed(0).padStart(4)} MB${beside}`,
            );
        }
    } finally {
        process.removeListener("SIGINT", interrupted);
        cloud.kill("SIGTERM");
        await once(cloud, "exit");
        rmSync(work, { recursive: true, force: true });
        rmSync(path.join(program, `Pulumi.${stack}.yaml`), { force: true });
    }
}

/** The state file's size, as the file backend writes it. */
function stateBytes(work: string): number {
    const files = readdirSync(path.join(work, ".pulumi", "stacks"), { recursive: true, encoding: "utf8" });
    const states = files.filter((file) => file.endsWith(".json"));
    return Math.max(...states.map((file) => statSync(path.join(work, ".pulumi", "stacks", file)).size));
}

async function main(): Promise<void> {
    const words = process.argv.slice(2);
    const sizes = words.filter((word) => !word.startsWith("--"));
    const rounds = Number(words.find((word) => word.startsWith("--rounds="))?.slice("--rounds=".length) ?? 3);
    for (const size of sizes.length > 0 ? sizes : ["1000s", "1000", "10000", "50000"]) {
        await sets(Number.parseInt(size, 10), words.includes("--real"), size.endsWith("s"), rounds);
    }
}

main();
