import { createHash } from "node:crypto";
import { copyFileSync, existsSync } from "node:fs";
import { checkedValue, parseJson, readDocument } from "../../documents";
import { UserError, writing } from "../../errors";
import { type BackendFolder, writeBackendFile } from "./backend-folder";
import { checkpointText, type DeploymentJson, unsupportedFeatures } from "./checkpoint-format";
import { checkpointShape, versionShape, withoutNulls } from "./checkpoint-shape";
import { SnapshotDraft } from "./snapshot-draft";
import { snapshotFault } from "./snapshot-integrity";
import { type JournalContent, oldJournalFile, readJournal, SnapshotJournal, setJournalAside } from "./snapshot-journal";
import { repairedSnapshot } from "./snapshot-repair";
import { qualifiedName, type StackReference } from "./stack-reference";

/** A stack's state as it was found. */
export interface LoadedCheckpoint {
    /** SHA-256 of the state file, hexadecimal. */
    readonly hash: string;
    /** Undefined for a stack that was never deployed. */
    readonly deployment: DeploymentJson | undefined;
    /** The parts that could not be read, in words. */
    readonly warning?: string;
}

/** Reads and writes the state file of one stack, with the steps in the journal of a killed operation. */
export class CheckpointStore {
    readonly #backend: BackendFolder;
    readonly #stack: StackReference;
    readonly #file: string;

    constructor(backend: BackendFolder, stack: StackReference) {
        this.#backend = backend;
        this.#stack = stack;
        this.#file = backend.stackFile(stack);
    }

    /**
     * The state with every finished step, for commands that only read. A journal is used and left as it is.
     * @throws UserError `stack-not-found`, `invalid-checkpoint`, `not-supported-by-embedded-engine`, `journal-conflict`,
     * `journal-damaged`
     */
    read(): LoadedCheckpoint {
        const found = this.#readFile();
        const journal = this.#openJournal(found);
        if (journal === undefined) return found;
        const draft = new SnapshotDraft(found.deployment);
        for (const change of journal.changes) draft.apply(change);
        return {
            hash: found.hash,
            deployment: draft.toDeployment(new Date()),
            ...(journal.damagedLines.length === 0 ? {} : { warning: this.#damageText(journal) }),
        };
    }

    /** The same for commands that hold the lock: the finished steps of a killed operation are written to the state file. */
    recover(): LoadedCheckpoint {
        const file = this.#backend.journalFile(this.#stack);
        if (!existsSync(file)) return this.#readFile();
        const { deployment, warning } = this.read();
        const isOpen = this.#openJournal(this.#readFile()) !== undefined;
        const journal = SnapshotJournal.reopen(file);
        if (isOpen) this.#settleOrClose(deployment, journal);
        if (warning === undefined) journal.remove();
        else {
            journal.close();
            setJournalAside(file);
        }
        return { ...this.#readFile(), ...(warning === undefined ? {} : { warning }) };
    }

    /**
     * Writes the end of an operation and removes its journal. The next command recovers from a crash at any point in between.
     * @throws UserError `state-not-written`, and then the journal is left
     * @returns the fault of the state that was repaired, if any
     */
    commit(deployment: DeploymentJson | undefined, journal: SnapshotJournal): string | undefined {
        const fault = this.#settleOrClose(deployment, journal);
        journal.remove();
        return fault;
    }

    /** Replaces the state file as a whole. The former one stays as `.bak`. @throws UserError `invalid-checkpoint` */
    write(deployment: DeploymentJson | undefined, text: string = this.#textOf(deployment)): void {
        const fault = deployment === undefined ? undefined : snapshotFault(deployment);
        if (fault !== undefined)
            throw new UserError(
                "invalid-checkpoint",
                `The new state would contradict itself: ${fault}`,
                { file: this.#file },
                { cure: "The state file is unchanged. Please report this defect with the message." },
            );
        if (existsSync(this.#file))
            writing("state-not-written", this.#file, () => copyFileSync(this.#file, `${this.#file}.bak`));
        writeBackendFile(this.#file, text);
    }

    /**
     * Replaces a state that may be damaged. A journal belongs to the former state and is set aside.
     * @throws UserError `invalid-checkpoint`, `state-not-written`
     */
    replace(deployment: DeploymentJson): void {
        this.write(deployment);
        setJournalAside(this.#backend.journalFile(this.#stack));
    }

    /** The text of the state file, for history and backups. */
    currentText(): string {
        return readDocument(this.#source);
    }

    /** Where the state cannot be written, the journal stays on the disk, and this process has no more to do with it. */
    #settleOrClose(deployment: DeploymentJson | undefined, journal: SnapshotJournal): string | undefined {
        try {
            return this.#settle(deployment, journal);
        } catch (error) {
            journal.close();
            throw error;
        }
    }

    #settle(deployment: DeploymentJson | undefined, journal: SnapshotJournal): string | undefined {
        const fault = deployment === undefined ? undefined : snapshotFault(deployment);
        const sound = deployment === undefined || fault === undefined ? deployment : repairedSnapshot(deployment);
        const text = this.#textOf(sound);
        try {
            journal.announceResult(hashOf(text));
        } catch (error) {
            // A full disk cut the journal off. The state file may still fit, and has all steps.
            if (!(error instanceof UserError)) throw error;
        }
        this.write(sound, text);
        return fault;
    }

    #textOf(deployment: DeploymentJson | undefined): string {
        return checkpointText(qualifiedName(this.#stack), deployment);
    }

    get #source() {
        return { kind: "invalid-checkpoint", title: "The state file", file: this.#file } as const;
    }

    #readFile(): LoadedCheckpoint {
        const packed = [".gz", ".zst"].map((extension) => this.#file + extension).find((path) => existsSync(path));
        if (packed !== undefined)
            throw new UserError(
                "not-supported-by-embedded-engine",
                "Compressed states are not supported by pulumi-embedded",
                { file: packed },
            );
        if (!existsSync(this.#file))
            throw new UserError("stack-not-found", `no stack named '${this.#stack.name}' found`);
        const text = readDocument(this.#source);
        const header = parseJson(text, versionShape, this.#source);
        const { version } = header;
        if (version !== 3 && version !== 4) {
            throw new UserError(
                "not-supported-by-embedded-engine",
                `The state file has version ${version}; pulumi-embedded supports 3 and 4`,
                { file: this.#file },
            );
        }
        const { features, checkpoint } = checkedValue(header, checkpointShape, this.#source, text);
        const deployment = checkpoint.latest?.manifest === undefined ? undefined : withoutNulls(checkpoint.latest);
        const unknown = unsupportedFeatures(deployment, features ?? []);
        if (unknown.length > 0) {
            throw new UserError(
                "not-supported-by-embedded-engine",
                `The state uses ${unknown.join(", ")}, which pulumi-embedded does not support`,
                { file: this.#file },
            );
        }
        const fault = deployment === undefined ? undefined : snapshotFault(deployment);
        if (fault !== undefined)
            throw new UserError("invalid-checkpoint", `snapshot integrity failure; refusing to use it: ${fault}`, {
                file: this.#file,
            });
        return { hash: hashOf(text), deployment };
    }

    /** The journal of a killed operation, if it has anything that the state file lacks. */
    #openJournal(found: LoadedCheckpoint): JournalContent | undefined {
        const file = this.#backend.journalFile(this.#stack);
        const journal = readJournal(file);
        if (journal === undefined || journal.result === found.hash) return undefined;
        if (journal.base === found.hash) return journal;
        throw new UserError("journal-conflict", "The state file changed after the killed operation began", {
            file,
        });
    }

    #damageText({ damagedLines }: JournalContent): string {
        const file = this.#backend.journalFile(this.#stack);
        const lines = `${damagedLines.length === 1 ? "line" : "lines"} ${damagedLines.join(", ")}`;
        return `The journal of a killed operation is damaged: ${lines} of ${file} cannot be read, and steps of that operation may be missing in the state. The other lines are used. Compare the stack with the real resources, for instance with \`pulumi-embedded refresh\`; the next command that changes the stack keeps the journal as ${oldJournalFile(file)}`;
    }
}

export const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex");
