import { existsSync, mkdirSync } from "node:fs";
import path from "node:path";
import { isFolder } from "./is-file";

/**
 * Makes a folder and the missing ones above it. Node's own `recursive` never ends, up to version 24, where a folder that exists says that
 * the new one does not, as `/proc` does.
 * @throws NodeJS.ErrnoException
 */
export function makeFolder(folder: string, mode?: number): void {
    const whole = path.resolve(folder);
    const parent = path.dirname(whole);
    if (parent !== whole && !existsSync(parent)) makeFolder(parent, mode);
    try {
        mkdirSync(whole, mode);
    } catch (error) {
        if (!isFolder(whole)) throw error;
    }
}
