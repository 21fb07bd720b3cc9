import type { ErrorKind } from "./error-catalogue";
import { UserError } from "./user-error";

const cures: Readonly<Record<string, string>> = {
    ENOENT: "Check the name of the file.",
    ENOTDIR: "Check the name of the file.",
    EISDIR: "Name a file, not a folder.",
    EACCES: "Give this user the right to read the file.",
    EPERM: "Give this user the right to read the file.",
};

/**
 * The error of a file that the system does not let this process read. Its cure is about the file, not about its content.
 * @param what the sentence of the error, with the system's code in brackets behind it
 * @param cause the system's error; any other is rethrown
 */
export function unreadable(kind: ErrorKind, file: string, cause: unknown, what = "The file cannot be read"): UserError {
    const { code, syscall } = cause as NodeJS.ErrnoException;
    if (typeof code !== "string" && syscall === undefined) throw cause;
    const cure = cures[code ?? ""] ?? "Check the file and the disk that it is on.";
    return new UserError(kind, `${what} (${code})`, { file }, { cause, cure });
}
