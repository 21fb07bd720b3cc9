import { visible } from "./visible";

const references: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
    "`": "&#96;",
};

/** A text as the content of an element, or as an attribute in quotes. It is also valid in XML 1.0, hence in SVG and JUnit. */
export function htmlText(text: string): string {
    return visible(text, "whole").replaceAll(/[&<>"'`]/g, (character) => references[character] as string);
}

/** The same for a text of several lines, which stay lines. `separator` stands between them: `<br>` in HTML, a line end in XML. */
export function htmlLines(text: string, separator = "<br>"): string {
    return text
        .split(/\r\n|\n/)
        .map(htmlText)
        .join(separator);
}
