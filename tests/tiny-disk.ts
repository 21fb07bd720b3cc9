import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import path from "node:path";

/** A file system in memory with room for so many bytes, mounted on a folder: a disk that can really be full. */
export class TinyDisk {
    private constructor(readonly folder: string) {}

    /** @returns why there is none, where this process may not mount anything */
    static mount(folder: string, bytes: number): TinyDisk | string {
        mkdirSync(folder, { recursive: true });
        const { status, stderr, error } = spawnSync(
            "mount",
            ["-t", "tmpfs", "-o", `size=${bytes}`, "tiny-disk", folder],
            { encoding: "utf8" },
        );
        if (status === 0) return new TinyDisk(folder);
        return `no file system can be mounted here: ${error?.message ?? stderr.trim()}`;
    }

    /** Takes all of the room but so many bytes, in whole pages. Whoever writes meanwhile has taken a part of it: full is full. */
    fill(left = 0): void {
        this.free();
        const { bavail, bsize } = statfsSync(this.folder);
        try {
            writeFileSync(this.#ballast, Buffer.alloc(Math.max(0, bavail * bsize - left)));
        } catch (error) {
            if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
        }
    }

    free(): void {
        rmSync(this.#ballast, { force: true });
    }

    unmount(): void {
        spawnSync("umount", [this.folder]);
    }

    get #ballast(): string {
        return path.join(this.folder, "ballast");
    }
}
