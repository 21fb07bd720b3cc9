import { expect } from "chai";
import { diffLinesHiding } from "../../../lib/engine/display/hidden-diffs";
import type { PropertyMap } from "../../../lib/engine/values/property-value";

const shown = (olds: PropertyMap, news: PropertyMap, ...hideDiff: string[]): string[] =>
    diffLinesHiding(olds, news, hideDiff).map(({ mark, text, depth }) => `${"    ".repeat(depth)}${mark}${text}`);

describe("the diff of a resource that hides some of it", () => {
    it("only names what is hidden, and shows the rest", () => {
        expect(shown({ packed: "a", key: "k", size: 1 }, { packed: "b", key: "k", size: 2 }, "packed")).to.deep.equal([
            "~ packed (hidden)",
            '  key : "k"',
            "~ size: 1 => 2",
        ]);
    });

    it("names nothing but what is hidden when nothing else changed", () => {
        const olds = { packed: { deep: "a" }, key: "k" };
        expect(shown(olds, { packed: { deep: "b" }, key: "k" }, "packed")).to.deep.equal(["~ packed (hidden)"]);
    });

    it("hides what lies deep inside, and shows an element that differs in nothing else as it was", () => {
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

    it("is shown in full where no path leads to what is there", () => {
        expect(shown({ a: 1 }, { a: 2 }, "absent", "a.b")).to.deep.equal(["~ a: 1 => 2"]);
    });
});
