/** How long and how often OSS is asked, and how much it may answer. */
export interface OssLimits {
    /** Requests made for one operation at most, the first included. */
    readonly attempts: number;
    /** No retry is begun later than this after the operation's first request, in milliseconds. */
    readonly totalMilliseconds: number;
    /** For name look-up, TCP and TLS together. */
    readonly connectMilliseconds: number;
    /** For one request from its connection to the end of its answer. */
    readonly exchangeMilliseconds: number;
    /** The longest random wait before the second request; it doubles with each further one. */
    readonly firstDelayMilliseconds: number;
    readonly longestDelayMilliseconds: number;
    /** Longer answers are cut off and are an error. A rule has some 300 bytes, an error some 600. */
    readonly answerBytes: number;
    /** Connections that a store holds at most; further requests wait for a free one. */
    readonly connections: number;
    /** No request is begun once it is aborted; its reason is thrown, or the failure of the attempt before. */
    readonly cancelled?: AbortSignal | undefined;
}

export const defaultOssLimits: OssLimits = {
    attempts: 5,
    totalMilliseconds: 60_000,
    connectMilliseconds: 5_000,
    exchangeMilliseconds: 20_000,
    firstDelayMilliseconds: 200,
    longestDelayMilliseconds: 5_000,
    answerBytes: 1024 * 1024,
    connections: 32,
};
