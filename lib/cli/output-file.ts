import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { writing } from "../errors";

/** Writes what a command was told to write into a file. Folders are made. @throws UserError `output-not-written` */
export function writeOutput(file: string, text: string, mode?: number): void {
    writing("output-not-written", file, () => {
        mkdirSync(path.dirname(path.resolve(file)), { recursive: true });
        writeFileSync(file, text, { mode });
    });
}
