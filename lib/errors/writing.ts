import type { ErrorKind } from "./error-catalogue";
import { UserError } from "./user-error";

/**
 * Does what writes a file or a folder.
 * @param what the sentence of the error, with the system's code in brackets behind it
 * @throws UserError of the kind, when the system refuses: no room, no right, no such place
 */
export function writing<Result>(
    kind: ErrorKind,
    file: string,
    write: () => Result,
    what = "The file cannot be written",
): Result {
    try {
        return write();
    } catch (error) {
        const { code, syscall } = error as NodeJS.ErrnoException;
        if (syscall === undefined) throw error;
        throw new UserError(kind, `${what} (${code})`, { file }, { cause: error });
    }
}
