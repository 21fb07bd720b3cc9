import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";

const command = path.join(__dirname, "..", "dist", "cli", "bucket-encryption.js");
const accessKey = { id: "local-key-id", secret: "local-key-secret" };

/** A local cloud in a process of its own, with the buckets `bench-0`, `bench-1`, …, none of which has a rule. */
export class CloudProcess {
    readonly #stop: () => Promise<void>;

    private constructor(
        readonly endpoint: string,
        stop: () => Promise<void>,
    ) {
        this.#stop = stop;
    }

    static async start(buckets: number, latencyMs: number): Promise<CloudProcess> {
        const folder = mkdtempSync(path.join(tmpdir(), "bench-cloud-"));
        const accounts = path.join(folder, "accounts.json");
        const entries = Array.from({ length: buckets }, (_, index) => ({
            name: `bench-${index}`,
            region: "cn-hangzhou",
        }));
        const account = { id: "1000000000000001", accessKeys: [accessKey], buckets: entries };
        writeFileSync(accounts, JSON.stringify({ accounts: [account] }));
        const args = [command, "local-cloud", "--accounts", accounts, "--latency", String(latencyMs)];
        // A session of its own, as a service elsewhere has. Linux shares the processor among sessions, so a cloud in the
        // session of the bare requests would favour them over a provider process, which has its own.
        const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "ignore"], detached: true });
        const kill = () => child.kill("SIGTERM");
        process.once("exit", kill);
        const [line] = await once(createInterface(child.stdout), "line");
        return new CloudProcess((JSON.parse(line) as { oss: string }).oss, async () => {
            process.removeListener("exit", kill);
            kill();
            await once(child, "exit");
            rmSync(folder, { recursive: true, force: true });
        });
    }

    /** What a client needs to reach it. */
    get environment(): NodeJS.ProcessEnv {
        return {
            ALIBABA_CLOUD_ACCESS_KEY_ID: accessKey.id,
            ALIBABA_CLOUD_ACCESS_KEY_SECRET: accessKey.secret,
            OSS_ENDPOINT: this.endpoint,
            OSS_REGION: "cn-hangzhou",
        };
    }

    /** The requests since the last call, of which the cloud remembers 100,000. */
    async requests(): Promise<number> {
        const journal = new URL("/-/journal", this.endpoint);
        const { count } = (await (await fetch(journal)).json()) as { count: number };
        await fetch(journal, { method: "DELETE" });
        return count;
    }

    stop(): Promise<void> {
        return this.#stop();
    }
}
