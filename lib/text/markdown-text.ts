import { oneLine, visible } from "./visible";

/** Words and the punctuation around them that no dialect of Markdown, mention, reference or link begins with. */
const plainWord =
    /^(?:[("“‘']*(?:[\p{L}\p{M}，。、：；！？（）「」]+(?:[-'’][\p{L}\p{M}]+)*\d{0,4}|\d{1,6})[)"”’',;:.!?…]*|[–—→])$/u;

/** What a forge takes for a commit, and what begins a list. */
const isReference = (word: string): boolean => /^[0-9a-f]{7,}/i.test(word) && /\d/.test(word);
const beginsList = /^\d+[.)]/;

/**
 * A sentence as Markdown of which a reader sees exactly this text: no mark-up, HTML, link, mention or reference comes from it.
 * Plain words are put as they are, and all others as code. Line ends become spaces. It fits into a paragraph, a heading, a list item and a table's cell.
 */
export function markdownText(text: string): string {
    const parts: string[] = [];
    let code: string[] = [];
    const endCode = () => {
        if (code.length > 0) parts.push(markdownCode(code.join(" ")));
        code = [];
    };
    for (const [index, word] of oneLine(text).split(" ").filter(Boolean).entries()) {
        if (!plainWord.test(word) || isReference(word) || (index === 0 && beginsList.test(word))) code.push(word);
        else {
            endCode();
            parts.push(word);
        }
    }
    endCode();
    return parts.join(" ");
}

/**
 * A name or value as code, in which forges look for no mentions, references or links. Bars stand between code as character
 * references, since they would end a table's cell.
 * Source: https://github.github.com/gfm/#code-spans, https://github.github.com/gfm/#example-200
 */
export function markdownCode(text: string): string {
    return visible(text).split("|").map(codeSpan).join("&#124;");
}

function codeSpan(text: string): string {
    if (text === "") return "";
    const longest = Math.max(0, ...Array.from(text.matchAll(/`+/g), ([ticks]) => ticks.length));
    const fence = "`".repeat(longest + 1);
    // A space at both ends is removed by the reader of the code, and a backtick would lengthen the fence.
    const pad = /^`|`$/.test(text) || (/^ .* $/.test(text) && text.trim() !== "") ? " " : "";
    return `${fence}${pad}${text}${pad}${fence}`;
}

/**
 * The lines of a table in Markdown.
 * @param rows with Markdown in their cells, as `markdownText` and `markdownCode` make it
 */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
    return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
}
