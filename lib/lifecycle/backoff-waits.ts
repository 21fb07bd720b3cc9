import type { BackoffBounds } from "./lifecycle-ports";

/** The waits between attempts in milliseconds: each is twice the last one up to the longest, and all together stay within the total. */
export function* backoffWaits({
    firstMilliseconds,
    longestMilliseconds,
    totalMilliseconds,
}: BackoffBounds): Generator<number> {
    let wait = firstMilliseconds;
    for (let waited = wait; waited <= totalMilliseconds; waited += wait) {
        yield wait;
        wait = Math.min(wait * 2, longestMilliseconds);
    }
}
