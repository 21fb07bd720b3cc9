import { type ErrorKind, errorCatalogue } from "./error-catalogue";

/**
 * A preview's warning of something that a deployment will refuse, with the kind of that error for programs that read the engine's
 * output. The form is documented in `docs/errors.md`.
 */
export function warningOf(kind: ErrorKind, what: string): string {
    return `warning: ${kind}: ${what}`;
}

/**
 * The parts of such a warning as engines pass it on; `undefined` for any other text.
 * @param severity under which the engine passes it on: what the plugin tells has it, and what a dynamic provider prints is information
 */
export function readWarning(
    text: string,
    severity?: unknown,
): { readonly kind: ErrorKind; readonly what: string } | undefined {
    const marked = severity === "warning" && !text.includes("warning: ") ? `warning: ${text}` : text;
    const [, kind = "", what = ""] = /^(?:bucket-encryption: )?warning: ([a-z-]+): ([\s\S]+)$/.exec(marked) ?? [];
    return Object.hasOwn(errorCatalogue, kind) ? { kind: kind as ErrorKind, what } : undefined;
}
