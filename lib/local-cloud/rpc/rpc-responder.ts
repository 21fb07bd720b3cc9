import { firstHeader, type RequestHead, type WireResponse } from "../cloud/wire";
import { utf8, writeXml, type XmlContent, type XmlNode } from "../xml/xml-writer";
import { RpcError } from "./rpc-errors";
import type { RpcResult } from "./rpc-operation";

export type RpcFormat = "JSON" | "XML";

/** Turns results and errors of one request into responses. */
export class RpcResponder {
    /** documented: a UUID in capital letters. */
    readonly #requestId: string;

    readonly #head: RequestHead;

    /** @param id at least 32 hexadecimal digits */
    constructor(head: RequestHead, id: string) {
        this.#head = head;

        this.#requestId = id.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
    }

    /** documented: in XML the root is named for the action. */
    result(operation: string, result: RpcResult, format: RpcFormat, now: number): WireResponse {
        return this.#respond(200, `${operation}Response`, { RequestId: this.#requestId, ...result }, format, now);
    }

    /** documented: the members of an error. verified: @alicloud/credentials needs Message to be a text. */
    error(
        { status, code, message }: { status: number; code: string; message: string },
        format: RpcFormat,
        now: number,
    ): WireResponse {
        const document = {
            RequestId: this.#requestId,
            HostId: (firstHeader(this.#head.headers, "host") ?? "").slice(0, 255),
            Code: code,
            Message: message,
        };
        return this.#respond(status, "Error", document, format, now);
    }

    /** Any other error than an RpcError is a defect of this server and is answered as InternalError. */
    thrown(error: unknown, format: RpcFormat, now: number): WireResponse {
        const known = error instanceof RpcError ? error : new RpcError("internalError", String(error));
        return this.error({ ...known.entry, message: known.message }, format, now);
    }

    #respond(status: number, root: string, document: RpcResult, format: RpcFormat, now: number): WireResponse {
        const body = utf8(format === "XML" ? writeXml(root, xmlContent(document)) : JSON.stringify(document));
        return {
            status,
            headers: [
                ["Date", new Date(now).toUTCString()],
                ["Content-Type", format === "XML" ? "text/xml;charset=utf-8" : "application/json;charset=utf-8"],
                ["x-acs-request-id", this.#requestId],
                ["Content-Length", String(body.byteLength)],
            ],
            body,
        };
    }
}

/** Each item of a list becomes an element with the list's name. */
function xmlContent(value: unknown): XmlContent {
    if (typeof value !== "object" || value === null) {
        return String(value);
    }
    return Object.entries(value).flatMap(([name, member]): XmlNode[] =>
        (Array.isArray(member) ? member : [member]).map((item): XmlNode => [name, xmlContent(item)]),
    );
}
