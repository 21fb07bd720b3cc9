import type { ErrorObject, ValidateFunction } from "ajv";

/**
 * Where a value violates a JSON schema, in the words of the CLI, which uses xeipuuv/gojsonschema: the place, unless it is the whole
 * value, and the fault. Formats are not checked; the CLI checks few.
 */
export function schemaFaults(schema: object, value: unknown): string[] {
    // Loaded here: only operations with policies need it.
    const { Ajv }: typeof import("ajv") = require("ajv");
    const ajv = new Ajv({ allErrors: true, strict: false, validateFormats: false, verbose: true, logger: false });
    let isSuitable: ValidateFunction;
    try {
        isSuitable = ajv.compile(schema);
    } catch (error) {
        return [`its JSON schema cannot be used: ${(error as Error).message}`];
    }
    if (isSuitable(value)) return [];
    return (isSuitable.errors ?? []).map((error) => {
        const place = error.instancePath.slice(1).replaceAll("/", ".").replaceAll("~1", "/").replaceAll("~0", "~");
        return `${place === "" ? "" : `${place}: `}${faultText(error, place)}`;
    });
}

function faultText(error: ErrorObject, place: string): string {
    const { keyword, params, data } = error;
    const { limit, comparison, type, pattern, missingProperty, additionalProperty, multipleOf } = params;
    const is = (text: string): boolean => comparison === text;
    switch (keyword) {
        case "required":
            return `${missingProperty} is required`;
        case "type":
            return `Invalid type. Expected: ${[type].flat().join("/")}, given: ${jsonType(data)}`;
        case "minimum":
        case "maximum":
            return `Must be ${is(">=") ? "greater than or equal to" : "less than or equal to"} ${limit}`;
        case "exclusiveMinimum":
        case "exclusiveMaximum":
            return `Must be ${is(">") ? "greater than" : "less than"} ${limit}`;
        case "multipleOf":
            return `Must be a multiple of ${multipleOf}`;
        case "minLength":
            return `String length must be greater than or equal to ${limit}`;
        case "maxLength":
            return `String length must be less than or equal to ${limit}`;
        case "pattern":
            return `Does not match pattern '${pattern}'`;
        case "minItems":
            return `Array must have at least ${limit} items`;
        case "maxItems":
            return `Array must have at most ${limit} items`;
        case "uniqueItems":
            return `array items[${params.j},${params.i}] must be unique`;
        case "minProperties":
            return `Must have at least ${limit} properties`;
        case "maxProperties":
            return `Must have at most ${limit} properties`;
        case "additionalProperties":
            return `Additional property ${additionalProperty} is not allowed`;
        case "enum":
            return `${place} must be one of the following: ${params.allowedValues.map((allowed: unknown) => JSON.stringify(allowed)).join(", ")}`;
        case "const":
            return `${place} does not match: ${JSON.stringify(params.allowedValue)}`;
        default:
            return error.message ?? keyword;
    }
}

function jsonType(value: unknown): string {
    if (value === null) return "null";
    if (Array.isArray(value)) return "array";
    if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
    return typeof value;
}
