import { randomUUID } from "node:crypto";
import { linkSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

interface Holder {
    readonly pid: number;
    /** The system's record of the process's start; null where there is none. */
    readonly started: string | null;
}

/**
 * Lets one process at a time use a folder. The lock is a numbered file that names its holder. A lock of a dead holder
 * is replaced by creating the next number, which only one process can do.
 */
export class FolderLock {
    readonly #file: string;

    private constructor(file: string) {
        this.#file = file;
    }

    /** @returns the process id of the holder if it is alive */
    static acquire(folder: string): FolderLock | number {
        const draft = join(folder, `lock-draft-${randomUUID()}`);
        writeFileSync(draft, JSON.stringify({ pid: process.pid, started: startOf(process.pid) } satisfies Holder));
        try {
            for (;;) {
                const latest = Math.max(0, ...lockNumbers(folder));
                const holder = latest === 0 ? undefined : readHolder(fileOf(folder, latest));
                if (holder !== undefined && isAlive(holder)) {
                    return holder.pid;
                }
                try {
                    linkSync(draft, fileOf(folder, latest + 1));
                } catch (error) {
                    if ((error as NodeJS.ErrnoException).code === "EEXIST") {
                        continue;
                    }
                    throw error;
                }
                for (const number of lockNumbers(folder).filter((other) => other <= latest)) {
                    rmSync(fileOf(folder, number), { force: true });
                }
                return new FolderLock(fileOf(folder, latest + 1));
            }
        } finally {
            rmSync(draft, { force: true });
        }
    }

    release(): void {
        rmSync(this.#file, { force: true });
    }
}

function fileOf(folder: string, number: number): string {
    return join(folder, `lock-${number}`);
}

function lockNumbers(folder: string): number[] {
    return readdirSync(folder).flatMap((name) => {
        const number = /^lock-(\d+)$/.exec(name)?.[1];
        return number === undefined ? [] : [Number(number)];
    });
}

function readHolder(file: string): Holder | undefined {
    try {
        return JSON.parse(readFileSync(file, "utf8")) as Holder;
    } catch {
        return undefined;
    }
}

/** A process id alone may belong to a new process. */
function isAlive({ pid, started }: Holder): boolean {
    try {
        process.kill(pid, 0);
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ESRCH") {
            return false;
        }
    }
    return started === null || startOf(pid) === null || startOf(pid) === started;
}

/** Linux gives it in clock ticks since the system's start, after the process's name, which may contain blanks. */
function startOf(pid: number): string | null {
    try {
        const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
        const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
            .replace(/^.*\) /s, "")
            .split(" ");
        return `${boot} ${fields[19]}`;
    } catch {
        return null;
    }
}
