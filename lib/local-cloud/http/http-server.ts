import { createServer, type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { PreparedCall, RequestBody } from "../cloud/wire";
import type { CloudCore } from "../cloud-core";
import { LocalCloudConfigurationError } from "../configuration/configuration-error";
import type { FaultEffect } from "../fault";
import type { Faults } from "../faults";
import type { JournalEntry } from "../journal";
import { type ControlApi, controlBodyLimit, isControlRequest } from "./control-api";
import { carryOut, type Outcome, sendResponse } from "./fault-effects";
import { readRequestBody } from "./request-body";
import { rawHeaders, requestHead } from "./wire-messages";

export interface HttpServerOptions {
    readonly port: number;
    /** Milliseconds that every answer waits. */
    readonly latencyMs: number;
    readonly faults: Faults;
    readonly control: ControlApi;
    /** Resolves once all changes so far are on the disk; undefined when they are already. */
    settled(): Promise<void> | undefined;
    /** Called for each request before its answer is sent. */
    onRequest(entry: JournalEntry): void;
}

/** The loopback interface only: the accounts of a test and their keys are no secrets. */
const loopbackAddress = "127.0.0.1";

/** Longer than clients keep idle connections, so that they never write to a connection that is being closed. */
const keepAliveMs = 75_000;

/** Serves the core on a socket of the loopback interface. */
export class HttpServer {
    readonly #server: Server;
    readonly #waiting = new Set<NodeJS.Timeout>();
    #url = "";

    readonly #core: CloudCore;
    readonly #options: HttpServerOptions;

    private constructor(core: CloudCore, options: HttpServerOptions) {
        this.#core = core;
        this.#options = options;

        const serve = (request: IncomingMessage, response: ServerResponse) => void this.#serve(request, response);
        // The core answers with an error document to requests that Node alone would refuse without one.
        this.#server = createServer(
            {
                requireHostHeader: false,
                keepAliveTimeout: keepAliveMs,
                // verified: ali-oss sends streams with both a length and chunks (live test, test/node/object.test.js).
                insecureHTTPParser: true,
            },
            serve,
        );
        this.#server.on("checkExpectation", serve);
        this.#server.on("connect", (_request, socket) => this.#refuseTunnel(socket as Socket));
        this.#server.on("clientError", (_error, socket) => this.#refuse(socket as Socket));
    }

    /** @throws LocalCloudConfigurationError when the port is not available */
    static async listen(core: CloudCore, options: HttpServerOptions): Promise<HttpServer> {
        const { port } = options;
        if (!Number.isInteger(port) || port < 0 || port > 65_535) {
            throw portFault(`must be an integer from 0 to 65535, is ${port}`);
        }
        const http = new HttpServer(core, options);
        await new Promise<void>((resolve, reject) => {
            http.#server.once("error", (error: NodeJS.ErrnoException) =>
                reject(
                    portFault(
                        error.code === "EADDRINUSE" ? `${port} is in use` : `${port} is not available (${error.code})`,
                    ),
                ),
            );
            http.#server.listen(port, loopbackAddress, resolve);
        });
        http.#url = `http://${loopbackAddress}:${(http.#server.address() as AddressInfo).port}`;
        return http;
    }

    get url(): string {
        return this.#url;
    }

    /** Ends every connection at once, idle, waiting or hanging. */
    async close(): Promise<void> {
        const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
        for (const timer of this.#waiting) {
            clearTimeout(timer);
        }
        this.#server.closeAllConnections();
        await closed;
    }

    async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
        response.on("error", () => {});
        if (!isStrictHttp(request)) {
            this.#refuse(request.socket);
            return;
        }
        const head = requestHead(request);
        if (isControlRequest(head)) {
            const body = await readRequestBody(request, controlBodyLimit);
            if (body !== undefined) {
                sendResponse(response, head.method, this.#options.control.handle(head, body));
            }
            return;
        }
        const prepared = this.#core.prepare(head);
        const body = await this.#readBody(request, response, prepared.bodyLimit);
        if (body === undefined) {
            return;
        }
        const call = prepared.withBody?.(body) ?? prepared;
        const fault = this.#options.faults.take(call);
        const outcome = await this.#outcome(call, body, fault);
        const answer = () => {
            const { method, bucket, operation, account } = call;
            this.#options.onRequest({
                method,
                bucket,
                operation,
                account,
                status: outcome.status,
                fault: fault?.kind,
            });
            outcome.send(response);
        };
        const wait = this.#options.latencyMs + (fault?.kind === "latency" ? fault.milliseconds : 0);
        if (wait > 0) {
            this.#after(wait, answer);
        } else {
            answer();
        }
    }

    /**
     * A GET or HEAD is answered without waiting for a body. verified: oss2 sends a signed Content-Length without a body
     * (live test, tests/test_sign.py). Then nothing that follows on the connection can be read as a request.
     */
    async #readBody(
        request: IncomingMessage,
        response: ServerResponse,
        limit: number,
    ): Promise<RequestBody | undefined> {
        if (request.method !== "GET" && request.method !== "HEAD") {
            return readRequestBody(request, limit);
        }
        const { "content-length": length, "transfer-encoding": encoding } = request.headers;
        if (Number(length ?? 0) > 0 || encoding !== undefined) {
            response.shouldKeepAlive = false;
            response.on("finish", () => request.socket.destroySoon());
        }
        return new Uint8Array();
    }

    /**
     * Waits for the disk before it answers, also for a read: an answer must not show a change that a crash could undo.
     */
    async #outcome(call: PreparedCall, body: RequestBody, fault: FaultEffect | undefined): Promise<Outcome> {
        const outcome = carryOut(call, body, fault);
        const settled = this.#options.settled();
        if (settled === undefined) {
            return outcome;
        }
        try {
            await settled;
            return outcome;
        } catch (error) {
            const message = `The change cannot be kept: ${(error as Error).message}`;
            const response = call.fail({ status: 500, code: "InternalError", message });
            return { status: 500, send: (to) => sendResponse(to, call.method, response) };
        }
    }

    #after(milliseconds: number, work: () => void): void {
        const timer = setTimeout(() => {
            this.#waiting.delete(timer);
            work();
        }, milliseconds);
        this.#waiting.add(timer);
    }

    /** Answers a client that uses this server as its proxy for an https address. */
    #refuseTunnel(socket: Socket): void {
        this.#answerRaw(socket, {
            status: 405,
            code: "MethodNotAllowed",
            message:
                "The local cloud serves plain HTTP and relays to no other host: use http endpoints, such as http://oss-cn-hangzhou.aliyuncs.com.",
        });
    }

    /** Answers bytes that are not HTTP with an error document. */
    #refuse(socket: Socket): void {
        if (!socket.writable) {
            socket.destroy();
            return;
        }
        this.#answerRaw(socket, { status: 400, code: "InvalidArgument", message: "The request is not valid HTTP." });
    }

    #answerRaw(socket: Socket, error: { status: number; code: string; message: string }): void {
        const call = this.#core.prepare({ method: "", target: "", headers: [["host", loopbackAddress]] });
        const { status, headers, body } = call.fail(error);
        const lines = rawHeaders(headers);
        const text = lines.map((item, index) => (index % 2 === 0 ? `${item}: ` : `${item}\r\n`)).join("");
        socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${text}Connection: close\r\n\r\n`);
        socket.end(body);
    }
}

/** Refuses what the lenient parser accepts, except a length together with chunks. */
function isStrictHttp({ httpVersion, rawHeaders }: IncomingMessage): boolean {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the expression matches them on purpose.
    return /^1\.[01]$/.test(httpVersion) && !rawHeaders.some((text) => /[\u0000-\u0008\u000a-\u001f\u007f]/.test(text));
}

function portFault(message: string): LocalCloudConfigurationError {
    return new LocalCloudConfigurationError("The local cloud's port", [{ path: "port", message }]);
}
