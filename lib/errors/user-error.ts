import { type ErrorKind, errorCatalogue } from "./error-catalogue";

/** Where something went wrong, as far as it is known. Never holds a credential. */
export interface ErrorPlace {
    /** The stack resource's name or URN. */
    readonly resource?: string | undefined;
    readonly bucket?: string | undefined;
    readonly region?: string | undefined;
    readonly endpoint?: string | undefined;
    readonly account?: string | undefined;
    /** A file, with its line where that is known. */
    readonly file?: string | undefined;
}

export interface UserErrorOptions {
    readonly cause?: unknown;
    /** What to do in this very case, a sentence with a full stop, where the kind's own cure does not fit. */
    readonly cure?: string;
}

/**
 * An error for the person who runs the command or the stack: what was wrong, where, and what to do next.
 * Every error that this package throws on purpose is one. Its kind comes from the catalogue (`docs/errors.md`), and its text
 * never holds a secret. Anything else that is thrown is a defect of this package and keeps its stack trace.
 */
export class UserError extends Error {
    override readonly name: string = "UserError";
    readonly kind: ErrorKind;
    readonly where: ErrorPlace;

    /**
     * @param kind the catalogue's entry, which gives the cure unless the options do
     * @param what one sentence without a full stop (a question mark at its end stays): what was wrong, with the value that was found and what is allowed. A list of
     * faults ends with a line feed instead.
     */
    constructor(kind: ErrorKind, what: string, where: ErrorPlace = {}, options: UserErrorOptions = {}) {
        const { cure = errorCatalogue[kind].cure } = options;
        super(
            what.endsWith("\n") ? `${what}${cure}` : `${sentence(`${what}${placeText(where)}`)} ${cure}`,
            "cause" in options ? { cause: options.cause } : undefined,
        );
        this.kind = kind;
        this.where = where;
    }
}

/** The reason of a check or a notice, as an error begins with it. */
export function capitalized(reason: string): string {
    return reason.charAt(0).toUpperCase() + reason.slice(1);
}

/** A question such as "did you mean …?" has its mark. */
function sentence(text: string): string {
    return text.endsWith("?") ? text : `${text}.`;
}

function placeText(where: ErrorPlace): string {
    const known = Object.entries(where).filter(([, value]) => value !== undefined && value !== "");
    return known.length === 0 ? "" : ` (${known.map(([key, value]) => `${key} ${value}`).join(", ")})`;
}
