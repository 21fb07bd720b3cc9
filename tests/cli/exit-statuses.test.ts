import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { exitStatus, exitStatusMeanings, statusOfKind } from "../../lib/cli/exit-status";

const root = path.join(__dirname, "..", "..");
const page = readFileSync(path.join(root, "docs", "exit-statuses.md"), "utf8");

/** The rows of the table below a heading of the page, without its head. */
function tableBelow(heading: string): string[][] {
    const section = page.split(/^#+ /m).find((text) => text.startsWith(`${heading}\n`)) ?? "";
    const rows = section.split("\n").filter((line) => line.startsWith("| "));
    return rows.slice(2).map((row) => row.slice(2, -2).split(" | "));
}

describe("exit statuses", () => {
    it("have the numbers and meanings of the documentation", () => {
        const meanings = Object.entries(exitStatus).map(([name, status]) => [
            `${status}`,
            exitStatusMeanings[name as keyof typeof exitStatus],
        ]);
        expect(tableBelow("Exit statuses")).to.deep.equal(meanings);
    });

    it("have one meaning each", () => {
        const numbers = Object.values(exitStatus);
        expect([...new Set(numbers)]).to.deep.equal(numbers);
    });

    it("are documented for the kinds of errors that do not end with 1", () => {
        const documented = tableBelow("Errors").map(([kind = "", status]) => [
            kind.replaceAll("`", ""),
            Number(status),
        ]);
        expect(Object.fromEntries(documented)).to.deep.equal(statusOfKind);
    });

    it("are used by name in the commands, never as numbers", () => {
        const sources = readdirSync(path.join(root, "lib", "cli")).map((name) => [
            name,
            readFileSync(path.join(root, "lib", "cli", name), "utf8"),
        ]);
        const isNumber =
            /(?:exitCode = |endNow\(|process\.exit\(|return )\d+\b|exitStatus\.\w+ : \d|\? \d+ : exitStatus/;
        expect(sources.filter(([, text = ""]) => text.includes("exitStatus.")).length).to.be.greaterThan(5);
        expect(sources.filter(([, text = ""]) => isNumber.test(text)).map(([name]) => name)).to.deep.equal([]);
    });
});
