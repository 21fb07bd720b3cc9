import type { ErrorObject, ValidateFunction } from "ajv";
import { LineCounter, parseDocument } from "yaml";
import { FaultPlaces } from "../file/file-fault";

/** Why a file is not what it should be, and where. */
export class StoredFault extends Error {
    /** `:LINE:COLUMN` after the file's name, or empty where no place is known. */
    readonly place: string;

    constructor(message: string, place = "") {
        super(message);
        this.place = place;
    }
}

/** Reads JSON that has the shape of a schema. @throws StoredFault */
export function parseStored<Shape>(text: string, validate: ValidateFunction<Shape>): Shape {
    let value: unknown;
    try {
        value = JSON.parse(text);
    } catch {
        throw syntaxFault(text);
    }
    if (validate(value)) return value;
    const [error] = validate.errors ?? [];
    if (error === undefined) throw new StoredFault("it has an unexpected shape");
    throw new StoredFault(faultText(error), placeOf(text, error));
}

/** The parser of YAML says where JSON is broken; Node's says it in the words of its engine. */
function syntaxFault(text: string): StoredFault {
    if (text.trim() === "") return new StoredFault("it is empty");
    const lines = new LineCounter();
    const [error] = text.length > mostLocated ? [] : parseDocument(text, { lineCounter: lines }).errors;
    const position = error?.linePos?.[0];
    return new StoredFault("it is not JSON", position === undefined ? "" : `:${position.line}:${position.col}`);
}

/** Locating a fault takes a second parser, and a large file takes it long. */
const mostLocated = 5_000_000;

function faultText({ instancePath, message = "has an unexpected shape", keyword, params }: ErrorObject): string {
    const name = instancePath === "" ? "it" : instancePath.slice(1).replaceAll("/", ".");
    if (keyword === "const") return `${name} must be ${JSON.stringify(params.allowedValue)}`;
    if (keyword === "enum") return `${name} must be one of ${(params.allowedValues as unknown[]).join(", ")}`;
    return `${name} ${message}`;
}

function placeOf(text: string, { instancePath }: ErrorObject): string {
    if (text.length > mostLocated) return "";
    const lines = new LineCounter();
    const document = parseDocument(text, { lineCounter: lines });
    const path = instancePath
        .split("/")
        .slice(1)
        .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))
        .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
    const { line, column } = new FaultPlaces(document, lines).at(path, "");
    return `:${line}:${column}`;
}
