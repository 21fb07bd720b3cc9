import MarkdownIt from "markdown-it";
import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import { type DefaultTreeAdapterMap, parse } from "parse5";
import { SaxesParser } from "saxes";

/** What a reader gets of a document: its elements in order, the whole text, and the text outside of code. */
export interface Page {
    /** Each with the names of its attributes, such as `a[href]`. */
    readonly elements: readonly string[];
    /** Without white space, which pages and tables fold. */
    readonly text: string;
    readonly textOutsideCode: string;
}

type Node = DefaultTreeAdapterMap["node"];

/** @param ignored elements that are no structure of the document, such as `br` */
export function readHtml(source: string, ignored: readonly string[] = []): Page {
    const elements: string[] = [];
    const texts: { readonly text: string; readonly isCode: boolean }[] = [];
    const visit = (node: Node, isCode: boolean): void => {
        if ("value" in node && node.nodeName === "#text") texts.push({ text: node.value, isCode });
        if ("tagName" in node) {
            if (node.tagName === "style" || node.tagName === "script") return void elements.push(node.tagName);
            const attributes = node.attrs.map(({ name }) => name).sort();
            if (!ignored.includes(node.tagName)) elements.push(`${node.tagName}[${attributes.join()}]`);
            for (const { name, value } of node.attrs)
                if (name === "title" || name === "aria-label") texts.push({ text: value, isCode: true });
        }
        const inCode = isCode || ("tagName" in node && node.tagName === "code");
        if ("childNodes" in node) for (const child of node.childNodes) visit(child, inCode);
    };
    visit(parse(source), false);
    const joined = (list: typeof texts) => withoutSpace(list.map(({ text }) => text).join(""));
    return { elements, text: joined(texts), textOutsideCode: joined(texts.filter(({ isCode }) => !isCode)) };
}

const markdownIt = new MarkdownIt({ html: true, linkify: true });

/** Markdown as two parsers of GitHub's dialect show it. Code is ignored as structure: any text may be code. */
export const markdownReaders: Readonly<Record<string, (source: string) => Page>> = {
    micromark: (source) =>
        readHtml(
            micromark(source, {
                allowDangerousHtml: true,
                allowDangerousProtocol: true,
                extensions: [gfm()],
                htmlExtensions: [gfmHtml()],
            }),
            ["code"],
        ),
    "markdown-it": (source) => readHtml(markdownIt.render(source), ["code"]),
};

export function readXml(source: string): Page {
    const elements: string[] = [];
    const texts: string[] = [];
    const parser = new SaxesParser();
    parser.on("opentag", ({ name, attributes }) => {
        elements.push(`${name}[${Object.keys(attributes).sort().join()}]`);
        texts.push(...Object.values(attributes).map(String));
    });
    parser.on("text", (text) => texts.push(text));
    parser.on("error", (error) => {
        throw error;
    });
    parser.write(source).close();
    const text = withoutSpace(texts.join(" "));
    return { elements, text, textOutsideCode: "" };
}

/** The cells of a table for spreadsheets (RFC 4180). */
export function readCsv(source: string): string[][] {
    return source
        .split("\r\n")
        .slice(0, -1)
        .map((row) => {
            if (!/^"(?:[^"]|"")*"(?:,"(?:[^"]|"")*")*$/.test(row)) throw new Error(`not a row: ${row}`);
            return Array.from(row.matchAll(/"((?:[^"]|"")*)"/g), ([, cell = ""]) => cell.replaceAll('""', '"'));
        });
}

/** The plain text of a SARIF message, as 3.11.5 and 3.11.6 of its specification say. */
export function readSarifMessage(message: string): string {
    if (/(?<!\\)(?:\\\\)*[[\]]/.test(message)) throw new Error(`a link in ${message}`);
    if (/(?<!\{)(?:\{\{)*\{(?!\{)|(?<!\})(?:\}\})*\}(?!\})/.test(message)) throw new Error(`an argument in ${message}`);
    return message.replaceAll(/([{}])\1/g, "$1").replaceAll(/\\([\\[\]])/g, "$1");
}

export const withoutSpace = (text: string): string => text.replaceAll(/\s+/gu, "");
