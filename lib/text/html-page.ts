import { createHash } from "node:crypto";
import { htmlText } from "./html-text";

/**
 * A page that needs no other file. Its policy forbids every request, and every style or script that is not given here.
 * @param page `title` is plain text; `style`, `script` and `body` are put as they are
 */
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
