import { closeSync, existsSync, fsyncSync, openSync, readFileSync, rmSync, truncateSync, writeSync } from "node:fs";
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
    private constructor(
        private readonly file: string,
        private readonly descriptor: number,
    ) {}

    static create(file: string, base: string): SnapshotJournal {
        const journal = new SnapshotJournal(file, openSync(file, "wx", 0o600));
        journal.writeLine({ version: 1, base });
        return journal;
    }

    /** Opens the journal of a killed operation, without the line that it was writing. */
    static reopen(file: string): SnapshotJournal {
        truncateSync(file, readFileSync(file).lastIndexOf("\n") + 1);
        return new SnapshotJournal(file, openSync(file, "a"));
    }

    append(changes: readonly SnapshotChange[]): void {
        this.writeLine(changes);
    }

    /** Notes which state file holds everything, so that a crash right after writing it isn't taken for a foreign change. */
    announceResult(hash: string): void {
        this.writeLine({ result: hash });
        fsyncSync(this.descriptor);
    }

    /** The state file holds everything now. */
    remove(): void {
        this.close();
        rmSync(this.file, { force: true });
    }

    close(): void {
        closeSync(this.descriptor);
    }

    private writeLine(line: JournalLine): void {
        const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
        for (let written = 0; written < bytes.length; ) written += writeSync(this.descriptor, bytes, written);
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
