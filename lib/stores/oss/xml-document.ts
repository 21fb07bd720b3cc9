/** An element's content: its text, or its children by name. An element that is there several times is an array. */
export type XmlContent = string | XmlContent[] | { readonly [child: string]: XmlContent };

export interface XmlDocument {
    readonly root: string;
    readonly content: XmlContent;
}

/** A body that isn't the document it should be. The message says what it is instead, without a full stop. */
export class DocumentFault extends Error {
    override readonly name = "DocumentFault";
}

/**
 * Reads an answer's body as XML: complete, well-formed, UTF-8, with one root. Document types are refused, so nothing
 * but the character references that XML itself knows is ever expanded. Attributes and comments are left out.
 * @throws DocumentFault
 */
export function parseXml(body: Buffer): XmlDocument {
    const text = decodeUtf8(body);
    if (text.trim() === "") throw new DocumentFault("it is empty");
    if (/^\s*<(!doctype html|html)\b/i.test(text)) throw new DocumentFault("it is an HTML page");
    if (/<!doctype/i.test(text)) throw new DocumentFault("it brings a document type of its own");
    const { XMLParser, XMLValidator } = xmlLibrary();
    const validity = XMLValidator.validate(text);
    if (validity !== true) throw new DocumentFault("it is no well-formed XML");
    const parser = new XMLParser({
        ignoreDeclaration: true,
        ignorePiTags: true,
        // Everything stays text: a key's id may look like a number.
        parseTagValue: false,
        // Adds the numeric character references, at the price of half of the reading: few documents have any.
        htmlEntities: text.includes("&"),
    });
    let parsed: Record<string, XmlContent>;
    try {
        parsed = parser.parse(text);
    } catch {
        throw new DocumentFault("it is XML that can't be read safely");
    }
    const [root, ...others] = Object.entries(parsed);
    if (root === undefined || others.length > 0) throw new DocumentFault("it is no well-formed XML");
    return { root: root[0], content: root[1] };
}

/** The text of a child, or `undefined` when the child is missing, empty, repeated or has children of its own. */
export function childText(content: XmlContent, name: string): string | undefined {
    const child = childOf(content, name);
    return typeof child === "string" && child !== "" ? child : undefined;
}

/** Every child of a name, none where there is no such child. */
export function childrenOf(content: XmlContent, name: string): readonly XmlContent[] {
    const child = childOf(content, name);
    if (child === undefined) return [];
    return Array.isArray(child) ? child : [child];
}

export function childOf(content: XmlContent, name: string): XmlContent | undefined {
    if (typeof content === "string" || Array.isArray(content)) return undefined;
    return Object.hasOwn(content, name) ? content[name] : undefined;
}

/** @param document one root by its name, with its content */
export function buildXml(document: { readonly [root: string]: XmlContent }): string {
    const { XMLBuilder } = xmlLibrary();
    return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLBuilder({}).build(document)}`;
}

function decodeUtf8(body: Buffer): string {
    try {
        return new TextDecoder("utf-8", { fatal: true }).decode(body);
    } catch {
        throw new DocumentFault("it is no text in UTF-8");
    }
}

let library: typeof import("fast-xml-parser") | undefined;

/** Loaded with the first document: a run that only checks and compares reads none. */
function xmlLibrary(): typeof import("fast-xml-parser") {
    library ??= require("fast-xml-parser") as typeof import("fast-xml-parser");
    return library;
}
