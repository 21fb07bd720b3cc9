import { type Agent, request } from "node:http";
import { connect } from "node:net";
import type { RequestHead } from "../../../lib/local-cloud/cloud/wire";
import { type Answer, readAnswer } from "../core-under-test";
import { type RequestSpec, signedRequest } from "../signed-request";

/** Sends a request over a socket, as it is. @throws the connection's error, with its code */
export function exchange(
    url: string,
    head: RequestHead,
    body: Iterable<Uint8Array | string> = [],
    agent?: Agent,
): Promise<Answer> {
    return new Promise((resolve, reject) => {
        const { hostname, port } = new URL(url);
        const headers = head.headers.flatMap((line) => [...line]);
        const options = { hostname, port, method: head.method, path: head.target, headers, ...(agent && { agent }) };
        const sent = request(options, (response) => {
            const chunks: Buffer[] = [];
            response.on("data", (chunk: Buffer) => chunks.push(chunk));
            response.on("error", reject);
            response.on("end", () =>
                resolve(
                    readAnswer({
                        status: response.statusCode ?? 0,
                        headers: Object.entries(response.headers).map(([name, value]) => [name, String(value)]),
                        body: Buffer.concat(chunks),
                    }),
                ),
            );
        });
        sent.on("error", reject);
        for (const chunk of body) {
            sent.write(chunk);
        }
        sent.end();
    });
}

/** Signs for now and sends. */
export function sendSigned(url: string, spec: Partial<RequestSpec>, body?: string): Promise<Answer> {
    const headers =
        body === undefined ? spec.headers : { ...spec.headers, "Content-Length": String(Buffer.byteLength(body)) };
    const head = signedRequest({ time: Date.now(), ...spec, ...(headers && { headers }) });
    return exchange(url, head, body === undefined ? [] : [body]);
}

/** What comes back for bytes that needn't be HTTP, until the server ends the connection. */
export function exchangeBytes(url: string, bytes: string): Promise<string> {
    return new Promise((resolve) => {
        const { hostname, port } = new URL(url);
        let received = "";
        const socket = connect(Number(port), hostname, () => socket.end(bytes));
        socket.on("data", (chunk) => {
            received += chunk;
        });
        socket.on("error", () => {});
        socket.on("close", () => resolve(received));
    });
}
