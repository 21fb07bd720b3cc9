import { oneLine, shortened } from "../../text";

const longest = 300;

/**
 * Makes a text of the service fit for a message: one line of printable characters, of bounded length, with every secret
 * of the request replaced, should the service repeat one.
 */
export function printableText(text: string, secrets: readonly string[]): string {
    let shown = text;
    // The longest first: one secret may be part of another.
    for (const secret of secrets.filter((text) => text !== "").sort((a, b) => b.length - a.length)) {
        shown = shown.replaceAll(secret, "(hidden)");
    }
    return oneLine(shortened(shown, longest));
}
