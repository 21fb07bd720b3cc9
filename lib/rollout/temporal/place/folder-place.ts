import { randomBytes } from "node:crypto";
import { type FileHandle, open, readFile, rename, rm } from "node:fs/promises";
import path from "node:path";
import { UserError } from "../../../errors";
import { makeFolder } from "../../../files";
import type { SharedPlace } from "./shared-place";

/** A folder, for instance on a network file system that every worker mounts. */
export class FolderPlace implements SharedPlace {
    readonly name: string;
    readonly #folder: string;

    constructor(folder: string) {
        this.name = folder;
        this.#folder = folder;
    }

    /** Writes the whole text or nothing of it, and waits for the disk. */
    async write(key: string, text: string): Promise<void> {
        const file = path.join(this.#folder, key);
        const draft = `${file}.${randomBytes(6).toString("hex")}.tmp`;
        try {
            const handle = await opened(draft);
            try {
                await handle.writeFile(text);
                await handle.sync();
            } finally {
                await handle.close();
            }
            await rename(draft, file);
        } catch (error) {
            await rm(draft, { force: true }).catch(() => undefined);
            throw failed("written", file, error);
        }
    }

    async read(key: string): Promise<string | undefined> {
        const file = path.join(this.#folder, key);
        try {
            return await readFile(file, "utf8");
        } catch (error) {
            if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
            throw failed("read", file, error);
        }
    }
}

/** Makes the folder only where it is missing: thousands of files go into the same one. */
async function opened(draft: string): Promise<FileHandle> {
    const create = (): Promise<FileHandle> => open(draft, "wx", 0o640);
    try {
        return await create();
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
        makeFolder(path.dirname(draft));
        return await create();
    }
}

function failed(what: "written" | "read", file: string, cause: unknown): Error {
    const { code, syscall } = cause as NodeJS.ErrnoException;
    if (syscall === undefined) return cause as Error;
    return new UserError(
        "shared-place-failed",
        `The rollout's shared place cannot be ${what} (${code})`,
        { file },
        { cause },
    );
}
