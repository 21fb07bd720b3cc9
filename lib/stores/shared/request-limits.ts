/** Limits on the time and number of requests. */
export interface RequestLimits {
    /** Requests made for one operation at most, the first included. */
    readonly attempts: number;
    /** How long one operation may take with its retries, in milliseconds. */
    readonly totalMilliseconds: number;
    /** For name lookup, TCP and TLS together. */
    readonly connectMilliseconds: number;
    /** For one request from its connection to the end of its answer. */
    readonly exchangeMilliseconds: number;
    /** Connections that a store holds at most; further requests wait for a free one. */
    readonly connections: number;
    /** No request is begun once it is aborted; its reason is thrown, or the failure of the attempt before. */
    readonly cancelled?: AbortSignal | undefined;
}

export const defaultRequestLimits: RequestLimits = {
    attempts: 5,
    totalMilliseconds: 60_000,
    connectMilliseconds: 5_000,
    exchangeMilliseconds: 20_000,
    connections: 32,
};
