import { expect } from "chai";
import { csvText, htmlText, oneLine, sarifMessage, shortened, visible, visibleLines } from "../../lib/text";

describe("a visible text", () => {
    const hiddenCodePoints = [
        0x0, 0x7, 0x1b, 0x7f, 0x85, 0x9b, 0xad, 0x34f, 0x61c, 0x115f, 0x180e, 0x200b, 0x200d, 0x200e, 0x202e, 0x2028,
        0x2060, 0x2066, 0x2800, 0x3164, 0xd800, 0xdfff, 0xe000, 0xfe0f, 0xfeff, 0xffa0, 0xfff9, 0xffff, 0xe0041,
        0xe0100,
    ];

    for (const code of hiddenCodePoints) {
        it(`writes U+${code.toString(16).toUpperCase().padStart(4, "0")} as an escape`, () => {
            expect(visible(`a${String.fromCodePoint(code)}b`)).to.equal(`a\\u{${code.toString(16)}}b`);
        });
    }

    it("keeps what can be seen, in every script", () => {
        for (const text of ["café", "cafe\u0301", "生产环境", "हिन्दी", "שלום", "مرحبا", "✓ → “x” 🚀", "a\u00a0b"])
            expect(visible(text)).to.equal(text);
    });

    it("writes line ends and tabs in their short forms", () => {
        expect(visible("a\r\n\tb")).to.equal("a\\r\\n\\tb");
    });

    it("writes marks that would change the character before the text", () => {
        expect(visible("\u0338\u0301x")).to.equal("\\u{338}\\u{301}x");
    });

    it("writes marks that would cover other lines", () => {
        expect(visible(`e${"\u0301".repeat(6)}`)).to.equal(`e${"\u0301".repeat(4)}\\u{301}\\u{301}`);
    });

    it("shows at most 2,000 characters", () => {
        expect(visible("x".repeat(5_000))).to.equal(`${"x".repeat(1_999)}…`);
    });

    it("loses nothing in formats that programs read", () => {
        const long = `${"x".repeat(5_000)}\u202e`;
        const whole = `${"x".repeat(5_000)}\\u{202e}`;
        expect(visible(long, "whole")).to.equal(whole);
        expect(oneLine(long, "whole")).to.equal(whole);
        expect(csvText([[long]])).to.equal(`"${whole}"\r\n`);
        expect(htmlText(long)).to.equal(whole);
        expect(sarifMessage(long)).to.equal(`${"x".repeat(5_000)}\\\\u{{202e}}`);
    });

    it("keeps its lines where lines are asked for", () => {
        expect(visibleLines("a\r\n\tb\u001b[2J\nc")).to.equal("a\n    b\\u{1b}[2J\nc");
    });

    it("becomes one line where a sentence is asked for", () => {
        expect(oneLine("  a\r\n\tb  c\u202e ")).to.equal("a b c\\u{202e}");
    });

    it("is shortened without a divided character", () => {
        expect(shortened("ab🚀cd", 4)).to.equal("ab…");
        expect(shortened("ab🚀cd", 5)).to.equal("ab🚀…");
        expect(shortened("abc", 3)).to.equal("abc");
    });
});
