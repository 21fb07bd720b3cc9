import { expect } from "chai";
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
