import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { CreateBucketCommand, DeleteBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { freePort } from "../free-port";
import { pythonWith } from "../python-environment";

export const keys = { accessKeyId: "local-aws-key-id", secretAccessKey: "local-aws-secret-access-key" };

/** An S3 server of others: moto (https://pypi.org/project/moto/), with STS beside it. */
export class Moto {
    readonly #process: ChildProcess;
    readonly client: S3Client;

    private constructor(
        child: ChildProcess,
        readonly url: string,
    ) {
        this.#process = child;
        this.client = new S3Client({ endpoint: url, region: "us-east-1", forcePathStyle: true, credentials: keys });
    }

    /** @throws ToolUnavailable */
    static async start(): Promise<Moto> {
        const python = await pythonWith(path.join(__dirname, "requirements.txt"));
        const port = await freePort();
        const args = ["-m", "moto.server", "-H", "127.0.0.1", "-p", String(port)];
        const child = spawn(python, args, { stdio: "ignore" });
        const moto = new Moto(child, `http://127.0.0.1:${port}`);
        for (let waited = 0; waited < 60_000; waited += 100) {
            if (child.exitCode !== null) throw new Error(`moto ended with ${child.exitCode}`);
            try {
                await fetch(`${moto.url}/moto-api/`);
                return moto;
            } catch {
                await delay(100);
            }
        }
        await moto.stop();
        throw new Error("moto did not start within 60 s");
    }

    async createBucket(name: string): Promise<void> {
        await this.client.send(new CreateBucketCommand({ Bucket: name }));
    }

    async deleteBucket(name: string): Promise<void> {
        await this.client.send(new DeleteBucketCommand({ Bucket: name }));
    }

    /** Forgets every bucket. */
    async reset(): Promise<void> {
        await fetch(`${this.url}/moto-api/reset`, { method: "POST" });
    }

    /**
     * Makes a user, and lets the server check rights from then on.
     * @returns the variables that hold the user's keys
     */
    async userWith(statement: object): Promise<{ AWS_ACCESS_KEY_ID: string; AWS_SECRET_ACCESS_KEY: string }> {
        const UserName = "reader";
        const document = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
        await this.#iam("CreateUser", { UserName });
        await this.#iam("PutUserPolicy", { UserName, PolicyName: "rights", PolicyDocument: document });
        const answer = await this.#iam("CreateAccessKey", { UserName });
        const part = (name: string): string => new RegExp(`<${name}>(.*)</${name}>`).exec(answer)?.[1] ?? "";
        await this.#checkRightsAfter(0);
        return { AWS_ACCESS_KEY_ID: part("AccessKeyId"), AWS_SECRET_ACCESS_KEY: part("SecretAccessKey") };
    }

    async allowEveryone(): Promise<void> {
        await this.#checkRightsAfter(Number.MAX_SAFE_INTEGER);
    }

    async #checkRightsAfter(requests: number): Promise<void> {
        await fetch(`${this.url}/moto-api/reset-auth`, { method: "POST", body: String(requests) });
    }

    async #iam(action: string, parameters: Readonly<Record<string, string>>): Promise<string> {
        const body = new URLSearchParams({ Action: action, Version: "2010-05-08", ...parameters });
        const scope = "20261128/us-east-1/iam/aws4_request";
        // The server finds the service by the signature's scope.
        const authorization = `AWS4-HMAC-SHA256 Credential=${keys.accessKeyId}/${scope}, SignedHeaders=host, Signature=0`;
        const answer = await fetch(this.url, { method: "POST", body, headers: { authorization } });
        return await answer.text();
    }

    async stop(): Promise<void> {
        this.client.destroy();
        if (this.#process.exitCode !== null) return;
        const ended = once(this.#process, "exit");
        this.#process.kill("SIGTERM");
        await ended;
    }
}
