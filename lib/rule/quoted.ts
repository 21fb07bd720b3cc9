/** The most characters that are named. */
const most = 3;

/**
 * A value in quotes for a message. Where only ASCII is allowed, other characters are named too: some look like letters, and some
 * cannot be seen.
 * @param longest the number of characters that are shown
 */
export function quoted(text: string, longest = 40): string {
    const shown = JSON.stringify(text.length > longest ? `${text.slice(0, longest)}…` : text);
    const others = [...new Set(text)].filter((character) => !/[\x20-\x7e]/.test(character));
    if (others.length === 0) return shown;
    const names = others.slice(0, most).map((character) => {
        const code = character.codePointAt(0) as number;
        return `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
    });
    return `${shown} (with ${names.join(", ")}${others.length > most ? ", …" : ""})`;
}
