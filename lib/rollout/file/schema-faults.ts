import Ajv, { type ErrorObject } from "ajv";
import { closest, distance } from "fastest-levenshtein";
import { pathOf } from "../../documents";
import { ownEntry } from "../../text";
import type { FaultPath, FaultPlaces, FileFault } from "./file-fault";
import schema from "./rollout.schema.json";

const validate = new Ajv({
    allErrors: true,
    allowUnionTypes: true,
    strict: true,
    strictRequired: false,
    verbose: true,
}).compile(schema);

/** The expected values in words, where the schema's own rule is not readable. */
const expectations: Record<string, string> = {
    account: 'an account id of 12 to 16 digits, in quotes, such as "1000000000000001"',
    region: "the name of a region, such as cn-hangzhou",
    maxConcurrent: 'a whole number from 1 to 1000, or a share from "1%" to "100%"',
    failureTolerance: 'a whole number from 0 on, or a share from "0%" to "100%"',
    pause: '"person", a time such as 30s, 15m, 2h or 1d, or { until: "2027-01-31T08:00:00Z" }',
    until: 'a time with its zone, such as "2027-01-31T08:00:00Z"',
    concurrencyMode: '"soft" or "strict"',
    sharedPlace: "a folder, oss://BUCKET/PREFIX or s3://BUCKET/PREFIX",
    heartbeatTimeout: "a time such as 30s or 2m",
    lockWait: "a time such as 30s, 10m or 1h",
};

/** The faults that the published schema finds. */
export function schemaFaults(value: unknown, places: FaultPlaces): FileFault[] {
    if (validate(value)) return [];
    const faults = (validate.errors ?? []).flatMap((error) => faultsOf(error, value, places));
    // One value can break several rules of the schema for the same reason.
    const seen = new Set<string>();
    return faults.filter(({ line, column, message }) => {
        const key = `${line}:${column}:${message}`;
        return seen.has(key) ? false : seen.add(key);
    });
}

function faultsOf(error: ErrorObject, root: unknown, places: FaultPlaces): FileFault[] {
    const path = pathOf(error.instancePath, root);
    const name = path.join(".");
    switch (error.keyword) {
        case "anyOf":
            return [places.at(path, `${name} needs "stacks" or "tags"`)];
        case "required": {
            // `anyOf` reports its alternatives.
            if (error.schemaPath.includes("/anyOf/")) return [];
            return [places.at(path, `${name || "The file"} needs "${error.params.missingProperty}"`)];
        }
        case "additionalProperties": {
            const unknown = error.params.additionalProperty as string;
            const known = Object.keys((error.parentSchema as { properties: object }).properties);
            const near = closest(unknown, known);
            const hint =
                distance(unknown, near) <= 3 ? `; did you mean "${near}"?` : `; known keys are ${known.join(", ")}`;
            return [places.atKey(path, unknown, `"${unknown}" is unknown${hint}`)];
        }
        case "propertyNames":
            return [
                places.atKey(
                    path,
                    error.params.propertyName,
                    `"${error.params.propertyName}" is not a configuration key`,
                ),
            ];
        case "uniqueItems": {
            const { i, j } = error.params as { i: number; j: number };
            return [places.at([...path, Math.max(i, j)], `${name} has item ${Math.min(i, j) + 1} twice`)];
        }
        default:
            if (error.schemaPath.includes("/propertyNames/")) return [];
            return [
                places.at(path, `${name || "The file"} must be ${expected(path, error)}, but is ${shown(error.data)}`),
            ];
    }
}

const stackNameRule = '1 to 100 letters, digits, "_", "-" or ".", not "." or "..", and no "-" at the beginning';

function expected(path: FaultPath, error: ErrorObject): string {
    const named = ownEntry(expectations, String(path.at(-1)));
    if (named !== undefined) return named;
    if (error.keyword === "pattern" && path.length === 3 && path[2] === "name")
        return path[0] === "waves" ? '1 to 100 letters, digits, "_", "-", "." or spaces' : stackNameRule;
    if (error.keyword === "pattern" && path.length === 3 && path[2] === "stack")
        return `NAME, ORGANIZATION/NAME or ORGANIZATION/PROJECT/NAME, each of ${stackNameRule}`;
    if (error.keyword === "minItems") return "a list that is not empty";
    if (error.keyword === "maxItems") return `a list of at most ${error.params.limit} items`;
    if (error.keyword === "minProperties") return "a map that is not empty";
    if (error.keyword === "minLength") return "a text that is not empty";
    if (error.keyword === "pattern") return `a text that matches ${error.params.pattern}`;
    const [, rest] = /^must be (.*)$/.exec(error.message ?? "") ?? [];
    return (rest ?? error.message ?? "something else")
        .replace(/,(?=\w)/g, " or ")
        .replace("array", "a list")
        .replace("object", "a map")
        .replace("string", "a text");
}

function shown(value: unknown): string {
    if (Array.isArray(value)) return value.length === 0 ? "empty" : "a list";
    if (value !== null && typeof value === "object") return Object.keys(value).length === 0 ? "empty" : "a map";
    const text = JSON.stringify(value) ?? "nothing";
    return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
