import { printable } from "./printable-text";

/**
 * A name or value as code, in which neither GitHub nor GitLab looks for mentions, references, links or HTML. What could end
 * the code or a table's cell is written as character references, inside an element instead of backticks.
 */
export function markdownCode(text: string): string {
    const shown = printable(text);
    if (/^[\p{L}\p{N}](?:[\p{L}\p{N} ._:/$…-]*[\p{L}\p{N}…])?$/u.test(shown)) return `\`${shown}\``;
    return `<code>${referenced(shown)}</code>`;
}

/**
 * A sentence of ours, which may quote a value. One that has nothing but letters and the punctuation of plain sentences, or our
 * own backticks, is put as it is; any other as code as a whole.
 */
export function markdownSentence(text: string): string {
    const shown = printable(text);
    const isPlain = /^(?:[\p{L}\p{N} ,;'()…-]|:(?!\/)|\.(?=\s|$)|`[A-Za-z]+`|(?<=\p{L})_(?=\p{L}))*$/u.test(shown);
    return isPlain && /^[\p{L}`]/u.test(shown) ? shown : `<code>${referenced(shown)}</code>`;
}

/** Everything but letters, digits and spaces as character references: none of it is Markdown then, nor the end of a cell. */
function referenced(text: string): string {
    return text.replaceAll(/[^\p{L}\p{N} ]/gu, (character) => `&#${character.codePointAt(0)};`);
}
