import { createHash } from "node:crypto";
import { printable } from "./printable-text";

const references: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
    "`": "&#96;",
};

/** A name, value or sentence as text of an element, or of an attribute in quotes. */
export function htmlText(text: string): string {
    return printable(text).replaceAll(/[&<>"'`]/g, (character) => references[character] as string);
}

/** A page that stands alone: no request is made for it, and nothing runs or styles it but what is written here. */
export function htmlPage(page: { title: string; style: string; script?: string; body: string }): string {
    const policy = [
        "default-src 'none'",
        `style-src ${hashSource(page.style)}`,
        ...(page.script === undefined ? [] : [`script-src ${hashSource(page.script)}`]),
        "base-uri 'none'",
        "form-action 'none'",
    ].join("; ");
    return [
        "<!DOCTYPE html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        `<title>${htmlText(page.title)}</title>`,
        `<style>${page.style}</style>`,
        "</head>",
        "<body>",
        page.body,
        ...(page.script === undefined ? [] : [`<script>${page.script}</script>`]),
        "</body>",
        "</html>",
        "",
    ].join("\n");
}

function hashSource(text: string): string {
    return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}
