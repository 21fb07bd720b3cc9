import type { IncomingMessage } from "node:http";
import type { HeaderLine, RequestHead } from "../cloud/wire";

/** Node hands header bytes over as Latin-1; clients mean UTF-8. */
export function requestHead(request: IncomingMessage): RequestHead {
    const headers: HeaderLine[] = [];
    for (let index = 0; index + 1 < request.rawHeaders.length; index += 2) {
        const [name = "", value = ""] = request.rawHeaders.slice(index, index + 2);
        headers.push([name.toLowerCase(), Buffer.from(value, "latin1").toString("utf8")]);
    }
    return { method: request.method ?? "", target: request.url ?? "", headers };
}

export function rawHeaders(headers: readonly HeaderLine[]): string[] {
    return headers.flatMap(([name, value]) => [name, Buffer.from(value, "utf8").toString("latin1")]);
}
