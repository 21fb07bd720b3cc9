import { expect } from "chai";
import { parsePropertyPath, pathCovers } from "../../../lib/engine/values/property-paths";

describe("property paths", () => {
    it("are read in all their spellings", () => {
        expect(parsePropertyPath('a.b[0]["c d"].*')).to.deep.equal(["a", "b", 0, "c d", "*"]);
        expect(parsePropertyPath("#initerror")).to.deep.equal(["#initerror"]);
        for (const text of ["", ".a", "a[", "a[x]"]) expect(parsePropertyPath(text), text).to.equal(undefined);
    });

    it("cover what they name and what lies inside it", () => {
        expect(pathCovers(["a"], ["a", "b"])).to.equal(true);
        expect(pathCovers(["a", "*"], ["a", 3])).to.equal(true);
        expect(pathCovers(["a", "b"], ["a"])).to.equal(false);
    });
});
