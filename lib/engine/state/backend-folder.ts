import { createHash } from "node:crypto";
import { copyFileSync, existsSync, readdirSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { DocumentShape, readYaml } from "../../documents";
import { UserError, writing } from "../../errors";
import { isFolder, makeFolder, replaceFile } from "../../files";
import { oldJournalFile } from "./snapshot-journal";
import { nameFault, organization, type StackReference } from "./stack-reference";

/** The folder that a `file://` URL names, with the CLI's layout of version 1 inside it (pkg/backend/diy). */
export class BackendFolder {
    readonly url: string;
    readonly #root: string;

    private constructor(url: string, folder: string) {
        this.url = url;
        this.#root = join(folder, ".pulumi");
    }

    /**
     * @param url PULUMI_BACKEND_URL, or the project's `backend.url`, or the one the CLI is logged in to
     * @param workingFolder where a relative path of the URL starts, as with the CLI
     * @throws UserError `not-supported-by-embedded-engine` for other places, `invalid-backend`
     */
    static open(url: string, workingFolder: string): BackendFolder {
        if (!url.startsWith("file://")) {
            throw new UserError(
                "not-supported-by-embedded-engine",
                `The backend ${url} is not supported by pulumi-embedded, only folders (file://…) are`,
            );
        }
        const folder = stateFolderOf(url, workingFolder);
        if (!isFolder(folder)) throw new UserError("invalid-backend", `The state folder ${folder} does not exist`);
        const backend = new BackendFolder(url, folder);
        backend.#checkLayout();
        return backend;
    }

    /** The state file of a stack. */
    stackFile(stack: StackReference): string {
        return `${this.#path("stacks", stack)}.json`;
    }

    /** The journal of the finished steps while an operation runs. The CLI ignores files of this name. */
    journalFile(stack: StackReference): string {
        return `${this.#path("stacks", stack)}.embedded-journal`;
    }

    lockFolder(stack: StackReference): string {
        return this.#path(join("locks", organization), stack);
    }

    historyFolder(stack: StackReference): string {
        return this.#path("history", stack);
    }

    backupFolder(stack: StackReference): string {
        return this.#path("backups", stack);
    }

    /** @throws UserError `stack-exists` */
    expectNew(stack: StackReference): void {
        if (this.exists(stack)) throw new UserError("stack-exists", `stack '${stack.name}' already exists`);
    }

    exists(stack: StackReference): boolean {
        return existsSync(this.stackFile(stack));
    }

    /** The stacks of a project, sorted. */
    stacks(project: string): StackReference[] {
        const folder = dirname(this.stackFile({ project, name: "any" }));
        if (!existsSync(folder)) return [];
        return readdirSync(folder)
            .filter((file) => file.endsWith(".json"))
            .map((file) => file.slice(0, -".json".length))
            .filter((name) => nameFault(name) === undefined)
            .map((name) => ({ project, name }))
            .sort((left, right) => (left.name < right.name ? -1 : 1));
    }

    /**
     * Forgets a stack, as the CLI does: its history goes. Its last state (`.bak`) and its backups stay by default.
     * @throws UserError `state-not-written`
     */
    remove(stack: StackReference, removeBackups = false): void {
        const file = this.stackFile(stack);
        writing("state-not-written", file, () => {
            copyFileSync(file, `${file}.bak`);
            for (const path of [
                file,
                `${file}.attrs`,
                this.journalFile(stack),
                oldJournalFile(this.journalFile(stack)),
                `${this.#path("stacks", stack)}.pulumi-tags`,
            ])
                rmSync(path, { force: true });
            rmSync(this.historyFolder(stack), { recursive: true, force: true });
            if (!removeBackups) return;
            rmSync(`${file}.bak`, { force: true });
            rmSync(this.backupFolder(stack), { recursive: true, force: true });
        });
    }

    /**
     * Every path of a stack is made here, so that none leads out of the stack's own place.
     * @throws UserError `invalid-command` for an invalid name
     */
    #path(kind: string, { project, name }: StackReference): string {
        for (const part of [project, name]) {
            const fault = nameFault(part);
            if (fault !== undefined)
                throw new UserError(
                    "invalid-command",
                    `${JSON.stringify(part)} is not a name of a stack or project: ${fault}`,
                );
        }
        return join(this.#root, kind, project, name);
    }

    #checkLayout(): void {
        const file = join(this.#root, "meta.yaml");
        if (!existsSync(file)) {
            const legacy = join(this.#root, "stacks");
            if (existsSync(legacy) && readdirSync(legacy).some((name) => name.endsWith(".json"))) {
                throw new UserError(
                    "not-supported-by-embedded-engine",
                    "The state folder has the layout of old CLIs, which pulumi-embedded does not support",
                    { file: legacy },
                );
            }
            writing("state-not-written", file, () => {
                makeFolder(dirname(file));
                replaceFile(file, "version: 1\n");
            });
            return;
        }
        const source = {
            kind: "invalid-backend",
            title: "The description of the state folder",
            file,
            cure: "Restore the file. In a folder of the current layout it holds the line `version: 1`.",
        } as const;
        const { version } = readYaml(layoutShape, source);
        if (version !== 1) {
            throw new UserError(
                "not-supported-by-embedded-engine",
                `The state folder's layout has version ${version}; pulumi-embedded supports version 1`,
                { file },
            );
        }
    }
}

const layoutShape = new DocumentShape<{ readonly version: number }>({
    type: "object",
    required: ["version"],
    properties: { version: { type: "integer" } },
});

/** The folder that a `file://` URL names. @throws UserError `invalid-backend` */
export function stateFolderOf(url: string, workingFolder: string): string {
    const path = url.slice("file://".length).replace(/\?.*$/, "");
    if (path === "~" || path.startsWith("~/")) return join(homedir(), path.slice(1));
    if (!path.startsWith("/")) return resolve(workingFolder, path);
    try {
        return fileURLToPath(`file://${path.replaceAll("#", "%23")}`);
    } catch (cause) {
        const { message } = cause as Error;
        throw new UserError("invalid-backend", `The URL ${url} names no folder: ${message}`, {}, { cause });
    }
}

/**
 * Writes a file of the backend with the sidecar that the CLI's storage layer (gocloud fileblob) keeps beside each.
 * @throws UserError `state-not-written`, and then the file is unchanged
 */
export function writeBackendFile(file: string, content: string): void {
    writing("state-not-written", file, () => {
        makeFolder(dirname(file));
        replaceFile(file, content);
    });
    const attributes = {
        "user.cache_control": "",
        "user.content_disposition": "",
        "user.content_encoding": "",
        "user.content_language": "",
        "user.content_type": "text/plain; charset=utf-8",
        "user.metadata": null,
        md5: createHash("md5").update(content).digest("base64"),
    };
    try {
        replaceFile(`${file}.attrs`, JSON.stringify(attributes));
    } catch {
        // The CLI can do without a sidecar, but not with half of one.
        rmSync(`${file}.attrs`, { force: true });
    }
}
