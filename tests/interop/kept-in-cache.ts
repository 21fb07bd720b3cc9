import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { ToolUnavailable } from "./needed-tool";
import { cache } from "./packed-package";

const minute = 60_000;

/**
 * Something that takes long to install or to compile: made once, and kept in node_modules/.cache. Test files run side by side in processes,
 * so it is made aside and moved in one step: what is there is complete. The others wait for it.
 * @param contents what it is made from: other contents make another folder
 * @param make fills the folder
 * @returns the folder
 * @throws ToolUnavailable when it cannot be made
 */
export async function keptInCache(
    name: string,
    contents: readonly (string | Buffer)[],
    make: (draft: string) => unknown,
): Promise<string> {
    const hash = createHash("sha256");
    for (const content of contents) hash.update(content);
    const folder = path.join(cache, `${name}-${hash.digest("hex").slice(0, 16)}`);
    await mkdir(cache, { recursive: true });
    const release = await taken(`${folder}.lock`, folder);
    const draft = `${folder}.${process.pid}`;
    try {
        if (existsSync(folder)) return folder;
        await mkdir(draft, { recursive: true });
        await make(draft);
        await rename(draft, folder);
    } catch (error) {
        if (!existsSync(folder)) throw new ToolUnavailable(`${name} cannot be made: ${(error as Error).message}`);
    } finally {
        await rm(draft, { recursive: true, force: true });
        await release();
    }
    return folder;
}

/** A lock of an ended process counts as free. Without it, which can take this long, two make the same: the first one's is kept. */
async function taken(lock: string, wanted: string): Promise<() => Promise<void>> {
    for (let waited = 0; waited < 9 * minute && !existsSync(wanted); waited += 500) {
        try {
            await writeFile(lock, String(process.pid), { flag: "wx" });
            return () => rm(lock, { force: true });
        } catch {
            const owner = Number(await readFile(lock, "utf8").catch(() => "0"));
            if (owner > 0 && !isAlive(owner)) await rm(lock, { force: true });
            else await delay(500);
        }
    }
    return async () => {};
}

function isAlive(processId: number): boolean {
    try {
        return process.kill(processId, 0);
    } catch {
        return false;
    }
}
