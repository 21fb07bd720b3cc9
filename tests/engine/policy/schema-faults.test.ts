import { expect } from "chai";
import { schemaFaults } from "../../../lib/engine/policy/schema-faults";

describe("a policy's configuration", () => {
    const faults = (schema: object, value: unknown): string[] =>
        schemaFaults({ type: "object", ...schema }, value).sort();

    it("is checked by the whole JSON schema, with faults in the CLI's words", () => {
        const properties = {
            max: { type: "number", minimum: 1, maximum: 10 },
            word: { type: "string", pattern: "^[a-z]+$", minLength: 2 },
            list: { type: "array", items: { type: "string" }, maxItems: 2 },
            color: { enum: ["red", "blue"] },
        };
        expect(faults({ properties }, { max: 7, word: "abc", list: ["a"], color: "red" })).to.deep.equal([]);
        expect(faults({ properties }, { max: 70, word: "A", list: ["a", "b", "c"], color: "green" })).to.deep.equal([
            'color: color must be one of the following: "red", "blue"',
            "list: Array must have at most 2 items",
            "max: Must be less than or equal to 10",
            "word: Does not match pattern '^[a-z]+$'",
            "word: String length must be greater than or equal to 2",
        ]);
        expect(faults({ properties }, { max: "7", list: [1] })).to.deep.equal([
            "list.0: Invalid type. Expected: string, given: integer",
            "max: Invalid type. Expected: number, given: string",
        ]);
    });

    it("needs required properties, and no others where none are allowed", () => {
        expect(faults({ required: ["word"], properties: {} }, {})).to.deep.equal(["word is required"]);
        const closed = { properties: { a: {} }, additionalProperties: false };
        expect(faults(closed, { b: 1 })).to.deep.equal(["Additional property b is not allowed"]);
    });

    it("rejects a schema that is not valid", () => {
        expect(faults({ properties: { a: { type: "nonsense" } } }, {}).join()).to.contain(
            "its JSON schema cannot be used",
        );
    });
});
