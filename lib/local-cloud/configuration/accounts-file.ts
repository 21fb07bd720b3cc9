import { readFile } from "node:fs/promises";
import type { AccountsDocument } from "./accounts-document";
import { validateAccounts } from "./accounts-validation";
import { LocalCloudConfigurationError } from "./configuration-error";

/**
 * Reads and checks an accounts file.
 * @throws LocalCloudConfigurationError when it can't be read, isn't JSON or has faults
 */
export async function readAccountsFile(path: string): Promise<AccountsDocument> {
    const subject = `The accounts file ${path}`;
    const fault = (message: string) => new LocalCloudConfigurationError(subject, [{ path: "", message }]);
    let text: string;
    try {
        text = await readFile(path, "utf8");
    } catch (error) {
        throw fault(`it can't be read (${(error as NodeJS.ErrnoException).code ?? "unknown reason"})`);
    }
    let document: unknown;
    try {
        document = JSON.parse(text.replace(/^\ufeff/, ""));
    } catch (error) {
        // The parser's own message quotes what stands there, which may be a secret.
        throw fault(`it is not valid JSON${place(text, (error as Error).message)}`);
    }
    return validateAccounts(document, subject);
}

function place(text: string, parserMessage: string): string {
    const position = /at position (\d+)/.exec(parserMessage)?.[1];
    if (position === undefined) {
        return "";
    }
    const before = text.slice(0, Number(position)).split("\n");
    return ` (line ${before.length}, column ${(before.at(-1) ?? "").length + 1})`;
}
