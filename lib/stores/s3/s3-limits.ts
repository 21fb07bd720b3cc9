/** How long and how often S3 is asked. */
export interface S3Limits {
    /** Requests made for one operation at most, the first included. */
    readonly attempts: number;
    /** The operation is broken off after this time, in milliseconds. */
    readonly totalMilliseconds: number;
    readonly connectMilliseconds: number;
    /** For one request from its connection to its answer. */
    readonly exchangeMilliseconds: number;
    /** Connections that a store holds at most; further requests wait for a free one. */
    readonly connections: number;
    /** No request is begun once it is aborted; its reason is thrown, or the failure of the attempt before. */
    readonly cancelled?: AbortSignal | undefined;
}

export const defaultS3Limits: S3Limits = {
    attempts: 5,
    totalMilliseconds: 60_000,
    connectMilliseconds: 5_000,
    exchangeMilliseconds: 20_000,
    connections: 32,
};
