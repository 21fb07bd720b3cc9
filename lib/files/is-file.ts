import { type Stats, statSync } from "node:fs";

/** Whether there is a file of this name. False for a name that no file can have. */
export const isFile = (name: string): boolean => found(name)?.isFile() ?? false;

/** Whether there is a folder of this name. False for a name that no folder can have. */
export const isFolder = (name: string): boolean => found(name)?.isDirectory() ?? false;

function found(name: string): Stats | undefined {
    try {
        return statSync(name);
    } catch {
        return undefined;
    }
}
