import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { hostname, userInfo } from "node:os";
import path from "node:path";
import { UserError, writing } from "../../errors";
import { parseStored, StoredFault } from "../stored/stored-json";
import { type LockHolder, storedSchemas } from "../stored/stored-schemas";

/**
 * Keeps two processes from the same rollout: each writes a file of its own and then looks for others, so that of two that come at
 * the same moment both may be refused, and never both admitted. What a process left that is gone is removed.
 */
export class RolloutLock {
    readonly #file: string;

    private constructor(file: string) {
        this.#file = file;
    }

    /** @throws UserError `rollout-running`, naming the holder; `rollout-not-recorded` */
    static acquire(folder: string): RolloutLock {
        const written = <Result>(write: () => Result) =>
            writing("rollout-not-recorded", folder, write, "The rollout can't be locked");
        written(() => mkdirSync(folder, { recursive: true }));
        refuseOthers(folder, undefined);
        const name = `${randomUUID()}.lock`;
        const lock = new RolloutLock(path.join(folder, name));
        const started = startOf(process.pid)?.started;
        const holder: LockHolder = {
            ...whoRuns(),
            pid: process.pid,
            at: new Date().toISOString(),
            ...(started && { started }),
        };
        // Renamed into place, so that nobody reads half of it.
        const unfinished = `${lock.#file}.new`;
        try {
            written(() => writeFileSync(unfinished, JSON.stringify(holder), { mode: 0o600 }));
        } catch (error) {
            rmSync(unfinished, { force: true });
            throw error;
        }
        renameSync(unfinished, lock.#file);
        try {
            refuseOthers(folder, name);
        } catch (error) {
            lock.release();
            throw error;
        }
        return lock;
    }

    release(): void {
        rmSync(this.#file, { force: true });
    }
}

/** Whether a process that is still there holds the lock. */
export function isLocked(folder: string): boolean {
    return existsSync(folder) && holders(folder, undefined).length > 0;
}

export function whoRuns(): { readonly user: string; readonly host: string } {
    return { user: userInfo().username, host: hostname() };
}

function refuseOthers(folder: string, own: string | undefined): void {
    const found = holders(folder, own);
    if (found.length === 0) return;
    const texts = found.map(
        ({ file, user, host, pid, at }) => `${user}@${host} (process ${pid}) since ${at}, by ${file}`,
    );
    throw new UserError("rollout-running", `The rollout is being worked on by ${texts.join("; ")}`);
}

function holders(folder: string, own: string | undefined): (LockHolder & { readonly file: string })[] {
    return locksIn(folder)
        .filter((name) => name.endsWith(".lock") && name !== own)
        .flatMap((name) => {
            const file = path.join(folder, name);
            const holder = readHolder(file);
            if (holder === undefined) return [];
            if (holder.host === hostname() && !isRunning(holder)) {
                rmSync(file, { force: true });
                return [];
            }
            return [{ ...holder, file }];
        });
}

function locksIn(folder: string): string[] {
    try {
        return readdirSync(folder);
    } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        throw new UserError("rollout-lock-unreadable", `The folder of locks could not be read (${code})`, {
            file: folder,
        });
    }
}

/** Undefined when the lock was released in the meantime. @throws UserError `rollout-lock-unreadable` */
function readHolder(file: string): LockHolder | undefined {
    try {
        return parseStored(readFileSync(file, "utf8"), storedSchemas.lockHolder());
    } catch (error) {
        if (!existsSync(file)) return undefined;
        const why = error instanceof StoredFault ? error.message : (error as NodeJS.ErrnoException).code;
        throw new UserError("rollout-lock-unreadable", `The lock could not be read (${why})`, { file });
    }
}

function isRunning({ pid, started }: LockHolder): boolean {
    try {
        process.kill(pid, 0);
    } catch (error) {
        return (error as NodeJS.ErrnoException).code === "EPERM";
    }
    const found = startOf(pid);
    if (found === undefined) return true;
    // A killed process that its parent hasn't asked for yet is still listed, as a zombie.
    return found.state !== "Z" && (started === undefined || started === found.started);
}

/** From /proc/<pid>/stat (proc(5)); undefined where there is no such file. */
function startOf(
    pid: number,
): { readonly state: string | undefined; readonly started: string | undefined } | undefined {
    try {
        const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
        const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
        return { state: fields[0], started: fields[19] };
    } catch {
        return undefined;
    }
}
