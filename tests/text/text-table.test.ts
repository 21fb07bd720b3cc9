import { expect } from "chai";
import { displayWidth, textTable } from "../../lib/text";

const head = ["BUCKET", "RULE", "WHY"];
const rows = [
    { cells: ["example-logs", "KMS with the given key …f6a7", ""] },
    { cells: ["生产环境-日志", "AES256", "denied"], notes: ["read by nobody"] },
];
const widthsOf = (text: string) => text.trimEnd().split("\n").map(displayWidth);

describe("a table on a terminal", () => {
    it("aligns columns by what a reader sees, with notes below their row", () => {
        expect(textTable(head, rows, { columns: 80 }).split("\n")).to.deep.equal([
            "BUCKET         RULE                          WHY",
            "example-logs   KMS with the given key …f6a7",
            "生产环境-日志  AES256                        denied",
            "    read by nobody",
            "",
        ]);
    });

    it("folds cells at their spaces where it is too wide", () => {
        const text = textTable(head, rows, { columns: 36 });
        expect(text.split("\n").slice(0, 5)).to.deep.equal([
            "BUCKET         RULE           WHY",
            "example-logs   KMS with the",
            "               given key",
            "               …f6a7",
            "生产环境-日志  AES256         denied",
        ]);
        expect(Math.max(...widthsOf(text))).to.be.at.most(36);
    });

    it("becomes lines of names and values where its words do not fit beside each other, and divides no word", () => {
        const key = "acs:kms:cn-hangzhou:1000000000000001:key/key-hzz65f0a1b2c3d4e5f6a7";
        const text = textTable(["BUCKET", "KEY", "WHY"], [{ cells: ["example-logs", key, ""] }], { columns: 60 });
        expect(text).to.equal(`BUCKET: example-logs\n  KEY:\n  ${key}\n`);
    });

    it("fits 80 columns", () => {
        const words = "as many words as it takes to be longer than a line of a terminal has columns for".split(" ");
        for (let count = 1; count <= words.length; count += 1) {
            const text = textTable(head, [{ cells: ["b", words.slice(0, count).join(" "), words.join(" ")] }], {
                columns: 80,
            });
            expect(Math.max(...widthsOf(text))).to.be.at.most(80);
        }
    });

    it("is indented within its columns", () => {
        const text = textTable(head, rows, { columns: 40, indent: 4 });
        for (const line of text.trimEnd().split("\n")) expect(line).to.match(/^ {4}/);
        expect(Math.max(...widthsOf(text))).to.be.at.most(40);
    });

    it("is its head alone without rows", () => {
        expect(textTable(head, [], { columns: 80 })).to.equal("BUCKET  RULE  WHY\n");
    });
});
