/**
 * A text as the content or an attribute of HTML, SVG or XML. What no XML document may hold is replaced, and so is what would
 * turn the direction of writing around.
 * Source: https://www.w3.org/TR/xml/#charsets
 */
export function markupText(text: string): string {
    return text
        .replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd")
        .replace(/(?![\t\n\r])\p{Cc}|[\u202a-\u202e\u2066-\u2069\ufffe\uffff]/gu, "\ufffd")
        .replace(/&/g, "&amp;")
        .replace(/</g, "&lt;")
        .replace(/>/g, "&gt;")
        .replace(/"/g, "&quot;")
        .replace(/'/g, "&#39;");
}
