import { ownEntry } from "../../text";

/** An element's content: its text, or its children by name. An element that is there several times is an array. */
export type XmlContent = string | XmlContent[] | { readonly [child: string]: XmlContent };

export interface XmlDocument {
    readonly root: string;
    readonly content: XmlContent;
}

/** A body that is not the expected document. The message says what it is, without a full stop. */
export class DocumentFault extends Error {
    override readonly name = "DocumentFault";
}

/** The documents of OSS nest far less. */
const deepest = 64;

interface OpenElement {
    readonly name: string;
    text: string;
    /** By their names, each as often as it is there. */
    readonly children: Map<string, XmlContent[]>;
}

/**
 * Reads an answer's body as XML: complete, well-formed, UTF-8, with one root. Document types are refused, so only the character
 * references that XML itself has are expanded. Attributes and comments are left out.
 * @throws DocumentFault
 */
export function parseXml(body: Buffer): XmlDocument {
    const text = decodeUtf8(body);
    if (text.trim() === "") throw new DocumentFault("it is empty");
    if (/^\s*<(!doctype html|html)\b/i.test(text)) throw new DocumentFault("it is an HTML page");
    // Loaded with the first document: a run that only checks and compares reads none.
    const { SaxesParser }: typeof import("saxes") = require("saxes");
    const parser = new SaxesParser();
    const open: OpenElement[] = [];
    let root: XmlDocument | undefined;
    parser.on("error", () => {
        throw new DocumentFault("it is not well-formed XML");
    });
    parser.on("doctype", () => {
        throw new DocumentFault("it has a document type declaration");
    });
    parser.on("opentag", ({ name }) => {
        if (open.length >= deepest || name === "__proto__")
            throw new DocumentFault("it is XML that cannot be read safely");
        open.push({ name, text: "", children: new Map() });
    });
    const addText = (part: string): void => {
        const element = open.at(-1);
        if (element !== undefined) element.text += part;
    };
    parser.on("text", addText);
    parser.on("cdata", addText);
    parser.on("closetag", () => {
        const element = open.pop();
        if (element === undefined) return;
        const content = contentOf(element);
        const parent = open.at(-1);
        if (parent === undefined) root = { root: element.name, content };
        else addTo(parent.children, element.name, content);
    });
    parser.write(text).close();
    if (root === undefined) throw new DocumentFault("it is not well-formed XML");
    return root;
}

function contentOf({ text, children }: OpenElement): XmlContent {
    const own = text.trim();
    if (children.size === 0) return own;
    const named = [...children].map(([name, all]) => [name, all.length === 1 ? all[0] : all] as const);
    return { ...Object.fromEntries(named), ...(own !== "" && { "#text": own }) } as XmlContent;
}

function addTo(children: Map<string, XmlContent[]>, name: string, content: XmlContent): void {
    const present = children.get(name);
    if (present === undefined) children.set(name, [content]);
    else present.push(content);
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
    return ownEntry(content, name);
}

/** @param document one root by its name, with its content */
export function buildXml(document: { readonly [root: string]: XmlContent }): string {
    return `<?xml version="1.0" encoding="UTF-8"?>\n${elements(document)}`;
}

function elements(content: XmlContent): string {
    if (typeof content === "string") return content.replaceAll(/[&<>"']/g, (character) => escapes[character] ?? "");
    return Object.entries(content)
        .map(([name, child]) => `<${name}>${elements(child)}</${name}>`)
        .join("");
}

const escapes: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&apos;",
};

function decodeUtf8(body: Buffer): string {
    try {
        return new TextDecoder("utf-8", { fatal: true }).decode(body);
    } catch {
        throw new DocumentFault("it is not UTF-8 text");
    }
}
