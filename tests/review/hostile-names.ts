import fc from "fast-check";

/** Whether a text holds what moves a cursor, turns text around, or hides it. Line breaks (CR LF in tables) are an output's own. */
export function obeysOrHides(text: string): boolean {
    return /[^\P{Cc}\n\r]|[\p{Cf}\p{Cs}]|[\u2028\u2029]/u.test(text);
}

/** Pieces of names that try to be more than names, in one output or another. */
export const hostilePieces = [
    "\u001b[31m",
    "\u001b]8;;http://evil.example\u0007",
    "\u009b2J",
    "|",
    "\\|",
    "`",
    "``",
    "```\n",
    "</script>",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<!--",
    "-->",
    "</details>",
    "@everyone",
    "@octocat",
    "#1",
    "!1",
    "octocat/hello#1",
    "https://evil.example/a",
    "www.evil.example",
    "[click](http://evil.example)",
    "![i](http://evil.example/i.png)",
    "**bold**",
    "_x_",
    "~~x~~",
    "&lt;",
    "&#64;",
    "\u202e",
    "\u2066",
    "\u200b",
    "\ufeff",
    "\r\n",
    "\n- item",
    "\n# head",
    "\t",
    "\u0000",
    "\ud800",
    "{0}",
    "=cmd|' /C calc'!A0",
    "+1",
    "-1",
    "example",
    " ",
    "$x$",
    "$`x`$",
    ":tada:",
];

export const hostileName = fc
    .array(fc.oneof(fc.constantFrom(...hostilePieces), fc.string({ unit: "binary", maxLength: 5 })), {
        minLength: 1,
        maxLength: 5,
    })
    .map((pieces) => pieces.join(""));
