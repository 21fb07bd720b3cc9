import { setTimeout } from "node:timers/promises";

/** Milliseconds from the beginning of one request to the next, where one at a time is still too many. */
const gaps = { shortest: 25, longest: 2_000 };

/**
 * Bounds the requests under way, and finds by itself how many a service takes: one that is throttled halves their
 * number, and a whole round of successes raises it by one again. Where one at a time is too many, requests are begun apart: a
 * throttled one doubles the gap, and successes close it. A share of its own for each account and region is what services
 * throttle by, so there is one limiter for each.
 */
export class RequestLimiter {
    readonly #most: number;
    #allowed: number;
    #underWay = 0;
    #gap = 0;
    /** When the next request may begin. */
    #next = 0;
    readonly #waiting: (() => void)[] = [];
    /** Grows with each slow-down: requests that were sent before one tell nothing about the new number. */
    #round = 0;

    /** @param most requests under way at once, never exceeded */
    constructor(most: number) {
        this.#most = most;
        this.#allowed = most;
    }

    /** Requests that may be under way at once now. */
    get allowed(): number {
        return Math.floor(this.#allowed);
    }

    /**
     * Makes a request as soon as the limit allows it.
     * @param isThrottled whether a failure says that there were too many requests
     * @param cancelled once aborted, no gap is waited for: the request then refuses to begin
     */
    async run<T>(
        request: () => Promise<T>,
        isThrottled: (error: unknown) => boolean,
        cancelled?: AbortSignal,
    ): Promise<T> {
        while (this.#underWay >= this.allowed) await new Promise<void>((resolve) => this.#waiting.push(resolve));
        this.#underWay += 1;
        let round = this.#round;
        try {
            if (this.#gap > 0 && cancelled?.aborted !== true) {
                await this.#turn(cancelled);
                round = this.#round;
            }
            const answer = await request();
            this.#speedUp();
            return answer;
        } catch (error) {
            if (round === this.#round && isThrottled(error)) this.#slowDown();
            throw error;
        } finally {
            this.#underWay -= 1;
            const free = this.allowed - this.#underWay;
            for (const next of this.#waiting.splice(0, Math.max(0, free))) next();
        }
    }

    async #turn(cancelled: AbortSignal | undefined): Promise<void> {
        const now = performance.now();
        const begin = Math.max(now, this.#next);
        this.#next = begin + this.#gap;
        await setTimeout(begin - now, undefined, cancelled && { signal: cancelled }).catch(() => undefined);
    }

    #speedUp(): void {
        if (this.#gap === 0) this.#allowed = Math.min(this.#most, this.#allowed + 1 / this.#allowed);
        else this.#gap = this.#gap > gaps.shortest ? this.#gap * 0.98 : 0;
    }

    #slowDown(): void {
        this.#round += 1;
        if (this.#allowed < 4) this.#gap = Math.min(gaps.longest, Math.max(gaps.shortest, this.#gap * 2));
        this.#allowed = Math.max(1, this.#allowed / 2);
    }
}
