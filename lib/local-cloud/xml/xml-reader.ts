import { SaxesParser } from "saxes";

export interface XmlElement {
    readonly name: string;
    readonly children: readonly XmlElement[];
    /** The text directly inside, trimmed. */
    readonly text: string;
    /** The same with its white space, for names that may begin or end with it. */
    readonly rawText: string;
}

/** The document is not allowed in an API call. */
export class XmlReadError extends Error {}

interface OpenElement {
    readonly name: string;
    readonly children: XmlElement[];
    text: string;
}

const maxDepth = 16;

/**
 * Reads a small XML document. Strict, so that a request cannot attack the reader: UTF-8 only, no document type (so no
 * entities of its own and no entity bombs), bounded depth, no text beside elements.
 * @throws XmlReadError
 */
export function readXml(bytes: Uint8Array): XmlElement {
    // XML 1.1 has character references for control characters, which clients put into lists of keys.
    const parser = new SaxesParser({ forceXMLVersion: true, defaultXMLVersion: "1.1" });
    const open: OpenElement[] = [];
    let root: XmlElement | undefined;
    parser.on("doctype", () => {
        throw new XmlReadError("a document type is not allowed");
    });
    parser.on("opentag", (tag) => {
        if (open.length >= maxDepth) {
            throw new XmlReadError("the elements are nested too deeply");
        }
        open.push({ name: tag.name, children: [], text: "" });
    });
    const addText = (text: string) => {
        const element = open.at(-1);
        if (element !== undefined) {
            element.text += text;
        }
    };
    parser.on("text", addText);
    parser.on("cdata", addText);
    parser.on("closetag", () => {
        const closed = open.pop();
        if (closed === undefined) {
            return;
        }
        const element = { ...closed, text: closed.text.trim(), rawText: closed.text };
        if (element.text !== "" && element.children.length > 0) {
            throw new XmlReadError(`<${element.name.slice(0, 64)}> has both text and elements`);
        }
        const parent = open.at(-1);
        if (parent === undefined) {
            root = element;
        } else {
            parent.children.push(element);
        }
    });
    try {
        parser.write(escapeControls(new TextDecoder("utf-8", { fatal: true }).decode(bytes).trimStart())).close();
    } catch (error) {
        throw error instanceof XmlReadError ? error : new XmlReadError("the document is not well-formed");
    }
    if (root === undefined) {
        throw new XmlReadError("the document is empty");
    }
    return root;
}

/**
 * verified: ali-oss sends control characters of keys as they are (live test, test/node/object.test.js), and OSS takes them.
 * The line ends of XML 1.1 that 1.0 does not have stay what they are.
 */
function escapeControls(text: string): string {
    return text.replace(
        // biome-ignore lint/suspicious/noControlCharactersInRegex: the expression matches them on purpose.
        /[\u0001-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028]/g,
        (character) => `&#x${character.charCodeAt(0).toString(16)};`,
    );
}
