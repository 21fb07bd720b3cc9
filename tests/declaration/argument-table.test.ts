import { readFileSync, writeFileSync } from "node:fs";
import { expect } from "chai";
import { argumentMeaning, declarationArguments, outputs } from "../../lib/declaration";
import { type ArgumentRow, type ArgumentRows, rowsOf } from "../../lib/rule";

const file = "docs/resource.md";
function typeText({ type, values = [], required }: ArgumentRow): string {
    const words = values.map((value) => `\`"${value}"\``).join(", ");
    const text = type === "choice" ? words : type === "choices" ? `list of ${words}` : type;
    return required === undefined ? text : `${text}, required`;
}

function storesText({ stores }: ArgumentRow): string {
    return stores === undefined ? "all" : stores.map((store) => `\`${store}\``).join(", ");
}

function argumentTable(): string {
    const lines = rowsOf(declarationArguments).map(
        ([name, row]) => `| \`${name}\` | ${typeText(row)} | ${storesText(row)} | ${argumentMeaning(row)} |`,
    );
    return ["| argument | type | stores | meaning |", "| --- | --- | --- | --- |", ...lines].join("\n");
}

function outputTable(): string {
    const lines = rowsOf<ArgumentRows>(outputs).map(([name, { description }]) => `| \`${name}\` | ${description} |`);
    return ["| output | meaning |", "| --- | --- |", ...lines].join("\n");
}

for (const [what, table] of [
    ["arguments", argumentTable()],
    ["outputs", outputTable()],
] as const) {
    describe(`the documented table of ${what}`, () => {
        it("equals the one from the rows (UPDATE_DOCS=1 rewrites it)", () => {
            const [begin, end] = [
                `<!-- ${what}: generated from lib/declaration by its test -->`,
                `<!-- end of the ${what} -->`,
            ];
            const text = readFileSync(file, "utf8");
            expect(text).to.include(begin).and.include(end);
            const [start, stop] = [text.indexOf(begin) + begin.length, text.indexOf(end)];
            if (process.env.UPDATE_DOCS === "1") {
                writeFileSync(file, `${text.slice(0, start)}\n\n${table}\n\n${text.slice(stop)}`);
            } else expect(text.slice(start, stop).trim()).to.equal(table);
        });
    });
}
