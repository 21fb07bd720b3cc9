import { closeSync, existsSync, fsyncSync, openSync, readFileSync, rmSync, truncateSync, writeSync } from "node:fs";
import { type UserError, writing } from "../../errors";
import type { SnapshotChange } from "./snapshot-draft";

/** What a journal holds. */
export interface JournalContent {
    /** SHA-256 of the state file that the operation began with. */
    readonly base: string;
    /** SHA-256 of the state file that the operation was about to write when it ended. */
    readonly result: string | undefined;
    readonly changes: readonly SnapshotChange[];
}

type JournalLine =
    | { readonly version: 1; readonly base: string }
    | { readonly result: string }
    | readonly SnapshotChange[];

/**
 * The write-ahead journal beside a state file: one line of JSON for each step, which holds all changes of the step and so is taken
 * entirely or not at all. A line is handed to the kernel before the step's end is told to anyone: what was finished outlives the
 * process, however it dies.
 */
export class SnapshotJournal {
    /** Why nothing more is written: after half a line, a further one would make both unreadable. */
    #broken: UserError | undefined;

    readonly #file: string;
    readonly #descriptor: number;

    private constructor(file: string, descriptor: number) {
        this.#file = file;
        this.#descriptor = descriptor;
    }

    /** Begins a journal. @throws UserError `state-not-written`, and then there is none */
    static create(file: string, base: string): SnapshotJournal {
        const descriptor = writing("state-not-written", file, () => openSync(file, "wx", 0o600));
        const journal = new SnapshotJournal(file, descriptor);
        try {
            journal.#writeLine({ version: 1, base });
        } catch (error) {
            journal.remove();
            throw error;
        }
        return journal;
    }

    /** Opens the journal of a killed operation, without the line that it was writing. */
    static reopen(file: string): SnapshotJournal {
        truncateSync(file, readFileSync(file).lastIndexOf("\n") + 1);
        return new SnapshotJournal(file, openSync(file, "a"));
    }

    /** @throws UserError `state-not-written`, and from then on for every further line */
    append(changes: readonly SnapshotChange[]): void {
        this.#writeLine(changes);
    }

    /** Notes which state file holds everything, so that a crash right after writing it isn't taken for a foreign change. */
    announceResult(hash: string): void {
        this.#writeLine({ result: hash });
        writing("state-not-written", this.#file, () => fsyncSync(this.#descriptor));
    }

    /** The state file holds everything now. */
    remove(): void {
        this.close();
        rmSync(this.#file, { force: true });
    }

    close(): void {
        closeSync(this.#descriptor);
    }

    #writeLine(line: JournalLine): void {
        if (this.#broken !== undefined) throw this.#broken;
        const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
        try {
            writing("state-not-written", this.#file, () => {
                for (let written = 0; written < bytes.length; ) written += writeSync(this.#descriptor, bytes, written);
            });
        } catch (error) {
            this.#broken = error as UserError;
            throw error;
        }
    }
}

/** Reads a journal; undefined when there is none, or none that got as far as its first line. A torn last line is left out. */
export function readJournal(file: string): JournalContent | undefined {
    if (!existsSync(file)) return undefined;
    const [header, ...lines] = readFileSync(file, "utf8")
        .split("\n")
        .slice(0, -1)
        .map((line) => JSON.parse(line) as JournalLine);
    if (header === undefined || !("base" in header)) return undefined;
    return {
        base: header.base,
        result: lines
            .map((line) => ("result" in line ? line.result : undefined))
            .findLast((result) => result !== undefined),
        changes: lines.flatMap((line) => (Array.isArray(line) ? line : [])),
    };
}
