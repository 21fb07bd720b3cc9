import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { replaceFile, UserError, writing } from "../../errors";

/** Names one stack; the CLI's file backends have the one organization `organization`. */
export interface StackReference {
    readonly project: string;
    readonly name: string;
}

export const organization = "organization";

/** The name that states and events give a stack. */
export const qualifiedName = ({ project, name }: StackReference): string => `${organization}/${project}/${name}`;

const stackNamePattern = /^[A-Za-z0-9_.-]{1,100}$/;

/** Reads `dev`, `organization/dev` or `organization/<project>/dev`. @throws UserError `invalid-command` */
export function parseStackName(text: string, project: string): StackReference {
    const parts = text.split("/");
    const name = parts.at(-1) ?? "";
    if (!stackNamePattern.test(name) || parts.length > 3) {
        throw new UserError(
            "invalid-command",
            `"${text}" is no stack name; it is 1 to 100 letters, digits, "_", "." or "-"`,
        );
    }
    if (parts.length > 1 && parts[0] !== organization) {
        throw new UserError(
            "invalid-command",
            `The organization of a stack in a file backend is "${organization}", found "${parts[0]}"`,
        );
    }
    if (parts.length === 3 && parts[1] !== project) {
        throw new UserError(
            "invalid-command",
            `The stack "${text}" belongs to another project than the current one, "${project}"`,
        );
    }
    return { project, name };
}

/** The folder that a `file://` URL names, with the CLI's layout of version 1 inside it (pkg/backend/diy). */
export class BackendFolder {
    readonly #root: string;

    private constructor(
        readonly url: string,
        root: string,
    ) {
        this.#root = root;
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
        const folder = folderOf(url, workingFolder);
        if (!existsSync(folder) || !statSync(folder).isDirectory())
            throw new UserError("invalid-backend", `The state folder ${folder} is not there`);
        const backend = new BackendFolder(url, folder);
        backend.#checkLayout();
        return backend;
    }

    /** The state file of a stack. */
    stackFile(stack: StackReference): string {
        return join(this.#root, ".pulumi", "stacks", stack.project, `${stack.name}.json`);
    }

    /** Where finished steps are noted while an operation runs. The CLI passes over files of this name. */
    journalFile(stack: StackReference): string {
        return join(this.#root, ".pulumi", "stacks", stack.project, `${stack.name}.embedded-journal`);
    }

    lockFolder(stack: StackReference): string {
        return join(this.#root, ".pulumi", "locks", organization, stack.project, stack.name);
    }

    historyFolder(stack: StackReference): string {
        return join(this.#root, ".pulumi", "history", stack.project, stack.name);
    }

    backupFolder(stack: StackReference): string {
        return join(this.#root, ".pulumi", "backups", stack.project, stack.name);
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
            .map((file) => ({ project, name: file.slice(0, -".json".length) }))
            .sort((left, right) => (left.name < right.name ? -1 : 1));
    }

    /** Forgets a stack: its state is kept as `.bak`, its history and backups go. */
    remove(stack: StackReference): void {
        const file = this.stackFile(stack);
        copyFileSync(file, `${file}.bak`);
        for (const path of [file, `${file}.attrs`, this.journalFile(stack), file.replace(/\.json$/, ".pulumi-tags")])
            rmSync(path, { force: true });
        rmSync(this.historyFolder(stack), { recursive: true, force: true });
    }

    #checkLayout(): void {
        const file = join(this.#root, ".pulumi", "meta.yaml");
        if (!existsSync(file)) {
            const legacy = join(this.#root, ".pulumi", "stacks");
            if (existsSync(legacy) && readdirSync(legacy).some((name) => name.endsWith(".json"))) {
                throw new UserError(
                    "not-supported-by-embedded-engine",
                    "The state folder has the layout of old CLIs, which pulumi-embedded doesn't support",
                    { file: legacy },
                );
            }
            writing("state-not-written", file, () => {
                mkdirSync(dirname(file), { recursive: true });
                replaceFile(file, "version: 1\n");
            });
            return;
        }
        const version = (parse(readFileSync(file, "utf8")) as { version?: unknown } | null)?.version;
        if (version !== 1) {
            throw new UserError(
                "not-supported-by-embedded-engine",
                `The state folder's layout has version ${JSON.stringify(version)}; pulumi-embedded supports version 1`,
                { file },
            );
        }
    }
}

function folderOf(url: string, workingFolder: string): string {
    const path = url.slice("file://".length).replace(/\?.*$/, "");
    if (path === "~" || path.startsWith("~/")) return join(homedir(), path.slice(1));
    if (path.startsWith("/")) return fileURLToPath(`file://${path.replaceAll("#", "%23")}`);
    return resolve(workingFolder, path);
}

/**
 * Writes a file of the backend with the sidecar that the CLI's storage layer (gocloud fileblob) keeps beside each.
 * @throws UserError `state-not-written`, and then the file is what it was
 */
export function writeBackendFile(file: string, content: string): void {
    writing("state-not-written", file, () => {
        mkdirSync(dirname(file), { recursive: true });
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
        // The CLI does without a sidecar, but not with half of one.
        rmSync(`${file}.attrs`, { force: true });
    }
}
