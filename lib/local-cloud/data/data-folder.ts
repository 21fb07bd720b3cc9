import { readFileSync, rmSync } from "node:fs";
import { type FileHandle, open, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeFolder } from "../../files";
import type { Change } from "../cloud/change";
import { LocalCloudConfigurationError } from "../configuration/configuration-error";
import { decodeChange, encodeChange } from "./change-record";
import { FolderLock } from "./folder-lock";

/** A log is rewritten when it reaches this size and twice its size after the last rewriting. */
const minCompactionBytes = 4 * 1024 * 1024;
const writeChunkBytes = 8 * 1024 * 1024;

interface Waiting {
    resolve(): void;
    reject(error: Error): void;
}

/**
 * Keeps the cloud's state in a folder: one file to which changes are appended. `settled` resolves once they are on the
 * disk, many at a time. A log that has grown is replaced by one that holds only the present state.
 */
export class DataFolder {
    #pending: Buffer[] = [];
    #waiting: Waiting[] = [];
    #running: Promise<void> | undefined;
    #failure: Error | undefined;
    #changesNow: () => Iterable<Change> = () => [];

    readonly #folder: string;
    readonly #lock: FolderLock;
    #file: FileHandle;
    #bytes: number;
    #compactAt: number;

    private constructor(
        folder: string,
        lock: FolderLock,
        readonly saved: readonly Change[],
        file: FileHandle,
        bytes: number,
        compactAt: number,
    ) {
        this.#folder = folder;
        this.#lock = lock;
        this.#file = file;
        this.#bytes = bytes;
        this.#compactAt = compactAt;
    }

    /**
     * Creates the folder if it is missing. A record at the end that was never finished, and so never acknowledged, is
     * cut off.
     * @throws LocalCloudConfigurationError when another process uses the folder, it cannot be used, or what is in it is
     * damaged
     */
    static async open(folder: string): Promise<DataFolder> {
        const fault = (message: string) =>
            new LocalCloudConfigurationError(`The data folder ${folder}`, [{ path: "", message }]);
        let lock: FolderLock | number;
        try {
            makeFolder(folder);
            lock = FolderLock.acquire(folder);
        } catch (error) {
            throw fault(`it cannot be used (${(error as NodeJS.ErrnoException).code ?? "unknown reason"})`);
        }
        if (typeof lock === "number") {
            throw fault(`another process uses it (process id ${lock})`);
        }
        let file: FileHandle | undefined;
        try {
            rmSync(draftOf(folder), { force: true });
            file = await open(logOf(folder), "a+");
            const { changes, end } = readLog(readFileSync(logOf(folder)), fault);
            await file.truncate(end);
            await file.sync();
            await syncFolder(folder);
            return new DataFolder(folder, lock, changes, file, end, Math.max(minCompactionBytes, 2 * end));
        } catch (error) {
            await file?.close();
            lock.release();
            throw error instanceof LocalCloudConfigurationError
                ? error
                : fault(`it cannot be used (${(error as NodeJS.ErrnoException).code})`);
        }
    }

    /** Sets the source for rewriting a log. */
    compactFrom(changesNow: () => Iterable<Change>): void {
        this.#changesNow = changesNow;
    }

    readonly record = (change: Change): void => {
        this.#pending.push(encodeChange(change));
    };

    /** Resolves once everything recorded so far is on the disk; undefined when it is. Rejects from the first failure on. */
    settled(): Promise<void> | undefined {
        if (this.#failure !== undefined) {
            return Promise.reject(this.#failure);
        }
        if (this.#pending.length === 0 && this.#running === undefined) {
            return undefined;
        }
        const settled = new Promise<void>((resolve, reject) => this.#waiting.push({ resolve, reject }));
        this.#running ??= this.#write();
        return settled;
    }

    /** Releases the folder once everything is on the disk. */
    async close(): Promise<void> {
        await this.settled()?.catch(() => {});
        await this.#file.close();
        this.#lock.release();
    }

    async #write(): Promise<void> {
        while (this.#pending.length > 0 || this.#waiting.length > 0) {
            const batch = Buffer.concat(this.#pending);
            const waiting = this.#waiting;
            this.#pending = [];
            this.#waiting = [];
            try {
                if (this.#bytes + batch.byteLength >= this.#compactAt) {
                    await this.#compact();
                } else if (batch.byteLength > 0) {
                    await writeFile(this.#file, batch);
                    await this.#file.datasync();
                    this.#bytes += batch.byteLength;
                }
            } catch (error) {
                // From now on the memory has changes that the disk lacks, so every later request fails.
                this.#failure = error as Error;
                for (const { reject } of [...waiting, ...this.#waiting]) {
                    reject(this.#failure);
                }
                this.#waiting = [];
                break;
            }
            for (const { resolve } of waiting) {
                resolve();
            }
        }
        this.#running = undefined;
    }

    /** Completes the new log on the disk before it renames it. */
    async #compact(): Promise<void> {
        // A snapshot: later changes are pending and follow it.
        const changes = [...this.#changesNow()];
        const draft = await open(draftOf(this.#folder), "ax");
        let bytes: number;
        try {
            bytes = await writeChanges(draft, changes);
            await draft.sync();
            await rename(draftOf(this.#folder), logOf(this.#folder));
            await syncFolder(this.#folder);
        } catch (error) {
            await draft.close();
            throw error;
        }
        const old = this.#file;
        this.#file = draft;
        this.#bytes = bytes;
        this.#compactAt = Math.max(minCompactionBytes, 2 * bytes);
        await old.close();
    }
}

/** Returns the bytes that it has written. */
async function writeChanges(file: FileHandle, changes: readonly Change[]): Promise<number> {
    let bytes = 0;
    let chunk: Buffer[] = [];
    let chunkBytes = 0;
    for (const [index, change] of changes.entries()) {
        const record = encodeChange(change);
        chunk.push(record);
        chunkBytes += record.byteLength;
        if (chunkBytes >= writeChunkBytes || index === changes.length - 1) {
            await writeFile(file, Buffer.concat(chunk));
            bytes += chunkBytes;
            chunk = [];
            chunkBytes = 0;
        }
    }
    return bytes;
}

function readLog(bytes: Buffer, fault: (message: string) => Error): { changes: Change[]; end: number } {
    // Only the latest value of each key counts; a key that is deleted and created again follows its container.
    const latest = new Map<string, Change>();
    let offset = 0;
    while (offset < bytes.byteLength) {
        const read = decodeChange(bytes, offset);
        if (read === "damaged") {
            throw fault(`what it holds is damaged (${logOf("")}, at byte ${offset})`);
        }
        if (read === "torn") {
            break;
        }
        const { table, key, value } = read.change;
        const name = `${table} ${key}`;
        if (value === undefined) {
            latest.delete(name);
        } else {
            latest.set(name, read.change);
        }
        offset = read.end;
    }
    return { changes: [...latest.values()], end: offset };
}

function logOf(folder: string): string {
    return join(folder, "changes.log");
}

function draftOf(folder: string): string {
    return join(folder, "changes.draft");
}

/** A rename is on the disk only after its folder is synced. */
async function syncFolder(folder: string): Promise<void> {
    if (process.platform === "win32") {
        return;
    }
    const handle = await open(folder, "r");
    try {
        await handle.sync();
    } finally {
        await handle.close();
    }
}
