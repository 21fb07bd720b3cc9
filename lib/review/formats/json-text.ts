/**
 * JSON for programs that is safe to print: the data are as they are, and what a terminal would obey or turn around is written
 * as escapes of JSON.
 */
export function jsonText(value: unknown): string {
    const text = JSON.stringify(value, undefined, 2);
    const escaped = text.replaceAll(/[\u007F-\u009F\p{Cf}\p{Cs}\u2028\u2029]/gu, (character) =>
        Array.from({ length: character.length }, (_, index) => unitText(character.charCodeAt(index))).join(""),
    );
    return `${escaped}\n`;
}

function unitText(unit: number): string {
    return `\\u${unit.toString(16).padStart(4, "0")}`;
}
