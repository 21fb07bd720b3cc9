import { isWorthRetrying } from "../shared/diagnosis";
import type { OssLimits } from "./oss-limits";
import { OssServiceError } from "./oss-service-error";

/** A host that accepts no connection is rarely back within seconds, and a wrong endpoint should be reported soon. */
const attemptsOnAbsentHost = 2;

/**
 * Makes attempts until one succeeds, fails for good, or the limits are reached; waits with exponential backoff and full
 * jitter in between. A success with a faulty body is not repeated: a broken connection is reported as one,
 * so a body that arrived whole and is wrong comes from a server that will send it again.
 * @param attempt gets its number, from 1
 * @throws the last attempt's error
 */
export async function withRetries<T>(attempt: (number: number) => Promise<T>, limits: OssLimits): Promise<T> {
    const begun = performance.now();
    let number = 1;
    const isRetryable = (error: unknown) =>
        number < Math.min(worthwhileAttempts(error), limits.attempts) &&
        performance.now() - begun < limits.totalMilliseconds &&
        limits.cancelled?.aborted !== true;
    try {
        return await attempt(number);
    } catch (error) {
        if (!isRetryable(error)) throw error;
    }
    // Nearly all requests end with the first attempt: the library and its many promises are for the others.
    const { backOff }: typeof import("exponential-backoff") = require("exponential-backoff");
    return backOff(() => attempt(++number), {
        delayFirstAttempt: true,
        numOfAttempts: limits.attempts - 1,
        startingDelay: limits.firstDelayMilliseconds,
        maxDelay: limits.longestDelayMilliseconds,
        jitter: "full",
        retry: isRetryable,
    });
}

function worthwhileAttempts(error: unknown): number {
    if (!(error instanceof OssServiceError) || !isWorthRetrying(error.kind)) return 1;
    switch (error.transport) {
        case "name-not-found":
        case "tls":
            return 1;
        case "refused":
        case "no-route":
        case "no-connection":
            return attemptsOnAbsentHost;
        default:
            return Number.POSITIVE_INFINITY;
    }
}
