import { displayWidth, foldedLine, wrapped } from "../text";

/** A command's help with lines of at most so many columns. A folded example is still a command that a shell accepts. */
export function foldedHelp(text: string, columns: number): string {
    return text
        .split("\n")
        .flatMap((line) => (displayWidth(line) <= columns ? [line] : folded(line, columns)))
        .join("\n");
}

function folded(line: string, columns: number): string[] {
    const { 1: start, 2: command } = /^( +\$ )(.*)$/.exec(line) ?? [];
    if (start !== undefined && command !== undefined) {
        const [first, ...others] = wrapped(joined(command), columns - start.length - 4);
        const indent = " ".repeat(start.length + 2);
        return [`${start}${first}`, ...others.map((part) => `${indent}${part}`)].map((part, index) =>
            part.replaceAll("\u00a0", " ").concat(index < others.length ? " \\" : ""),
        );
    }
    return line.startsWith(" ") ? foldedLine(line, columns) : wrapped(line, columns);
}

/** A command in which each option keeps its value on the same line. */
const joined = (command: string): string => command.replaceAll(/(?<= -{1,2}[\w-]+) (?=[^-\s>|&])/g, "\u00a0");
