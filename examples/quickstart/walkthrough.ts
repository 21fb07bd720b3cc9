// The README's first command: what this package does, from the first deployment over drift to the removal, on a machine
// with nothing but Node. Everything is checked on the way, with an SDK that is not ours; the exit status is 1 as soon as
// anything is not as it should be.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import OSS from "ali-oss";

const root = path.join(__dirname, "..", "..");
const region = "cn-hangzhou";
const credentials = { accessKeyId: "local-key-id", accessKeySecret: "local-key-secret" };
const givenKey = "key-hzz65f0a1b2c3d4e5f6a7";
const declared = {
    "quickstart-logs": "AES256",
    "quickstart-archive": "SM4",
    "quickstart-reports": "KMS with the service's key",
    "quickstart-payments": `KMS with ${givenKey}`,
};
type Bucket = keyof typeof declared;
const buckets = Object.keys(declared) as Bucket[];
const noRule = "no rule";

const work = mkdtempSync(path.join(tmpdir(), "bucket-encryption-quickstart-"));
const stack = `quickstart-${process.pid}`;
const stackFile = path.join(root, `Pulumi.${stack}.yaml`);

/** Something is not as it should be: the text says what, and the walk ends. */
class Unexpected extends Error {}

async function main(): Promise<void> {
    const startedAt = Date.now();
    const engine = findEngine();
    say("Default encryption of four buckets, from a Pulumi stack.");
    say(`Engine: ${engine.name}.`);

    step("Start the local cloud, and create four buckets in it with ali-oss, Alibaba Cloud's own SDK");
    const cloud = await startLocalCloud();
    const run = deploymentCommand(engine.command, cloud.endpoint);
    try {
        const client = ossClient(cloud.endpoint);
        for (const bucket of buckets) await client.putBucket(bucket);
        say(`OSS listens on ${cloud.endpoint}. No bucket has a rule yet.`);

        step("Preview the stack of examples/quickstart/index.ts, then deploy it");
        await run("stack", "init", stack);
        say(await run("preview", "--stack", stack));
        await run("up", "--stack", stack, "--yes", "--skip-preview");
        await expectRules(client, declared, "after the first deployment");

        step("Behind the stack's back: weaken the rule of quickstart-payments, and remove that of quickstart-logs");
        await client.putBucketEncryption("quickstart-payments", { SSEAlgorithm: "AES256" });
        await client.deleteBucketEncryption("quickstart-logs");
        const drifted = { ...declared, "quickstart-payments": "AES256", "quickstart-logs": noRule };
        await expectRules(client, drifted, "after the change behind the stack's back");

        step("The next preview names exactly these two");
        expectDrift(await run("preview", "--stack", stack, "--json"), ["logs", "payments"]);
        say(await run("preview", "--stack", stack, "--diff"));

        step("The next deployment brings them back");
        await run("up", "--stack", stack, "--yes", "--skip-preview");
        await expectRules(client, declared, "after the deployment that reconciles the drift");

        step("A further deployment changes nothing");
        say(await run("up", "--stack", stack, "--yes", "--skip-preview", "--expect-no-changes"));

        step("Destroy the stack");
        await run("destroy", "--stack", stack, "--yes", "--skip-preview");
        await expectRules(
            client,
            Object.fromEntries(buckets.map((bucket) => [bucket, noRule])),
            "after the destruction",
        );
        await run("stack", "rm", stack, "--yes");
    } finally {
        await cloud.stop();
    }
    say(`\nAll as it should be, in ${((Date.now() - startedAt) / 1000).toFixed(1)} s. Nothing is left running.`);
}

/** The `pulumi` on the PATH, or else the engine that comes with this package. */
function findEngine(): { readonly name: string; readonly command: readonly string[] } {
    const { status, stdout } = spawnSync("pulumi", ["version"], { encoding: "utf8" });
    if (status === 0) return { name: `pulumi ${stdout.trim()}, found on the PATH`, command: ["pulumi"] };
    const embedded = path.join(root, "dist", "cli", "pulumi-embedded.js");
    return { name: "pulumi-embedded, since there is no pulumi on the PATH", command: [process.execPath, embedded] };
}

async function startLocalCloud(): Promise<{ readonly endpoint: string; stop(): Promise<void> }> {
    const command = path.join(root, "dist", "cli", "bucket-encryption.js");
    const cloud = spawn(process.execPath, [command, "local-cloud", "--port", "0"], {
        stdio: ["ignore", "pipe", "pipe"],
    });
    const errors = collected(cloud.stderr);
    const [line] = await Promise.race([
        once(createInterface(cloud.stdout), "line"),
        once(cloud, "exit").then(async () => {
            throw new Unexpected(`the local cloud did not start: ${await errors}`);
        }),
    ]);
    const stop = () => stopped(cloud);
    return { endpoint: (JSON.parse(line) as { oss: string }).oss, stop };
}

async function stopped(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGTERM");
    await once(child, "exit");
}

/** The calls of ali-oss that its type definitions leave out. */
interface OssClient extends OSS {
    putBucketEncryption(bucket: string, rule: { SSEAlgorithm: string }): Promise<unknown>;
    getBucketEncryption(bucket: string): Promise<{ encryption: { SSEAlgorithm: string; KMSMasterKeyID?: string } }>;
    deleteBucketEncryption(bucket: string): Promise<unknown>;
}

function ossClient(endpoint: string): OssClient {
    return new OSS({
        ...credentials,
        endpoint,
        region: `oss-${region}`,
        authorizationV4: true,
    } as OSS.Options) as OssClient;
}

/** Runs the engine on the stack, in a state folder and with credentials that are this walk's own. */
function deploymentCommand(command: readonly string[], endpoint: string) {
    const [file, ...first] = command as [string, ...string[]];
    const inherited = Object.entries(process.env).filter(([name]) => !/^(PULUMI|ALIBABA_CLOUD|OSS)_/.test(name));
    const env = {
        ...Object.fromEntries(inherited),
        PULUMI_HOME: path.join(work, "home"),
        PULUMI_BACKEND_URL: pathToFileURL(work).href,
        PULUMI_CONFIG_PASSPHRASE: "quickstart",
        PULUMI_SKIP_UPDATE_CHECK: "true",
        ALIBABA_CLOUD_ACCESS_KEY_ID: credentials.accessKeyId,
        ALIBABA_CLOUD_ACCESS_KEY_SECRET: credentials.accessKeySecret,
        OSS_ENDPOINT: endpoint,
        OSS_REGION: region,
    };
    return async (...args: string[]): Promise<string> => {
        const child = spawn(file, [...first, ...args, "--cwd", root, "--non-interactive", "--color", "never"], {
            env,
            stdio: ["ignore", "pipe", "pipe"],
        });
        const [output, errors] = [collected(child.stdout), collected(child.stderr)];
        const [status] = await once(child, "close");
        if (status !== 0)
            throw new Unexpected(`"${args.join(" ")}" ended with ${status}:\n${await output}${await errors}`);
        return (await output).trim();
    };
}

async function collected(stream: NodeJS.ReadableStream): Promise<string> {
    let text = "";
    stream.setEncoding("utf8");
    for await (const chunk of stream) text += chunk;
    return text;
}

/** Reads every bucket's rule back, shows them as a table, and holds them against what should be there. */
async function expectRules(client: OssClient, expected: Readonly<Record<string, string>>, when: string): Promise<void> {
    const rows = await Promise.all(buckets.map(async (bucket) => [bucket, await liveRule(client, bucket)] as const));
    say(`Live rules ${when}, read with ali-oss:\n${table(["bucket", "default encryption"], rows)}`);
    for (const [bucket, rule] of rows) {
        if (rule !== expected[bucket])
            throw new Unexpected(`${bucket} should have ${expected[bucket]} ${when}, but has ${rule}`);
    }
}

async function liveRule(client: OssClient, bucket: string): Promise<string> {
    try {
        const { encryption } = await client.getBucketEncryption(bucket);
        const { SSEAlgorithm: algorithm, KMSMasterKeyID: key } = encryption;
        return algorithm === "KMS" ? `KMS with ${key || "the service's key"}` : algorithm;
    } catch (error) {
        if ((error as { code?: string }).code === "NoSuchServerSideEncryptionRule") return noRule;
        throw error;
    }
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
    const widths = head.map((title, column) =>
        Math.max(...[head, ...rows].map((row) => (row[column] ?? title).length)),
    );
    const line = (row: readonly string[]) =>
        `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd();
    return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}

/** The resources that a preview would change, by name; refreshing a resource is not changing it. */
function expectDrift(preview: string, expected: readonly string[]): void {
    const { steps } = JSON.parse(preview) as { steps: { op: string; urn: string }[] };
    const names = steps.filter(({ op }) => !["same", "refresh"].includes(op)).map(({ urn }) => urn.split("::").at(-1));
    const found = [...new Set(names)].sort().join(", ");
    if (found !== expected.join(", ")) {
        throw new Unexpected(`the preview should name ${expected.join(", ")}, but names ${found || "nothing"}`);
    }
}

let stepNumber = 0;
function step(title: string): void {
    stepNumber += 1;
    say(`\n${stepNumber}. ${title}.`);
}

function say(text: string): void {
    console.log(text);
}

main()
    .catch((error) => {
        console.error(
            `\nNot as it should be: ${error instanceof Unexpected ? error.message : (error?.stack ?? error)}`,
        );
        process.exitCode = 1;
    })
    .finally(() => {
        rmSync(work, { recursive: true, force: true });
        rmSync(stackFile, { force: true });
    });
