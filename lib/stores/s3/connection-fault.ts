import type { ErrorKind } from "../../errors";
import type { S3Limits } from "./s3-limits";

/** Why no answer came, of what Node's sockets, resolver and TLS report and the SDK passes on. */
export interface ConnectionFault {
    readonly kind: ErrorKind;
    readonly reason: string;
    /** Whether the request can't have reached anybody. */
    readonly isBeforeSending: boolean;
}

const beforeSending: readonly (readonly [code: RegExp, reason: string])[] = [
    [/^ENOTFOUND$/, "the host's name is not known"],
    [/^EAI_/, "the host's name can't be looked up"],
    [/^ECONNREFUSED$/, "the connection was refused"],
    [/^(EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL)$/, "there is no route to the host"],
    [/^ERR_(TLS|SSL)|CERT|^UNABLE_TO_|^CRL_|^EPROTO$/, "no secure connection could be made"],
];

export function connectionFault(error: unknown, limits?: Pick<S3Limits, "totalMilliseconds">): ConnectionFault {
    const { name, code, message, cause } = error as {
        name?: unknown;
        code?: unknown;
        message?: unknown;
        cause?: unknown;
    };
    const text = typeof code === "string" ? code : "";
    const suffix = text === "" ? "" : ` (${text})`;
    const unsent = beforeSending.find(([shape]) => shape.test(text));
    if (unsent !== undefined) return { kind: "unreachable", reason: `${unsent[1]}${suffix}`, isBeforeSending: true };
    if (name === "AbortError") {
        const within = limits === undefined ? "" : ` within ${limits.totalMilliseconds / 1_000} s`;
        return { kind: "unreachable", reason: `no answer came${within}`, isBeforeSending: false };
    }
    if (name === "TimeoutError" || text === "ETIMEDOUT") {
        // The SDK gives both its time limits this name, and only one of them a sentence about the connection.
        const isBeforeSending = typeof message === "string" && /did not establish a connection/.test(message);
        const reason = isBeforeSending ? "no connection was made in time" : "no answer came in time";
        return { kind: "unreachable", reason: `${reason}${suffix}`, isBeforeSending };
    }
    if (text === "ECONNRESET" || text === "EPIPE" || text === "ECONNABORTED") {
        const reason = `the connection broke before the answer was complete${suffix}`;
        return { kind: "unreachable", reason, isBeforeSending: false };
    }
    if (text.startsWith("HPE_")) {
        return { kind: "invalid-answer", reason: `what answered doesn't speak HTTP${suffix}`, isBeforeSending: false };
    }
    if (cause !== undefined && cause !== null) return connectionFault(cause, limits);
    const said = typeof message === "string" && message !== "" ? `: ${message.replace(/\.$/, "")}` : "";
    return { kind: "unreachable", reason: `the request failed${suffix}${said}`, isBeforeSending: false };
}
