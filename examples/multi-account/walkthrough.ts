// Three accounts, reached by roles from a management account: npx tsx examples/multi-account/walkthrough.ts
// A canary wave, a failure that stops the second wave, and `resume`. Each step is checked with ali-oss; the exit status is 1 if a check
// fails.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import OSS from "ali-oss";

const root = path.join(__dirname, "..", "..");
const command = path.join(root, "dist", "cli", "bucket-encryption.js");
const report = process.argv[2];

interface Account {
    readonly id: string;
    readonly accessKeys: readonly { readonly id: string; readonly secret: string }[];
    readonly buckets?: readonly { readonly name: string }[];
}
const accountsFile = path.join(__dirname, "accounts.json");
const { accounts } = JSON.parse(readFileSync(accountsFile, "utf8")) as { accounts: readonly Account[] };
const [management, ...members] = accounts as [Account, ...Account[]];

/** A failed check. It ends the walkthrough. */
class Unexpected extends Error {}

// The stacks' settings are written beside the project, so the walkthrough copies it to a folder where the program finds the packages.
const cache = path.join(root, "node_modules", ".cache");
mkdirSync(cache, { recursive: true });
const project = mkdtempSync(path.join(cache, "multi-account-"));

async function main(): Promise<void> {
    cpSync(__dirname, project, { recursive: true });
    step("Start the local cloud: a management account, and three that trust it");
    const cloud = await startLocalCloud();
    try {
        const rollout = rolloutCommand(cloud.endpoint);
        await expectRules(cloud.endpoint, { "sandbox-logs": "AES256", "analytics-reports": "SM4" }, "before");

        step("Plan: preview and review every stack");
        say(await rollout("plan", 0, "--create-stacks"));

        step("Run: the canary wave is deployed; a control policy stops the second wave");
        const denied = {
            kind: "status",
            status: 403,
            code: "AccessDenied",
            operation: "PutBucketEncryption",
            bucket: "shop-invoices",
        };
        await control(cloud.endpoint, "POST", "/-/faults", denied);
        say(await rollout("run", 1, "--yes"));
        await expectRules(
            cloud.endpoint,
            { "sandbox-uploads": "KMS", "sandbox-logs": "KMS", "shop-orders": "KMS", "analytics-reports": "SM4" },
            "after the second wave stopped",
        );

        step("The policy is corrected. Resume: only the other stacks are deployed");
        await control(cloud.endpoint, "DELETE", "/-/faults");
        say(await rollout("resume", 0, "--yes"));
        const all = members.flatMap(({ buckets = [] }) => buckets.map(({ name }) => [name, "KMS"] as const));
        await expectRules(cloud.endpoint, Object.fromEntries(all), "after the rollout");
        await expectJournal(cloud.endpoint);

        step("Report");
        if (report === undefined) say(await rollout("report", 0, "--format", "markdown"));
        else
            say(
                (await rollout("report", 0, "--format", "html", "--output", path.resolve(report))) ||
                    `The report is ${report}.`,
            );
    } finally {
        await cloud.stop();
    }
    say("\nAll rules are as expected. Nothing is left running.");
}

/** Checks that each rule was written once, and that only accounts of the rollout file were reached. */
async function expectJournal(endpoint: string): Promise<void> {
    const { entries } = (await control(endpoint, "GET", "/-/journal")) as {
        entries: { operation?: string; bucket?: string; account?: string; status?: number }[];
    };
    const written = entries.filter(({ operation, status }) => operation === "PutBucketEncryption" && status === 200);
    const buckets = written.map(({ bucket }) => bucket).sort();
    const expected = members.flatMap(({ buckets: of = [] }) => of.map(({ name }) => name)).sort();
    if (JSON.stringify(buckets) !== JSON.stringify(expected))
        throw new Unexpected(`each rule should have been written once; these were written: ${buckets.join(", ")}`);
    const roles = entries.filter(({ operation, status }) => operation === "AssumeRole" && status === 200).length;
    say(`Each of ${buckets.length} rules was written once, with ${roles} assumed roles.`);
}

/** Runs a command of the rollout that must end with this status. */
function rolloutCommand(endpoint: string) {
    const inherited = Object.entries(process.env).filter(([name]) => !/^(PULUMI|ALIBABA_CLOUD|OSS)_/.test(name));
    const [key] = management.accessKeys;
    const env = {
        ...Object.fromEntries(inherited),
        PULUMI_HOME: path.join(project, "home"),
        PULUMI_BACKEND_URL: pathToFileURL(project).href,
        PULUMI_CONFIG_PASSPHRASE: "multi-account",
        ALIBABA_CLOUD_ACCESS_KEY_ID: key?.id,
        ALIBABA_CLOUD_ACCESS_KEY_SECRET: key?.secret,
        ALIBABA_CLOUD_STS_ENDPOINT: endpoint,
        ALIBABA_CLOUD_KMS_ENDPOINT: endpoint,
        OSS_ENDPOINT: endpoint,
    };
    return async (verb: string, expected: number, ...flags: string[]): Promise<string> => {
        const args = [command, "rollout", verb, "rollout.yaml", ...flags];
        const child = spawn(process.execPath, args, { cwd: project, env, stdio: ["ignore", "pipe", "pipe"] });
        const [output, errors] = [collected(child.stdout), collected(child.stderr)];
        const [status] = await once(child, "close");
        if (status !== expected)
            throw new Unexpected(`"rollout ${verb}" ended with ${status}:\n${await output}${await errors}`);
        return (await output).trim();
    };
}

/** Calls of ali-oss that its type definitions lack. */
interface OssClient extends OSS {
    getBucketEncryption(bucket: string): Promise<{ encryption: { SSEAlgorithm: string } }>;
}

/** Reads every bucket's rule with its own account's key. Buckets that are not named should have no rule. */
async function expectRules(endpoint: string, expected: Readonly<Record<string, string>>, when: string): Promise<void> {
    for (const { accessKeys, buckets = [] } of members) {
        const [key] = accessKeys;
        const options = {
            accessKeyId: key?.id,
            accessKeySecret: key?.secret,
            endpoint,
            region: "oss-cn-hangzhou",
            authorizationV4: true,
        };
        const client = new OSS(options as OSS.Options) as OssClient;
        for (const { name } of buckets) {
            const rule = await liveRule(client, name);
            if (rule !== (expected[name] ?? "no rule"))
                throw new Unexpected(`${name} should have ${expected[name] ?? "no rule"} ${when}, but has ${rule}`);
        }
    }
}

async function liveRule(client: OssClient, bucket: string): Promise<string> {
    try {
        return (await client.getBucketEncryption(bucket)).encryption.SSEAlgorithm;
    } catch (error) {
        if ((error as { code?: string }).code === "NoSuchServerSideEncryptionRule") return "no rule";
        throw error;
    }
}

async function control(endpoint: string, method: string, target: string, body?: object): Promise<unknown> {
    const content =
        body === undefined ? {} : { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } };
    const response = await fetch(new URL(target, endpoint), { method, ...content });
    if (!response.ok) throw new Unexpected(`${method} ${target} was answered with ${response.status}`);
    const text = await response.text();
    return text === "" ? undefined : JSON.parse(text);
}

async function startLocalCloud(): Promise<{ readonly endpoint: string; stop(): Promise<void> }> {
    const cloud = spawn(process.execPath, [command, "local-cloud", "--accounts", accountsFile], {
        stdio: ["ignore", "pipe", "pipe"],
    });
    const errors = collected(cloud.stderr);
    const [line] = await Promise.race([
        once(createInterface(cloud.stdout), "line"),
        once(cloud, "exit").then(async () => {
            throw new Unexpected(`the local cloud did not start: ${await errors}`);
        }),
    ]);
    return { endpoint: (JSON.parse(line) as { oss: string }).oss, stop: () => stopped(cloud) };
}

async function stopped(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGTERM");
    await once(child, "exit");
}

async function collected(stream: NodeJS.ReadableStream): Promise<string> {
    let text = "";
    stream.setEncoding("utf8");
    for await (const chunk of stream) text += chunk;
    return text;
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
    .finally(() => rmSync(project, { recursive: true, force: true }));
