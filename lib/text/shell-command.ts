import { replaceHidden } from "./visible";

/**
 * A command for a POSIX shell that a person may copy: each word reaches the program as it is given here, and nothing in it is
 * expanded or run. Every command that is printed or written into a pipeline comes from here.
 */
export function shellCommand(words: readonly string[]): string {
    return words.map(shellWord).join(" ");
}

/**
 * One word of a command. Characters that cannot be seen are written as bytes in `$'…'`, which bash, zsh and POSIX of 2024 read.
 * Zero bytes and lone surrogates cannot be passed to a program; their place holds a text that names nothing.
 * Source: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_02
 */
export function shellWord(word: string): string {
    if (/^[\w./:@%+,-]+$/.test(word)) return word;
    const possible = word.replaceAll(/\0|\p{Cs}/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
    const hasHidden = possible.includes("\n") || replaceHidden(possible, () => "") !== possible;
    if (!hasHidden) return `'${possible.replaceAll("'", "'\\''")}'`;
    const quoted = replaceHidden(possible.replaceAll("\\", "\\\\").replaceAll("'", "\\'"), bytes).replaceAll(
        "\n",
        "\\n",
    );
    return `$'${quoted}'`;
}

function bytes(character: string): string {
    return Array.from(Buffer.from(character), (byte) => `\\${byte.toString(8).padStart(3, "0")}`).join("");
}
