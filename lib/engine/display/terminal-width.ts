/** Characters of East Asian scripts, and emoji, take two columns of a terminal. */
const wide =
    /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}]/u;

const widthOf = (character: string): number => (wide.test(character) ? 2 : 1);

/** How many columns of a terminal a text without colors takes. */
export function columnsOf(text: string): number {
    let width = 0;
    for (const character of text) width += widthOf(character);
    return width;
}

/** A text of exactly so many columns: filled up with blanks, or cut off with an ellipsis. */
export function fitted(text: string, columns: number): string {
    const width = columnsOf(text);
    if (width <= columns) return text + " ".repeat(columns - width);
    let cut = "";
    let used = 0;
    for (const character of text) {
        if (used + widthOf(character) > columns - 1) break;
        cut += character;
        used += widthOf(character);
    }
    return `${cut}…${" ".repeat(Math.max(0, columns - 1 - used))}`;
}
