import type { Agent, ClientRequest, IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { OssLimits } from "./oss-limits";
import type { RequestAddress } from "./oss-target";
import { TransportFailure, type TransportReason, transportFailureOf } from "./transport-failure";

export interface HttpRequest {
    readonly method: string;
    /** `path` holds the query too. */
    readonly address: RequestAddress;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string | undefined;
}

export interface HttpAnswer {
    readonly status: number;
    readonly headers: IncomingHttpHeaders;
    readonly body: Buffer;
}

const idleMilliseconds = 15_000;

/**
 * Sends requests to one endpoint over kept-alive connections, each bounded in time and in the size of its answer. Redirects are answers
 * like any other: following one would send a signed request to any host that an answer names. Idle connections do not keep the
 * process alive.
 */
export class HttpExchange {
    readonly #limits: OssLimits;
    #agent: Agent | undefined;
    readonly #underWay = new Set<(failure: TransportFailure) => void>();
    #closed = false;

    constructor(limits: OssLimits) {
        this.#limits = limits;
    }

    /** @throws TransportFailure when no complete answer comes within the limits */
    send(request: HttpRequest): Promise<HttpAnswer> {
        return new Promise((resolve, reject) => {
            if (this.#closed) {
                reject(cancelled());
                return;
            }
            const { method, address, headers, body } = request;
            const outgoing = protocolModule(address.protocol).request({
                ...address,
                method,
                headers: body === undefined ? headers : { ...headers, "content-length": Buffer.byteLength(body) },
                agent: this.#agentFor(address.protocol),
            });
            const done = (settle: () => void): void => {
                this.#underWay.delete(fail);
                stopTimers();
                settle();
            };
            const fail = (failure: TransportFailure): void => {
                done(() => reject(failure));
                outgoing.destroy();
            };
            this.#underWay.add(fail);
            const stopTimers = this.#watchTime(outgoing, fail);
            outgoing.on("error", (error: NodeJS.ErrnoException) => fail(transportFailureOf(error)));
            outgoing.on("response", (incoming) => {
                this.#collect(incoming, fail, (whole) =>
                    done(() => resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: whole })),
                );
            });
            outgoing.end(body);
        });
    }

    /** Ends the idle connections, and the requests under way with them. */
    close(): void {
        this.#closed = true;
        for (const fail of [...this.#underWay]) fail(cancelled());
        this.#agent?.destroy();
    }

    /** Time runs from the moment a connection is there to be used: waiting for a free one is no fault of the service. */
    #watchTime(outgoing: ClientRequest, fail: (failure: TransportFailure) => void): () => void {
        const { connectMilliseconds, exchangeMilliseconds } = this.#limits;
        const timers: NodeJS.Timeout[] = [];
        const failAfter = (milliseconds: number, reason: TransportReason, what: string): NodeJS.Timeout => {
            const tooLate = () => fail(new TransportFailure(reason, `${what} within ${secondsText(milliseconds)}`));
            const timer = setTimeout(tooLate, milliseconds);
            timers.push(timer);
            return timer;
        };
        outgoing.once("socket", (socket) => {
            failAfter(exchangeMilliseconds, "time-out", "no complete answer came");
            if (!socket.connecting) return;
            const connecting = failAfter(connectMilliseconds, "no-connection", "no connection was made");
            const secure = outgoing.protocol === "https:";
            socket.once(secure ? "secureConnect" : "connect", () => clearTimeout(connecting));
        });
        return () => {
            for (const timer of timers) clearTimeout(timer);
        };
    }

    #collect(
        incoming: IncomingMessage,
        fail: (failure: TransportFailure) => void,
        whole: (body: Buffer) => void,
    ): void {
        const { answerBytes } = this.#limits;
        const chunks: Buffer[] = [];
        let size = 0;
        incoming.on("data", (chunk: Buffer) => {
            size += chunk.length;
            if (size > answerBytes) {
                fail(
                    new TransportFailure("too-large", `the answer is longer than ${answerBytes} bytes and was cut off`),
                );
            } else {
                chunks.push(chunk);
            }
        });
        incoming.on("end", () => whole(Buffer.concat(chunks)));
        incoming.on("error", (error: NodeJS.ErrnoException) => fail(transportFailureOf(error)));
    }

    #agentFor(protocol: string): Agent {
        this.#agent ??= new (protocolModule(protocol).Agent)({
            keepAlive: true,
            maxSockets: this.#limits.connections,
            timeout: idleMilliseconds,
            // Node's own switch for HTTPS_PROXY, which holds for its usual agents only; versions before 22.21 do not have it.
            ...(process.env.NODE_USE_ENV_PROXY === "1" && { proxyEnv: process.env }),
        });
        return this.#agent;
    }
}

/** Loaded when the first request is sent: a run that only checks and compares sends none. */
function protocolModule(protocol: string): typeof import("node:http") | typeof import("node:https") {
    return protocol === "https:" ? require("node:https") : require("node:http");
}

function cancelled(): TransportFailure {
    return new TransportFailure("cancelled", "the operation was cancelled");
}

function secondsText(milliseconds: number): string {
    return milliseconds < 1_000 ? `${milliseconds} ms` : `${milliseconds / 1_000} s`;
}
