import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";

export interface ReceivedRequest {
    readonly method: string;
    readonly url: string;
    readonly headers: IncomingHttpHeaders;
    readonly body: string;
    /** The connection that it came on, from 1. */
    readonly connection: number;
}

export interface Reply {
    readonly status: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
}

/** Gives the reply to a request, or does something else with the response and gives none. */
export type Script = (request: ReceivedRequest, response: ServerResponse) => Reply | undefined;

/** An HTTP server on a free loopback port that answers by a script and remembers what it was asked. */
export class ScriptedServer {
    readonly requests: ReceivedRequest[] = [];
    readonly #server = createServer((incoming, response) => void this.#answer(incoming, response));
    readonly #connections = new Map<Socket, number>();

    #script: Script;

    private constructor(script: Script) {
        this.#script = script;

        this.#server.on("connection", (socket) => this.#connections.set(socket, this.#connections.size + 1));
    }

    static async start(script: Script): Promise<ScriptedServer> {
        const server = new ScriptedServer(script);
        await new Promise<void>((resolve) => server.#server.listen(0, "127.0.0.1", resolve));
        return server;
    }

    /** Answers by these replies in turn; the last one repeats. */
    static replying(...replies: readonly (Reply | Script)[]): Promise<ScriptedServer> {
        let next = 0;
        return ScriptedServer.start((request, response) => {
            const reply = replies[Math.min(next++, replies.length - 1)];
            return typeof reply === "function" ? reply(request, response) : reply;
        });
    }

    get endpoint(): string {
        return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    }

    get connections(): number {
        return this.#connections.size;
    }

    /** Connections that are open now. */
    get openConnections(): Promise<number> {
        return new Promise((resolve, reject) =>
            this.#server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
        );
    }

    async stop(): Promise<void> {
        this.#server.closeAllConnections();
        await new Promise<void>((resolve) => this.#server.close(() => resolve()));
    }

    async #answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
        const chunks: Buffer[] = [];
        for await (const chunk of incoming) chunks.push(chunk);
        const request = {
            method: incoming.method ?? "",
            url: incoming.url ?? "",
            headers: incoming.headers,
            body: Buffer.concat(chunks).toString(),
            connection: this.#connections.get(incoming.socket) ?? 0,
        };
        this.requests.push(request);
        const reply = this.#script(request, response);
        if (reply === undefined) return;
        response.writeHead(reply.status, {
            "x-oss-request-id": "5F6C1DA1E4A4D13133ABCDEF",
            ...reply.headers,
        });
        response.end(reply.body);
    }
}

/** An error answer in the form that OSS gives it. */
export function ossError(
    status: number,
    code: string,
    {
        message = `Said about ${code}.`,
        ec = "0000-00000001",
        elements = "",
        headers = {},
    }: {
        message?: string;
        ec?: string;
        elements?: string;
        headers?: Record<string, string>;
    } = {},
): Reply {
    const body = `<?xml version="1.0" encoding="UTF-8"?>
<Error>
  <Code>${code}</Code>
  <Message>${message}</Message>
  <RequestId>5F6C1DA1E4A4D13133ABCDEF</RequestId>
  <HostId>127.0.0.1</HostId>
  ${elements}
  <EC>${ec}</EC>
</Error>`;
    return { status, headers: { "content-type": "application/xml", ...headers }, body };
}

/** A GetBucketEncryption answer. */
export function encryptionAnswer(fields = "<SSEAlgorithm>AES256</SSEAlgorithm>"): Reply {
    const byDefault = `<ApplyServerSideEncryptionByDefault>${fields}</ApplyServerSideEncryptionByDefault>`;
    return { status: 200, body: `<ServerSideEncryptionRule>${byDefault}</ServerSideEncryptionRule>` };
}
