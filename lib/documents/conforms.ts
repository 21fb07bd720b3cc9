/** A JSON schema of the words below. */
type Schema = Readonly<Record<string, unknown>>;
type Check = (rule: unknown, value: unknown, schema: Schema, root: Schema) => boolean;

/**
 * Whether a value fits a schema. It walks the schema where a library compiles it: loading a compiler and compiling take longer than all
 * else that a command does with its few small documents.
 * @throws TypeError on a word that is not known here, so that none is overlooked
 */
export function conforms(schema: object, value: unknown, root: object = schema): boolean {
    return Object.entries(schema).every(([word, rule]) => {
        const check = checks.get(word);
        if (check === undefined) throw new TypeError(`No check of the schema word "${word}"`);
        return check(rule, value, schema as Schema, root as Schema);
    });
}

/** What each word asks. One that is about another type of value fits. */
const checks = new Map<string, Check>([
    ["type", (names, value) => [names].flat().some((name) => hasType(name as string, value))],
    // Single values: lists and maps are never equal.
    ["const", (expected, value) => value === expected],
    ["enum", (expected, value) => (expected as readonly unknown[]).includes(value)],
    ["minimum", (least, value) => typeof value !== "number" || value >= (least as number)],
    ["minLength", (least, value) => typeof value !== "string" || [...value].length >= (least as number)],
    ["pattern", (pattern, value) => typeof value !== "string" || new RegExp(pattern as string, "u").test(value)],
    ["items", (schema, value, _, root) => !Array.isArray(value) || value.every((item) => fits(schema, item, root))],
    ["minItems", (least, value) => !Array.isArray(value) || value.length >= (least as number)],
    [
        "required",
        (names, value) => !isMap(value) || (names as readonly string[]).every((name) => value[name] !== undefined),
    ],
    ["minProperties", (least, value) => !isMap(value) || Object.keys(value).length >= (least as number)],
    [
        "properties",
        (schemas, value, _, root) =>
            !isMap(value) ||
            Object.entries(schemas as Schema).every(
                ([name, schema]) => value[name] === undefined || fits(schema, value[name], root),
            ),
    ],
    [
        "additionalProperties",
        (schema, value, { properties = {} }, root) =>
            !isMap(value) ||
            Object.entries(value).every(
                ([name, member]) => Object.hasOwn(properties as Schema, name) || fits(schema, member, root),
            ),
    ],
    [
        "propertyNames",
        (schema, value, _, root) => !isMap(value) || Object.keys(value).every((name) => fits(schema, name, root)),
    ],
    ["anyOf", (schemas, value, _, root) => (schemas as readonly unknown[]).some((schema) => fits(schema, value, root))],
    [
        "allOf",
        (schemas, value, _, root) => (schemas as readonly unknown[]).every((schema) => fits(schema, value, root)),
    ],
    [
        "if",
        (condition, value, schema, root) => {
            const { [fits(condition, value, root) ? "then" : "else"]: consequence = true } = schema;
            return fits(consequence, value, root);
        },
    ],
    // Read with `if`.
    ["then", () => true],
    ["else", () => true],
    ["$ref", (pointer, value, _, root) => fits(definition(pointer as string, root), value, root)],
    ["$defs", () => true],
]);

const fits = (schema: unknown, value: unknown, root: Schema): boolean =>
    typeof schema === "boolean" ? schema : conforms(schema as object, value, root);

function definition(pointer: string, root: Schema): unknown {
    const [, name = ""] = /^#\/\$defs\/(\w+)$/.exec(pointer) ?? [];
    return (root.$defs as Schema)[name];
}

const isMap = (value: unknown): value is Record<string, unknown> =>
    typeof value === "object" && value !== null && !Array.isArray(value);

function hasType(name: string, value: unknown): boolean {
    if (name === "null") return value === null;
    if (name === "array") return Array.isArray(value);
    if (name === "object") return isMap(value);
    if (name === "number") return Number.isFinite(value);
    if (name === "integer") return Number.isInteger(value);
    return typeof value === name;
}
