import { counted, visible } from "../text";

/** Where progress is written. A terminal shows one line that changes. */
export interface ProgressOutput {
    readonly isTTY?: boolean;
    write(text: string): unknown;
}

const plainMilliseconds = 10_000;
const terminalMilliseconds = 100;

/** Shows the progress of an audit: counts, and the estimated time left. */
export class AuditProgress {
    readonly #output: ProgressOutput;
    readonly #now: () => number;
    #account: string | undefined;
    #began = 0;
    #shownAt = 0;

    /** @param now a clock that never goes back, in milliseconds */
    constructor(output: ProgressOutput, now: () => number = () => performance.now()) {
        this.#output = output;
        this.#now = now;
    }

    readonly show = (account: string, done: number, total: number): void => {
        // No bucket was found, or the list failed: the report or the error says which.
        if (total === 0) return;
        const time = this.#now();
        if (account !== this.#account || done === 0) {
            this.#account = account;
            this.#began = time;
            this.#shownAt = this.#output.isTTY ? Number.NEGATIVE_INFINITY : time;
        }
        const isEnd = done === total;
        const pause = this.#output.isTTY ? terminalMilliseconds : plainMilliseconds;
        if (!isEnd && done > 0 && time - this.#shownAt < pause) return;
        if (done === 0 && !isEnd && !this.#output.isTTY) return;
        this.#shownAt = time;
        const left = done === 0 || isEnd ? "" : `, ${secondsLeft(time - this.#began, done, total)}`;
        const text = `${visible(account)}: ${done} of ${counted(total, "bucket")}${left}`;
        this.#output.write(this.#output.isTTY ? `\r\u001b[2K${text}${isEnd ? "\n" : ""}` : `${text}\n`);
    };
}

function secondsLeft(milliseconds: number, done: number, total: number): string {
    const seconds = Math.ceil(((milliseconds / done) * (total - done)) / 1_000);
    return seconds < 60 ? `about ${seconds} s left` : `about ${Math.ceil(seconds / 60)} min left`;
}
