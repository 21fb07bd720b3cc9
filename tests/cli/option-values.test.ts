import { expect } from "chai";
import { wholeNumber } from "../../lib/cli/option-values";

describe("a number on the command line", () => {
    it("accepts whole numbers in its range", () => {
        expect(["0", "7", "65535"].map(wholeNumber(0, 65_535))).to.deep.equal([0, 7, 65_535]);
        expect(wholeNumber(1)("2147483647")).to.equal(2_147_483_647);
    });

    it("rejects all others, also those that only a programming language takes for numbers", () => {
        for (const text of ["0", "1001", "-1", "1.5", "0x10", "1e3", " 3", "", "many"])
            expect(() => wholeNumber(1, 1_000)(text), text).to.throw("It must be a whole number from 1 to 1000.");
        expect(() => wholeNumber(1)("9007199254740993")).to.throw("It must be a whole number from 1 on.");
    });
});
