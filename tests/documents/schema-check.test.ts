import { Ajv } from "ajv";
import { expect } from "chai";
import fc from "fast-check";
import { schemaCheck } from "../../lib/documents/schema-check";

const types = ["array", "boolean", "integer", "null", "number", "object", "string"];
const names = fc.constantFrom("a", "b", "toString");
const scalars = fc.oneof(
    fc.constant(null),
    fc.boolean(),
    fc.constantFrom(0, 1, -1, 0.5, 2 ** 60),
    fc.constantFrom("", "a", "b", "ab", "𝄞", "__proto__"),
);
const values = fc.letrec((tie) => ({
    value: fc.oneof(
        { maxDepth: 3 },
        scalars,
        fc.array(tie("value"), { maxLength: 3 }),
        fc.dictionary(fc.oneof(names, fc.constant("c")), tie("value"), { maxKeys: 3 }),
    ),
})).value;

/** Schemas of up to four words. About half of them a value meets. */
const schemas = fc.letrec<{ schema: object }>((tie) => {
    const schema = fc.oneof({ maxDepth: 2 }, fc.constant({}), tie("schema"));
    const schemaOrFlag = fc.oneof(fc.boolean(), schema);
    const words = {
        type: fc.oneof(fc.constantFrom(...types), fc.uniqueArray(fc.constantFrom(...types), { minLength: 3 })),
        const: scalars,
        enum: fc.uniqueArray(scalars, { minLength: 1, maxLength: 3 }),
        minimum: fc.constantFrom(0, 1),
        minLength: fc.constantFrom(0, 1, 2),
        pattern: fc.constantFrom("^a", "b$", "^.$"),
        items: schema,
        minItems: fc.constantFrom(0, 1, 2),
        required: fc.uniqueArray(names, { maxLength: 2 }),
        minProperties: fc.constantFrom(0, 1, 2),
        properties: fc.dictionary(names, schema, { maxKeys: 3, noNullPrototype: true }),
        additionalProperties: schemaOrFlag,
        propertyNames: schema,
        anyOf: fc.array(schema, { minLength: 1, maxLength: 2 }),
        allOf: fc.array(schema, { minLength: 1, maxLength: 2 }),
        if: schema,
        // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON schema
        then: schemaOrFlag,
        else: schemaOrFlag,
        $ref: fc.constant("#/$defs/pair"),
    };
    const chosen = fc.uniqueArray(fc.constantFrom(...Object.keys(words)), { minLength: 1, maxLength: 4 });
    return {
        schema: chosen.chain((keys) =>
            fc.record(Object.fromEntries(Object.entries(words).filter(([word]) => keys.includes(word)))),
        ),
    };
}).schema;
const pair = { type: "object", properties: { a: { $ref: "#/$defs/pair" } }, additionalProperties: { type: "null" } };

describe("the check of a schema", () => {
    it("accepts the same values as Ajv, for every word", () => {
        const met = new Map<boolean, number>();
        const ajv = new Ajv({ strict: false, strictNumbers: true, logger: false, meta: false, validateSchema: false });
        fc.assert(
            fc.property(schemas, fc.array(values, { minLength: 5, maxLength: 5 }), (schema, candidates) => {
                const root = { ...schema, $defs: { pair } };
                const validate = ajv.compile(root);
                const check = schemaCheck(root);
                for (const value of candidates) {
                    const isValid = validate(value);
                    expect(check(value), JSON.stringify({ root, value })).to.equal(isValid);
                    met.set(isValid, (met.get(isValid) ?? 0) + 1);
                }
            }),
            {
                numRuns: 200,
                examples: [[{ type: "integer" }, [0.5, 1, 2 ** 60, Number.NaN, Number.POSITIVE_INFINITY]]],
            },
        );
        expect(met.get(true), "accepted").to.be.greaterThan(50);
        expect(met.get(false), "refused").to.be.greaterThan(50);
    });

    it("rejects a word that it has no check for, wherever it stands", () => {
        const schema = { properties: { name: { anyOf: [{ type: "null" }, { maxLength: 3 }] } } };
        expect(() => schemaCheck(schema)).to.throw(TypeError, /^No check of the schema word "maxLength"$/);
    });
});
