import type { JournalRecord, RolloutFile } from "../rollout";
import { changesText, stackWords } from "../rollout";
import { counted, fitted, oneLine } from "../text";

export interface ProgressTarget {
    write(text: string): void;
    readonly isTTY?: boolean | undefined;
    readonly columns?: number | undefined;
}

/** Shows the progress of a rollout: a line for each event, and on a terminal a status line below. */
export class RolloutProgress {
    readonly #running = new Set<string>();
    readonly #ended = new Map<string, string>();
    #wave = "";
    #endedNow = 0;
    #hasStatus = false;
    readonly #startedAt: number;

    readonly #file: RolloutFile;
    readonly #target: ProgressTarget;
    readonly #now: () => number;

    /** @param done names of stacks that are done already */
    constructor(file: RolloutFile, done: Iterable<string>, target: ProgressTarget, now: () => number = Date.now) {
        this.#file = file;
        this.#target = target;
        this.#now = now;

        for (const name of done) this.#ended.set(name, "deployed");
        this.#startedAt = now();
    }

    readonly onRecord = (record: JournalRecord): void => {
        const line = this.#lineOf(record);
        this.clear();
        if (line !== undefined) this.#target.write(`${oneLine(line)}\n`);
        this.#draw(["completed", "stopped", "interrupted", "aborted", "paused"].includes(record.kind));
    };

    /** Removes the status line. */
    clear(): void {
        if (this.#hasStatus) this.#target.write("\r\u001b[K");
        this.#hasStatus = false;
    }

    #lineOf(record: JournalRecord): string | undefined {
        switch (record.kind) {
            case "wave-begun": {
                this.#wave = record.wave;
                const position = this.#file.waves.findIndex(({ name }) => name === record.wave) + 1;
                return `wave ${position} of ${this.#file.waves.length}: ${record.wave}`;
            }
            case "stack-begun":
                this.#running.add(record.stack);
                return this.#target.isTTY ? undefined : `  ${record.stack}: begun`;
            case "stack-ended": {
                this.#running.delete(record.stack);
                this.#ended.set(record.stack, record.outcome);
                this.#endedNow += 1;
                const [why] = (record.failure?.message ?? record.differences?.join("; ") ?? "").split("\n");
                const changes = record.outcome === "deployed" ? ` (${changesText(record.changes)})` : "";
                return `  ${record.stack}: ${stackWords[record.outcome]}${changes} in ${record.seconds} s${why ? `: ${why}` : ""}`;
            }
            case "paused":
                return `paused after wave ${record.wave}${record.until === undefined ? "" : ` until ${record.until}`}`;
            case "stopped":
                return `stopped: ${record.reason}`;
            case "aborted":
                return `aborted by ${record.by}: ${record.reason}`;
            case "interrupted":
            case "completed":
                return record.kind;
            default:
                return undefined;
        }
    }

    #draw(isEnd: boolean): void {
        if (!this.#target.isTTY || isEnd || this.#wave === "") return;
        const text = progressText({
            wave: this.#wave,
            total: this.#file.stacks.length,
            ended: this.#ended.size,
            failed: [...this.#ended.values()].filter((outcome) => outcome === "failed" || outcome === "differs").length,
            running: this.#running.size,
            endedNow: this.#endedNow,
            seconds: (this.#now() - this.#startedAt) / 1000,
        });
        this.#target.write(fitted(oneLine(text), (this.#target.columns || 80) - 1).trimEnd());
        this.#hasStatus = true;
    }
}

export interface ProgressFigures {
    readonly wave: string;
    readonly total: number;
    readonly ended: number;
    readonly failed: number;
    readonly running: number;
    /** Ended since this process began; the rate is computed from them. */
    readonly endedNow: number;
    readonly seconds: number;
}

/** For instance `canary: 12 of 50 stacks, 1 failed, 4 running, 8.5 a minute, about 4 min left`. */
export function progressText({ wave, total, ended, failed, running, endedNow, seconds }: ProgressFigures): string {
    const perMinute = seconds > 0 ? (endedNow * 60) / seconds : 0;
    const left = perMinute > 0 ? ((total - ended) * 60) / perMinute : undefined;
    const parts = [
        `${wave}: ${ended} of ${counted(total, "stack")}`,
        failed > 0 ? `${failed} failed` : undefined,
        `${running} running`,
        perMinute > 0 ? `${perMinute.toFixed(1)} a minute` : undefined,
        left === undefined ? undefined : `about ${durationText(left)} left`,
    ];
    return parts.filter((part) => part !== undefined).join(", ");
}

function durationText(seconds: number): string {
    if (seconds < 90) return `${Math.round(seconds)} s`;
    return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
