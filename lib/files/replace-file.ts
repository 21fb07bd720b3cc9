import { randomBytes } from "node:crypto";
import {
    closeSync,
    fchmodSync,
    fchownSync,
    fsyncSync,
    lstatSync,
    openSync,
    readlinkSync,
    renameSync,
    rmSync,
    type Stats,
    statSync,
    writeFileSync,
} from "node:fs";
import path from "node:path";

/**
 * Writes a whole file or none: a temporary file beside it is written, synced to the disk, and renamed. Until then the old file
 * stays as it is. A symbolic link stays one, and the file that it leads to is written.
 * @param mode the permissions that the file ends with; by default those of the old file, and for a new one the usual ones
 * @throws the system's error; no temporary file stays
 */
export function replaceFile(name: string, content: string | Uint8Array, mode?: number): void {
    const file = linkTarget(name);
    const folder = path.dirname(file);
    const temporary = path.join(folder, `.${randomBytes(8).toString("hex")}.tmp`);
    const old = statSync(file, { throwIfNoEntry: false });
    try {
        const descriptor = openSync(temporary, "wx", mode ?? 0o666);
        try {
            if (old !== undefined) keepOwner(descriptor, old);
            const kept = mode ?? (old === undefined ? undefined : old.mode & 0o777);
            if (kept !== undefined) fchmodSync(descriptor, kept);
            // Bytes, since Node repeats a short write of these only.
            writeFileSync(descriptor, typeof content === "string" ? Buffer.from(content) : content);
            fsyncSync(descriptor);
        } finally {
            closeSync(descriptor);
        }
        renameSync(temporary, file);
    } catch (error) {
        rmSync(temporary, { force: true });
        throw error;
    }
    syncFolder(folder);
}

/** The file that a symbolic link leads to, which need not exist. */
export function linkTarget(file: string): string {
    let target = path.resolve(file);
    for (let links = 0; links < 40; links += 1) {
        if (lstatSync(target, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return target;
        target = path.resolve(path.dirname(target), readlinkSync(target));
    }
    return file;
}

/** Makes changes to a folder, such as a rename, durable. */
export function syncFolder(folder: string): void {
    // Windows cannot sync a folder.
    if (process.platform === "win32") return;
    const descriptor = openSync(folder, "r");
    try {
        fsyncSync(descriptor);
    } finally {
        closeSync(descriptor);
    }
}

function keepOwner(descriptor: number, { uid, gid }: Stats): void {
    try {
        fchownSync(descriptor, uid, gid);
    } catch {
        // Only root may give files away; the writer owns the new file then.
    }
}
