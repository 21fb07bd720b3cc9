import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { settingNamespace, settingTable } from "../../lib/provider";

const page = path.join(__dirname, "..", "..", "docs", "resource.md");
const heading = "| setting | meaning | environment |";

/** The table of `docs/resource.md`, from the rows that reading and refusal use. */
function tableLines(): string[] {
    const rows = settingTable().map(({ name, meaning, variables = [], isSecret }) => {
        const secret = isSecret ? " Must be a secret." : "";
        return `| \`${settingNamespace}:${name}\` | ${meaning}${secret} | ${variables.map((text) => `\`${text}\``).join(", ")} |`;
    });
    return [heading, "| --- | --- | --- |", ...rows];
}

describe("the documentation of the settings", () => {
    it("has every setting as it is read (UPDATE_DOCS=1 rewrites the table)", () => {
        const lines = readFileSync(page, "utf8").split("\n");
        const begin = lines.indexOf(heading);
        expect(begin).to.be.greaterThan(0);
        const length = lines.slice(begin).findIndex((line) => !line.startsWith("|"));
        if (process.env.UPDATE_DOCS === "1") {
            lines.splice(begin, length, ...tableLines());
            writeFileSync(page, lines.join("\n"));
        }
        const written = readFileSync(page, "utf8")
            .split("\n")
            .slice(begin, begin + tableLines().length);
        expect(written).to.deep.equal(tableLines());
    });
});
