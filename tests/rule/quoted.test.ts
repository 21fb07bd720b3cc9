import { expect } from "chai";
import { quoted } from "../../lib/rule";

describe("a value in a message", () => {
    it("is quoted, and cut where it is long", () => {
        expect(quoted("KMS")).to.equal('"KMS"');
        expect(quoted("x".repeat(41))).to.equal(`"${"x".repeat(40)}…"`);
        expect(quoted("a~ ")).to.equal('"a~ "');
    });

    it("is shown with the characters that look like others, or that cannot be seen", () => {
        expect(quoted("\u041a\u041cS")).to.equal('"\u041a\u041cS" (with U+041A, U+041C)');
        expect(quoted("key\u200b-1")).to.equal('"key\u200b-1" (with U+200B)');
        expect(quoted("a\nb\n")).to.equal('"a\\nb\\n" (with U+000A)');
        expect(quoted("\u{1f511}")).to.equal('"\u{1f511}" (with U+1F511)');
        expect(quoted("\u00e0\u00e1\u00e2\u00e3")).to.match(/ \(with U\+00E0, U\+00E1, U\+00E2, …\)$/);
    });
});
