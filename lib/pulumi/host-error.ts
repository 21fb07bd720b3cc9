import { UserError } from "../errors";
import { type DeclaredProperties, UnfinishedWrite } from "../lifecycle";
import { UnfinishedSet } from "../lifecycle/set/set-failure";

/**
 * Hands the host what work comes to.
 * @param inputs of a creation or an update, as the host gave them
 * @param id of the resource, where it has one already
 */
export async function forHost<T>(work: Promise<T>, inputs?: DeclaredProperties, id?: string): Promise<T> {
    try {
        return await work;
    } catch (error) {
        throw hostError(error, inputs, id);
    }
}

/**
 * What the dynamic provider host is given when an operation fails. The engine shows the message with the resource; before
 * that, the host prints `${error}: ${error.stack}` by itself for a failing check, diff, read or delete. For an error that is
 * meant for a person that line is made the kind of error, so that there is no stack trace and nothing stands twice. A
 * defect of ours keeps its stack.
 *
 * An unfinished write becomes the engine's partial failure: an error with an id and properties puts the resource into the
 * state all the same. The host adds `__provider` to what an operation returns, but not to what it throws.
 * @param inputs of a creation or an update, as the host gave them
 */
export function hostError(error: unknown, inputs: DeclaredProperties = {}, id?: string): unknown {
    if (error instanceof UnfinishedWrite || error instanceof UnfinishedSet) {
        const { state, cause } = error;
        const properties = { ...state, __provider: inputs.__provider };
        const known = error instanceof UnfinishedSet ? (id ?? error.id) : error.state.bucket;
        return Object.assign(readable(cause), { id: known, properties, reasons: [cause.message] });
    }
    return error instanceof UserError ? readable(error) : error;
}

function readable({ message, kind }: UserError): Error {
    const shown = new Error(message);
    shown.stack = kind;
    shown.toString = () => "bucket-encryption";
    return shown;
}
