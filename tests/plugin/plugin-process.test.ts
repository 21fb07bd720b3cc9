import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { LocalCloud } from "../../lib/local-cloud";
import manifest from "../../package.json";
import { failureOf, PluginClient } from "./plugin-client";

const folder = path.join(__dirname, "..", "..", "plugin");
const launcher = path.join(folder, "pulumi-resource-bucket-encryption");

/** The first line that a process prints. */
async function firstLine(child: ChildProcess): Promise<string> {
    let text = "";
    for await (const chunk of child.stdout ?? []) {
        text += String(chunk);
        if (text.includes("\n")) break;
    }
    return text.split("\n")[0] ?? "";
}

describe("the process of the plugin", () => {
    let elsewhere: string;
    let started: ChildProcess | undefined;
    beforeEach(() => {
        elsewhere = mkdtempSync(path.join(tmpdir(), "plugin-process-"));
    });
    afterEach(async () => {
        if (started?.exitCode === null && started.signalCode === null) {
            started.kill();
            await once(started, "exit");
        }
        started = undefined;
        rmSync(elsewhere, { recursive: true, force: true });
    });

    const start = (file: string, env: NodeJS.ProcessEnv = {}) =>
        PluginClient.start(async (engineAddress) => {
            started = spawn(file, [engineAddress], {
                cwd: elsewhere,
                env: { ...process.env, ...env },
                stdio: ["ignore", "pipe", "inherit"],
            });
            return Number(await firstLine(started));
        });

    it("runs outside every npm project, through links, and answers with the package's version and schema", async () => {
        const linked = path.join(elsewhere, "linked-plugin");
        symlinkSync(launcher, linked);
        const client = await start(linked);
        try {
            expect(await client.handshake()).to.deep.equal({
                acceptSecrets: true,
                acceptResources: false,
                acceptOutputs: false,
                supportsAutonamingConfiguration: false,
            });
            expect(await client.version()).to.equal(manifest.version);
            expect(await client.schema()).to.equal(readFileSync(path.join(folder, "schema.json"), "utf8"));
        } finally {
            client.stop();
        }
    });

    it("tells its engine of a resource that is unfinished", async () => {
        const cloud = await LocalCloud.start();
        cloud.createBucket({ name: "logs" });
        cloud.faults.add({ kind: "status", status: 403, code: "AccessDenied", operation: "GetObject" });
        const client = await start(launcher, {
            ALIBABA_CLOUD_ACCESS_KEY_ID: "local-key-id",
            ALIBABA_CLOUD_ACCESS_KEY_SECRET: "local-key-secret",
        });
        try {
            await client.configure({ endpoint: cloud.url, region: "cn-hangzhou" });
            const inputs = { bucket: "logs", sseAlgorithm: "AES256", proveKey: true };
            const { message, unfinished } = await failureOf(client.resource("logs").create(inputs));
            expect(message).to.include("AccessDenied");
            expect(unfinished?.id).to.equal("logs");
            expect(unfinished?.state).to.include(inputs);
        } finally {
            client.stop();
            await cloud.stop();
        }
    });

    it("brings the AWS SDK along, which it loads with the first bucket of S3", async () => {
        // Only the plugin's own files, without an npm project above them.
        for (const name of ["provider.js", "s3-library.js", "schema.json"]) {
            copyFileSync(path.join(folder, name), path.join(elsewhere, name));
        }
        const file = path.join(elsewhere, "provider.js");
        const client = await PluginClient.start(async (engineAddress) => {
            const env = { PATH: process.env.PATH, AWS_ACCESS_KEY_ID: "k", AWS_SECRET_ACCESS_KEY: "s" };
            started = spawn(process.execPath, [file, engineAddress], {
                cwd: elsewhere,
                env: { ...env, AWS_REGION: "us-east-1", AWS_MAX_ATTEMPTS: "1" },
                stdio: ["ignore", "pipe", "inherit"],
            });
            return Number(await firstLine(started));
        });
        try {
            await client.configure({});
            const look = { store: "s3", endpoint: "http://127.0.0.1:1", forcePathStyle: true };
            const { message } = await failureOf(client.resource("logs").read("s3/logs", look));
            expect(message).to.include("127.0.0.1:1").and.not.include("@aws-sdk");
            expect(message).to.match(/ECONNREFUSED|cannot be reached|not reachable/);
        } finally {
            client.stop();
        }
    });

    it("ends with its engine, also when the engine is killed", async () => {
        const engine = `
            const { spawn } = require("node:child_process");
            const plugin = spawn(process.argv[1], ["127.0.0.1:1"], { stdio: ["ignore", "pipe", "inherit"] });
            plugin.stdout.once("data", (port) => console.log(String(port).trim()));
            setInterval(() => undefined, 1000);`;
        started = spawn(process.execPath, ["-e", engine, launcher], { stdio: ["ignore", "pipe", "inherit"] });
        const port = Number(await firstLine(started));
        const accepts = () =>
            new Promise<boolean>((resolve) => {
                const socket = net.connect(port, "127.0.0.1", () => resolve(true)).on("error", () => resolve(false));
                socket.unref();
            });
        expect(await accepts()).to.equal(true);
        started.kill("SIGKILL");
        await once(started, "exit");
        for (let left = 100; left > 0 && (await accepts()); left -= 1) await delay(100);
        expect(await accepts()).to.equal(false);
    });

    it("says that it needs Node when there is none on the PATH", () => {
        const { status, stdout, stderr } = spawnSync("/bin/sh", [launcher], {
            env: { PATH: elsewhere },
            encoding: "utf8",
        });
        expect([status, stdout]).to.deep.equal([1, ""]);
        expect(stderr).to.equal(
            "pulumi-resource-bucket-encryption needs Node.js 20.19 or later, and there is no `node` on the PATH. Install Node.js (https://nodejs.org), or add its folder to the PATH of the process that runs pulumi.\n",
        );
    });

    it("says that it needs a later Node when an older one runs it, and tests every part of the version", () => {
        const said = (version: string) => {
            const script = `
                const module = require("node:module");
                const load = module._load;
                module._load = (name, ...rest) => (name === "./provider.js" ? {} : load(name, ...rest));
                Object.defineProperty(process, "versions", { value: { ...process.versions, node: "${version}" } });
                require(${JSON.stringify(path.join(folder, "start.js"))});`;
            const { status, stderr } = spawnSync(process.execPath, ["-e", script], { encoding: "utf8" });
            return { status, stderr };
        };
        expect(said("20.19.0")).to.deep.equal({ status: 0, stderr: "" });
        expect(said("22.1.0").status).to.equal(0);
        for (const version of ["20.18.3", "18.20.4", "8.17.0"]) {
            expect(said(version)).to.deep.equal({
                status: 1,
                stderr: `pulumi-resource-bucket-encryption needs Node.js 20.19 or later, and \`node\` on the PATH is ${version} (${process.execPath}). Install a newer Node.js (https://nodejs.org).\n`,
            });
        }
    });

    it("has a launcher for Windows that does the same, in lines that its command interpreter reads", () => {
        const text = readFileSync(`${launcher}.cmd`, "utf8");
        expect(text).to.include('node "%~dp0start.js" %*\r\n').and.include("where node");
        expect(text.replaceAll("\r\n", "")).to.not.match(/[\r\n]/);
    });
});
