import { randomUUID } from "node:crypto";
import { readdirSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { makeFolder } from "./make-folder";
import { replaceFile } from "./replace-file";

/** The properties of one kind of lock files. */
export interface LockKind<Holder> {
    /** Ends the name of every lock file. */
    readonly suffix: string;
    /** Who holds a lock file; undefined when it was released in the meantime. */
    read(file: string): Holder | undefined;
    /** Whether the lock may be removed, since its process is gone. */
    isAbandoned(holder: Holder): boolean;
    /** Converts the system's refusal to a user's error. */
    guard<Result>(file: string, write: () => Result): Result;
    /** Throws the error for a folder that others hold. */
    refuse(held: readonly HeldLock<Holder>[]): never;
}

export interface HeldLock<Holder> {
    readonly file: string;
    readonly holder: Holder;
}

/**
 * Keeps two processes from the same work. Each writes a file of its own and then looks for others: check, write, check again. Two
 * processes that come at the same moment may both be refused, and are never both admitted.
 */
export class HolderLock {
    readonly #file: string;
    readonly #suffix: string;

    private constructor(file: string, suffix: string) {
        this.#file = file;
        this.#suffix = suffix;
    }

    /** @throws the error of the kind */
    static acquire<Holder>(folder: string, holder: Holder, kind: LockKind<Holder>): HolderLock {
        kind.guard(folder, () => makeFolder(folder));
        HolderLock.#refuseOthers(folder, kind);
        const name = `${randomUUID()}${kind.suffix}`;
        const file = path.join(folder, name);
        kind.guard(file, () => replaceFile(file, JSON.stringify(holder), 0o600));
        const lock = new HolderLock(file, kind.suffix);
        try {
            HolderLock.#refuseOthers(folder, kind, name);
        } catch (error) {
            lock.release();
            throw error;
        }
        return lock;
    }

    release(): void {
        rmSync(this.#file, { force: true });
    }

    /** Ends the work, but leaves the file for other programs that look at it. The next `acquire` removes it. */
    leave(): void {
        // On a full disk a file can be renamed, and not written.
        renameSync(this.#file, `${this.#file.slice(0, -this.#suffix.length)}${leftMark}${this.#suffix}`);
    }

    static #refuseOthers<Holder>(folder: string, kind: LockKind<Holder>, own?: string): void {
        const held = heldLocks(folder, kind, own);
        if (held.length > 0) kind.refuse(held);
    }
}

/** In the name of a file whose holder has left it. */
const leftMark = ".left";

/** The locks in a folder, without those that were left or whose processes are gone, which are removed. */
export function heldLocks<Holder>(
    folder: string,
    kind: Pick<LockKind<Holder>, "suffix" | "read" | "isAbandoned" | "guard">,
    own?: string,
): HeldLock<Holder>[] {
    return kind
        .guard(folder, () => readdirSync(folder))
        .filter((name) => name.endsWith(kind.suffix) && name !== own)
        .flatMap((name) => {
            const file = path.join(folder, name);
            const holder = kind.read(file);
            if (holder === undefined) return [];
            if (!name.endsWith(`${leftMark}${kind.suffix}`) && !kind.isAbandoned(holder)) return [{ file, holder }];
            kind.guard(file, () => rmSync(file, { force: true }));
            return [];
        });
}
