import { expect } from "chai";
import { type ArgumentRow, notYetKnown } from "../../lib/rule";
import { valueIssues } from "../../lib/rule/argument-row";

const choices: ArgumentRow = {
    type: "choices",
    values: ["SSE-C", "NONE"],
    none: "NONE",
    role: "rule",
    description: "",
};
const issue = (code: string, message: string) => [{ code, path: "types", message }];
const of = (row: ArgumentRow, value: unknown, available?: readonly string[]) =>
    available === undefined ? valueIssues("types", row, value) : valueIssues("types", row, value, {}, available);

describe("the value of an argument", () => {
    it("is a list of one or more of the row's words", () => {
        expect(of(choices, ["SSE-C"])).to.deep.equal([]);
        expect(of(choices, ["NONE"])).to.deep.equal([]);
        expect(of(choices, [notYetKnown])).to.deep.equal([]);
        expect(of(choices, [])).to.deep.equal(
            issue("wrong-type", 'must be a list of one or more of "SSE-C", "NONE", not an empty list'),
        );
        expect(of(choices, "SSE-C")).to.deep.equal(
            issue("wrong-type", 'must be a list of one or more of "SSE-C", "NONE", not "SSE-C"'),
        );
    });

    it("names each wrong word of a list, and no other fault", () => {
        expect(of(choices, ["NONE", "sse-c", "SSE-C"])).to.deep.equal(
            issue("not-allowed", '"sse-c" is not one of "SSE-C", "NONE"; did you mean "SSE-C"?'),
        );
        expect(of(choices, ["SSE-C", "other", "none of them"]).map(({ code }) => code)).to.deep.equal([
            "not-allowed",
            "not-allowed",
        ]);
    });

    it("rejects the word for none beside others, where the row has one", () => {
        expect(of(choices, ["SSE-C", "NONE"])).to.deep.equal(
            issue("conflicting", 'must hold "NONE" alone or not at all'),
        );
        const { none: _, ...withoutNone } = choices;
        expect(of(withoutNone, ["SSE-C", "NONE"])).to.deep.equal([]);
        expect(of({ ...choices, values: ["SSE-C", "NONE", "SSE-D"] }, ["SSE-C", "SSE-D"])).to.deep.equal([]);
    });

    it("rejects a word that only another kind of store has", () => {
        expect(of({ ...choices, type: "choice" }, "NONE", ["SSE-C"])).to.deep.equal(
            issue("not-allowed", '"NONE" is not one of "SSE-C", which this kind of store has'),
        );
        const { values: _, ...withoutWords } = choices;
        expect(of({ ...withoutWords, type: "choice" }, "NONE", ["SSE-C"])).to.deep.equal(
            issue("not-allowed", '"NONE" is not one of "SSE-C"'),
        );
        expect(of({ ...withoutWords, type: "choice" }, "NONE")).to.deep.equal(
            issue("not-allowed", '"NONE" is not one of '),
        );
    });

    it("is a string, an object of any form, or absent; the message does not show it", () => {
        const text: ArgumentRow = { type: "string", role: "place", description: "" };
        expect(of(text, 7)).to.deep.equal(issue("wrong-type", "must be a string, not a value of type number"));
        expect(of(text, ["a secret"])[0]?.message).not.to.include("a secret");
        expect(of({ ...text, type: "object" }, 7)).to.deep.equal([]);
        expect(of(text, undefined)).to.deep.equal([]);
        expect(of({ ...choices, type: "choice", required: "one" }, undefined)).to.deep.equal(
            issue("required", 'is required: one of "SSE-C", "NONE"'),
        );
    });

    it("is near the default that this kind of store does not have, which is left out instead", () => {
        const row: ArgumentRow = {
            type: "choice",
            values: ["alpha", "gamma"],
            default: "delta",
            role: "rule",
            description: "",
        };
        expect(of(row, "delta", ["alpha", "gamma"])).to.deep.equal(
            issue("not-allowed", '"delta" is not one of "alpha", "gamma"; leave it out for "delta"'),
        );
        expect(of(row, "alpa", ["alpha", "gamma"])).to.deep.equal(
            issue("not-allowed", '"alpa" is not one of "alpha", "gamma"; did you mean "alpha"?'),
        );
    });
});
