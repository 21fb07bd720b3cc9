import { displayWidth } from "./display-width";

/** A line with its indentation, folded to so many columns; the lines that follow are indented further. */
export function foldedLine(text: string, columns: number): string[] {
    const [indent = ""] = /^ */.exec(text) ?? [];
    const [first = "", ...others] = wrapped(text.slice(indent.length), columns - indent.length - 2);
    return [`${indent}${first}`, ...others.map((line) => `${indent}  ${line}`)];
}

/**
 * The lines of a text that has at most so many columns. Breaks at spaces only: a name that is longer than a line stays whole, so
 * that it can be copied.
 */
export function wrapped(text: string, columns: number): string[] {
    const lines: string[] = [];
    let line: string | undefined;
    for (const word of text.split(" ")) {
        if (line !== undefined && displayWidth(line) + 1 + displayWidth(word) <= columns) line += ` ${word}`;
        else {
            if (line !== undefined) lines.push(line);
            line = word;
        }
    }
    return line === undefined ? lines : [...lines, line];
}
