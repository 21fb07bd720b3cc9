import { readFile } from "node:fs/promises";
import { LocalCloudConfigurationError } from "./configuration-error";

/**
 * Reads a file of JSON.
 * @param subject names the file in errors
 * @throws LocalCloudConfigurationError when it cannot be read or is not JSON
 */
export async function readJsonFile(path: string, subject: string): Promise<unknown> {
    const fault = (message: string) => new LocalCloudConfigurationError(subject, [{ path: "", message }]);
    let text: string;
    try {
        text = await readFile(path, "utf8");
    } catch (error) {
        throw fault(`it cannot be read (${(error as NodeJS.ErrnoException).code ?? "unknown reason"})`);
    }
    try {
        return JSON.parse(text.replace(/^\ufeff/, ""));
    } catch (error) {
        // The parser's message quotes the text, which may be a secret.
        throw fault(`it is not valid JSON${place(text, (error as Error).message)}`);
    }
}

function place(text: string, parserMessage: string): string {
    const position = /at position (\d+)/.exec(parserMessage)?.[1];
    if (position === undefined) {
        return "";
    }
    const before = text.slice(0, Number(position)).split("\n");
    return ` (line ${before.length}, column ${(before.at(-1) ?? "").length + 1})`;
}
