import { expect } from "chai";
import { eastAsianWidth } from "get-east-asian-width";
import { displayWidth, firstColumns, fitted, padded } from "../../lib/text";

describe("the width of a text on a terminal", () => {
    it("counts wide characters twice and marks not at all", () => {
        expect(displayWidth("bucket")).to.equal(6);
        expect(displayWidth("生产-1")).to.equal(6);
        expect(displayWidth("cafe\u0301")).to.equal(4);
        expect(displayWidth("한국")).to.equal(4);
        expect(displayWidth("\u1112\u1161\u11ab")).to.equal(2);
        expect(displayWidth("🚀✓")).to.equal(3);
    });

    it("agrees with Unicode's table of widths for every character that is drawn alone", () => {
        const different: string[] = [];
        for (let code = 0; code <= 0x10ffff; code += 1) {
            const character = String.fromCodePoint(code);
            if (/[\p{C}\p{M}\p{Default_Ignorable_Code_Point}\u1160-\u11ff\ud7b0-\ud7fb]/u.test(character)) continue;
            if (displayWidth(character) !== eastAsianWidth(code)) different.push(code.toString(16));
        }
        expect(different).to.deep.equal([]);
    });

    it("pads and cuts by columns", () => {
        expect(padded("生产", 6)).to.equal("生产  ");
        expect(fitted("生产环境", 6)).to.equal("生产… ");
        expect(fitted("生产环境", 5)).to.equal("生产…");
        expect(fitted("生产环境", 8)).to.equal("生产环境");
        expect(fitted("abc", 1)).to.equal("…");
        expect(fitted("abc", 0)).to.equal("");
        expect(firstColumns("cafe\u0301s", 4)).to.equal("cafe\u0301");
    });
});
