import {
    Agent,
    createServer,
    type IncomingHttpHeaders,
    type IncomingMessage,
    type RequestListener,
    request,
    type Server,
    type ServerResponse,
} from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { TestAuthority } from "./test-authority";

/** What a proxy can do to a request or to its answer. */
export const proxyFaultKinds = [
    /** The connection closes before the request reaches the cloud. */
    "drop",
    /** The request reaches the cloud later. */
    "delay",
    /** Half of the answer arrives, then the connection closes. */
    "truncate",
    /** Half of the answer arrives, announced as the whole. */
    "cut",
    /** The cloud does the work, and the connection closes before the answer. */
    "reset-after",
    /** The cloud gets the request twice. */
    "duplicate",
    /** One byte of the answer is another. */
    "corrupt",
    /** One byte of the request is another. */
    "corrupt-request",
    /** The answer sends the client to another host. */
    "redirect",
    /** A reading gets the answer of an earlier one. */
    "stale",
] as const;
export type ProxyFaultKind = (typeof proxyFaultKinds)[number];

export interface ProxyFault {
    readonly kind: ProxyFaultKind;
    /** The method of the requests that it meets; any when absent. */
    readonly method?: "GET" | "PUT" | "DELETE" | "POST" | undefined;
    /** How many requests it lets pass before the first that it meets. */
    readonly skip: number;
    /** How many requests it meets. */
    readonly count: number;
    /** Where in the text, from 0 to 1, and by which byte. */
    readonly where: number;
}

/** Something that happens at the nth request from now on, before or after the cloud has done its work. Its client gets no answer. */
export interface Moment {
    readonly request: number;
    readonly when: "before" | "after";
    readonly happens: () => void | Promise<void>;
}

type ServerIdentity = Pick<TestAuthority, "key" | "cert">;

interface Answer {
    readonly status: number;
    readonly headers: IncomingHttpHeaders;
    readonly body: Buffer;
}

/** Between a client and the local cloud; passes requests on unless a fault says otherwise. */
export class MisbehavingProxy {
    /** How often each fault was played. */
    readonly met: Partial<Record<ProxyFaultKind, number>> = {};
    /** Buckets for which an answer was wrong in a way that a client cannot see, since `forget`. */
    readonly misled = new Set<string>();
    /** The bucket whose request got no answer at the last moment: a client that outlives it sends the request again. */
    unanswered: string | undefined;
    /** Requests that followed a redirection to a foreign host. */
    foreignRequests = 0;
    readonly #targetOf: (headers: IncomingHttpHeaders) => string;
    readonly #agent = new Agent({ keepAlive: true });
    readonly #isTls: boolean;
    readonly #server: Server;
    readonly #foreign = createServer((_incoming, response) => {
        this.foreignRequests += 1;
        response.end();
    });
    readonly #earlier = new Map<string, Answer>();
    readonly #underWay = new Set<Promise<unknown>>();
    #faults: { fault: ProxyFault; skip: number; left: number }[] = [];
    #moment: Moment | undefined;
    #requests = 0;

    private constructor(targetOf: (headers: IncomingHttpHeaders) => string, tls: ServerIdentity | undefined) {
        this.#targetOf = targetOf;
        const listener: RequestListener = (incoming, response) => void this.#serve(incoming, response);
        this.#isTls = tls !== undefined;
        this.#server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
    }

    /**
     * @param targetOf the URL of the service that a request is for
     * @param tls the certificate that clients see; without one they come without TLS
     */
    static async start(
        targetOf: (headers: IncomingHttpHeaders) => string,
        tls?: ServerIdentity,
    ): Promise<MisbehavingProxy> {
        const proxy = new MisbehavingProxy(targetOf, tls);
        for (const server of [proxy.#server, proxy.#foreign]) {
            await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        }
        return proxy;
    }

    get url(): string {
        return `http${this.#isTls ? "s" : ""}://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    }

    add(fault: ProxyFault): void {
        this.#faults.push({ fault, skip: fault.skip, left: fault.count });
    }

    /** From now on every request is passed on. */
    heal(): void {
        this.#faults = [];
        this.#moment = undefined;
    }

    /** Counts requests anew, and plans what happens at one of them. */
    arm(moment: Moment | undefined): void {
        this.#requests = 0;
        this.#moment = moment;
    }

    /** Resolves when no request is with the cloud. */
    async idle(): Promise<void> {
        while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay);
    }

    async stop(): Promise<void> {
        this.#agent.destroy();
        for (const server of [this.#server, this.#foreign]) {
            server.closeAllConnections();
            await new Promise<void>((resolve) => server.close(() => resolve()));
        }
    }

    async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
        response.on("error", () => {});
        const work = this.#answer(incoming, response).catch(() => response.destroy());
        this.#underWay.add(work);
        await work;
        this.#underWay.delete(work);
    }

    async #answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
        const chunks: Buffer[] = [];
        for await (const chunk of incoming) chunks.push(chunk);
        const body = Buffer.concat(chunks);
        this.#requests += 1;
        if (this.#requests === this.#moment?.request) {
            const { when, happens } = this.#moment;
            this.unanswered = bucketOf(incoming);
            if (when === "after") await this.#forward(incoming, body);
            response.destroy();
            await happens();
            return;
        }
        const fault = this.#take(incoming.method);
        if (fault === undefined) return this.#send(response, await this.#forward(incoming, body));
        await this.#misbehave(fault, incoming, body, response);
    }

    async #misbehave(
        { kind, where }: ProxyFault,
        incoming: IncomingMessage,
        body: Buffer,
        response: ServerResponse,
    ): Promise<void> {
        const note = (): void => {
            this.met[kind] = (this.met[kind] ?? 0) + 1;
        };
        const earlier = this.#earlier.get(keyOf(incoming));
        switch (kind) {
            case "drop":
                note();
                response.destroy();
                return;
            case "redirect": {
                note();
                const { port } = this.#foreign.address() as AddressInfo;
                const location = `http://127.0.0.1:${port}${incoming.url}`;
                const text = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>AccessDenied</Code><Message>The bucket you are attempting to access must be addressed using the specified endpoint.</Message><RequestId>0123456789ABCDEF01234567</RequestId><HostId>x</HostId><Endpoint>127.0.0.1:${port}</Endpoint></Error>`;
                const status = [301, 302, 307, 308][Math.floor(where * 4)] ?? 307;
                response.writeHead(status, { location, "content-type": "application/xml" }).end(text);
                return;
            }
            case "stale":
                if (earlier !== undefined) {
                    note();
                    this.misled.add(bucketOf(incoming));
                    return this.#send(response, earlier);
                }
                break;
            case "corrupt-request":
                if (body.length > 0) {
                    note();
                    return this.#send(response, await this.#forward(incoming, changed(body, where)));
                }
                break;
            case "delay":
                note();
                await delay(5 + where * 75);
                break;
            case "duplicate":
                note();
                await this.#forward(incoming, body);
                break;
            case "reset-after":
                note();
                await this.#forward(incoming, body);
                response.destroy();
                return;
            default:
        }
        const answer = await this.#forward(incoming, body);
        if (answer.body.length === 0 || !["truncate", "cut", "corrupt"].includes(kind))
            return this.#send(response, answer);
        note();
        const half = answer.body.subarray(0, Math.floor(answer.body.length * where));
        if (kind === "corrupt") {
            this.misled.add(bucketOf(incoming));
            return this.#send(response, { ...answer, body: changed(answer.body, where) });
        }
        if (kind === "cut") return this.#send(response, { ...answer, body: half });
        response.writeHead(answer.status, { ...answer.headers, "content-length": answer.body.length });
        response.write(half, () => response.destroy());
    }

    /** The first fault that meets a request of this method. */
    #take(method: string | undefined): ProxyFault | undefined {
        const met = this.#faults.find((one) => {
            if (one.left === 0 || (one.fault.method ?? method) !== method) return false;
            one.skip -= 1;
            return one.skip < 0;
        });
        if (met === undefined) return undefined;
        met.left -= 1;
        return met.fault;
    }

    #forward(incoming: IncomingMessage, body: Buffer): Promise<Answer> {
        return new Promise((resolve, reject) => {
            const { method, url: path, headers } = incoming;
            const { hostname, port } = new URL(this.#targetOf(headers));
            const outgoing = request({ hostname, port, method, path, headers, agent: this.#agent }, (answer) => {
                const chunks: Buffer[] = [];
                answer.on("data", (chunk) => chunks.push(chunk));
                answer.on("error", reject);
                answer.on("end", () => {
                    const whole = {
                        status: answer.statusCode ?? 0,
                        headers: answer.headers,
                        body: Buffer.concat(chunks),
                    };
                    if (method === "GET") this.#earlier.set(keyOf(incoming), whole);
                    resolve(whole);
                });
            });
            outgoing.on("error", reject);
            outgoing.end(body);
        });
    }

    #send(response: ServerResponse, { status, headers, body }: Answer): void {
        const { "transfer-encoding": _chunked, connection: _connection, ...others } = headers;
        response.writeHead(status, { ...others, "content-length": body.length });
        response.end(body);
    }
}

const keyOf = ({ method, url, headers: { host } }: IncomingMessage): string => `${method} ${host} ${url}`;

/** The same bytes but one. */
function changed(body: Buffer, where: number): Buffer {
    const copy = Buffer.from(body);
    const at = Math.min(copy.length - 1, Math.floor(where * copy.length));
    const bit = 1 << Math.floor((where * 1009) % 7);
    copy[at] = (copy[at] ?? 0) ^ bit;
    return copy;
}

function bucketOf({ url = "", headers: { host = "" } }: IncomingMessage): string {
    const [byHost] = /^.+(?=\.s3\.)/.exec(host) ?? [];
    return byHost ?? decodeURIComponent(url.split(/[/?]/)[1] ?? "");
}
