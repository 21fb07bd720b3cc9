import type { IncomingMessage } from "node:http";
import type { HeaderLine, RequestHead } from "../cloud/wire";

/**
 * Node decodes header bytes as Latin-1; clients mean UTF-8. A target in absolute form, as a client sends it to a proxy,
 * is split into the Host that it names and the path (RFC 9112, 3.2.2: the target takes precedence over the Host header).
 */
export function requestHead(request: IncomingMessage): RequestHead {
    const headers: HeaderLine[] = [];
    for (let index = 0; index + 1 < request.rawHeaders.length; index += 2) {
        const [name = "", value = ""] = request.rawHeaders.slice(index, index + 2);
        headers.push([name.toLowerCase(), Buffer.from(value, "latin1").toString("utf8")]);
    }
    const method = request.method ?? "";
    const target = request.url ?? "";
    const absolute = /^http:\/\/([^/?#@]+)([^#]*)$/i.exec(target);
    if (absolute === null) {
        return { method, target, headers };
    }
    const [, host = "", rest = ""] = absolute;
    return {
        method,
        target: rest.startsWith("/") ? rest : `/${rest}`,
        headers: [["host", host.replace(/:80$/, "")], ...headers.filter(([name]) => name !== "host")],
    };
}

export function rawHeaders(headers: readonly HeaderLine[]): string[] {
    return headers.flatMap(([name, value]) => [name, Buffer.from(value, "utf8").toString("latin1")]);
}
