// Draws the pictures of README.md and docs/pulumi-embedded.md from real deployments to the local cloud: npx tsx bench/terminal-pictures.ts
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { makeFolder } from "../lib/files";
import { LocalCloud } from "../lib/local-cloud";
import { framesOf, screenAfter, svgOf } from "./terminal-screen";

const root = path.join(__dirname, "..");
const pictures = path.join(root, "docs", "pictures");
const columns = 100;

// A terminal of a certain size, which Node cannot make.
const terminal = `
import fcntl, os, pty, struct, sys, termios
pid, fd = pty.fork()
if pid == 0:
    os.execvp(sys.argv[2], sys.argv[2:])
fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 40, int(sys.argv[1]), 0, 0))
while True:
    try:
        chunk = os.read(fd, 65536)
    except OSError:
        break
    if not chunk:
        break
    os.write(1, chunk)
os.waitpid(pid, 0)`;

const program = `
const { BucketEncryption } = require("pulumi-bucket-encryption");
const payments = new BucketEncryption("payments", { bucket: "acme-payments", sseAlgorithm: "SM4" });
new BucketEncryption("invoices", { bucket: "acme-invoices", sseAlgorithm: process.env.INVOICES ?? "AES256" });
new BucketEncryption("logs", { bucket: "acme-logs", sseAlgorithm: "KMS" }, { dependsOn: payments });
exports.encrypted = payments.bucket;
`;

async function draw(): Promise<void> {
    const work = mkdtempSync(path.join(tmpdir(), "terminal-pictures-"));
    const cloud = await LocalCloud.start({ latencyMs: 700 });
    try {
        for (const name of ["acme-payments", "acme-invoices", "acme-logs"]) cloud.createBucket({ name });
        const folder = project(work);
        const env = {
            ...process.env,
            TERM: "xterm",
            PULUMI_HOME: path.join(work, "home"),
            PULUMI_BACKEND_URL: pathToFileURL(path.join(work, "state")).href,
            PULUMI_CONFIG_PASSPHRASE: "pictures",
            OSS_ENDPOINT: cloud.url,
            OSS_REGION: "cn-hangzhou",
            ALIBABA_CLOUD_ACCESS_KEY_ID: "local-key-id",
            ALIBABA_CLOUD_ACCESS_KEY_SECRET: "local-key-secret",
        };
        const engine = [process.execPath, path.join(root, "dist", "cli", "pulumi-embedded.js")];
        const up = [...engine, "up", "--yes", "--skip-preview", "--stack", "dev"];
        await outputOf([...engine, "stack", "init", "dev"], folder, env);
        const live = await outputOf(["python3", "-c", terminal, String(columns), ...up], folder, env);
        const frames = framesOf(live);
        const busiest = Math.max(...frames.map((frame) => frame.split("creating").length));
        const middle = frames.findLastIndex((frame) => frame.split("creating").length === busiest);
        save("live-tree", frames.slice(0, middle + 1).join(""), "pulumi-embedded up while it runs on a terminal");
        save("live-tree-done", live, "pulumi-embedded up when it has ended on a terminal");
        const plain = await outputOf(up, folder, { ...env, INVOICES: "SM4" });
        save("plain-lines", plain, "pulumi-embedded up where there is no terminal");
        cloud.setBucketRule("acme-payments", { sseAlgorithm: "AES256" });
        const preview = [...engine, "preview", "--refresh", "--suppress-outputs", "--stack", "dev"];
        const drift = await outputOf(["python3", "-c", terminal, String(columns), ...preview], folder, {
            ...env,
            INVOICES: "SM4",
        });
        const last = framesOf(drift).at(-1) ?? "";
        const label = "A preview that shows a rule that was changed outside the stack";
        for (const theme of ["light", "dark"] as const) save(`drift-preview-${theme}`, last, label, theme);
    } finally {
        await cloud.stop();
        rmSync(work, { recursive: true, force: true });
    }
}

function project(work: string): string {
    const folder = path.join(work, "buckets");
    makeFolder(path.join(folder, "node_modules"));
    mkdirSync(path.join(work, "state"));
    symlinkSync(root, path.join(folder, "node_modules", "pulumi-bucket-encryption"));
    symlinkSync(path.join(root, "node_modules", "@pulumi"), path.join(folder, "node_modules", "@pulumi"));
    writeFileSync(path.join(folder, "Pulumi.yaml"), "name: buckets\nruntime: nodejs\n");
    writeFileSync(path.join(folder, "package.json"), '{ "name": "buckets" }\n');
    writeFileSync(path.join(folder, "index.js"), program);
    return folder;
}

async function outputOf(command: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<string> {
    const [file = "", ...args] = command;
    const child = spawn(file, args, { cwd, env, stdio: ["ignore", "pipe", "inherit"] });
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
    });
    const status = await new Promise((resolve) => child.once("close", resolve));
    if (status !== 0) throw new Error(`${command.join(" ")} ended with ${status}:\n${text}`);
    return text;
}

function save(name: string, output: string, label: string, theme?: "light" | "dark"): void {
    makeFolder(pictures);
    writeFileSync(path.join(pictures, `${name}.svg`), svgOf(screenAfter(output), columns, label, theme));
}

draw().catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
});
