import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { hostname, userInfo } from "node:os";
import { join } from "node:path";
import { DocumentShape } from "../../documents";
import { UserError, writing } from "../../errors";
import { HolderLock, isRunning, type LockKind, type ProcessIdentity, thisProcess } from "../../files";
import type { BackendFolder } from "./backend-folder";
import type { StackReference } from "./stack-reference";

/** The CLI's lock file (pkg/backend/diy/lock.go), with two more fields that the CLI ignores: `engine` and `started`. */
interface LockContent extends ProcessIdentity {
    readonly username: string;
    readonly hostname: string;
    readonly timestamp: string;
    /** Only this engine's locks can be removed: the user decides about locks that the CLI left after a crash. */
    readonly engine?: "pulumi-embedded";
}

/** Keeps two operations on one stack apart, this engine's and the CLI's alike. A lock of this engine whose process is gone is removed. */
export class StackLock {
    readonly #lock: HolderLock;

    private constructor(lock: HolderLock) {
        this.#lock = lock;
    }

    /** @throws UserError `stack-locked`, naming each holder; `state-not-written` */
    static acquire(backend: BackendFolder, stack: StackReference): StackLock {
        const holder: LockContent = {
            ...thisProcess(),
            username: userInfo().username,
            hostname: hostname(),
            timestamp: new Date().toISOString(),
            engine: "pulumi-embedded",
        };
        return new StackLock(HolderLock.acquire(backend.lockFolder(stack), holder, stackLocks));
    }

    /** Removes every lock, as `pulumi cancel` does. @throws UserError `state-not-written` */
    static breakAll(backend: BackendFolder, stack: StackReference): void {
        const folder = backend.lockFolder(stack);
        if (!existsSync(folder)) return;
        for (const name of readdirSync(folder)) {
            const file = join(folder, name);
            writing("state-not-written", file, () => rmSync(file, { force: true }), "The lock cannot be removed");
        }
    }

    release(): void {
        this.#lock.release();
    }

    /** Keeps the CLI away from the state, and no later operation of this engine, in this process or another. */
    leave(): void {
        this.#lock.leave();
    }
}

const stackLocks: LockKind<LockContent> = {
    suffix: ".json",
    read: readLock,
    isAbandoned: (lock) => lock.engine === "pulumi-embedded" && lock.hostname === hostname() && !isRunning(lock),
    guard: (file, write) => writing("state-not-written", file, write),
    refuse(held) {
        const holders = held.map(({ file, holder }) => {
            const { username, hostname: host, pid, timestamp } = holder;
            return `  ${file}: created by ${username}@${host} (pid ${pid}) at ${timestamp}${endedNote(holder)}`;
        });
        throw new UserError(
            "stack-locked",
            `the stack is currently locked by ${holders.length} lock(s):\n${holders.join("\n")}\n`,
        );
    },
};

/** Undefined when the lock was released in the meantime. A file that names no holder is a lock nevertheless. */
function readLock(file: string): LockContent | undefined {
    let content: unknown;
    try {
        content = JSON.parse(readFileSync(file, "utf8"));
    } catch {
        if (!existsSync(file)) return undefined;
    }
    if (lockShape.matches(content)) return content;
    return { pid: 0, username: "unknown", hostname: "unknown", timestamp: "an unknown time" };
}

const text = { type: "string" };
const lockShape = new DocumentShape<LockContent>({
    type: "object",
    required: ["pid", "username", "hostname", "timestamp"],
    properties: {
        pid: { type: "integer", minimum: 1 },
        username: text,
        hostname: text,
        timestamp: text,
        engine: text,
        started: text,
    },
});

const endedNote = (lock: LockContent): string =>
    lock.hostname === hostname() && lock.pid > 0 && !isRunning(lock) ? "; that process is no longer running" : "";
