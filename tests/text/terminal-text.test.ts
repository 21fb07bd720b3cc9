import { expect } from "chai";
import { terminalText } from "../../lib/text";

describe("an engine's output on a terminal", () => {
    it("keeps colors, line ends, tabs and long lines", () => {
        const text = `\u001b[1m\u001b[32m+ create\u001b[0m\r\n\tcafe\u0301 生产\n${"x".repeat(5_000)}\n`;
        expect(terminalText(text)).to.equal(text);
    });

    it("writes everything else that acts as escapes", () => {
        expect(terminalText("a\u001b[2Jb\u001b]0;t\u0007\u202ec\rd\u200b\n")).to.equal(
            "a\\u{1b}[2Jb\\u{1b}]0;t\\u{7}\\u{202e}c\\rd\\u{200b}\n",
        );
    });
});
