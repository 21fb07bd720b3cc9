/** An element to write: a text, or elements. */
export type XmlContent = string | number | boolean | readonly XmlNode[];
export type XmlNode = readonly [name: string, content: XmlContent] | undefined;

/** A document with one root. Undefined nodes are left out, so that optional elements can be written inline. */
export function writeXml(root: string, content: XmlContent): string {
    return `<?xml version="1.0" encoding="UTF-8"?>\n${element(root, content, "")}\n`;
}

export function utf8(text: string): Uint8Array {
    return Buffer.from(text, "utf8");
}

function element(name: string, content: XmlContent, indent: string): string {
    if (typeof content !== "object") {
        return `${indent}<${name}>${escapeText(String(content))}</${name}>`;
    }
    const children = content.filter((node) => node !== undefined);
    if (children.length === 0) {
        return `${indent}<${name}></${name}>`;
    }
    const lines = children.map(([childName, child]) => element(childName, child, `${indent}  `));
    return `${indent}<${name}>\n${lines.join("\n")}\n${indent}</${name}>`;
}

function escapeText(text: string): string {
    return text.replace(/[&<>"\r]|[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, (character) => {
        switch (character) {
            case "&":
                return "&amp;";
            case "<":
                return "&lt;";
            case ">":
                return "&gt;";
            case '"':
                return "&quot;";
            default:
                return `&#x${character.codePointAt(0)?.toString(16)};`;
        }
    });
}
