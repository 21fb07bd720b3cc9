import { displayWidth } from "./display-width";

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
