/** Tells how far long work has come: after some seconds first, and then now and then, with its rate and the time left. */
export class SetProgress {
    readonly #what: string;
    readonly #total: number;
    readonly #tell: (text: string) => void;
    readonly #now: () => number;
    readonly #begun: number;
    #next: number;

    /**
     * @param what is done to the buckets, for instance `worked`
     * @param now a clock that never goes back, in milliseconds
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
        this.#begun = now();
        this.#next = this.#begun + firstMilliseconds;
    }

    readonly done = (count: number): void => {
        const at = this.#now();
        if (at < this.#next || count >= this.#total) return;
        this.#next = at + betweenMilliseconds;
        const rate = count / ((at - this.#begun) / 1_000);
        const left = Math.ceil((this.#total - count) / rate);
        this.#tell(`${count} of ${this.#total} buckets ${this.#what}, ${Math.round(rate)}/s, about ${left} s left`);
    };
}

const firstMilliseconds = 5_000;
const betweenMilliseconds = 10_000;
