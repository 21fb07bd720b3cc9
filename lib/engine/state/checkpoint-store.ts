import { createHash } from "node:crypto";
import { copyFileSync, existsSync, readFileSync } from "node:fs";
import { UserError, writing } from "../../errors";
import { type BackendFolder, qualifiedName, type StackReference, writeBackendFile } from "./backend-folder";
import { type CheckpointFileJson, checkpointText, type DeploymentJson, usedFeatures } from "./checkpoint-format";
import { SnapshotDraft } from "./snapshot-draft";
import { snapshotFault } from "./snapshot-integrity";
import { readJournal, SnapshotJournal } from "./snapshot-journal";
import { repairedSnapshot } from "./snapshot-repair";

const supportedFeatures = new Set(["taint", "replaceWith", "hooks"]);

/** A stack's state as it was found. */
export interface LoadedCheckpoint {
    /** SHA-256 of the state file, hexadecimal. */
    readonly hash: string;
    /** Undefined for a stack that was never deployed. */
    readonly deployment: DeploymentJson | undefined;
}

/** Reads and writes the state file of one stack, and adds what a killed operation left in its journal. */
export class CheckpointStore {
    readonly #file: string;

    readonly #backend: BackendFolder;
    readonly #stack: StackReference;

    constructor(backend: BackendFolder, stack: StackReference) {
        this.#backend = backend;
        this.#stack = stack;

        this.#file = backend.stackFile(stack);
    }

    /**
     * The state with everything that is finished, for commands that only look: a journal is followed, and left as it is.
     * @throws UserError `stack-not-found`, `invalid-checkpoint`, `not-supported-by-embedded-engine`, `journal-conflict`
     */
    read(): LoadedCheckpoint {
        const found = this.#readFile();
        const journal = readJournal(this.#backend.journalFile(this.#stack));
        if (journal === undefined || journal.result === found.hash) return found;
        this.#refuseForeignChange(journal.base, found.hash);
        const draft = new SnapshotDraft(found.deployment);
        for (const change of journal.changes) draft.apply(change);
        return { hash: found.hash, deployment: draft.toDeployment(new Date()) };
    }

    /** The same for commands that hold the lock: what a killed operation had finished goes into the state file for good. */
    recover(): LoadedCheckpoint {
        const journalFile = this.#backend.journalFile(this.#stack);
        if (!existsSync(journalFile)) return this.#readFile();
        const { deployment } = this.read();
        const journal = SnapshotJournal.reopen(journalFile);
        const content = readJournal(journalFile);
        if (content === undefined || content.result === this.#readFile().hash) journal.remove();
        else this.commit(deployment, journal);
        return this.#readFile();
    }

    /**
     * Writes the end of an operation and removes its journal. A crash at any point in between is recovered from.
     * @throws UserError `state-not-written`, and then the journal is left
     * @returns what was wrong with the state and had to be mended, in words
     */
    commit(deployment: DeploymentJson | undefined, journal: SnapshotJournal): string | undefined {
        const fault = deployment === undefined ? undefined : snapshotFault(deployment);
        const sound = deployment === undefined || fault === undefined ? deployment : repairedSnapshot(deployment);
        const text = this.#textOf(sound);
        try {
            journal.announceResult(hashOf(text));
        } catch (error) {
            // A journal that has no room lacks steps that were finished since; the state file may have room for them.
            if (!(error instanceof UserError)) throw error;
        }
        this.write(sound, text);
        journal.remove();
        return fault;
    }

    /** Replaces the state file at once, keeping what it held as `.bak`. @throws UserError `invalid-checkpoint` */
    write(deployment: DeploymentJson | undefined, text: string = this.#textOf(deployment)): void {
        const fault = deployment === undefined ? undefined : snapshotFault(deployment);
        if (fault !== undefined)
            throw new UserError("invalid-checkpoint", `The new state would be broken: ${fault}`, { file: this.#file });
        if (existsSync(this.#file))
            writing("state-not-written", this.#file, () => copyFileSync(this.#file, `${this.#file}.bak`));
        writeBackendFile(this.#file, text);
    }

    /** The text of the state file, for history and backups. */
    currentText(): string {
        return readFileSync(this.#file, "utf8");
    }

    #textOf(deployment: DeploymentJson | undefined): string {
        return checkpointText(qualifiedName(this.#stack), deployment);
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
        const text = readFileSync(this.#file, "utf8");
        const { version, features = [], checkpoint } = this.#parse(text);
        if (version !== 3 && version !== 4) {
            throw new UserError(
                "not-supported-by-embedded-engine",
                `The state file has version ${version}; pulumi-embedded supports 3 and 4`,
                { file: this.#file },
            );
        }
        const unknown = [...new Set([...features, ...usedFeatures(checkpoint.latest)])].filter(
            (feature) => !supportedFeatures.has(feature),
        );
        if (unknown.length > 0) {
            throw new UserError(
                "not-supported-by-embedded-engine",
                `The state uses ${unknown.join(", ")}, which pulumi-embedded doesn't support`,
                { file: this.#file },
            );
        }
        const fault = checkpoint.latest === undefined ? undefined : snapshotFault(checkpoint.latest);
        if (fault !== undefined)
            throw new UserError("invalid-checkpoint", `snapshot integrity failure; refusing to use it: ${fault}`, {
                file: this.#file,
            });
        return { hash: hashOf(text), deployment: checkpoint.latest };
    }

    #parse(text: string): CheckpointFileJson {
        try {
            const json = JSON.parse(text) as CheckpointFileJson;
            if (typeof json.checkpoint === "object" && json.checkpoint !== null) {
                // The CLI writes an empty map, or nothing, for a stack that was never deployed.
                const { latest } = json.checkpoint;
                return latest?.manifest === undefined
                    ? { ...json, checkpoint: { stack: json.checkpoint.stack } }
                    : json;
            }
        } catch {
            // Said below.
        }
        throw new UserError("invalid-checkpoint", "The state file is not a checkpoint", { file: this.#file });
    }

    #refuseForeignChange(base: string, found: string): void {
        if (base === found) return;
        throw new UserError("journal-conflict", "The state file is not the one that the killed operation began with", {
            file: this.#backend.journalFile(this.#stack),
        });
    }
}

export const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex");
