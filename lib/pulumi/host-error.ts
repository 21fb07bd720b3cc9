import { type Properties, UnfinishedResource } from "../declaration";
import { UserError } from "../errors";

/**
 * Converts errors to the form that the host expects.
 * @param inputs of a creation or an update, as the host gave them
 * @param id of the resource, where it has one already
 */
export async function forHost<T>(work: Promise<T>, inputs?: Properties, id?: string): Promise<T> {
    try {
        return await work;
    } catch (error) {
        throw hostError(error, inputs, id);
    }
}

/**
 * What the dynamic provider host gets when an operation fails. The engine shows the message with the resource. Before that, the host
 * prints `${error}: ${error.stack}` for a failing check, diff, read or delete. For an error that is meant for the user that line is
 * left out, so the output has no stack trace and shows nothing twice. A defect of ours keeps its stack.
 *
 * An unfinished resource becomes the engine's partial failure: an error with an id and properties puts the resource into the state.
 * The host adds `__provider` to the properties that an operation returns, but not to those that it throws.
 */
export function hostError(error: unknown, inputs: Properties = {}, id?: string): unknown {
    if (error instanceof UnfinishedResource) {
        const { state, cause } = error;
        const properties = { ...state, __provider: inputs.__provider };
        return Object.assign(readable(cause), { id: id ?? error.id, properties, reasons: [cause.message] });
    }
    return error instanceof UserError ? readable(error) : error;
}

function readable({ message, kind }: UserError): Error {
    suppressHostLines();
    const shown = new Error(message);
    shown.stack = kind;
    shown.toString = () => "bucket-encryption";
    return shown;
}

let suppressesHostLines = false;

/** Keeps the host's line for a `readable` error from being printed. The host gives its handlers no way to fail without the line. */
function suppressHostLines(): void {
    if (suppressesHostLines) return;
    suppressesHostLines = true;
    const print = console.error;
    console.error = (...values: unknown[]): void => {
        if (values.length !== 1 || !/^bucket-encryption: [a-z-]+$/.test(String(values[0]))) print(...values);
    };
}
