import { counted, linePosition, scanJson } from "../../text";
import type { DocumentIssue } from "./document-issue";
import { pathText } from "./document-issue";

/** The largest file that is read: a longer one does not fit into one string. */
export const largestDocumentBytes = 400 * 1024 * 1024;

/** A fault of a file, with its place for people: `12:5`, from 1 on. */
export interface TextFault {
    readonly message: string;
    readonly position?: string;
}

export type TextReading =
    | {
          readonly document: unknown;
          readonly text: string;
          /** Lines around the JSON that a command printed beside it, such as `Installing policy pack…`. */
          readonly skipped: readonly string[];
      }
    | { readonly fault: TextFault };

/**
 * Reads a file's bytes as JSON, or as JSON lines, which become a list. Lines of plain text before and after the JSON, and
 * between JSON lines, are skipped. Windows shells write UTF-16, so that is read too.
 */
export function readJsonText(bytes: Uint8Array): TextReading {
    if (bytes.length > largestDocumentBytes) {
        const size = `${Math.round(bytes.length / 1024 / 1024)} MiB`;
        return {
            fault: { message: `The file has ${size}; at most ${largestDocumentBytes / 1024 / 1024} MiB are read` },
        };
    }
    const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : "utf-8";
    let text: string;
    try {
        text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    } catch {
        return { fault: { message: "The file is not UTF-8 text" } };
    }
    if (text.trim() === "") return { fault: { message: "The file is empty" } };
    try {
        return { document: JSON.parse(text), text, skipped: [] };
    } catch {
        const { json, skipped } = withoutPlainLines(text);
        if (skipped.length === 0) return readLines(text) ?? { fault: syntaxFault(text) };
        try {
            return { document: JSON.parse(json), text: json, skipped };
        } catch {
            return readLines(json, skipped) ?? { fault: syntaxFault(json) };
        }
    }
}

/**
 * Splits the lines of a command's own from the JSON around which it printed them. They are replaced by spaces, so that places in
 * the JSON stay where they are in the file.
 */
function withoutPlainLines(text: string): { readonly json: string; readonly skipped: readonly string[] } {
    const lines = text.split("\n");
    const begins = (line: string) => /^\s*(?:\{|\[\s*(?:[{\]]|$))/.test(line);
    const first = lines.findIndex(begins);
    if (first < 0) return { json: text, skipped: [] };
    const isLines = parsedObject(lines[first] ?? "") !== undefined;
    const last = isLines ? lines.length - 1 : lines.findLastIndex((line) => /^\s*[}\]]\s*$/.test(line));
    const skipped: string[] = [];
    const kept = lines.map((line, index) => {
        const isJson = isLines ? begins(line) : index >= first && (last < first || index <= last);
        if (isJson || line.trim() === "") return line;
        skipped.push(line.trim());
        return " ".repeat(line.length);
    });
    return { json: kept.join("\n"), skipped };
}

/** The place of an issue in the text that a document was read from. */
export function issueFault(text: string, issues: readonly DocumentIssue[]): TextFault {
    const [issue] = issues;
    if (issue === undefined) return { message: "The file cannot be read" };
    const more = issues.length > 1 ? ` (and ${counted(issues.length - 1, "more fault")})` : "";
    const message = `${issue.path.length === 0 ? "" : `${pathText(issue.path)} `}${issue.message}${more}`;
    if (issue.path.length === 0) return { message };
    // A missing value has no place of its own, so its parent's place is used.
    for (let depth = issue.path.length; depth > 0; depth -= 1) {
        const { found } = scanJson(text, issue.path.slice(0, depth));
        if (found !== undefined) return { message, position: positionText(text, found) };
    }
    return { message };
}

/** JSON lines: the first line is a whole object. */
function readLines(text: string, skipped: readonly string[] = []): TextReading | undefined {
    const lines = text.split("\n");
    if (parsedObject(lines.find((line) => line.trim() !== "") ?? "") === undefined) return undefined;
    const document: unknown[] = [];
    let offset = 0;
    for (const line of lines) {
        if (line.trim() !== "") {
            try {
                document.push(JSON.parse(line));
            } catch {
                const { fault } = scanJson(line);
                const position = positionText(text, offset + (fault?.offset ?? 0));
                return { fault: { message: `The file is not a complete list of events: ${fault?.message}`, position } };
            }
        }
        offset += line.length + 1;
    }
    return { document, text, skipped };
}

function parsedObject(line: string): object | undefined {
    try {
        const value: unknown = JSON.parse(line);
        return typeof value === "object" && value !== null ? value : undefined;
    } catch {
        return undefined;
    }
}

function syntaxFault(text: string): TextFault {
    const { fault } = scanJson(text);
    if (fault === undefined) return { message: "The file is not JSON" };
    return { message: `The file is not JSON: ${fault.message}`, position: positionText(text, fault.offset) };
}

function positionText(text: string, offset: number): string {
    const { line, column } = linePosition(text, offset);
    return `${line}:${column}`;
}
