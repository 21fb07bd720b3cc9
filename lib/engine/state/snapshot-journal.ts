import {
    closeSync,
    existsSync,
    fdatasync,
    fsyncSync,
    openSync,
    readFileSync,
    renameSync,
    rmSync,
    truncateSync,
    writeSync,
} from "node:fs";
import { promisify } from "node:util";
import { readDocument } from "../../documents";
import { UserError, writing } from "../../errors";
import { type JournalEntry, type JournalHeader, journalEntryShape, journalHeaderShape } from "./journal-shape";
import type { SnapshotChange } from "./snapshot-draft";

/** The content of a journal. */
export interface JournalContent {
    /** SHA-256 of the state file that the operation began with. */
    readonly base: string;
    /** SHA-256 of the state file that the operation was about to write when it ended. */
    readonly result: string | undefined;
    readonly changes: readonly SnapshotChange[];
    /** The numbers of the lines that cannot be read, from 1. */
    readonly damagedLines: readonly number[];
}

const syncData = promisify(fdatasync);

/**
 * The write-ahead journal beside a state file. One line of JSON holds all changes of a step, so a step is recorded completely or not at
 * all. A line is on the disk before its step counts as done: finished steps survive a killed process and a power cut.
 */
export class SnapshotJournal {
    readonly #file: string;
    readonly #descriptor: number;
    /** The failure after which no line is written: a line behind half a line would make both unreadable. */
    #broken: UserError | undefined;
    #syncing: Promise<void> = Promise.resolve();
    #nextSync: Promise<void> | undefined;

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
        return writing("state-not-written", file, () => {
            truncateSync(file, readFileSync(file).lastIndexOf("\n") + 1);
            return new SnapshotJournal(file, openSync(file, "a"));
        });
    }

    /** @throws UserError `state-not-written`, and from then on for every further line */
    append(changes: readonly SnapshotChange[]): void {
        this.#writeLine(changes);
    }

    /** Resolves when every line so far is on the disk. Steps that end at the same time share one sync. */
    async synced(): Promise<void> {
        // The sync that is under way may have begun before the last line.
        this.#nextSync ??= this.#syncing.then(async () => {
            this.#nextSync = undefined;
            this.#syncing = syncData(this.#descriptor);
            await this.#syncing;
        });
        try {
            await this.#nextSync;
        } catch (error) {
            this.#broken ??= notWritten(this.#file, error);
            throw this.#broken;
        }
    }

    /** Records which state file holds everything, so that a crash right after its writing does not look like a foreign change. */
    announceResult(hash: string): void {
        this.#writeLine({ result: hash });
        writing("state-not-written", this.#file, () => fsyncSync(this.#descriptor));
    }

    /** Removes the journal, when the state file holds everything. */
    remove(): void {
        this.close();
        rmSync(this.#file, { force: true });
    }

    close(): void {
        closeSync(this.#descriptor);
    }

    #writeLine(line: JournalHeader | JournalEntry): void {
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

/** The file of a journal that is no longer used: its readable lines are in the state, or another state was imported. */
export const oldJournalFile = (file: string): string => `${file}.old`;

/** Sets a journal aside, if there is one. @throws UserError `state-not-written` */
export function setJournalAside(file: string): void {
    if (existsSync(file)) writing("state-not-written", file, () => renameSync(file, oldJournalFile(file)));
}

const notWritten = (file: string, cause: unknown): UserError =>
    new UserError(
        "state-not-written",
        `The file cannot be written (${(cause as NodeJS.ErrnoException).code})`,
        { file },
        { cause },
    );

/**
 * Reads a journal; undefined when there is none, or none that got as far as its first line. A torn last line is left out.
 * @throws UserError `journal-damaged` when the first line cannot be read, which names the state that the others belong to
 */
export function readJournal(file: string): JournalContent | undefined {
    if (!existsSync(file)) return undefined;
    const text = readDocument({ kind: "journal-damaged", title: "The journal of a killed operation", file });
    const lines = text.split("\n");
    const torn = lines.pop() ?? "";
    const [first, ...rest] = lines;
    if (first === undefined && !torn.includes("\0")) return undefined;
    const header = parsedLine(first ?? "");
    if (!journalHeaderShape.matches(header)) {
        throw new UserError("journal-damaged", "The first line of a killed operation's journal cannot be read", {
            file,
        });
    }
    // A power cut leaves NULs where a line was not on the disk yet; what follows them on the same line may be whole.
    const entries = rest.map((line) => parsedLine(line.replaceAll("\0", ""))).map(asEntry);
    return {
        base: header.base,
        result: entries.flatMap((entry) => (entry !== undefined && "result" in entry ? [entry.result] : [])).at(-1),
        changes: entries.flatMap((entry) => (entry === undefined || "result" in entry ? [] : entry)),
        damagedLines: [...rest, torn].flatMap((line, index) => {
            const isUnread = index < entries.length && entries[index] === undefined;
            return isUnread || line.includes("\0") ? [index + 2] : [];
        }),
    };
}

const asEntry = (value: unknown): JournalEntry | undefined => (journalEntryShape.matches(value) ? value : undefined);

function parsedLine(line: string): unknown {
    try {
        return JSON.parse(line);
    } catch {
        return undefined;
    }
}
