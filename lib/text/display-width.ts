/**
 * Characters that take two columns of a terminal: East Asian Width W and F, and emoji. A test holds this against the package
 * `get-east-asian-width`, code point by code point.
 * Source: https://www.unicode.org/reports/tr11/
 */
const wide =
    /[\u1100-\u115e\u2329\u232a\u2630-\u2637\u268a-\u268f\u2e80-\u303e\u3041-\u3247\u3250-\ua4c6\ua960-\ua97c\uac00-\ud7a3\uf900-\ufad9\ufe10-\ufe6b\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{1b2fb}\u{1d300}-\u{1d376}\u{1f200}-\u{1f265}\u{20000}-\u{33479}]|(?!\p{Regional_Indicator})\p{Emoji_Presentation}/u;

/** Marks, ignored characters, and the later parts of a Hangul syllable are drawn with the character before them. */
const zero = /[\p{Mn}\p{Me}\p{Default_Ignorable_Code_Point}\u1160-\u11ff\ud7b0-\ud7fb]/u;

const isAscii = /^[\x20-\x7e]*$/;

/** How many columns of a terminal a visible text without colors takes. */
export function displayWidth(text: string): number {
    if (isAscii.test(text)) return text.length;
    let width = 0;
    for (const character of text) width += characterWidth(character);
    return width;
}

/** A text followed by as many spaces as it takes to fill the columns. */
export function padded(text: string, columns: number): string {
    return text + " ".repeat(Math.max(0, columns - displayWidth(text)));
}

/** A text of exactly so many columns: padded, or cut with an ellipsis. */
export function fitted(text: string, columns: number): string {
    if (displayWidth(text) <= columns) return padded(text, columns);
    return columns < 1 ? "" : padded(`${firstColumns(text, columns - 1)}…`, columns);
}

/** As much of the beginning of a text as fits into the columns. */
export function firstColumns(text: string, columns: number): string {
    let used = 0;
    let end = 0;
    for (const character of text) {
        used += characterWidth(character);
        if (used > columns) break;
        end += character.length;
    }
    return text.slice(0, end);
}

function characterWidth(character: string): number {
    if (zero.test(character)) return 0;
    return wide.test(character) ? 2 : 1;
}
