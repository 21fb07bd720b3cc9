import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

const notFound = `<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>ServerSideEncryptionConfigurationNotFoundError</Code><Message>The server side encryption configuration was not found</Message></Error>`;

/** The three operations of S3 on rules of buckets, on a free port of loopback. Every bucket exists, and has no rule at first. */
export class RulesOfS3 {
    /** `METHOD bucket` of each request. */
    readonly requests: string[] = [];
    readonly #rules = new Map<string, string>();
    readonly #server: Server;

    private constructor(server: Server) {
        this.#server = server;
    }

    static async start(): Promise<RulesOfS3> {
        const server = createServer();
        const rules = new RulesOfS3(server);
        server.on("request", async (request, response) => {
            const { pathname, searchParams } = new URL(request.url ?? "", "http://s3");
            const bucket = pathname.split("/")[1] ?? "";
            let body = "";
            for await (const part of request.setEncoding("utf8")) body += part;
            rules.requests.push(`${request.method} ${bucket}`);
            const [status, answer] = searchParams.has("encryption")
                ? rules.#answer(request.method ?? "", bucket, body)
                : [501, ""];
            response.writeHead(status, { "content-type": "application/xml" }).end(answer);
        });
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        return rules;
    }

    get url(): string {
        return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    }

    stop(): void {
        this.#server.closeAllConnections();
        this.#server.close();
    }

    #answer(method: string, bucket: string, body: string): [number, string] {
        if (method === "PUT") {
            this.#rules.set(bucket, body);
            return [200, ""];
        }
        if (method === "DELETE") {
            this.#rules.delete(bucket);
            return [204, ""];
        }
        const rule = this.#rules.get(bucket);
        return rule === undefined ? [404, notFound] : [200, rule];
    }
}
