import type { ErrorObject, ValidateFunction } from "ajv";
import { validatorOf } from "./validators";

/** What is wrong at one place of a document. */
export interface ShapeFault {
    /** The keys and list positions that lead to the place; empty for the whole document. */
    readonly path: readonly (string | number)[];
    /** Begins with the place. Names no value: values may be secrets. */
    readonly message: string;
}

/** The shape of one kind of document, as a JSON schema. Code behind it takes the shape for granted. */
export class DocumentShape<Value> {
    readonly #schema: object;
    #validate: ValidateFunction | undefined;

    constructor(schema: object) {
        this.#schema = schema;
    }

    matches(value: unknown): value is Value {
        return this.#validator(value);
    }

    /** Every fault of a document; none when it has the shape. */
    faults(value: unknown): ShapeFault[] {
        const validate = this.#validator;
        if (validate(value)) return [];
        return (validate.errors ?? []).filter(({ keyword }) => keyword !== "if").map((error) => faultOf(error, value));
    }

    get #validator(): ValidateFunction {
        this.#validate ??= validatorOf(this.#schema);
        return this.#validate;
    }
}

function faultOf(error: ErrorObject, root: unknown): ShapeFault {
    const path = pathOf(error.instancePath, root);
    const place = path.length === 0 ? "the document" : `"${pathName(path)}"`;
    return { path, message: `${place} ${faultText(error)}` };
}

function faultText({ keyword, params, data, message }: ErrorObject): string {
    const list = (names: readonly string[]): string => names.map((name) => typeNames[name] ?? name).join(" or ");
    switch (keyword) {
        case "type":
            return `must be ${list([params.type].flat())}, found ${typeNames[jsonType(data)] ?? jsonType(data)}`;
        case "required":
            return `has no "${params.missingProperty}"`;
        case "additionalProperties":
            return `has the unknown key "${params.additionalProperty}"`;
        case "enum":
            return `must be one of ${params.allowedValues.map((allowed: unknown) => JSON.stringify(allowed)).join(", ")}`;
        case "const":
            return `must be ${JSON.stringify(params.allowedValue)}`;
        case "minItems":
            return `must have at least ${params.limit} ${params.limit === 1 ? "item" : "items"}`;
        case "minLength":
            return "must not be empty";
        case "pattern":
            return "holds a character that is not allowed there";
        default:
            return message ?? keyword;
    }
}

const typeNames: Record<string, string> = {
    array: "a list",
    boolean: "true or false",
    integer: "a whole number",
    null: "empty",
    number: "a number",
    object: "a map",
    string: "text",
};

function jsonType(value: unknown): string {
    if (value === null) return "null";
    if (Array.isArray(value)) return "array";
    return typeof value === "bigint" ? "number" : typeof value;
}

/** A path as people write it: `runtime.options`, `resources[3].type`. */
export const pathName = (path: readonly (string | number)[]): string =>
    path.map((part, index) => (typeof part === "number" ? `[${part}]` : index === 0 ? part : `.${part}`)).join("");

/** A JSON pointer as a path; a part is a number where it leads into a list. */
export function pathOf(pointer: string, root: unknown): (string | number)[] {
    let value = root;
    return pointer
        .split("/")
        .slice(1)
        .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))
        .map((part) => {
            const key = Array.isArray(value) ? Number(part) : part;
            value = (value as Record<string | number, unknown> | undefined)?.[key];
            return key;
        });
}
