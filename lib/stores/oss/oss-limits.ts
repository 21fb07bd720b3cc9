import { defaultRequestLimits, type RequestLimits } from "../shared/request-limits";

/** Limits on the time and number of requests to OSS, and on the size of answers. */
export interface OssLimits extends RequestLimits {
    /** The longest random wait before the second request, in milliseconds; it doubles with each further one. */
    readonly firstDelayMilliseconds: number;
    readonly longestDelayMilliseconds: number;
    /** Longer answers are cut off and are an error. A rule has some 300 bytes, an error some 600. */
    readonly answerBytes: number;
}

export const defaultOssLimits: OssLimits = {
    ...defaultRequestLimits,
    firstDelayMilliseconds: 200,
    longestDelayMilliseconds: 5_000,
    answerBytes: 1024 * 1024,
};
