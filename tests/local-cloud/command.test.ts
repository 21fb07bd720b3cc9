import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect } from "chai";
import { sendSigned } from "./http/http-exchange";

const rootFolder = resolve(__dirname, "../..");

class Running {
    stdout = "";
    stderr = "";
    readonly #process: ChildProcess;
    readonly #closed: Promise<unknown[]>;

    constructor(...args: string[]) {
        this.#process = spawn(
            process.execPath,
            [join(rootFolder, "dist/cli/bucket-encryption.js"), "local-cloud", ...args],
            {
                cwd: rootFolder,
                stdio: ["ignore", "pipe", "pipe"],
            },
        );
        this.#closed = once(this.#process, "close");
        this.#process.stdout?.on("data", (chunk) => {
            this.stdout += chunk;
        });
        this.#process.stderr?.on("data", (chunk) => {
            this.stderr += chunk;
        });
    }

    /** The line that says where it listens. */
    async endpoints(): Promise<{ oss: string; sts: string; kms: string }> {
        while (!this.stdout.includes("\n")) {
            await Promise.race([once(this.#process.stdout ?? this.#process, "data"), this.#failEarly()]);
        }
        return JSON.parse(this.stdout);
    }

    kill(signal: NodeJS.Signals): void {
        this.#process.kill(signal);
    }

    /** The exit status. */
    async status(): Promise<number | null> {
        const [code] = await this.#closed;
        return code as number | null;
    }

    async #failEarly(): Promise<never> {
        throw new Error(`ended with ${await this.status()}: ${this.stderr}`);
    }
}

describe("bucket-encryption local-cloud", () => {
    let folder: string;
    let running: Running | undefined;

    before(async () => {
        folder = await mkdtemp(join(tmpdir(), "local-cloud-command-"));
    });

    afterEach(async () => {
        running?.kill("SIGKILL");
        await running?.status();
        running = undefined;
    });

    after(() => rm(folder, { recursive: true }));

    async function accountsFile(text: string): Promise<string> {
        const file = join(folder, "accounts.json");
        await writeFile(file, text);
        return file;
    }

    for (const signal of ["SIGTERM", "SIGINT"] as const) {
        it(`prints its endpoints, serves, logs to standard error, and ends with 0 on ${signal}`, async () => {
            running = new Running();
            const endpoints = await running.endpoints();
            expect(endpoints.oss).to.match(/^http:\/\/127\.0\.0\.1:\d+$/);
            expect(endpoints).to.deep.equal({ oss: endpoints.oss, sts: endpoints.oss, kms: endpoints.oss });
            expect((await sendSigned(endpoints.oss, { method: "PUT", bucket: "photos" })).status).to.equal(200);
            running.kill(signal);
            expect(await running.status()).to.equal(0);
            expect(running.stdout.trim().split("\n")).to.have.lengthOf(1);
            expect(running.stderr).to.match(/^\S+Z 200 PUT PutBucket bucket=photos account=1000000000000001\n$/);
        });
    }

    it("takes its accounts from a file", async () => {
        const account = {
            id: "1000000000000007",
            accessKeys: [{ id: "k", secret: "s" }],
            buckets: [{ name: "photos", encryption: { sseAlgorithm: "SM4" } }],
        };
        running = new Running(
            "--accounts",
            await accountsFile(JSON.stringify({ accounts: [account] })),
            "--latency",
            "1",
        );
        const { oss } = await running.endpoints();
        const spec = { bucket: "photos", query: { encryption: "" }, accessKeyId: "k", secret: "s" };
        expect((await sendSigned(oss, spec)).text).to.contain("SM4");
        expect((await sendSigned(oss, {})).code).to.equal("InvalidAccessKeyId");
    });

    it("rejects an accounts file with one readable message that lists all of its faults", async () => {
        const file = await accountsFile('{"accounts": [{"id": "1"}, {"id": "1000000000000007", "buckets": [{}]}]}');
        running = new Running("--accounts", file);
        expect(await running.status()).to.equal(1);
        expect(running.stdout).to.equal("");
        expect(running.stderr).to.equal(
            [
                `error: The accounts file ${file} has 2 faults:`,
                '  accounts[0].id: must be 16 digits, is "1"',
                "  accounts[1].buckets[0].name: must be 3 to 63 lower-case letters, digits and hyphens, no hyphen at either end, is missing",
                "",
            ].join("\n"),
        );
    });

    it("plays the faults of a file, and looks for KMS keys with --check-keys", async () => {
        const faults = join(folder, "faults.json");
        await writeFile(faults, '{"faults": [{"kind": "throttle", "operation": "ListBuckets", "count": 1}]}');
        running = new Running("--faults", faults, "--check-keys");
        const { oss } = await running.endpoints();
        expect((await sendSigned(oss, {})).code).to.equal("MetaOperationQpsLimitExceeded");
        expect((await sendSigned(oss, {})).status).to.equal(200);
        await sendSigned(oss, { method: "PUT", bucket: "photos" });
        const rule = `<ServerSideEncryptionRule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>KMS</SSEAlgorithm><KMSMasterKeyID>missing</KMSMasterKeyID></ApplyServerSideEncryptionByDefault></ServerSideEncryptionRule>`;
        const put = await sendSigned(oss, { method: "PUT", bucket: "photos", query: { encryption: "" } }, rule);
        expect(put.code).to.equal("KeyNotFound");
        const { status } = await fetch(`${oss}/-/journal`);
        expect(status).to.equal(200);
    });

    it("rejects a faults file with all its faults", async () => {
        const faults = join(folder, "faults.json");
        await writeFile(faults, '{"faults": [{"kind": "boom"}, {"kind": "throttle", "status": 500}]}');
        running = new Running("--faults", faults);
        expect(await running.status()).to.equal(1);
        expect(running.stderr).to.match(
            /^error: The faults file .* has 2 faults:\n {2}faults\[0\]\.kind: .*\n {2}faults\[1\]/,
        );
    });

    for (const signal of ["SIGTERM", "SIGKILL"] as const) {
        it(`keeps its data over ${signal}, for one process at a time`, async () => {
            const data = join(folder, `data-${signal}`);
            running = new Running("--data", data);
            const { oss } = await running.endpoints();
            await sendSigned(oss, { method: "PUT", bucket: "photos" });
            const second = new Running("--data", data);
            expect(await second.status()).to.equal(1);
            expect(second.stderr).to.contain("another process uses it");
            running.kill(signal);
            await running.status();
            running = new Running("--data", data);
            const again = (await running.endpoints()).oss;
            expect((await sendSigned(again, { bucket: "photos", query: { acl: "" } })).status).to.equal(200);
        });
    }

    it("rejects a port that is in use", async () => {
        running = new Running();
        const { port } = new URL((await running.endpoints()).oss);
        const second = new Running("--port", port);
        expect(await second.status()).to.equal(1);
        expect(second.stderr).to.equal(`error: The local cloud's port has 1 fault:\n  port: ${port} is in use\n`);
    });

    it("rejects invalid arguments", async () => {
        const [port, latency] = await Promise.all(
            [
                ["--port", "http"],
                ["--latency", "-1"],
            ].map(async (args) => {
                const failed = new Running(...args);
                return [await failed.status(), failed.stderr];
            }),
        );
        expect(port).to.deep.equal([
            64,
            "error: option '--port <number>' argument 'http' is invalid. It must be a whole number from 0 to 65535.\n(see --help)\n",
        ]);
        expect(latency?.[0]).to.equal(64);
    });

    it("ends when npm's shell, its parent, is gone", async () => {
        const program = join(rootFolder, "dist/cli/bucket-encryption.js");
        const script = `"${process.execPath}" "${program}" local-cloud`;
        const shell = spawn("sh", ["-c", `${script}; :`], {
            env: { ...process.env, npm_lifecycle_script: script },
            stdio: ["ignore", "pipe", "ignore"],
        });
        const [line] = (await once(shell.stdout, "data")) as [Buffer];
        const { oss } = JSON.parse(line.toString("utf8")) as { oss: string };
        // The pipe closes only when the server, which holds it too, has ended.
        const ended = once(shell.stdout, "close");
        shell.stdout.resume();
        shell.kill("SIGTERM");
        await ended;
        const answer = await fetch(`${oss}/-/health`).catch(() => undefined);
        expect(answer).to.equal(undefined);
    });
});
