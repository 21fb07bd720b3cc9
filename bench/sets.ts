// Sets of buckets on the local cloud, beside the same requests and nothing else: npx tsx bench/sets.ts [--real] [sizes...]
// With --real the pulumi command of this machine deploys, otherwise pulumi-embedded. A size ending in s, such as 1000s, is
// that many single resources.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { type Measurement, measure } from "./measured-command";

const root = path.join(__dirname, "..");
const cli = path.join(root, "dist", "cli");
const parallel = 32; // the most that a region's store has under way

async function sets(count: number, isReal: boolean, isSingle: boolean): Promise<void> {
    const project = isSingle ? "many-buckets" : "one-set";
    const program = path.join(__dirname, "programs", project);
    const work = mkdtempSync(path.join(tmpdir(), "bench-sets-"));
    const stack = `bench-${process.pid}-${count}`;
    const accounts = path.join(work, "accounts.json");
    const buckets = Array.from({ length: count }, (_, index) => ({ name: `bench-${index}`, region: "cn-hangzhou" }));
    const accessKeys = [{ id: "local-key-id", secret: "local-key-secret" }];
    writeFileSync(accounts, JSON.stringify({ accounts: [{ id: "1000000000000001", accessKeys, buckets }] }));
    const command = [path.join(cli, "bucket-encryption.js"), "local-cloud", "--accounts", accounts];
    const cloud = spawn(process.execPath, command, { stdio: ["ignore", "pipe", "ignore"] });
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
        const rows: [string, Measurement, Measurement?][] = [];
        const [read, write] = [await bare("get"), await bare("get,put,get")];
        await bare("delete");
        rows.push(["up", await pulumi(["up", "--yes", "--skip-preview"]), write]);
        rows.push(["up, nothing changed", await pulumi(["up", "--yes", "--skip-preview", "--expect-no-changes"])]);
        rows.push(["refresh", await pulumi(["refresh", "--yes", "--skip-preview"]), read]);
        if (!isSingle) {
            const preview = await pulumi(["preview", "--diff"], { OVERRIDE: "1" });
            rows.push([
                `preview --diff, one bucket changed (${preview.output.trim().split("\n").length} lines)`,
                preview,
            ]);
        }
        const bytes = stateBytes(work);
        rows.push(["destroy", await pulumi(["destroy", "--yes", "--skip-preview"])]);
        console.log(
            `\n${count} buckets, ${isSingle ? "single resources" : "one set"}, ${isReal ? "pulumi" : "pulumi-embedded"}; state ${bytes} bytes`,
        );
        for (const [name, { seconds, peakMb }, limit] of rows) {
            const ratio =
                limit === undefined
                    ? ""
                    : `  bare requests ${limit.seconds.toFixed(2)} s, ${(seconds / limit.seconds).toFixed(2)} ×`;
            console.log(
                `  ${name.padEnd(50)} ${seconds.toFixed(2).padStart(7)} s  ${peakMb.toFixed(0).padStart(4)} MB${ratio}`,
            );
        }
    } finally {
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
    const sizes = words.filter((word) => word !== "--real");
    for (const size of sizes.length > 0 ? sizes : ["1000s", "1000", "10000", "50000"]) {
        await sets(Number.parseInt(size, 10), words.includes("--real"), size.endsWith("s"));
    }
}

main();
