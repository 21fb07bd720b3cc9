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
const givenKeyRule = "KMS with a given key";
const declared = {
    "quickstart-logs": "AES256",
    "quickstart-archive": "SM4",
    "quickstart-reports": "KMS with the service's key",
    "quickstart-payments": givenKeyRule,
};
type Bucket = keyof typeof declared;
const buckets = Object.keys(declared) as Bucket[];
const noRule = "no rule";

const work = mkdtempSync(path.join(tmpdir(), "bucket-encryption-quickstart-"));
const stack = `dev-${process.pid}`;
const stackFile = path.join(root, `Pulumi.${stack}.yaml`);

/** Something is not as it should be: the text says what, and the walk ends. */
class Unexpected extends Error {}

async function main(): Promise<void> {
    const startedAt = Date.now();
    const engine = findEngine();
    say("Default encryption of four buckets, from a Pulumi stack.");
    say(`Engine: ${engine.name}.`);

    step("Start a local OSS server, and create four buckets with Alibaba Cloud's SDK.");
    const cloud = await startLocalCloud();
    const run = deploymentCommand(engine.command, cloud.endpoint);
    let notices: readonly string[] = [];
    try {
        const client = ossClient(cloud.endpoint);
        for (const bucket of buckets) await client.putBucket(bucket);

        step("Preview the stack of examples/quickstart/index.ts, and deploy it.");
        await run("stack", "init", stack);
        say(tree(previewOf(await run("preview", "--stack", stack, "--json"))));
        await run("up", "--stack", stack, "--yes", "--skip-preview");
        await showRules(client, declared, "after the first deployment");

        step("Weaken one rule and remove another outside the stack. The preview shows both.");
        await client.putBucketEncryption("quickstart-payments", { SSEAlgorithm: "AES256" });
        await client.deleteBucketEncryption("quickstart-logs");
        const drifted = { "quickstart-logs": noRule, "quickstart-payments": "AES256" };
        const preview = previewOf(await run("preview", "--stack", stack, "--json"));
        notices = noticesOf(preview);
        await showRules(client, drifted, "after the change outside the stack", expectDrift(preview, drifted));

        step("Deploy again: both come back. A further deployment changes nothing.");
        await run("up", "--stack", stack, "--yes", "--skip-preview");
        await showRules(
            client,
            { "quickstart-logs": "AES256", "quickstart-payments": givenKeyRule },
            "after the second deployment",
        );
        await run("up", "--stack", stack, "--yes", "--skip-preview", "--expect-no-changes");

        step("Destroy the stack.");
        await run("destroy", "--stack", stack, "--yes", "--skip-preview");
        await showRules(client, Object.fromEntries(buckets.map((bucket) => [bucket, noRule])), "after the destruction");
        await run("stack", "rm", stack, "--yes");
    } finally {
        await cloud.stop();
    }
    for (const notice of notices) say(`\n${folded(notice)}`);
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

/** A further column of the table of rules. */
interface Column {
    readonly heading: string;
    of(bucket: string): string;
}

/** Shows the rules of these buckets beside the declared ones, and compares every bucket's rule with what it should be. */
async function showRules(
    client: OssClient,
    shown: Readonly<Record<string, string>>,
    when: string,
    ...columns: readonly Column[]
): Promise<void> {
    const live = new Map<string, string>();
    for (const bucket of buckets) live.set(bucket, await liveRule(client, bucket));
    const rows = Object.keys(shown).map((bucket) => [
        bucket,
        declared[bucket as Bucket],
        live.get(bucket) ?? "",
        ...columns.map((column) => column.of(bucket)),
    ]);
    say(table(["bucket", "declared", "live", ...columns.map(({ heading }) => heading)], rows));
    for (const [bucket, rule] of live) {
        const expected = shown[bucket] ?? declared[bucket as Bucket];
        if (rule !== expected) throw new Unexpected(`${bucket} should have ${expected} ${when}, but has ${rule}`);
    }
}

async function liveRule(client: OssClient, bucket: string): Promise<string> {
    try {
        const { encryption } = await client.getBucketEncryption(bucket);
        const { SSEAlgorithm: algorithm, KMSMasterKeyID: key } = encryption;
        if (algorithm !== "KMS") return algorithm;
        return key === givenKey ? givenKeyRule : `KMS with ${key || "the service's key"}`;
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
        `   ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd();
    return [head, ...rows].map(line).join("\n");
}

/** The parts of the CLI's JSON preview that the walkthrough reads. */
interface Preview {
    readonly steps: readonly { readonly op: string; readonly urn: string }[];
    readonly diagnostics?: readonly { readonly message?: string }[];
}

/** Without the readings of a refresh, and without what stays the same. */
function previewOf(text: string): Preview {
    if (!text.startsWith("{")) throw new Unexpected(`the engine printed no preview: ${text}`);
    const preview = JSON.parse(text) as Preview;
    return { ...preview, steps: preview.steps.filter(({ op }) => !["same", "refresh"].includes(op)) };
}

const nameOf = (urn: string): string => urn.split("::").at(-1) ?? "";

/** The preview as the CLI draws it, 80 columns wide. */
function tree({ steps }: Preview): string {
    const rows = [...steps]
        .map(({ op, urn }) => ({ op, type: urn.split("::").at(-2) ?? "", name: nameOf(urn) }))
        .sort(
            (one, other) => Number(other.type === "pulumi:pulumi:Stack") - Number(one.type === "pulumi:pulumi:Stack"),
        );
    const branch = (index: number) => (index === 0 ? "" : index === rows.length - 1 ? "└─ " : "├─ ");
    const line = (mark: string, type: string, name: string, op: string) =>
        ` ${mark} ${type.padEnd(59)}  ${name.length > 8 ? `${name.slice(0, 7)}…` : name.padEnd(8)} ${op}`;
    return [
        line(" ", "Type", "Name", "Plan"),
        ...rows.map(({ op, type, name }, index) => line("+", `${branch(index)}${type}`, name, op)),
    ].join("\n");
}

/** The advice of the preview, each once; what it says of single buckets is in the table. */
function noticesOf({ diagnostics = [] }: Preview): string[] {
    const ofThisPackage = diagnostics.flatMap(({ message = "" }) => message.trim().split("\n"));
    const advice = ofThisPackage.filter((text) => /^bucket-encryption: (?!the rule of bucket)/.test(text));
    return [...new Set(advice)].map((text) => text.replace("bucket-encryption:", "Notice:"));
}

/** What the preview would do to each drifted bucket. @throws Unexpected unless it names exactly these */
function expectDrift({ steps }: Preview, drifted: Readonly<Record<string, string>>): Column {
    const planned = new Map(steps.map(({ op, urn }) => [`quickstart-${nameOf(urn)}`, op]));
    const [found, expected] = [planned.keys(), Object.keys(drifted)].map((names) => [...names].sort().join(", "));
    if (found !== expected)
        throw new Unexpected(`the preview should name ${expected}, but names ${found || "nothing"}`);
    return { heading: "preview", of: (bucket) => planned.get(bucket) ?? "" };
}

/** A text in lines of at most 80 columns. */
function folded(text: string): string {
    const lines = [""];
    for (const word of text.split(" ")) {
        const line = lines.at(-1) as string;
        if (line === "") lines[lines.length - 1] = word;
        else if (line.length + 1 + word.length > 80) lines.push(word);
        else lines[lines.length - 1] = `${line} ${word}`;
    }
    return lines.join("\n");
}

let stepNumber = 0;
function step(title: string): void {
    stepNumber += 1;
    say(`${stepNumber === 1 ? "\n" : ""}${stepNumber}. ${title}`);
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
