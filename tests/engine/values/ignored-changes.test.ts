import { expect } from "chai";
import { withIgnoredChanges } from "../../../lib/engine/values/ignored-changes";
import { type PropertyMap, Secret } from "../../../lib/engine/values/property-value";

describe("ignored changes", () => {
    const ignoring = (news: PropertyMap, olds: PropertyMap, ...paths: string[]): PropertyMap => {
        const { inputs, lost } = withIgnoredChanges(news, olds, paths);
        expect(lost).to.deep.equal([]);
        return inputs;
    };

    it("keep old values, restore removed ones and leave out new ones", () => {
        const news = { changed: 9, added: 3 };
        const olds = { changed: 1, removed: 2 };
        expect(ignoring(news, olds, "changed", "removed", "added")).to.deep.equal(olds);
        expect(ignoring(news, olds, "*")).to.deep.equal(olds);
        expect(ignoring(news, olds, "elsewhere")).to.deep.equal(news);
    });

    it("are found inside maps, lists and secrets", () => {
        expect(ignoring({ map: { x: 9, w: 4 } }, { map: { x: 1, y: 2 } }, "map.*")).to.deep.equal({
            map: { x: 1, y: 2 },
        });
        expect(ignoring({ list: [{ n: 9 }, 2] }, { list: [{ n: 1 }, 1] }, "list[0].n")).to.deep.equal({
            list: [{ n: 1 }, 2],
        });
        expect(ignoring({ list: [{ n: 9 }] }, { list: [{ n: 1 }] }, "list[*].n")).to.deep.equal({ list: [{ n: 1 }] });
        expect(ignoring({ map: { a: { x: 9 }, b: { x: 8 } } }, { map: { a: { x: 1 } } }, "map.*.x")).to.deep.equal({
            map: { a: { x: 1 }, b: { x: 8 } },
        });
        const hidden = { hidden: new Secret({ z: 9 }) };
        expect(ignoring(hidden, { hidden: new Secret({ z: 1 }) }, "hidden.z")).to.deep.equal({
            hidden: new Secret({ z: 1 }),
        });
    });

    it("keep a secret secret", () => {
        const inputs = ignoring({ shown: { z: 9 } }, { shown: new Secret({ z: 1 }) }, "shown.z");
        expect(inputs).to.deep.equal({ shown: { z: new Secret(1) } });
    });

    it("are reported when a path cannot be followed, and lists keep their length", () => {
        const lost = (news: PropertyMap, olds: PropertyMap, path: string) => withIgnoredChanges(news, olds, [path]);
        expect(lost({ list: [1] }, { list: [1, 2] }, "list[1]")).to.deep.equal({
            inputs: { list: [1] },
            lost: ["list[1]"],
        });
        expect(lost({ list: [9, 8, 7] }, { list: [1, 2] }, "list[*]")).to.deep.equal({
            inputs: { list: [1, 2, 7] },
            lost: ["list[*]"],
        });
        expect(lost({ a: {} }, { a: { b: { c: 1 } } }, "a.b.c")).to.deep.equal({ inputs: { a: {} }, lost: ["a.b.c"] });
        expect(lost({ a: 1 }, { a: { b: 1 } }, "a.b")).to.deep.equal({ inputs: { a: 1 }, lost: ["a.b"] });
    });

    it("have no effect without such a place, or without a path", () => {
        for (const path of ["a.b.c", "list[5]", "a[", ".x"])
            expect(withIgnoredChanges({ a: 1, list: [1] }, { a: 1, list: [1] }, [path])).to.deep.equal({
                inputs: { a: 1, list: [1] },
                lost: [],
            });
    });
});
