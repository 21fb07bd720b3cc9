import { type ChildProcess, fork, spawn } from "node:child_process";
import { createHash, createHmac } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalCloud } from "../lib/local-cloud";
import { median } from "./median";
import { table } from "./results-file";

const CONNECTIONS = 64;
const RULE =
    "<ServerSideEncryptionRule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault></ServerSideEncryptionRule>";

interface Usage {
    readonly rssMb: number;
    readonly cpuSeconds: number;
}

/** The server's side: a process of its own, which tells what it uses when it is asked. */
async function serve(buckets: number, data: string | undefined): Promise<void> {
    const names = Array.from({ length: buckets }, (_, index) => `bench-${String(index).padStart(5, "0")}`);
    const entries = names.map((name) => ({ name, encryption: { sseAlgorithm: "AES256" } as const }));
    const accessKeys = [{ id: "local-key-id", secret: "local-key-secret" }];
    const accounts = [{ id: "1000000000000001", accessKeys, buckets: entries }];
    const cloud = await LocalCloud.start({ accounts: { accounts }, ...(data !== undefined && { data }) });
    process.on("message", () => {
        global.gc?.();
        const { user, system } = process.cpuUsage();
        process.send?.({
            rssMb: process.memoryUsage().rss / 1024 / 1024,
            cpuSeconds: (user + system) / 1e6,
        } satisfies Usage);
    });
    process.send?.(cloud.url);
}

class ServerProcess {
    readonly #child: ChildProcess;

    private constructor(
        child: ChildProcess,
        readonly url: string,
    ) {
        this.#child = child;
    }

    static async start(buckets: number, data = ""): Promise<ServerProcess> {
        const execArgv = ["--require", "tsx/cjs", "--expose-gc"];
        const child = fork(__filename, ["serve", String(buckets), data], { execArgv });
        const [url] = await once(child, "message");
        return new ServerProcess(child, String(url));
    }

    async usage(): Promise<Usage> {
        this.#child.send("usage");
        const [usage] = await once(this.#child, "message");
        return usage as Usage;
    }

    async stop(): Promise<void> {
        this.#child.kill("SIGKILL");
        await once(this.#child, "close");
    }
}

/** A request signed with V4, as bytes. One signature serves many requests, so that the client costs next to nothing. */
function signedBytes(method: string, bucket: string, body: string): Buffer {
    const date = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
    const day = date.slice(0, 8);
    const hmac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text).digest();
    const signed = [
        ["x-oss-content-sha256", "UNSIGNED-PAYLOAD"],
        ["x-oss-date", date],
    ];
    const lines = signed.map(([name, value]) => `${name}:${value}\n`).join("");
    const canonical = [method, `/${bucket}/`, "encryption", lines, "", "UNSIGNED-PAYLOAD"].join("\n");
    const scope = `${day}/cn-hangzhou/oss/aliyun_v4_request`;
    const hash = createHash("sha256").update(canonical).digest("hex");
    const day1 = hmac("aliyun_v4local-key-secret", day);
    const key = hmac(hmac(hmac(day1, "cn-hangzhou"), "oss"), "aliyun_v4_request");
    const signature = hmac(key, `OSS4-HMAC-SHA256\n${date}\n${scope}\n${hash}`).toString("hex");
    const head = [
        `${method} /${bucket}/?encryption HTTP/1.1`,
        "Host: 127.0.0.1",
        ...signed.map(([name, value]) => `${name}: ${value}`),
        `Authorization: OSS4-HMAC-SHA256 Credential=local-key-id/${scope},Signature=${signature}`,
        `Content-Length: ${Buffer.byteLength(body)}`,
    ];
    return Buffer.from(`${head.join("\r\n")}\r\n\r\n${body}`);
}

/** Sends the same request over one connection, one after the other, until it may go on no more. */
function drive(url: string, request: Buffer, goOn: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
        const { hostname, port } = new URL(url);
        let received = "";
        const socket = connect({ host: hostname, port: Number(port), noDelay: true }, () => socket.write(request));
        socket.setEncoding("latin1");
        socket.on("error", reject);
        socket.on("data", (chunk: string) => {
            received += chunk;
            const headEnd = received.indexOf("\r\n\r\n");
            const length = Number(/\r\ncontent-length: (\d+)/i.exec(received)?.[1] ?? 0);
            if (headEnd < 0 || received.length < headEnd + 4 + length) {
                return;
            }
            if (!received.startsWith("HTTP/1.1 200")) {
                reject(new Error(received));
                return;
            }
            received = "";
            if (goOn()) {
                socket.write(request);
            } else {
                socket.destroy();
                resolve();
            }
        });
    });
}

async function load(url: string, requests: readonly Buffer[], goOn: (count: number) => boolean): Promise<number> {
    let count = 0;
    const workers = Array.from({ length: CONNECTIONS }, (_, index) =>
        drive(url, requests[index % requests.length] as Buffer, () => goOn(++count)),
    );
    await Promise.all(workers);
    return count;
}

async function rate(method: string, body: string, seconds: number, data?: string): Promise<string> {
    const server = await ServerProcess.start(CONNECTIONS, data);
    const names = Array.from({ length: CONNECTIONS }, (_, index) => `bench-${String(index).padStart(5, "0")}`);
    const requests = names.map((name) => signedBytes(method, name, body));
    await load(server.url, requests, (count) => count < 5000);
    const before = await server.usage();
    const start = performance.now();
    const count = await load(server.url, requests, () => performance.now() - start < seconds * 1000);
    const elapsed = (performance.now() - start) / 1000;
    const cpu = (await server.usage()).cpuSeconds - before.cpuSeconds;
    await server.stop();
    const perCpu = (count / cpu).toFixed(0);
    return `${(count / elapsed).toFixed(0)} requests/s (${perCpu} per second of the server's processor time)`;
}

type Row = readonly [string, string];

async function memory(): Promise<Row[]> {
    const server = await ServerProcess.start(1);
    const started = await server.usage();
    const request = signedBytes("GET", "bench-00000", "");
    await load(server.url, [request], (count) => count < 100_000);
    const loaded = await server.usage();
    await server.stop();
    const many = await ServerProcess.start(10_000);
    const withBuckets = await many.usage();
    await many.stop();
    const mb = ({ rssMb }: Usage) => `${rssMb.toFixed(0)} MB`;
    return [
        ["memory after the start (with tsx)", mb(started)],
        ["memory after 100,000 requests", mb(loaded)],
        ["memory with 10,000 buckets", mb(withBuckets)],
    ];
}

async function startUp(): Promise<Row[]> {
    const inProcess: number[] = [];
    for (let run = 0; run < 50; run += 1) {
        const start = performance.now();
        const cloud = await LocalCloud.start();
        inProcess.push(performance.now() - start);
        await cloud.stop();
    }
    const command: number[] = [];
    for (let run = 0; run < 5; run += 1) {
        const start = performance.now();
        const child = spawn(process.execPath, [join(__dirname, "../dist/cli/bucket-encryption.js"), "local-cloud"], {
            stdio: ["ignore", "pipe", "ignore"],
        });
        await once(child.stdout, "data");
        command.push(performance.now() - start);
        child.kill();
        await once(child, "close");
    }
    return [
        ["`LocalCloud.start()`, median of 50", `${median(inProcess).toFixed(2)} ms`],
        ["`bucket-encryption local-cloud` to its line, median of 5", `${median(command).toFixed(0)} ms`],
    ];
}

/** The local cloud's rates, memory and start. */
export async function localCloud(): Promise<string> {
    const seconds = 4;
    const data = mkdtempSync(join(tmpdir(), "local-cloud-bench-"));
    try {
        const rows: Row[] = [
            [`GET encryption, ${CONNECTIONS} connections`, await rate("GET", "", seconds)],
            [`PUT encryption, ${CONNECTIONS} connections`, await rate("PUT", RULE, seconds)],
            [`PUT encryption with \`--data\`, ${CONNECTIONS} connections`, await rate("PUT", RULE, seconds, data)],
        ];
        return table(["figure", "measured"], [...rows, ...(await memory()), ...(await startUp())]);
    } finally {
        rmSync(data, { recursive: true });
    }
}

if (require.main === module) void serve(Number(process.argv[3]), process.argv[4] || undefined);
