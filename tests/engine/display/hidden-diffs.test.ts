import { expect } from "chai";
import { diffLinesHiding } from "../../../lib/engine/display/hidden-diffs";
import type { PropertyMap } from "../../../lib/engine/values/property-value";

const shown = (olds: PropertyMap, news: PropertyMap, ...hideDiff: string[]): string[] =>
    diffLinesHiding(olds, news, hideDiff).map(({ mark, text, depth }) => `${"    ".repeat(depth)}${mark}${text}`);

describe("the diff of a resource with hidden paths", () => {
    it("only names the hidden paths, and shows the rest", () => {
        expect(shown({ packed: "a", key: "k", size: 1 }, { packed: "b", key: "k", size: 2 }, "packed")).to.deep.equal([
            "~ packed (hidden)",
            '  key : "k"',
            "~ size: 1 => 2",
        ]);
    });

    it("names only the hidden paths when nothing else changed", () => {
        const olds = { packed: { deep: "a" }, key: "k" };
        expect(shown(olds, { packed: { deep: "b" }, key: "k" }, "packed")).to.deep.equal(["~ packed (hidden)"]);
    });

    it("hides nested paths, and shows an element unchanged that differs in these only", () => {
        const list = (v: string): PropertyMap => ({
            value: {
                a: v,
                list: [
                    { x: v, y: 1 },
                    { x: "s", y: v },
                ],
            },
        });
        expect(shown(list("1"), list("2"), "value.a", 'value.list["*"].x')).to.deep.equal([
            "~ value.a (hidden)",
            '~ value.list["*"].x (hidden)',
            "~ value: {",
            "    ~ list: [",
            "          [0]: {",
            '              x: "1"',
            "              y: 1",
            "          }",
            "        ~ [1]: {",
            '            ~ y: "1" => "2"',
            "        ~ }",
            "    ~ ]",
            "~ }",
        ]);
    });

    it("is complete when no path exists in the properties", () => {
        expect(shown({ a: 1 }, { a: 2 }, "absent", "a.b")).to.deep.equal(["~ a: 1 => 2"]);
    });
});
