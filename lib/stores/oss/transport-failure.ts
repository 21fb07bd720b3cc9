import { reasonsBeforeSending, type SocketReason, socketReason, socketSentences } from "../shared/socket-failure";

/** Why no complete answer came. */
export type TransportReason = SocketReason | "no-connection" | "too-large" | "cancelled" | "other";

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

/** Whether the request cannot have reached a server. */
export function isBeforeSending(reason: TransportReason): boolean {
    return reason === "no-connection" || reasonsBeforeSending.has(reason);
}

/** Reads what Node's sockets, resolver, TLS and HTTP parser report. They name it by `code`; their texts vary. */
export function transportFailureOf(error: NodeJS.ErrnoException): TransportFailure {
    const code = error.code ?? "";
    const reason = socketReason(code) ?? "other";
    return new TransportFailure(reason, code === "" ? sentences[reason] : `${sentences[reason]} (${code})`);
}

const sentences: Readonly<Record<TransportReason, string>> = {
    ...socketSentences,
    "no-connection": "no connection was made in time",
    "too-large": "the answer is too large",
    cancelled: "the operation was cancelled",
    other: "the connection failed",
};
