import { isWorthRetrying } from "./oss-errors";
import type { OssLimits } from "./oss-limits";
import { OssServiceError } from "./oss-service-error";

/** A host that takes no connection is seldom back within seconds, and a wrong endpoint should be told soon. */
const attemptsOnAbsentHost = 2;

/**
 * Makes attempts until one succeeds, fails for good, or the limits are reached; waits with exponential backoff and full
 * jitter in between. A success with a faulty body isn't asked for again: connections that break off are noticed as such,
 * so a body that arrived whole and is wrong comes from a server that will send it again.
 * @param attempt gets its number, from 1
 * @throws the last attempt's error
 */
export async function withRetries<T>(attempt: (number: number) => Promise<T>, limits: OssLimits): Promise<T> {
    const { backOff } = backoffLibrary();
    const begun = performance.now();
    let number = 0;
    return backOff(() => attempt(++number), {
        numOfAttempts: limits.attempts,
        startingDelay: limits.firstDelayMilliseconds,
        maxDelay: limits.longestDelayMilliseconds,
        jitter: "full",
        retry: (error) =>
            number < worthwhileAttempts(error) &&
            performance.now() - begun < limits.totalMilliseconds &&
            limits.cancelled?.aborted !== true,
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

/** Loaded with the first request: a run that only checks and compares sends none. */
function backoffLibrary(): typeof import("exponential-backoff") {
    return require("exponential-backoff");
}
