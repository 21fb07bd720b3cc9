// The baselines of index.ts on the local cloud, from the first deployment to a bucket that is created the next day:
// npx tsx examples/baseline/walkthrough.ts
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";

const here = __dirname;
const command = path.join(here, "..", "..", "dist", "cli", "pulumi-embedded.js");
const account = { id: "1000000000000002", roleArn: "acs:ram::1000000000000002:role/encryption-admin" };
const names = ["prod-orders", "prod-payments", "prod-scratch", "test-orders", "website"];
const accounts = [
    { id: "1000000000000001", accessKeys: [{ id: "local-key-id", secret: "local-key-secret" }] },
    {
        id: account.id,
        roles: [{ name: "encryption-admin", trusts: ["1000000000000001"] }],
        buckets: names.map((name) => ({ name, ...(name === "website" && { encryption: { sseAlgorithm: "KMS" } }) })),
    },
];

// The cloud runs beside this thread, which waits for the commands that it starts.
const cloudThread = `
const { parentPort, workerData } = require("node:worker_threads");
const { LocalCloud } = require("pulumi-bucket-encryption/testing");
LocalCloud.start({ accounts: { accounts: workerData.accounts } }).then((cloud) => {
    parentPort.postMessage(cloud.url);
    parentPort.on("message", ({ make }) => {
        if (make) cloud.createBucket({ name: make, accountId: workerData.id });
        parentPort.postMessage(Object.fromEntries(cloud.bucketNames().map((name) => [name, cloud.bucketRule(name)?.sseAlgorithm ?? "no rule"])));
    });
});
`;

async function main(): Promise<void> {
    const work = mkdtempSync(path.join(tmpdir(), "baseline-"));
    const stack = `walkthrough-${process.pid}`;
    const settings = path.join(here, `Pulumi.${stack}.yaml`);
    const cloud = new Worker(cloudThread, { eval: true, workerData: { accounts, id: account.id } });
    const nextMessage = () => new Promise<unknown>((resolve) => cloud.once("message", resolve));
    const rules = async (make?: string) => {
        const answer = nextMessage();
        cloud.postMessage({ make });
        return (await answer) as Record<string, string>;
    };
    try {
        const url = String(await nextMessage());
        const pulumi = (...args: string[]): string => {
            const done = spawnSync(
                process.execPath,
                [command, ...args, "--stack", stack, "--cwd", here, "--non-interactive"],
                {
                    encoding: "utf8",
                    env: {
                        ...process.env,
                        PULUMI_HOME: path.join(work, "home"),
                        PULUMI_BACKEND_URL: pathToFileURL(work).href,
                        PULUMI_CONFIG_PASSPHRASE: "walkthrough",
                        ALIBABA_CLOUD_ACCESS_KEY_ID: "local-key-id",
                        ALIBABA_CLOUD_ACCESS_KEY_SECRET: "local-key-secret",
                        ALIBABA_CLOUD_STS_ENDPOINT: url,
                        OSS_ENDPOINT: url,
                        OSS_REGION: "cn-hangzhou",
                    },
                },
            );
            if (done.status !== 0)
                throw new Error(`pulumi-embedded ${args.join(" ")} failed:\n${done.stdout}${done.stderr}`);
            return done.stdout;
        };
        pulumi("stack", "init");
        writeFileSync(settings, JSON.stringify({ config: { "baseline:account": account } }));
        console.log(pulumi("up", "--yes", "--skip-preview"));
        const expected = {
            "prod-orders": "KMS",
            "prod-payments": "KMS",
            "prod-scratch": "no rule",
            "test-orders": "AES256",
            website: "KMS",
        };
        expect(await rules(), expected);
        console.log("The next day the bucket prod-invoices is created. The preview:\n");
        await rules("prod-invoices");
        console.log(pulumi("preview", "--diff"));
        pulumi("up", "--yes", "--skip-preview");
        expect(await rules(), { ...expected, "prod-invoices": "KMS" });
        console.log("Every bucket has the rule that its baseline declares.");
    } finally {
        await cloud.terminate();
        rmSync(work, { recursive: true, force: true });
        rmSync(settings, { force: true });
    }
}

function expect(found: Record<string, string>, expected: Record<string, string>): void {
    for (const [bucket, rule] of Object.entries(expected)) {
        if (found[bucket] !== rule)
            throw new Error(`The bucket ${bucket} has ${found[bucket]}, and should have ${rule}`);
    }
}

main().catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
});
