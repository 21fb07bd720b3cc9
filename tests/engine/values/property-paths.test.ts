import { expect } from "chai";
import { parsePropertyPath, pathCovers, withIgnoredChanges } from "../../../lib/engine/values/property-paths";
import { Secret } from "../../../lib/engine/values/property-value";

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

    it("put back what is to be ignored: changed, new and removed values, inside maps, lists and secrets", () => {
        const olds = {
            a: 1,
            removed: 2,
            map: { x: 1, y: 2 },
            list: [{ n: 1 }, { n: 2 }],
            hidden: new Secret({ z: 1 }),
        };
        const news = {
            a: 9,
            added: 3,
            map: { x: 9, y: 2, w: 4 },
            list: [{ n: 9 }, { n: 2 }, { n: 3 }],
            hidden: new Secret({ z: 9 }),
        };
        expect(withIgnoredChanges(news, olds, ["a", "removed", "added"]))
            .to.deep.include({ a: 1, removed: 2 })
            .and.not.to.have.property("added");
        expect(withIgnoredChanges(news, olds, ["map.*"])).to.deep.include({ map: { x: 1, y: 2 } });
        expect(withIgnoredChanges(news, olds, ["list[0].n"])).to.deep.include({ list: [{ n: 1 }, { n: 2 }, { n: 3 }] });
        expect(withIgnoredChanges(news, olds, ["list[*].n"])).to.deep.include({ list: [{ n: 1 }, { n: 2 }, { n: 3 }] });
        expect(withIgnoredChanges(news, olds, ["hidden.z"])).to.deep.include({ hidden: new Secret({ z: 1 }) });
        expect(withIgnoredChanges(news, olds, ["*"])).to.deep.equal(olds);
    });

    it("rejects paths that lead nowhere", () => {
        expect(withIgnoredChanges({ a: 1 }, { a: 1 }, ["a.b.c"])).to.equal(undefined);
        expect(withIgnoredChanges({ list: [1] }, { list: [1] }, ["list[5]"])).to.equal(undefined);
    });
});
