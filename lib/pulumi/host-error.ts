import { UserError } from "../errors";

/**
 * What the dynamic provider host is given when an operation fails. The engine shows the message with the resource; before
 * that, the host prints `${error}: ${error.stack}` by itself for a failing check, diff, read or delete. For an error that is
 * meant for a person that line is made the kind of error, so that there is no stack trace and nothing stands twice. A
 * defect of ours keeps its stack.
 */
export function hostError(error: unknown): unknown {
    if (!(error instanceof UserError)) return error;
    const shown = new Error(error.message);
    shown.stack = error.kind;
    shown.toString = () => "bucket-encryption";
    return shown;
}
