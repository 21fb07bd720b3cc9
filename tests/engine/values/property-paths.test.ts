import { expect } from "chai";
import { parsePropertyPath, pathCovers, pathText } from "../../../lib/engine/values/property-paths";

describe("property paths", () => {
    it("are read in all their spellings", () => {
        expect(parsePropertyPath('a.b[0]["c d"].*')).to.deep.equal(["a", "b", 0, "c d", "*"]);
        expect(parsePropertyPath("#initerror")).to.deep.equal(["#initerror"]);
        for (const text of ["", ".a", "a[", "a[x]"]) expect(parsePropertyPath(text), text).to.equal(undefined);
    });

    it("are written as checkpoints spell them", () => {
        const spelt = (text: string): string => pathText(parsePropertyPath(text) ?? []);
        expect(spelt('["a"].b[0]["c d"].*')).to.equal('a.b[0]["c d"]["*"]');
        expect(spelt('a["say \\"b\\""]')).to.equal('a["say \\"b\\""]');
        for (const text of ['a.b[0]["c d"].*', "list[*].x"]) expect(spelt(spelt(text))).to.equal(spelt(text));
    });

    it("cover the value that they name and the values inside it", () => {
        expect(pathCovers(["a"], ["a", "b"])).to.equal(true);
        expect(pathCovers(["a", "*"], ["a", 3])).to.equal(true);
        expect(pathCovers(["a", "b"], ["a"])).to.equal(false);
    });
});
