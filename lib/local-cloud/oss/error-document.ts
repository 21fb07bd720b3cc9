import type { HeaderLine, WireResponse } from "../cloud/wire";
import { utf8, writeXml, type XmlNode } from "../xml/xml-writer";
import type { ErrorDetails } from "./errors";

export interface ErrorToReport {
    readonly status: number;
    readonly code: string;
    readonly message: string;
    readonly ec?: string | undefined;
    readonly details?: ErrorDetails;
    /** Headers beside the common ones. */
    readonly headers?: readonly HeaderLine[];
}

export interface ErrorContext {
    /** A HEAD response has no body, so a header has the document. */
    readonly method: string;
    readonly requestId: string;
    /** The Host that the request named. */
    readonly hostId: string;
    readonly commonHeaders: readonly HeaderLine[];
}

/** oss2 reads 4,096 bytes of an error and no more; in a header the document grows by a third. */
const maxDocumentBytes = 3000;
const maxText = 700;

/**
 * documented: doc 32005. Root Error with Code, Message, RequestId, HostId, further elements, EC and RecommendDoc; header
 * x-oss-ec. verified with oss2 and alibabacloud-oss-v2: a bodyless error is read from x-oss-err, the document in base64.
 */
export function errorResponse(error: ErrorToReport, context: ErrorContext): WireResponse {
    const document = errorDocument(error, context);
    const headers: HeaderLine[] = [...context.commonHeaders, ...(error.headers ?? [])];
    if (error.ec !== undefined) {
        headers.push(["x-oss-ec", error.ec]);
    }
    if (context.method === "HEAD") {
        headers.push(["x-oss-err", Buffer.from(document).toString("base64")], ["Content-Length", "0"]);
        return { status: error.status, headers, body: new Uint8Array() };
    }
    headers.push(["Content-Type", "application/xml"], ["Content-Length", String(document.byteLength)]);
    return { status: error.status, headers, body: document };
}

function errorDocument(error: ErrorToReport, context: ErrorContext): Uint8Array {
    const details = detailElements(error.details ?? []);
    for (;;) {
        const document = utf8(
            writeXml("Error", [
                ["Code", error.code],
                ["Message", printable(error.message)],
                ["RequestId", context.requestId],
                ["HostId", printable(context.hostId)],
                ...details,
                error.ec === undefined ? undefined : ["EC", error.ec],
                error.ec === undefined
                    ? undefined
                    : ["RecommendDoc", `https://api.aliyun.com/troubleshoot?q=${error.ec}`],
            ]),
        );
        // Escaping can lengthen a text, so the whole length decides. The last details matter least.
        if (document.byteLength <= maxDocumentBytes || details.pop() === undefined) {
            return document;
        }
    }
}

function detailElements(details: ErrorDetails): XmlNode[] {
    return details.map(([name, content]): XmlNode => {
        return [name, typeof content === "string" ? printable(content) : detailElements(content)];
    });
}

/** Text of the request, made safe for a small document: XML 1.0 has no control characters. */
function printable(text: string): string {
    const cut = text.length > maxText ? `${text.slice(0, maxText)}...` : text;
    return cut.replace(/[^\t\n\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd");
}
