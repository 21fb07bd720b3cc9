import { firstHeader, type HeaderLine, type RequestHead } from "../cloud/wire";
import { OssError } from "./errors";

/** A request head with its parts decoded and checked. */
export interface OssRequest {
    readonly method: string;
    readonly headers: readonly HeaderLine[];
    /** The path after its first slash, still percent-encoded. */
    readonly encodedPath: string;
    /** Decoded names and values in order; a parameter without `=` has the value "". */
    readonly query: ReadonlyMap<string, string>;
    /** A header's value by lower-case name. */
    header(name: string): string | undefined;
}

/**
 * verified with every official SDK: `?encryption` and `?encryption=` mean the same.
 * assumed: a header that is signed, or a query parameter, given twice is an InvalidArgument, since two readers could
 * use different values.
 */
export function readOssRequest(head: RequestHead): OssRequest {
    const mark = head.target.indexOf("?");
    const path = mark < 0 ? head.target : head.target.slice(0, mark);
    if (!path.startsWith("/") || !/^[!-~]*$/.test(head.target)) {
        throw new OssError("invalidArgument", [], "The request target must be an absolute path, percent-encoded.");
    }
    refuseRepeatedHeaders(head.headers);
    return {
        method: head.method,
        headers: head.headers,
        encodedPath: path.slice(1),
        query: readQuery(mark < 0 ? "" : head.target.slice(mark + 1)),
        header: (name) => firstHeader(head.headers, name),
    };
}

function readQuery(text: string): Map<string, string> {
    const query = new Map<string, string>();
    for (const pair of text.split("&")) {
        if (pair === "") {
            continue;
        }
        const equals = pair.indexOf("=");
        const name = decode(equals < 0 ? pair : pair.slice(0, equals));
        const value = equals < 0 ? "" : decode(pair.slice(equals + 1));
        if (name === undefined || value === undefined) {
            throw new OssError("invalidArgument", [], "The query is not valid percent-encoded UTF-8.");
        }
        if (query.has(name)) {
            throw new OssError("invalidArgument", [], `The query parameter ${name.slice(0, 100)} is given twice.`);
        }
        query.set(name, value);
    }
    return query;
}

function decode(text: string): string | undefined {
    return decodePercent(text.replaceAll("+", " "));
}

/** Decodes percent-encoded UTF-8; undefined for an invalid text. */
export function decodePercent(text: string): string | undefined {
    try {
        return decodeURIComponent(text);
    } catch {
        return undefined;
    }
}

function refuseRepeatedHeaders(headers: readonly HeaderLine[]): void {
    const seen = new Set<string>();
    for (const [name] of headers) {
        if (seen.has(name) && (singleHeaders.has(name) || name.startsWith("x-oss-"))) {
            throw new OssError("invalidArgument", [], `The header ${name.slice(0, 100)} is given twice.`);
        }
        seen.add(name);
    }
}

const singleHeaders = new Set(["host", "authorization", "date", "content-type", "content-md5", "content-length"]);
