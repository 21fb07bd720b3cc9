import {
    closeSync,
    existsSync,
    fsyncSync,
    ftruncateSync,
    openSync,
    readFileSync,
    statfsSync,
    writeSync,
} from "node:fs";
import path from "node:path";
import { parseJson } from "../../documents";
import { UserError, unreadable, writing } from "../../errors";
import { syncFolder } from "../../files";
import { counted } from "../../text";
import type { JournalEntry, JournalRecord } from "./journal-record";
import { journalRecordShape } from "./journal-shape";

/** Enough for the records of running stacks and for their state files. */
const leastFreeBytes = 8 * 1024 * 1024;

/** The port to the disk, so that tests can fill it. */
export interface JournalDisk {
    write(descriptor: number, bytes: Buffer, offset: number): number;
    sync(descriptor: number): void;
    /** Free bytes of the folder's disk; undefined where the system does not say. */
    freeBytes(folder: string): number | undefined;
}

const realDisk: JournalDisk = {
    write: (descriptor, bytes, offset) => writeSync(descriptor, bytes, offset),
    sync: fsyncSync,
    freeBytes(folder) {
        try {
            const { bavail, bsize } = statfsSync(folder);
            return bavail * bsize;
        } catch {
            return undefined;
        }
    },
};

/**
 * The record of a rollout: one JSON record a line, each on the disk before the next step. A line that a crash cut off is dropped; the
 * next run finds out what it would have recorded.
 */
export class Journal {
    /** The reason why nothing more is written: a record after half a line would make both unreadable. */
    #broken: UserError | undefined;

    readonly #descriptor: number;
    readonly #disk: JournalDisk;
    readonly #now: () => Date;

    private constructor(
        readonly file: string,
        descriptor: number,
        disk: JournalDisk,
        now: () => Date,
    ) {
        this.#descriptor = descriptor;
        this.#disk = disk;
        this.#now = now;
    }

    /**
     * Opens the journal for further records. The caller holds the rollout's lock.
     * @throws UserError `rollout-journal-damaged`, `rollout-not-recorded`
     */
    static open(file: string, now: () => Date = () => new Date(), disk: JournalDisk = realDisk): Journal {
        const isNew = !existsSync(file);
        const { wholeBytes, length } = isNew ? { wholeBytes: 0, length: 0 } : readWhole(file);
        const descriptor = writing("rollout-not-recorded", file, () => {
            const opened = openSync(file, "a", 0o600);
            try {
                if (wholeBytes < length) ftruncateSync(opened, wholeBytes);
                if (isNew) syncFolder(path.dirname(file));
            } catch (error) {
                closeSync(opened);
                throw error;
            }
            return opened;
        });
        return new Journal(file, descriptor, disk, now);
    }

    /** Puts a record on the disk. @throws UserError `rollout-not-recorded` */
    append(entry: JournalEntry): JournalRecord {
        if (this.#broken !== undefined) throw this.#broken;
        const record = { at: this.#now().toISOString(), ...entry } as JournalRecord;
        const bytes = Buffer.from(`${JSON.stringify(record)}\n`);
        try {
            for (let offset = 0; offset < bytes.length; ) offset += this.#disk.write(this.#descriptor, bytes, offset);
            this.#disk.sync(this.#descriptor);
        } catch (error) {
            const { code } = error as NodeJS.ErrnoException;
            const what = `The journal cannot be written (${code ?? (error as Error).message})`;
            this.#broken = new UserError("rollout-not-recorded", what, { file: this.file }, { cause: error });
            throw this.#broken;
        }
        return record;
    }

    /** Refuses when the disk may have no room for the record of a stack's end. @throws UserError `rollout-not-recorded` */
    expectRoom(): void {
        const free = this.#disk.freeBytes(path.dirname(this.file));
        if (free !== undefined && free < leastFreeBytes)
            throw new UserError("rollout-not-recorded", `The disk has only ${counted(free, "byte")} left`, {
                file: this.file,
            });
    }

    close(): void {
        closeSync(this.#descriptor);
    }
}

/** The records of a journal; none where there is no file. @throws UserError `rollout-journal-damaged` */
export function readJournal(file: string): JournalRecord[] {
    return existsSync(file) ? readWhole(file).records : [];
}

function readWhole(file: string): { records: JournalRecord[]; wholeBytes: number; length: number } {
    let bytes: Buffer;
    try {
        bytes = readFileSync(file);
    } catch (error) {
        throw unreadable("rollout-journal-damaged", file, error, "The journal cannot be read");
    }
    const wholeBytes = bytes.lastIndexOf(0x0a) + 1;
    const lines = bytes.subarray(0, wholeBytes).toString("utf8").split("\n").slice(0, -1);
    const records = lines.map((line, index) =>
        parseJson(line, journalRecordShape, {
            kind: "rollout-journal-damaged",
            title: "A line of the journal",
            file: `${file}:${index + 1}`,
        }),
    );
    if (records.length > 0 && records[0]?.kind !== "begun")
        throw new UserError("rollout-journal-damaged", "The journal's first record, the beginning, is missing", {
            file,
        });
    return { records, wholeBytes, length: bytes.length };
}
