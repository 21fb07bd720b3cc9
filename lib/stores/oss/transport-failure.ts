/** Why no complete answer came. */
export type TransportReason =
    | "name-not-found"
    | "name-lookup-failed"
    | "refused"
    | "no-route"
    | "no-connection"
    | "time-out"
    | "reset"
    | "tls"
    | "not-http"
    | "too-large"
    | "cancelled"
    | "other";

/** A request that got no complete answer. Internal to the adapter: users get an `OssServiceError`. */
export class TransportFailure extends Error {
    override readonly name = "TransportFailure";

    /** @param message what happened, for people, without a full stop; never holds a header's value */
    constructor(
        readonly reason: TransportReason,
        message: string,
    ) {
        super(message);
    }
}

/** Whether the request can't have reached anybody. */
export function isBeforeSending(reason: TransportReason): boolean {
    return ["name-not-found", "name-lookup-failed", "refused", "no-route", "no-connection", "tls"].includes(reason);
}

/** Reads what Node's sockets, resolver, TLS and HTTP parser report. They name it by `code`; their texts vary. */
export function transportFailureOf(error: NodeJS.ErrnoException): TransportFailure {
    const code = error.code ?? "";
    const reason = reasonOf(code);
    return new TransportFailure(reason, code === "" ? sentences[reason] : `${sentences[reason]} (${code})`);
}

function reasonOf(code: string): TransportReason {
    const known = reasonByCode[code];
    if (known !== undefined) return known;
    if (code.startsWith("HPE_")) return "not-http";
    if (/^ERR_(TLS|SSL)|CERT|UNABLE_TO_|^CRL_|^EPROTO$/.test(code)) return "tls";
    return "other";
}

const reasonByCode: Readonly<Record<string, TransportReason>> = {
    ENOTFOUND: "name-not-found",
    EAI_AGAIN: "name-lookup-failed",
    EAI_FAIL: "name-lookup-failed",
    ECONNREFUSED: "refused",
    EHOSTUNREACH: "no-route",
    ENETUNREACH: "no-route",
    EADDRNOTAVAIL: "no-route",
    ETIMEDOUT: "time-out",
    ECONNRESET: "reset",
    ECONNABORTED: "reset",
    EPIPE: "reset",
};

const sentences: Readonly<Record<TransportReason, string>> = {
    "name-not-found": "the host's name is not known",
    "name-lookup-failed": "the host's name can't be looked up",
    refused: "the connection was refused",
    "no-route": "there is no route to the host",
    "no-connection": "no connection was made in time",
    "time-out": "the connection timed out",
    reset: "the connection broke before the answer was complete",
    tls: "no secure connection could be made",
    "not-http": "what answered doesn't speak HTTP",
    "too-large": "the answer is too large",
    cancelled: "the operation was cancelled",
    other: "the connection failed",
};
