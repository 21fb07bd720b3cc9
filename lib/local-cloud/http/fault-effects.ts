import type { ServerResponse } from "node:http";
import { Readable } from "node:stream";
import type { PreparedCall, RequestBody, WireResponse } from "../cloud/wire";
import type { FaultEffect } from "../faults";
import { rawHeaders } from "./wire-messages";

const HUGE_BYTES = 100_000_000;

/** What goes out for a request: its status as the journal shows it, and how it is sent. */
export interface Outcome {
    readonly status: number | undefined;
    send(response: ServerResponse): void;
}

/** Does a call's work and answers it, or plays a fault in place of the work or of the answer. */
export function carryOut(call: PreparedCall, body: RequestBody, fault: FaultEffect | undefined): Outcome {
    switch (fault?.kind) {
        case undefined:
            return answer(call, call.run(body));
        case "status":
            return answer(call, call.fail({ message: `The fault ${fault.code} was asked for.`, ...fault }));
        case "reset-before":
            return { status: undefined, send: reset };
        case "reset-after":
            call.run(body);
            return { status: undefined, send: reset };
        case "truncate":
            return truncated(call, call.run(body));
        case "raw":
            return raw(call, fault);
        case "hang":
            return { status: undefined, send: () => {} };
        case "huge":
            return { status: 200, send: (response) => sendHuge(response, fault.bytes ?? HUGE_BYTES) };
    }
}

function answer(call: PreparedCall, { status, headers, body }: WireResponse): Outcome {
    return {
        status,
        send: (response) => {
            response.writeHead(status, rawHeaders(headers));
            response.end(call.method === "HEAD" || body.byteLength === 0 ? undefined : body);
        },
    };
}

function reset(response: ServerResponse): void {
    // As the kernel does when a process dies: the client sees ECONNRESET, not an orderly end.
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
