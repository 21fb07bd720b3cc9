// Deployments of many rules on the local cloud, beside a loop of the same PUT requests: npx tsx bench/deployments.ts [sizes...]
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { type Measurement, measure } from "./measured-command";

const root = path.join(__dirname, "..");
const cli = path.join(root, "dist", "cli");
const program = path.join(__dirname, "programs", "many-buckets");
const parallel = 4 * availableParallelism(); // the engine's default

async function deployments(count: number): Promise<void> {
    const work = mkdtempSync(path.join(tmpdir(), "bench-deployments-"));
    const stack = `bench-${process.pid}-${count}`;
    const accounts = path.join(work, "accounts.json");
    const buckets = Array.from({ length: count }, (_, index) => ({ name: `bench-${index}`, region: "cn-hangzhou" }));
    const accessKeys = [{ id: "local-key-id", secret: "local-key-secret" }];
    writeFileSync(accounts, JSON.stringify({ accounts: [{ id: "1000000000000001", accessKeys, buckets }] }));
    const cloud = spawn(
        process.execPath,
        [path.join(cli, "bucket-encryption.js"), "local-cloud", "--accounts", accounts],
        {
            stdio: ["ignore", "pipe", "ignore"],
        },
    );
    try {
        const [line] = await once(createInterface(cloud.stdout), "line");
        const env = {
            ...process.env,
            BUCKETS: String(count),
            PULUMI_HOME: path.join(work, "home"),
            PULUMI_BACKEND_URL: pathToFileURL(work).href,
            PULUMI_CONFIG_PASSPHRASE: "bench",
            ALIBABA_CLOUD_ACCESS_KEY_ID: "local-key-id",
            ALIBABA_CLOUD_ACCESS_KEY_SECRET: "local-key-secret",
            OSS_ENDPOINT: (JSON.parse(line) as { oss: string }).oss,
            OSS_REGION: "cn-hangzhou",
        };
        const pulumi = (...args: string[]) =>
            measure(
                [process.execPath, path.join(cli, "pulumi-embedded.js"), ...args, "--stack", stack, "--cwd", program],
                env,
            );
        await measure(
            [process.execPath, path.join(cli, "pulumi-embedded.js"), "stack", "init", stack, "--cwd", program],
            env,
        );
        const loop = [
            process.execPath,
            "--require",
            "tsx/cjs",
            path.join(__dirname, "put-loop.ts"),
            String(count),
            String(parallel),
        ];
        const limit = await measure(loop, env);
        const rows: [string, Measurement][] = [
            [`loop of ${count} PUT requests, ${parallel} at a time`, limit],
            ["up", await pulumi("up", "--yes", "--skip-preview")],
            ["up, nothing changed", await pulumi("up", "--yes", "--skip-preview", "--expect-no-changes")],
            ["preview, nothing changed", await pulumi("preview")],
            ["refresh", await pulumi("refresh", "--yes", "--skip-preview")],
        ];
        const checkpoint = path.join(work, ".pulumi", "stacks", "many-buckets", `${stack}.json`);
        const {
            checkpoint: {
                latest: { resources },
            },
        } = JSON.parse(readFileSync(checkpoint, "utf8")) as {
            checkpoint: { latest: { resources: unknown[] } };
        };
        rows.push(["destroy", await pulumi("destroy", "--yes", "--skip-preview")]);
        console.log(`\n${count} BucketEncryption resources`);
        for (const [name, { seconds, peakMb }] of rows) {
            const ratio = (seconds / limit.seconds).toFixed(1);
            console.log(
                `  ${name.padEnd(44)} ${seconds.toFixed(2).padStart(7)} s  ${ratio.padStart(5)} ×  ${peakMb.toFixed(0).padStart(4)} MB`,
            );
        }
        const resourceBytes = resources
            .filter((resource) => JSON.stringify(resource).includes("__provider"))
            .map((resource) => JSON.stringify(resource).length);
        console.log(
            `  state: ${Math.round(resourceBytes.reduce((a, b) => a + b, 0) / resourceBytes.length)} bytes per resource`,
        );
    } finally {
        cloud.kill("SIGTERM");
        await once(cloud, "exit");
        rmSync(work, { recursive: true, force: true });
        rmSync(path.join(program, `Pulumi.${stack}.yaml`), { force: true });
    }
}

async function main(): Promise<void> {
    const sizes = process.argv.slice(2).map(Number);
    for (const count of sizes.length > 0 ? sizes : [1, 100, 1000]) await deployments(count);
}

main();
