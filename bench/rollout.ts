import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { stringify } from "yaml";
import { makeFolder } from "../lib/files";
import type { RolloutReport } from "../lib/rollout";
import { measure } from "./measured-command";
import { table } from "./results-file";

const root = path.join(__dirname, "..");
const command = path.join(root, "dist", "cli", "bucket-encryption.js");
const region = "cn-hangzhou";
const management = "1000000000000000";

/** A rollout over many accounts, one stack for each, reached by a role from a management account. */
export async function rollout(): Promise<string> {
    const [accounts, buckets, concurrent] = [50, 100, availableParallelism()];
    const cache = path.join(root, "node_modules", ".cache");
    makeFolder(cache);
    const work = mkdtempSync(path.join(cache, "bench-rollout-"));
    cpSync(path.join(__dirname, "programs", "rollout-account"), work, { recursive: true });
    const ids = Array.from({ length: accounts }, (_, index) => String(1_000_000_000_000_001 + index));
    const accountsFile = path.join(work, "accounts.json");
    writeFileSync(accountsFile, JSON.stringify({ accounts: accountEntries(ids, buckets) }));
    writeFileSync(path.join(work, "rollout.yaml"), stringify(rolloutOf(ids, buckets, concurrent)));
    const cloud = spawn(process.execPath, [command, "local-cloud", "--accounts", accountsFile], {
        stdio: ["ignore", "pipe", "ignore"],
    });
    try {
        const [line] = await once(createInterface(cloud.stdout), "line");
        const endpoint = (JSON.parse(line) as { oss: string }).oss;
        const env = {
            ...process.env,
            PULUMI_HOME: path.join(work, "home"),
            PULUMI_BACKEND_URL: pathToFileURL(work).href,
            PULUMI_CONFIG_PASSPHRASE: "bench",
            ALIBABA_CLOUD_ACCESS_KEY_ID: "management-key",
            ALIBABA_CLOUD_ACCESS_KEY_SECRET: "management-secret",
            ALIBABA_CLOUD_STS_ENDPOINT: endpoint,
            OSS_ENDPOINT: endpoint,
        };
        const runCommand = (verb: string, ...flags: string[]) =>
            measure([process.execPath, command, "rollout", verb, path.join(work, "rollout.yaml"), ...flags], env);
        const count = async (operation: string): Promise<number> => {
            const response = await fetch(new URL(`/-/journal?operation=${operation}`, endpoint));
            return ((await response.json()) as { count: number }).count;
        };
        const engine = ["--engine", "embedded"];
        const planned = await runCommand("plan", "--create-stacks", "--concurrency", String(concurrent), ...engine);
        const rolesOfPlan = await count("AssumeRole");
        const run = await runCommand("run", "--yes", ...engine);
        const roles = (await count("AssumeRole")) - rolesOfPlan;
        const writes = await count("PutBucketEncryption");
        const { output } = await runCommand("report", "--json");
        const report = JSON.parse(output) as RolloutReport;
        const sum = report.waves.flatMap(({ stacks }) => stacks).reduce((total, { seconds = 0 }) => total + seconds, 0);
        const rows = [
            ["wall time", `${planned.seconds.toFixed(1)} s`, `${run.seconds.toFixed(1)} s`],
            [
                "sum of the stacks' own times",
                "",
                `${sum.toFixed(1)} s: the wall time is ${(run.seconds / sum).toFixed(2)} of it`,
            ],
            ["`AssumeRole`", rolesOfPlan, roles],
            ["largest process", `${planned.peakMb.toFixed(0)} MB`, `${run.peakMb.toFixed(0)} MB`],
            ["buckets as declared, rules written", "", `${report.totals.buckets["as-declared"]}, ${writes}`],
        ];
        return [
            `${accounts} accounts with ${buckets} buckets each, ${concurrent} stacks at the same time, \`pulumi-embedded\`.`,
            table(["figure", ">plan", ">run"], rows),
        ].join("\n\n");
    } finally {
        cloud.kill("SIGTERM");
        await once(cloud, "exit");
        rmSync(work, { recursive: true, force: true });
    }
}

function accountEntries(ids: readonly string[], buckets: number): object[] {
    const members = ids.map((id) => ({
        id,
        roles: [{ name: "encryption-admin", trusts: [management] }],
        buckets: Array.from({ length: buckets }, (_, index) => ({ name: `bench-${id}-${index}`, region })),
    }));
    return [{ id: management, accessKeys: [{ id: "management-key", secret: "management-secret" }] }, ...members];
}

function rolloutOf(ids: readonly string[], buckets: number, concurrent: number): object {
    const stacks = ids.map((id) => ({
        name: `account-${id}`,
        account: id,
        region,
        configuration: {
            "bucket-encryption:account": { roleArn: `acs:ram::${id}:role/encryption-admin` },
            "rollout-account:prefix": `bench-${id}`,
            "rollout-account:count": buckets,
        },
    }));
    return {
        name: "bench",
        stacks,
        waves: [{ name: "all", stacks: stacks.map(({ name }) => name), maxConcurrent: concurrent }],
    };
}
