import { firstHeader, type HeaderLine, type RequestHead, type WireResponse } from "../cloud/wire";
import { utf8 } from "../xml/xml-writer";
import { type ErrorToReport, errorResponse } from "./error-document";
import { OssError } from "./errors";
import type { OperationResult } from "./operation";

/** Turns results and errors of one request into responses. documented: the common headers, doc 32005. */
export class Responder {
    readonly #hostId: string;

    readonly #head: RequestHead;
    readonly #requestId: string;
    readonly #started: number;

    constructor(head: RequestHead, requestId: string, started: number) {
        this.#head = head;
        this.#requestId = requestId;
        this.#started = started;

        this.#hostId = (firstHeader(head.headers, "host") ?? "").slice(0, 255);
    }

    result({ status, headers = [], xml, bytes, contentLength }: OperationResult, now: number): WireResponse {
        const body = xml === undefined ? (bytes ?? new Uint8Array()) : utf8(xml);
        const lines: HeaderLine[] = [...this.#common(now), ...headers];
        if (xml !== undefined) {
            lines.push(["Content-Type", "application/xml"]);
        }
        if (status !== 204) {
            lines.push(["Content-Length", String(contentLength ?? body.byteLength)]);
        }
        return { status, headers: lines, body };
    }

    error(error: ErrorToReport, now: number): WireResponse {
        return errorResponse(error, {
            method: this.#head.method,
            requestId: this.#requestId,
            hostId: this.#hostId,
            commonHeaders: this.#common(now),
        });
    }

    /** Any other error than an OssError is a defect of this server and is answered as InternalError. */
    thrown(error: unknown, now: number): WireResponse {
        if (!(error instanceof OssError)) {
            return this.error(
                { ...new OssError("internalError").entry, details: [["ErrorDetail", String(error)]] },
                now,
            );
        }
        const { entry, message, details, headers } = error;
        return this.error({ ...entry, message, details, headers }, now);
    }

    #common(now: number): HeaderLine[] {
        return [
            ["Server", "AliyunOSS"],
            ["Date", new Date(now).toUTCString()],
            ["x-oss-request-id", this.#requestId],
            ["x-oss-server-time", String(Math.max(0, Math.round(now - this.#started)))],
        ];
    }
}
