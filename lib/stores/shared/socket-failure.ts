/** Why no answer came, of what Node's sockets, resolver, TLS and HTTP parser report. */
export type SocketReason =
    | "name-not-found"
    | "name-lookup-failed"
    | "refused"
    | "no-route"
    | "time-out"
    | "reset"
    | "tls"
    | "not-http";

/** @param code the error's `code`; the texts of these errors vary */
export function socketReason(code: string): SocketReason | undefined {
    return shapes.find(([shape]) => shape.test(code))?.[1];
}

const shapes: readonly (readonly [code: RegExp, reason: SocketReason])[] = [
    [/^ENOTFOUND$/, "name-not-found"],
    [/^EAI_/, "name-lookup-failed"],
    [/^ECONNREFUSED$/, "refused"],
    [/^(EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL)$/, "no-route"],
    [/^ETIMEDOUT$/, "time-out"],
    [/^(ECONNRESET|ECONNABORTED|EPIPE)$/, "reset"],
    [/^ERR_(TLS|SSL)|CERT|^UNABLE_TO_|^CRL_|^EPROTO$/, "tls"],
    [/^HPE_/, "not-http"],
];

/** Without a full stop. */
export const socketSentences: Readonly<Record<SocketReason, string>> = {
    "name-not-found": "the host's name is not known",
    "name-lookup-failed": "the host's name cannot be looked up",
    refused: "the connection was refused",
    "no-route": "there is no route to the host",
    "time-out": "the connection timed out",
    reset: "the connection broke before the answer was complete",
    tls: "no secure connection could be made",
    "not-http": "the answering server does not speak HTTP",
};

/** Reasons for which the request cannot have reached the service. */
export const reasonsBeforeSending: ReadonlySet<string> = new Set<SocketReason>([
    "name-not-found",
    "name-lookup-failed",
    "refused",
    "no-route",
    "tls",
]);
