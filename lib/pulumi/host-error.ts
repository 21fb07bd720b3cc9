import { UserError } from "../errors";

/**
 * What the dynamic provider host is given when an operation fails. The host prints `${error}: ${error.stack}` for a failing
 * check, diff, read or delete, so an error that is meant for a person must have no stack trace there; it gets the plain
 * message, once. A defect of ours keeps its stack.
 */
export function hostError(error: unknown): unknown {
    if (!(error instanceof UserError)) return error;
    const shown = new Error(error.message);
    shown.stack = error.message;
    shown.toString = () => "bucket-encryption";
    return shown;
}
