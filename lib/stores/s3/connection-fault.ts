import type { Diagnosis } from "../shared/diagnosis";
import type { RequestLimits } from "../shared/request-limits";
import { reasonsBeforeSending, socketReason, socketSentences } from "../shared/socket-failure";

/** Why no answer came, of what Node's sockets, resolver and TLS report and the SDK passes on. */
export interface ConnectionFault extends Diagnosis {
    /** Whether the request cannot have reached a server. */
    readonly isBeforeSending: boolean;
}

export function connectionFault(error: unknown, limits?: Pick<RequestLimits, "totalMilliseconds">): ConnectionFault {
    const { name, code, message, cause } = error as {
        name?: unknown;
        code?: unknown;
        message?: unknown;
        cause?: unknown;
    };
    const text = typeof code === "string" ? code : "";
    const suffix = text === "" ? "" : ` (${text})`;
    const known = socketReason(text);
    if (known !== undefined && reasonsBeforeSending.has(known)) {
        return { kind: "unreachable", reason: `${socketSentences[known]}${suffix}`, isBeforeSending: true };
    }
    if (name === "AbortError") {
        const within = limits === undefined ? "" : ` within ${limits.totalMilliseconds / 1_000} s`;
        return { kind: "unreachable", reason: `no answer came${within}`, isBeforeSending: false };
    }
    if ((name === "TimeoutError" && known === undefined) || known === "time-out") {
        // The SDK gives both its time limits and broken connections this name, and only one of the limits a sentence about the connection.
        const isBeforeSending = typeof message === "string" && /did not establish a connection/.test(message);
        const reason = isBeforeSending ? "no connection was made in time" : "no answer came in time";
        return { kind: "unreachable", reason: `${reason}${suffix}`, isBeforeSending };
    }
    if (known !== undefined) {
        const kind = known === "not-http" ? "invalid-answer" : "unreachable";
        return { kind, reason: `${socketSentences[known]}${suffix}`, isBeforeSending: false };
    }
    if (cause !== undefined && cause !== null) return connectionFault(cause, limits);
    const said = typeof message === "string" && message !== "" ? `: ${message.replace(/\.$/, "")}` : "";
    return { kind: "unreachable", reason: `the request failed${suffix}${said}`, isBeforeSending: false };
}
