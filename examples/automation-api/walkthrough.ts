// A program that drives stacks with Pulumi's Automation API: npx tsx examples/automation-api/walkthrough.ts
// It deploys a project onto the local cloud, finds drift, corrects it, and takes everything down again. Each step is checked; the exit
// status is 1 if a check fails.
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { LocalWorkspace, PulumiCommand, type Stack } from "@pulumi/pulumi/automation";
import { BucketEncryption } from "pulumi-bucket-encryption";
import { LocalCloud } from "pulumi-bucket-encryption/testing";

const root = path.join(__dirname, "..", "..");
const buckets = ["example-logs", "example-reports"];

// The stack's settings are written beside the project, so the walkthrough copies it to a folder where the program finds the packages.
const cache = path.join(root, "node_modules", ".cache");
mkdirSync(cache, { recursive: true });
const work = mkdtempSync(path.join(cache, "automation-api-"));

/** The `pulumi` on the PATH, or else a file that starts `pulumi-embedded`. */
async function findCommand(): Promise<{ readonly command: PulumiCommand; readonly isReal: boolean }> {
    try {
        return { command: await PulumiCommand.get(), isReal: true };
    } catch {
        const bin = path.join(work, "engine", "bin");
        mkdirSync(bin, { recursive: true });
        const embedded = path.join(root, "dist", "cli", "pulumi-embedded.js");
        writeFileSync(path.join(bin, "pulumi"), `#!/bin/sh\nexec "${process.execPath}" "${embedded}" "$@"\n`);
        chmodSync(path.join(bin, "pulumi"), 0o755);
        return { command: await PulumiCommand.get({ root: path.dirname(bin) }), isReal: false };
    }
}

async function main(): Promise<void> {
    const { command, isReal } = await findCommand();
    console.log(
        isReal ? `Engine: pulumi ${command.version}.` : "Engine: pulumi-embedded; there is no pulumi on the PATH.",
    );
    const cloud = await LocalCloud.start();
    try {
        for (const name of buckets) cloud.createBucket({ name });
        const envVars = environmentFor(cloud);
        const workDir = path.join(work, "project");
        cpSync(path.join(__dirname, "project"), workDir, { recursive: true });

        console.log("\nA project in a folder");
        const stack = await LocalWorkspace.createOrSelectStack(
            { stackName: "dev", workDir },
            { pulumiCommand: command, envVars },
        );
        await deployAndCorrect(stack, cloud);
        await stack.workspace.removeStack("dev");

        console.log("\nA program as a function");
        if (isReal) await deployFunction(command, envVars, cloud);
        else console.log("  Only the pulumi CLI runs functions for the Automation API.");
    } finally {
        await cloud.stop();
        rmSync(work, { recursive: true, force: true });
    }
    console.log("\nAll as it should be.");
}

async function deployAndCorrect(stack: Stack, cloud: LocalCloud): Promise<void> {
    await stack.setConfig("buckets", { value: JSON.stringify(buckets) });
    const { changeSummary } = await stack.preview();
    expect("creations in the preview", changeSummary.create, 3);
    const { outputs } = await stack.up();
    expect("outputs", outputs.rules?.value, { "example-logs": "AES256", "example-reports": "AES256" });

    cloud.setBucketRule("example-logs", { sseAlgorithm: "SM4" });
    // A refresh reads the rules; the next deployment writes what differs.
    await stack.refresh();
    const corrected = await stack.up();
    expect("updates after the drift", corrected.summary.resourceChanges?.update, 1);
    expect("the rule of example-logs", cloud.bucketRule("example-logs"), { sseAlgorithm: "AES256" });
    expect("deployments in the history", (await stack.history()).filter(({ kind }) => kind === "update").length, 2);

    await stack.destroy();
    expect("the rule of example-logs", cloud.bucketRule("example-logs"), undefined);
}

async function deployFunction(
    command: PulumiCommand,
    envVars: Record<string, string>,
    cloud: LocalCloud,
): Promise<void> {
    const program = async () => {
        const rule = new BucketEncryption("logs", { bucket: "example-logs", sseAlgorithm: "SM4" });
        return { algorithm: rule.sseAlgorithm };
    };
    // The provider process runs in `workDir`, so it must be below a folder whose `node_modules` has this package.
    const workDir = path.join(work, "function");
    mkdirSync(workDir);
    const stack = await LocalWorkspace.createOrSelectStack(
        { stackName: "dev", projectName: "automation-api-function", program },
        { pulumiCommand: command, envVars, workDir },
    );
    const { outputs } = await stack.up();
    expect("outputs", outputs.algorithm?.value, "SM4");
    expect("the rule of example-logs", cloud.bucketRule("example-logs"), { sseAlgorithm: "SM4" });
    await stack.destroy();
    await stack.workspace.removeStack("dev");
}

/** What the engine's processes need. The program that lists buckets and the provider that writes must have the same credentials. */
function environmentFor(cloud: LocalCloud): Record<string, string> {
    return {
        PULUMI_BACKEND_URL: pathToFileURL(work).href,
        PULUMI_HOME: path.join(work, "home"),
        PULUMI_CONFIG_PASSPHRASE: "a passphrase",
        PULUMI_SKIP_UPDATE_CHECK: "true",
        ALIBABA_CLOUD_ACCESS_KEY_ID: "local-key-id",
        ALIBABA_CLOUD_ACCESS_KEY_SECRET: "local-key-secret",
        ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true",
        OSS_ENDPOINT: cloud.url,
        OSS_REGION: "cn-hangzhou",
    };
}

/** Prints what was found. @throws Error when it is not what is expected */
function expect(what: string, found: unknown, expected: unknown): void {
    console.log(`  ${what}: ${JSON.stringify(found) ?? "none"}`);
    if (JSON.stringify(found) !== JSON.stringify(expected))
        throw new Error(`${what}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`);
}

main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
});
