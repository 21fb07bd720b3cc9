/** Whether a value fits a schema. */
export type SchemaCheck = (value: unknown) => boolean;

/** A JSON schema of the words below. */
type Schema = Readonly<Record<string, unknown>>;
type Checked = (schema: unknown) => SchemaCheck;

/**
 * The check of a JSON schema. It is a tree of functions, where a library writes and compiles code: that takes longer than all else that a
 * command does with its few small documents.
 * @throws TypeError on a word that is not known here, so that none is overlooked
 */
export function schemaCheck(schema: object): SchemaCheck {
    const root = schema as Schema;
    const references = new Map<string, SchemaCheck>();
    const checked: Checked = (part) => {
        if (typeof part === "boolean") return () => part;
        const { $ref, ...words } = part as Schema;
        const checks = Object.entries(words).flatMap(([word, rule]) => {
            const make = makers.get(word);
            if (make === undefined) throw new TypeError(`No check of the schema word "${word}"`);
            return make(rule, checked, part as Schema) ?? [];
        });
        if ($ref !== undefined) checks.push(referred($ref as string));
        return (value) => checks.every((check) => check(value));
    };
    return checked(root);

    /** Made on first use, since a definition may refer to itself. */
    function referred(pointer: string): SchemaCheck {
        return (value) => {
            let check = references.get(pointer);
            if (check === undefined) {
                const [, name = ""] = /^#\/\$defs\/(\w+)$/.exec(pointer) ?? [];
                check = checked((root.$defs as Schema)[name]);
                references.set(pointer, check);
            }
            return check(value);
        };
    }
}

/** The check that each word is. One that is about another type of value fits. */
const makers = new Map<string, (rule: unknown, checked: Checked, schema: Schema) => SchemaCheck | undefined>([
    [
        "type",
        (rule) => {
            const names = [rule].flat() as readonly string[];
            return (value) => names.some((name) => hasType(name, value));
        },
    ],
    // Single values: lists and maps are never equal.
    ["const", (expected) => (value) => value === expected],
    ["enum", (expected) => (value) => (expected as readonly unknown[]).includes(value)],
    ["minimum", (least) => (value) => typeof value !== "number" || value >= (least as number)],
    ["minLength", (least) => (value) => typeof value !== "string" || [...value].length >= (least as number)],
    [
        "pattern",
        (source) => {
            const pattern = new RegExp(source as string, "u");
            return (value) => typeof value !== "string" || pattern.test(value);
        },
    ],
    [
        "items",
        (schema, checked) => {
            const check = checked(schema);
            return (value) => !Array.isArray(value) || value.every(check);
        },
    ],
    ["minItems", (least) => (value) => !Array.isArray(value) || value.length >= (least as number)],
    [
        "required",
        (names) => (value) => !isMap(value) || (names as readonly string[]).every((name) => value[name] !== undefined),
    ],
    ["minProperties", (least) => (value) => !isMap(value) || Object.keys(value).length >= (least as number)],
    [
        "properties",
        (schemas, checked) => {
            const checks = Object.entries(schemas as Schema).map(([name, schema]) => [name, checked(schema)] as const);
            return (value) =>
                !isMap(value) || checks.every(([name, check]) => value[name] === undefined || check(value[name]));
        },
    ],
    [
        "additionalProperties",
        (schema, checked, { properties = {} }) => {
            const check = checked(schema);
            return (value) =>
                !isMap(value) ||
                Object.entries(value).every(
                    ([name, member]) => Object.hasOwn(properties as Schema, name) || check(member),
                );
        },
    ],
    [
        "propertyNames",
        (schema, checked) => {
            const check = checked(schema);
            return (value) => !isMap(value) || Object.keys(value).every(check);
        },
    ],
    [
        "anyOf",
        (schemas, checked) => {
            const checks = (schemas as readonly unknown[]).map(checked);
            return (value) => checks.some((check) => check(value));
        },
    ],
    [
        "allOf",
        (schemas, checked) => {
            const checks = (schemas as readonly unknown[]).map(checked);
            return (value) => checks.every((check) => check(value));
        },
    ],
    [
        "if",
        (condition, checked, schema) => {
            const [test, met, unmet] = [condition, schema.then ?? true, schema.else ?? true].map(checked) as [
                SchemaCheck,
                SchemaCheck,
                SchemaCheck,
            ];
            return (value) => (test(value) ? met(value) : unmet(value));
        },
    ],
    // Read by others.
    ["then", () => undefined],
    ["else", () => undefined],
    ["$defs", () => undefined],
]);

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
