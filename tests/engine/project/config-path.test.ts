import { expect } from "chai";
import { parseConfigPath, valueAt, withoutValueAt, withValueAt } from "../../../lib/engine/project/config-path";
import { coerced } from "../../../lib/engine/project/config-scalar";

describe("a path into configuration", () => {
    it("begins with a key that may have a namespace", () => {
        expect(parseConfigPath("names[0].first")).to.deep.equal({ key: "names", way: [0, "first"] });
        expect(parseConfigPath("aws:tags.owner")).to.deep.equal({ key: "aws:tags", way: ["owner"] });
        expect(parseConfigPath('["a.b"]["c d"]')).to.deep.equal({ key: "a.b", way: ["c d"] });
        expect(() => parseConfigPath("[0]")).to.throw('"[0]" is not a path');
    });

    it("sets values in existing structures, and creates missing ones", () => {
        expect(withValueAt({ a: 1 }, ["b", "c"], 2)).to.deep.equal({ a: 1, b: { c: 2 } });
        expect(withValueAt(undefined, [1], "z")).to.deep.equal([null, "z"]);
        expect(withValueAt(["x"], [1], "y")).to.deep.equal(["x", "y"]);
        expect(withValueAt("plain", ["a"], 1)).to.deep.equal({ a: 1 });
    });

    it("rejects paths that do not fit the structure", () => {
        expect(() => withValueAt([], [2], 1)).to.throw("A list of 0 elements has no element 2");
        expect(() => withValueAt({ a: [] }, ["a", "b"], 1)).to.throw('A list of 0 elements has no element "b"');
        expect(() => withValueAt({ a: "text" }, ["a", "b"], 1)).to.throw("Expected a map before b");
        expect(() => withValueAt({}, ["secure"], "x")).to.throw("encrypted");
    });

    it("reads and removes values", () => {
        expect(valueAt({ a: [{ b: 5 }] }, ["a", 0, "b"])).to.equal(5);
        expect(valueAt({ a: 1 }, ["a", "b"])).to.equal(undefined);
        expect(withoutValueAt({ a: [1, 2, 3], b: 1 }, ["a", 1])).to.deep.equal({ a: [1, 3], b: 1 });
        expect(withoutValueAt({ a: 1 }, ["c"])).to.deep.equal({ a: 1 });
    });

    it("reads a text that looks like a number or a truth value as one", () => {
        expect([coerced("true"), coerced("12"), coerced("-3"), coerced("0123"), coerced("1.5")]).to.deep.equal([
            true,
            12,
            -3,
            "0123",
            "1.5",
        ]);
    });
});
