import { readFileSync, writeFileSync } from "node:fs";
import { expect } from "chai";
import { declarationArguments } from "../../lib/declaration";
import { type ArgumentRow, rowsOf } from "../../lib/rule";

const file = "docs/resource.md";
const [begin, end] = [
    "<!-- arguments: generated from lib/declaration by its test -->",
    "<!-- end of the arguments -->",
];

function typeText({ type, values = [], required }: ArgumentRow): string {
    const words = values.map((value) => `\`"${value}"\``).join(", ");
    const text = type === "choice" ? words : type === "choices" ? `list of ${words}` : type;
    return required === undefined ? text : `${text}, required`;
}

function meaningText({
    description,
    default: value,
    defaultText,
    keptWhenAbsent,
    replaces,
    onlyOnCreation,
}: ArgumentRow) {
    const kept = keptWhenAbsent ? "what the bucket has" : undefined;
    const standard = defaultText ?? kept ?? (value === undefined ? undefined : `\`${JSON.stringify(value)}\``);
    return [
        description,
        ...(standard === undefined ? [] : [`Default: ${standard}.`]),
        ...(replaces && !/identifies/.test(description) ? ["Another value is another resource."] : []),
        ...(onlyOnCreation ? ["Changing it alone is no change."] : []),
    ].join(" ");
}

function storesText({ stores }: ArgumentRow): string {
    return stores === undefined ? "all" : stores.map((store) => `\`${store}\``).join(", ");
}

function table(): string {
    const lines = rowsOf(declarationArguments).map(
        ([name, row]) => `| \`${name}\` | ${typeText(row)} | ${storesText(row)} | ${meaningText(row)} |`,
    );
    return ["| argument | type | stores | meaning |", "| --- | --- | --- | --- |", ...lines].join("\n");
}

describe("the documented table of arguments", () => {
    it("is the one that the rows make (UPDATE_DOCS=1 writes it)", () => {
        const text = readFileSync(file, "utf8");
        const [before, documented, after] = [
            text.slice(0, text.indexOf(begin) + begin.length),
            text.slice(text.indexOf(begin) + begin.length, text.indexOf(end)),
            text.slice(text.indexOf(end)),
        ];
        expect(text).to.include(begin).and.include(end);
        if (process.env.UPDATE_DOCS === "1") writeFileSync(file, `${before}\n\n${table()}\n\n${after}`);
        else expect(documented.trim()).to.equal(table());
    });
});
