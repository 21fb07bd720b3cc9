import { createHash, randomBytes } from "node:crypto";
import {
    appendFileSync,
    closeSync,
    lstatSync,
    openSync,
    readdirSync,
    readlinkSync,
    readSync,
    rmdirSync,
    rmSync,
    writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { UserError } from "../errors";
import { isRunning, makeFolder, thisProcess } from "../files";
import { type BucketFact, type OtherProcesses, readBucketFact } from "../lifecycle";

/** `<pid>-<start time>-<random>`: identifies the writer, even if its process id is used again or one process has several providers. */
const writerName = /^(?<pid>\d+)-(?<started>\d*)-[0-9a-f]{16}$/;
/** The file of a provider's facts, and the empty file beside it that marks the end of the provider. */
const [factsSuffix, endedSuffix] = [".facts", ".ended"] as const;
const newline = 10;

/**
 * The facts that the provider processes of one operation share, in a folder that only this user can read. An engine gives its
 * address to each of its processes, so that address names the folder. Each process appends to a file of its own and reads those of
 * the others. Files are never locked: a process writes each fact that others must not miss before it reads theirs.
 *
 * An engine may get the port of an earlier one. So a process that joins first empties a folder whose processes have all ended, and
 * removes the folders of other operations that have ended.
 */
export class OperationFolder implements OtherProcesses {
    readonly #address: string;
    readonly #ended: AbortSignal | undefined;
    /** How much of each file was read, by the writers' names. */
    readonly #offsets = new Map<string, number>();
    #joined: { readonly folder: string; readonly name: string } | undefined;

    /**
     * @param engineAddress `host:port`
     * @param ended aborted when this provider has ended, where its process continues
     */
    constructor(engineAddress: string, ended?: AbortSignal) {
        this.#address = engineAddress;
        this.#ended = ended;
    }

    tell(facts: readonly BucketFact[]): void {
        if (facts.length === 0) return;
        const { folder, name } = this.#join();
        const lines = facts.map((fact) => `${JSON.stringify(fact)}\n`).join("");
        guarded(folder, () => appendFileSync(path.join(folder, name + factsSuffix), lines));
    }

    *news(): Generator<{ readonly process: string; readonly shared: BucketFact }> {
        const { folder, name } = this.#join();
        for (const process of guarded(folder, () => writersIn(readdirSync(folder)))) {
            if (process === name) continue;
            const start = this.#offsets.get(process) ?? 0;
            const added = guarded(folder, () => readFrom(path.join(folder, process + factsSuffix), start));
            // A last line that is still being written is for the next reading.
            const end = added.lastIndexOf(newline) + 1;
            for (const line of added.toString("utf8", 0, end).split("\n").slice(0, -1)) {
                yield { process, shared: guarded(folder, () => factIn(line)) };
            }
            this.#offsets.set(process, start + end);
        }
    }

    isRunning(process: string): boolean {
        const { folder } = this.#join();
        return guarded(folder, () => runningIn(readdirSync(folder))).includes(process);
    }

    /** @returns the folder, and the name of this provider in it */
    #join(): { readonly folder: string; readonly name: string } {
        if (this.#joined !== undefined) return this.#joined;
        const { pid, started = "" } = thisProcess();
        const name = `${pid}-${started}-${randomBytes(8).toString("hex")}`;
        const all = folderOfUser();
        const folder = path.join(all, `${machine()}-${hashOf(this.#address)}`);
        guarded(folder, () => {
            for (const other of readdirSync(all)) {
                if (other.startsWith(machine())) removeEnded(path.join(all, other), folder);
            }
            // A process of another operation may remove the folder while it is empty, at any moment.
            for (let attempt = 0; ; attempt++) {
                try {
                    makeFolder(folder, 0o700);
                    writeFileSync(path.join(folder, name + factsSuffix), "", { flag: "wx", mode: 0o600 });
                    break;
                } catch (error) {
                    if (!(isMissing(error) || alreadyExists(error)) || attempt === 100) throw error;
                }
            }
        });
        this.#ended?.addEventListener("abort", () => markEnded(path.join(folder, name)));
        this.#joined = { folder, name };
        return this.#joined;
    }
}

/** @throws when another program wrote the line */
function factIn(line: string): BucketFact {
    const fact = readBucketFact(JSON.parse(line));
    if (fact === undefined) throw new Error("it has a line that no provider of this package wrote");
    return fact;
}

/** The folder of all operations of this user. @throws UserError of kind `declarations-not-shared` when another user may write there */
function folderOfUser(): string {
    const user = process.getuid?.();
    const folder = path.resolve(os.tmpdir(), `pulumi-bucket-encryption-${user ?? "user"}`);
    return guarded(folder, () => {
        makeFolder(folder, 0o700);
        const found = lstatSync(folder);
        const isPrivate = user === undefined || (found.uid === user && (found.mode & 0o077) === 0);
        if (found.isDirectory() && isPrivate) return folder;
        throw new Error("it belongs to another user, or others may use it");
    });
}

/**
 * A text for all processes that see each other and one loopback network: only they can tell which of them run, and name engines by
 * addresses. Containers may share a folder without sharing these.
 */
function machine(): string {
    const namespaces = ["net", "pid"].map((kind) => {
        try {
            return readlinkSync(`/proc/self/ns/${kind}`);
        } catch {
            return ""; // Only Linux has them.
        }
    });
    return hashOf([os.hostname(), ...namespaces].join(" "));
}

function hashOf(text: string): string {
    return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

/** Removes a folder whose processes have all ended. @param own the folder of this operation, where what ended processes shared must not count */
function removeEnded(folder: string, own: string): void {
    try {
        const files = readdirSync(folder);
        if (runningIn(files).length > 0) return;
        for (const file of files) rmSync(path.join(folder, file), { force: true });
        rmdirSync(folder);
    } catch (error) {
        // Another process removes it too, or has just joined.
        const isTaken = ["ENOENT", "ENOTEMPTY", "EEXIST"].includes((error as NodeJS.ErrnoException).code ?? "");
        // The folders of other operations are only tidied up.
        if (folder === own ? !isTaken : !isOfSystem(error)) throw error;
    }
}

function writersIn(files: readonly string[]): string[] {
    return files
        .filter((file) => file.endsWith(factsSuffix))
        .map((file) => file.slice(0, -factsSuffix.length))
        .filter((name) => writerName.test(name));
}

/** The writers that still run. */
function runningIn(files: readonly string[]): string[] {
    return writersIn(files).filter((name) => {
        const { pid, started } = writerName.exec(name)?.groups ?? {};
        const isKnownToHaveEnded = files.includes(name + endedSuffix);
        return !isKnownToHaveEnded && isRunning({ pid: Number(pid), ...(started && { started }) });
    });
}

/** What an ended provider shared counts until the others have ended too. */
function markEnded(writer: string): void {
    try {
        writeFileSync(writer + endedSuffix, "", { mode: 0o600 });
    } catch (error) {
        // The folder is gone, or the disk is full: then what was shared counts until this process ends, and rules stay.
        if (!isOfSystem(error)) throw error;
    }
}

function readFrom(file: string, start: number): Buffer {
    const descriptor = openSync(file, "r");
    try {
        const chunks: Buffer[] = [];
        for (let position = start; ; ) {
            const chunk = Buffer.alloc(64 * 1024);
            const length = readSync(descriptor, chunk, 0, chunk.length, position);
            if (length === 0) return Buffer.concat(chunks);
            chunks.push(chunk.subarray(0, length));
            position += length;
        }
    } finally {
        closeSync(descriptor);
    }
}

/** Whether the system refused the work with files. Every other error is a defect. */
const isOfSystem = (error: unknown): boolean => (error as NodeJS.ErrnoException).syscall !== undefined;

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === "ENOENT";

const alreadyExists = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === "EEXIST";

function guarded<T>(folder: string, work: () => T): T {
    try {
        return work();
    } catch (error) {
        if (error instanceof UserError) throw error;
        const what = `The folder ${folder} cannot be used: ${(error as Error).message}`;
        throw new UserError("declarations-not-shared", what);
    }
}
