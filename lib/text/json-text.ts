import { replaceHidden } from "./visible";

/** JSON for programs that is safe to print: the data stay as they are, and characters that cannot be seen are written as escapes. */
export function jsonText(value: unknown): string {
    return `${replaceHidden(JSON.stringify(value, undefined, 2), codeUnits)}\n`;
}

/** A value as a literal of JavaScript of which each character can be seen. */
export function codeLiteral(value: unknown): string {
    return JSON.stringify(value).replaceAll(/[^\x20-\x7e]/gu, codeUnits);
}

function codeUnits(character: string): string {
    return Array.from({ length: character.length }, (_, index) => unitText(character.charCodeAt(index))).join("");
}

function unitText(unit: number): string {
    return `\\u${unit.toString(16).padStart(4, "0")}`;
}
