import { readFileSync } from "node:fs";
import { type Document, Lexer, parseDocument, visit } from "yaml";
import { type ErrorKind, UserError, unreadable } from "../errors";
import { linePosition, scanJson } from "../text";
import type { DocumentShape, ShapeFault } from "./document-shape";

/** What a document is, for errors. */
export interface DocumentSource {
    /** The kind of error that a fault of the document is. */
    readonly kind: ErrorKind;
    /** Begins a sentence: `The state file`. */
    readonly title: string;
    readonly file?: string | undefined;
    /** What to do about a fault, where the cure of the error's kind does not fit. */
    readonly cure?: string;
}

/** Most faults that one error lists. */
const mostFaults = 10;

/** The content of a document's file. @throws UserError of the source's kind when the file cannot be read */
export function readDocument(source: DocumentFile): string {
    try {
        // A byte order mark is no part of the text.
        return readFileSync(source.file, "utf8").replace(/^\uFEFF/, "");
    } catch (cause) {
        throw unreadable(source.kind, source.file, cause, `${source.title} cannot be read`);
    }
}

type DocumentFile = DocumentSource & { readonly file: string };

/** Reads a file of JSON of a shape. @throws UserError of the source's kind */
export function readJson<Value>(shape: DocumentShape<Value>, source: DocumentFile): Value {
    return parseJson(readDocument(source), shape, source);
}

/** Reads a file of YAML of a shape. @throws UserError of the source's kind */
export function readYaml<Value>(shape: DocumentShape<Value>, source: DocumentFile): Value {
    return parseYaml(readDocument(source), shape, source).value;
}

/** Reads JSON of a shape. @throws UserError of the source's kind, with the place of each fault */
export function parseJson<Value>(text: string, shape: DocumentShape<Value>, source: DocumentSource): Value {
    let value: unknown;
    try {
        value = JSON.parse(text);
    } catch (cause) {
        const { fault } = scanJson(text);
        // The message of JSON.parse quotes the text, which may hold secrets.
        throw faultOf(
            source,
            fault === undefined ? "is not JSON" : `is not JSON: ${fault.message}${at(text, fault.offset)}`,
            cause,
        );
    }
    if (isNestedTooDeeply(value)) throw tooDeep(source);
    return checkedValue(value, shape, source, text);
}

/**
 * Gives a value that has been read already its shape.
 * @param text the JSON that it was read from, if it was
 * @throws UserError of the source's kind, with the place of each fault
 */
export function checkedValue<Value>(
    value: unknown,
    shape: DocumentShape<Value>,
    source: DocumentSource,
    text?: string,
): Value {
    const faults = shape.faults(value);
    if (faults.length === 0) return value as Value;
    const placed = listed(faults, ({ path }) => {
        const offset = text === undefined || path.length === 0 ? undefined : scanJson(text, path).found;
        return at(text ?? "", offset);
    });
    throw faultOf(source, placed);
}

/**
 * Reads YAML of a shape. Whole numbers of any size are exact: they come as bigint where `exactIntegers` is set.
 * @returns the values, and the document for edits
 * @throws UserError of the source's kind, with line and column of each fault
 */
export function parseYaml<Value>(
    text: string,
    shape: DocumentShape<Value>,
    source: DocumentSource,
    exactIntegers = false,
): { readonly value: Value; readonly document: Document } {
    if (isYamlNestedTooDeeply(text)) throw tooDeep(source);
    const document = reading(source, () =>
        parseDocument(text, { prettyErrors: false, logLevel: "error", intAsBigInt: exactIntegers }),
    );
    const [error] = document.errors;
    if (error?.code === "RESOURCE_EXHAUSTION") throw tooDeep(source, error);
    if (error !== undefined) throw faultOf(source, `is not YAML: ${error.message}${at(text, error.pos[0])}`, error);
    const value: unknown = reading(source, () => {
        visit(document, {
            Alias: (_key, alias) => {
                if (alias.resolve(document) === undefined)
                    throw faultOf(
                        source,
                        `has the alias *${alias.source} without its anchor${at(text, alias.range?.[0])}`,
                    );
            },
        });
        return document.toJS();
    });
    if (isNestedTooDeeply(value)) throw tooDeep(source);
    const faults = shape.faults(value);
    if (faults.length === 0) return { value: value as Value, document };
    const placed = listed(faults, ({ path }) => {
        const node = document.getIn(path, true) as { range?: readonly number[] } | undefined;
        return at(text, node?.range?.[0]);
    });
    throw faultOf(source, placed);
}

/** The library reads nested values by recursion, and throws where aliases expand without limit. */
function reading<Value>(source: DocumentSource, read: () => Value): Value {
    try {
        return read();
    } catch (cause) {
        if (cause instanceof UserError) throw cause;
        throw cause instanceof RangeError
            ? tooDeep(source, cause)
            : faultOf(source, `cannot be read: ${(cause as Error).message}`, cause);
    }
}

const tooDeep = (source: DocumentSource, cause?: unknown): UserError =>
    faultOf(source, "cannot be read: its values are nested too deeply", cause);

/** Levels of lists and maps. People and tools nest far less, and most of what reads values is recursive. */
const deepestLevel = 200;

/** Whether a value is nested too deeply to be read by recursion. One that contains itself, by an alias, is. */
export function isNestedTooDeeply(value: unknown): boolean {
    let level = [value].filter(isContainer);
    for (let depth = 1; level.length > 0; depth += 1) {
        if (depth > deepestLevel) return true;
        // Each once: aliases multiply what they stand for.
        level = [...new Set(level.flatMap((container) => Object.values(container).filter(isContainer)))];
    }
    return false;
}

const isContainer = (value: unknown): value is object => typeof value === "object" && value !== null;

/**
 * The same for YAML before it is parsed. A parser that recurses to the end of the stack does not only throw: where it first uses a
 * regular expression there, V8 ends the process.
 */
export function isYamlNestedTooDeeply(text: string): boolean {
    // Nearly all documents have too few of them.
    if ((text.match(/[[{]/g)?.length ?? 0) <= deepestLevel && !text.split("\n").some(hasManyIndicators)) return false;
    let flow = 0;
    let onLine = 0;
    for (const token of new Lexer().lex(text)) {
        if (token === "[" || token === "{") flow += 1;
        else if (token === "]" || token === "}") flow -= 1;
        else if (flow === 0 && (token === "-" || token === "?" || token === ":")) onLine += 1;
        else if (token.includes("\n")) onLine = 0;
        if (flow > deepestLevel || onLine > deepestLevel) return true;
    }
    return false;
}

/** `- - - a` opens three lists on one line. */
const hasManyIndicators = (line: string): boolean => (line.match(/[-?:](?=\s)/g)?.length ?? 0) > deepestLevel;

/** A place in a text, for people. */
function at(text: string, offset: number | undefined): string {
    if (offset === undefined) return "";
    const { line, column } = linePosition(text, offset);
    return ` (line ${line}, column ${column})`;
}

/** The first faults. Only their places are looked up, since each lookup goes through the whole text. */
function listed(faults: readonly ShapeFault[], placeOf: (fault: ShapeFault) => string): string {
    const shown = faults.slice(0, mostFaults).map((fault) => `${fault.message}${placeOf(fault)}`);
    const rest = faults.length - shown.length;
    return `is not valid: ${shown.join("; ")}${rest > 0 ? `; and ${rest} more` : ""}`;
}

const faultOf = ({ kind, title, file, cure }: DocumentSource, what: string, cause?: unknown): UserError =>
    new UserError(kind, `${title} ${what}`, { file }, { ...(cause !== undefined && { cause }), ...(cure && { cure }) });
