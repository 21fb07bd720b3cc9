import { execFileSync } from "node:child_process";
import { expect } from "chai";
import fc from "fast-check";
import { shellCommand, shellWord } from "../../lib/text";
import { hostileText, hostileTexts } from "./hostile-texts";

/** What a shell passes on to a program for these words. */
function wordsOf(shell: string, words: readonly string[]): string[] {
    const script = `${shellCommand(["printf", "%s\\0", ...words])}\n`;
    const output = execFileSync(shell, ["--norc", "-c", script], { env: { PATH: process.env.PATH, LC_ALL: "C" } });
    return output.toString().split("\0").slice(0, -1);
}

describe("a command for a shell", () => {
    const canBePassed = (text: string) => !/[\0\p{Cs}]/u.test(text);

    it("passes each word on as it is", () => {
        const words = [
            ...hostileTexts.filter(canBePassed),
            ...["it's", "a'; touch X; echo '", "$(id)", "`id`", "!!", "~", "", "*", "a b", "A=1", "=ls"],
        ];
        expect(wordsOf("bash", words)).to.deep.equal(words);
    });

    it("passes any text on as it is", () => {
        const words = fc.array(hostileText.filter(canBePassed), { minLength: 1, maxLength: 40 });
        fc.assert(
            fc.property(words, (words) => {
                expect(wordsOf("bash", words)).to.deep.equal(words);
            }),
            { numRuns: 3 },
        );
    });

    it("holds no character that cannot be seen", () => {
        fc.assert(
            fc.property(hostileText, (text) => {
                expect(shellWord(text)).not.to.match(/[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u);
            }),
        );
    });

    it("names nothing where a text cannot be passed to a program", () => {
        expect(shellWord("a\0b")).to.equal("'a\\u{0}b'");
        expect(shellWord("a\ud800")).to.equal("'a\\u{d800}'");
    });

    it("leaves plain words as they are", () => {
        expect(shellCommand(["pulumi", "stack", "import", "--file", "after.json"])).to.equal(
            "pulumi stack import --file after.json",
        );
    });
});
