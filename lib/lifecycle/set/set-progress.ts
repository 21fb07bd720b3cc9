/** Reports the progress of long work, first after some seconds and then regularly, with its rate and the time left. */
export class SetProgress {
    readonly #what: string;
    readonly #total: number;
    readonly #tell: (text: string) => void;
    readonly #now: () => number;
    readonly #started: number;
    #next: number;

    /**
     * @param what was done with the buckets, for instance `read`
     * @param now a clock that never runs backwards, in milliseconds
     */
    constructor(
        what: string,
        total: number,
        tell: (text: string) => void,
        now: () => number = () => performance.now(),
    ) {
        this.#what = what;
        this.#total = total;
        this.#tell = tell;
        this.#now = now;
        this.#started = now();
        this.#next = this.#started + firstMilliseconds;
    }

    readonly done = (count: number): void => {
        const at = this.#now();
        if (at < this.#next || count >= this.#total) return;
        this.#next = at + betweenMilliseconds;
        const rate = count / ((at - this.#started) / 1_000);
        const left = Math.ceil((this.#total - count) / rate);
        this.#tell(`${count} of ${this.#total} buckets ${this.#what}, ${Math.round(rate)}/s, about ${left} s left`);
    };
}

const firstMilliseconds = 5_000;
const betweenMilliseconds = 10_000;
