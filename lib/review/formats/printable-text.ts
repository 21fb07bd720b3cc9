const longest = 500;

/**
 * A name or value of a document, fit for any output for people: control characters, line breaks, and the invisible characters
 * that turn or hide text (bidirectional controls, zero-width characters) are written out, and what is very long is cut.
 */
export function printable(text: string): string {
    const cut = text.length > longest ? `${text.slice(0, longest).replace(/[\uD800-\uDBFF]$/, "")}…` : text;
    return cut.replaceAll(/[\p{C}\p{Zl}\p{Zp}\u115F\u1160\u3164\uFFA0]/gu, codePointText);
}

function codePointText(character: string): string {
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
