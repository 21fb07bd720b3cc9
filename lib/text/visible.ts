/**
 * Characters that a reader cannot see, or that act on a terminal or on the characters around them: control and format
 * characters, lone surrogates, private and unassigned code points, line separators, and what Unicode lets a display ignore
 * (zero-width characters, fillers, variation selectors, tags), with the blank Braille pattern.
 * Sources: https://www.unicode.org/reports/tr44/#General_Category_Values,
 * https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point
 */
const hidden = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/gu;

/** Marks without a letter before them would change the character that stands before the text. */
const leadingMarks = /^\p{M}+/u;

/** More of a line does not help a reader, and a document may hold values of megabytes. */
const longestLine = 2_000;

/** More marks on one letter than a script uses reach into the lines above and below. */
const stackedMarks = /(?<=\p{M}{4})\p{M}/gu;

/** A color (SGR sequence), a line end or a tab. */
const passing = new RegExp(`(${"\u001b"}\\[[0-9;]*m|\\r?\\n|\\t)`);

const shortForms: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/**
 * A text on one line of which each character can be seen: the others are written as escapes, such as `\u{202e}`. Every output
 * for people uses it.
 * @param extent `line` (default): at most 2,000 characters, for terminals and comments; `whole` for formats that programs read
 */
export function visible(text: string, extent: "line" | "whole" = "line"): string {
    return written(extent === "whole" ? text : shortened(text, longestLine));
}

/**
 * The output of an engine for a terminal: lines of any length, in which only colors act. Line ends, tabs and colors stay;
 * other hidden characters are written as escapes.
 */
export function terminalText(text: string): string {
    return text
        .split(passing)
        .map((part, index) => (index % 2 === 1 ? part : written(part)))
        .join("");
}

/** The same for a text of several lines: line ends stay, and a tab becomes four spaces. */
export function visibleLines(text: string): string {
    return text
        .replaceAll("\t", "    ")
        .split(/\r\n|\n/)
        .map((line) => visible(line))
        .join("\n");
}

/** The same for a sentence that may be spread over lines: line ends and tabs become spaces. */
export function oneLine(text: string, extent: "line" | "whole" = "line"): string {
    return visible(text.replace(/[\t\n\v\f\r\u0085\u2028\u2029 ]+/g, " ").trim(), extent);
}

/** Replaces each hidden character, for formats that have escapes of their own. Leaves the line ends of the format. */
export function replaceHidden(text: string, replacement: (character: string) => string): string {
    return text.replace(hidden, (character) => (character === "\n" ? character : replacement(character)));
}

/** At most so many characters (UTF-16 units) of a text, with an ellipsis where some are missing. No character is divided. */
export function shortened(text: string, longest: number): string {
    if (text.length <= longest) return text;
    return `${text.slice(0, longest - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}

function written(text: string): string {
    return text
        .replace(hidden, escaped)
        .replace(leadingMarks, (marks) => Array.from(marks, escaped).join(""))
        .replace(stackedMarks, escaped);
}

function escaped(character: string): string {
    return shortForms[character] ?? `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
