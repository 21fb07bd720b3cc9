import { existsSync } from "node:fs";
import { hostname, userInfo } from "node:os";
import { DocumentShape, objectSchema, readJson } from "../../documents";
import { UserError, writing } from "../../errors";
import { HolderLock, heldLocks, isRunning, type LockKind, type ProcessIdentity, thisProcess } from "../../files";

/** Who works on a rollout. */
interface LockHolder extends ProcessIdentity {
    readonly user: string;
    readonly host: string;
    /** ISO 8601. */
    readonly at: string;
}

/** Keeps two processes from the same rollout. A lock of a process of this machine that is gone is removed. */
export class RolloutLock {
    readonly #lock: HolderLock;

    private constructor(lock: HolderLock) {
        this.#lock = lock;
    }

    /** @throws UserError `rollout-running`, naming the holder; `rollout-not-recorded`, `rollout-lock-unreadable` */
    static acquire(folder: string): RolloutLock {
        const holder: LockHolder = { ...userAndHost(), ...thisProcess(), at: new Date().toISOString() };
        return new RolloutLock(HolderLock.acquire(folder, holder, rolloutLocks));
    }

    release(): void {
        this.#lock.release();
    }
}

/** Whether a living process holds the lock. @throws UserError `rollout-lock-unreadable` */
export function isLocked(folder: string): boolean {
    const guard: LockKind<LockHolder>["guard"] = (file, read) =>
        writing("rollout-lock-unreadable", file, read, "The folder of locks cannot be read");
    return existsSync(folder) && heldLocks(folder, { ...rolloutLocks, guard }).length > 0;
}

export function userAndHost(): { readonly user: string; readonly host: string } {
    return { user: userInfo().username, host: hostname() };
}

const rolloutLocks: LockKind<LockHolder> = {
    suffix: ".lock",
    read: readHolder,
    isAbandoned: (holder) => holder.host === hostname() && !isRunning(holder),
    guard: (file, write) => writing("rollout-not-recorded", file, write, "The rollout cannot be locked"),
    refuse(held) {
        const texts = held.map(
            ({ file, holder: { user, host, pid, at } }) => `${user}@${host} (process ${pid}) since ${at}, by ${file}`,
        );
        throw new UserError("rollout-running", `The rollout is already being run by ${texts.join("; ")}`);
    },
};

const text = { type: "string" };
const holderShape = new DocumentShape<LockHolder>(
    objectSchema({ pid: { type: "integer", minimum: 0 }, user: text, host: text, at: text, "started?": text }),
);

/** Undefined when the lock was released in the meantime. @throws UserError `rollout-lock-unreadable` */
function readHolder(file: string): LockHolder | undefined {
    const source = { kind: "rollout-lock-unreadable", title: "The lock", file } as const;
    try {
        return readJson(holderShape, source);
    } catch (error) {
        if (!existsSync(file)) return undefined;
        throw error;
    }
}
