import type { ServerResponse } from "node:http";
import { Readable } from "node:stream";
import type { PreparedCall, RequestBody, WireResponse } from "../cloud/wire";
import type { FaultEffect } from "../fault";
import { rawHeaders } from "./wire-messages";

const hugeBytes = 100_000_000;
const slowBytesPerSecond = 1000;
/** Chunks of a slow body in a second. */
const slowSteps = 20;

/** The answer to a request: its status for the journal, and how it is sent. */
export interface Outcome {
    readonly status: number | undefined;
    send(response: ServerResponse): void;
}

/** Does the work of a call and answers it, or applies a fault instead of the work or the answer. */
export function carryOut(call: PreparedCall, body: RequestBody, fault: FaultEffect | undefined): Outcome {
    switch (fault?.kind) {
        case undefined:
        case "latency":
            return answer(call, call.run(body));
        case "throttle":
            return answer(call, call.throttled(fault.status ?? 503));
        case "status":
            return answer(call, call.fail({ message: `The fault ${fault.code} was asked for.`, ...fault }));
        case "reset-before":
            return { status: undefined, send: reset };
        case "reset-after":
            call.run(body);
            return { status: undefined, send: reset };
        case "truncate":
            return truncated(call, call.run(body));
        case "slow":
            return sentSlowly(call, call.run(body), fault.bytesPerSecond ?? slowBytesPerSecond);
        case "wrong-xml":
            return answer(call, withWrongXml(call.run(body), fault.shape ?? "not-well-formed"));
        case "raw":
            return raw(call, fault);
        case "hang":
            return { status: undefined, send: () => {} };
        case "huge":
            return { status: 200, send: (response) => sendHuge(response, fault.bytes ?? hugeBytes) };
    }
}

function answer(call: PreparedCall, response: WireResponse): Outcome {
    return { status: response.status, send: (to) => sendResponse(to, call.method, response) };
}

export function sendResponse(to: ServerResponse, method: string, { status, headers, body }: WireResponse): void {
    to.writeHead(status, rawHeaders(headers));
    to.end(method === "HEAD" || body.byteLength === 0 ? undefined : body);
}

function reset(response: ServerResponse): void {
    // The client sees ECONNRESET, as when a process dies.
    response.socket?.resetAndDestroy();
}

function truncated(call: PreparedCall, { status, headers, body }: WireResponse): Outcome {
    if (call.method === "HEAD" || body.byteLength === 0) {
        return { status: undefined, send: reset };
    }
    return {
        status,
        send: (response) => {
            response.writeHead(status, rawHeaders(headers));
            response.write(body.subarray(0, Math.floor(body.byteLength / 2)), () => response.socket?.destroy());
        },
    };
}

function sentSlowly(call: PreparedCall, { status, headers, body }: WireResponse, bytesPerSecond: number): Outcome {
    const step = Math.max(1, Math.floor(bytesPerSecond / slowSteps));
    const pause = (1000 * step) / bytesPerSecond;
    return {
        status,
        send: (response) => {
            response.writeHead(status, rawHeaders(headers));
            response.flushHeaders();
            let sent = call.method === "HEAD" ? body.byteLength : 0;
            const timer = setInterval(() => {
                if (sent >= body.byteLength) {
                    clearInterval(timer);
                    response.end();
                    return;
                }
                response.write(body.subarray(sent, sent + step));
                sent += step;
            }, pause);
            response.on("close", () => clearInterval(timer));
        },
    };
}

function withWrongXml(response: WireResponse, shape: "not-well-formed" | "other-root" | "empty-root"): WireResponse {
    const text = Buffer.from(response.body).toString("utf8");
    const root = /<([A-Za-z]\w*)/.exec(text)?.[1] ?? "Document";
    const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';
    const wrong = {
        "not-well-formed": `${text === "" ? `${declaration}<${root}>` : text.replace(/<\/\w+>\s*$/, "")}`,
        "other-root": `${declaration}<Unexpected></Unexpected>\n`,
        "empty-root": `${declaration}<${root}></${root}>\n`,
    }[shape];
    const body = Buffer.from(wrong, "utf8");
    const headers = response.headers.filter(([name]) => !/^content-(length|type)$/i.test(name));
    return {
        // A response with 204 has no body.
        status: response.status === 204 ? 200 : response.status,
        headers: [...headers, ["Content-Type", "application/xml"], ["Content-Length", String(body.byteLength)]],
        body,
    };
}

function raw(call: PreparedCall, fault: Extract<FaultEffect, { kind: "raw" }>): Outcome {
    const body = Buffer.from(fault.body, "utf8");
    const headers: [string, string][] = [
        ["Content-Type", fault.contentType ?? "application/xml"],
        ["Content-Length", String(body.byteLength)],
    ];
    return answer(call, { status: fault.status ?? 200, headers, body });
}

function sendHuge(response: ServerResponse, bytes: number): void {
    response.writeHead(200, ["Content-Type", "application/xml"]);
    const chunk = Buffer.alloc(64 * 1024, " ");
    const chunks = function* () {
        yield Buffer.from('<?xml version="1.0" encoding="UTF-8"?>\n');
        for (let left = bytes; left > 0; left -= chunk.length) {
            yield chunk.subarray(0, Math.min(left, chunk.length));
        }
    };
    const source = Readable.from(chunks());
    response.on("close", () => source.destroy());
    source.pipe(response);
}
