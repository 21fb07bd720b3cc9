/**
 * Limits the requests in flight, and adapts the limit to what the service accepts: one that is throttled halves their
 * number, and a whole round of successes raises it by one again. A share of its own for each account and region is what
 * services throttle by, so there is one limiter for each.
 */
export class RequestLimiter {
    readonly #most: number;
    #allowed: number;
    #underWay = 0;
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
     */
    async run<T>(request: () => Promise<T>, isThrottled: (error: unknown) => boolean): Promise<T> {
        while (this.#underWay >= this.allowed) await new Promise<void>((resolve) => this.#waiting.push(resolve));
        this.#underWay += 1;
        const round = this.#round;
        try {
            const answer = await request();
            this.#allowed = Math.min(this.#most, this.#allowed + 1 / this.#allowed);
            return answer;
        } catch (error) {
            if (round === this.#round && isThrottled(error)) {
                this.#round += 1;
                this.#allowed = Math.max(1, this.#allowed / 2);
            }
            throw error;
        } finally {
            this.#underWay -= 1;
            const free = this.allowed - this.#underWay;
            for (const next of this.#waiting.splice(0, Math.max(0, free))) next();
        }
    }
}
