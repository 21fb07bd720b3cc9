import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { hostname, userInfo } from "node:os";
import { join } from "node:path";
import { DocumentShape } from "../../documents";
import { replaceFile, UserError, writing } from "../../errors";
import type { BackendFolder } from "./backend-folder";
import type { StackReference } from "./stack-reference";

/** The CLI's lock file, with two more fields that it passes over. */
interface LockContent {
    readonly pid: number;
    readonly username: string;
    readonly hostname: string;
    readonly timestamp: string;
    /** Only our own locks can be taken over: what the CLI does after a crash is for its user to decide. */
    readonly engine?: "pulumi-embedded";
    /** When the process started, in the kernel's clock ticks; tells a process from a later one with the same id. */
    readonly started?: string;
}

/**
 * Keeps two operations on one stack apart, this engine's and the CLI's alike: check, write, check again (pkg/backend/diy/lock.go).
 * A lock of this engine whose process is gone is taken over.
 */
export class StackLock {
    readonly #file: string;

    private constructor(file: string) {
        this.#file = file;
    }

    /** @throws UserError `stack-locked`, naming each holder; `state-not-written` */
    static acquire(backend: BackendFolder, stack: StackReference): StackLock {
        const folder = backend.lockFolder(stack);
        writing("state-not-written", folder, () => mkdirSync(folder, { recursive: true }));
        refuseOthers(folder, undefined);
        const name = `${randomUUID()}.json`;
        const lock = new StackLock(join(folder, name));
        const started = processStatus(process.pid)?.started;
        const content: LockContent = {
            pid: process.pid,
            username: userInfo().username,
            hostname: hostname(),
            timestamp: new Date().toISOString(),
            engine: "pulumi-embedded",
            ...(started === undefined ? {} : { started }),
        };
        writing("state-not-written", lock.#file, () => replaceFile(lock.#file, JSON.stringify(content)));
        try {
            refuseOthers(folder, name);
        } catch (error) {
            lock.release();
            throw error;
        }
        return lock;
    }

    /** Removes every lock, as `pulumi cancel` does. */
    static breakAll(backend: BackendFolder, stack: StackReference): void {
        const folder = backend.lockFolder(stack);
        if (!existsSync(folder)) return;
        for (const name of readdirSync(folder)) {
            const file = join(folder, name);
            writing("state-not-written", file, () => rmSync(file, { force: true }), "The lock can't be removed");
        }
    }

    release(): void {
        rmSync(this.#file, { force: true });
    }
}

function refuseOthers(folder: string, own: string | undefined): void {
    const holders: string[] = [];
    for (const name of readdirSync(folder)) {
        const file = join(folder, name);
        if (name === own || !name.endsWith(".json")) continue;
        const content = readLock(file);
        if (content === undefined) continue;
        if (isAbandoned(content)) rmSync(file, { force: true });
        else
            holders.push(
                `  ${file}: created by ${content.username}@${content.hostname} (pid ${content.pid}) at ${content.timestamp}${endedNote(content)}`,
            );
    }
    if (holders.length > 0) {
        throw new UserError(
            "stack-locked",
            `the stack is currently locked by ${holders.length} lock(s). Wait for their processes to end, or remove the locks with \`pulumi-embedded cancel\`.\n${holders.join("\n")}\n`,
        );
    }
}

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

function isAbandoned(lock: LockContent): boolean {
    return lock.engine === "pulumi-embedded" && lock.hostname === hostname() && !isRunning(lock);
}

function endedNote(lock: LockContent): string {
    return lock.hostname === hostname() && lock.pid > 0 && !isRunning(lock)
        ? "; that process is no longer running"
        : "";
}

function isRunning(lock: LockContent): boolean {
    try {
        process.kill(lock.pid, 0);
    } catch (error) {
        return (error as NodeJS.ErrnoException).code === "EPERM";
    }
    const found = processStatus(lock.pid);
    if (found === undefined) return true;
    // A killed process that its parent hasn't asked for yet is still listed, as a zombie.
    return found.state !== "Z" && (lock.started === undefined || lock.started === found.started);
}

/** State and start time from /proc/<pid>/stat (proc(5)); undefined where there is no such file. */
function processStatus(
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
