import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import type { CommandFunction } from "../../lib/cli/command-io";
import { bucketEncryption, pulumiEmbedded } from "../cli/compiled-commands";
import { run } from "../cli/in-process";
import { withEnvironment } from "../process-environment";

export interface ShellResult {
    readonly status: number;
    readonly output: string;
}

/** What `pulumi` and `npx` on the PATH do: ask the test's process to run the command, and print what it printed. */
const client = `#!${process.execPath}
const socket = require("node:net").connect(process.env.SHELL_SESSION_SOCKET);
const chunks = [];
socket.on("data", (chunk) => chunks.push(chunk));
socket.on("end", () => {
    const { status, stdout, stderr } = JSON.parse(Buffer.concat(chunks).toString());
    process.stderr.write(stderr);
    process.stdout.write(stdout);
    process.exitCode = status;
});
socket.end(JSON.stringify({ name: process.argv[1], args: process.argv.slice(2), cwd: process.cwd(), env: process.env }));
`;

interface Call {
    readonly name: string;
    readonly args: readonly string[];
    readonly cwd: string;
    readonly env: NodeJS.ProcessEnv;
}

const commands: Readonly<Record<string, CommandFunction>> = {
    "bucket-encryption": bucketEncryption,
    "pulumi-embedded": pulumiEmbedded,
    pulumi: pulumiEmbedded,
};

/**
 * A shell in which `pulumi` is pulumi-embedded (unless TEST_ENGINE names the real one) and `npx` finds this package's commands. A real shell reads the lines, so that quotes,
 * redirections and comments mean what they do for a reader; the commands run in this process, which is much faster than a start of each.
 */
export class ShellSession {
    readonly #server: Server;
    readonly #folder: string;
    readonly #env: NodeJS.ProcessEnv;

    private constructor(server: Server, folder: string, env: NodeJS.ProcessEnv) {
        this.#server = server;
        this.#folder = folder;
        this.#env = env;
    }

    static async start(env: NodeJS.ProcessEnv): Promise<ShellSession> {
        const folder = mkdtempSync(path.join(tmpdir(), "shell-"));
        const bin = path.join(folder, "bin");
        mkdirSync(bin);
        // With TEST_ENGINE=pulumi the blocks run with the pulumi on the PATH.
        const ours = process.env.TEST_ENGINE === "pulumi" ? ["npx"] : ["pulumi", "npx"];
        for (const name of ours) writeFileSync(path.join(bin, name), client, { mode: 0o755 });
        const socket = path.join(folder, "socket");
        const server = createServer({ allowHalfOpen: true }, (connection) => void answer(connection));
        server.listen(socket);
        await once(server, "listening");
        const searched = `${bin}${path.delimiter}${env.PATH ?? process.env.PATH}`;
        return new ShellSession(server, folder, { ...env, PATH: searched, SHELL_SESSION_SOCKET: socket });
    }

    /** Puts a further command on the PATH, which prints a text. */
    provide(name: string, printed: string): void {
        writeFileSync(path.join(this.#folder, "output.txt"), printed);
        const script = `#!/bin/sh\nexec cat ${path.join(this.#folder, "output.txt")}\n`;
        writeFileSync(path.join(this.#folder, "bin", name), script, { mode: 0o755 });
    }

    async run(script: string, cwd: string): Promise<ShellResult> {
        const child: ChildProcess = spawn("sh", ["-e", "-c", script], {
            cwd,
            env: this.#env,
            stdio: ["ignore", "pipe", "pipe"],
        });
        const [stdout, stderr, [status]] = await Promise.all([
            text(child.stdout as NodeJS.ReadableStream),
            text(child.stderr as NodeJS.ReadableStream),
            once(child, "close"),
        ]);
        return { status: status as number, output: stdout + stderr };
    }

    async stop(): Promise<void> {
        this.#server.close();
        await once(this.#server, "close");
        rmSync(this.#folder, { recursive: true, force: true });
    }
}

async function answer(connection: Socket): Promise<void> {
    const chunks: Buffer[] = [];
    connection.on("data", (chunk: Buffer) => chunks.push(chunk));
    await once(connection, "end");
    const { name, args, cwd, env } = JSON.parse(Buffer.concat(chunks).toString()) as Call;
    const called = path.basename(name) === "npx" ? args : [path.basename(name), ...args];
    const [command = "", ...rest] = called;
    const result = await runHere(command, rest, cwd, env).catch((error) => ({
        status: 255,
        stdout: "",
        stderr: String(error.stack),
    }));
    connection.end(JSON.stringify(result));
}

async function runHere(command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv) {
    const found = commands[command];
    if (found === undefined) return { status: 127, stdout: "", stderr: `npx would install ${command}\n` };
    // Libraries for credentials read this process's environment. One command runs at a time.
    return await withEnvironment(env, () => run(found, args, { cwd, env, inProcess: true }));
}
