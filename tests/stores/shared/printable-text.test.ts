import { expect } from "chai";
import fc from "fast-check";
import { printableText } from "../../../lib/stores/shared/printable-text";

describe("a text of the service in a message", () => {
    it("is one line of visible characters", () => {
        expect(printableText("\u001b[31mRed\u0007\n\ttext\u202e \u200b and\r\nmore\u0000 ", [])).to.equal(
            "\\u{1b}[31mRed\\u{7} text\\u{202e} \\u{200b} and more\\u{0}",
        );
    });

    it("is cut to a bounded length", () => {
        fc.assert(
            fc.property(fc.string({ unit: "binary", maxLength: 2_000 }), (text) => {
                const shown = printableText(text, []);
                expect(shown.length).to.be.at.most(300 * "\\u{10ffff}".length);
                expect(shown).not.to.match(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
            }),
        );
    });

    it("holds no secret, also where one is part of another", () => {
        expect(printableText("id-1 and id-1-and-token, STS", ["id-1", "id-1-and-token", ""])).to.equal(
            "(hidden) and (hidden), STS",
        );
    });

    it("holds no secret that begins before the cut", () => {
        const shown = printableText(`${"x".repeat(295)}secret-secret`, ["secret-secret"]);
        expect(shown)
            .to.match(/^x{295}/)
            .and.not.to.include("secret");
    });
});
