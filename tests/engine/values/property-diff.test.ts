import { expect } from "chai";
import { changedPaths } from "../../../lib/engine/values/property-diff";
import { Secret } from "../../../lib/engine/values/property-value";

describe("the paths where properties differ", () => {
    it("are named at any depth of maps and lists", () => {
        const olds = { same: 1, map: { x: 1, y: [1, { z: 2 }] }, list: [1, 2], gone: 1, other: { a: 1 } };
        const news = { same: 1, map: { x: 2, y: [1, { z: 3 }] }, list: [1, 2, 3], added: 1, other: "text" };
        expect(changedPaths(olds, news)).to.deep.equal([
            ["added"],
            ["gone"],
            ["list", 2],
            ["map", "x"],
            ["map", "y", 1, "z"],
            ["other"],
        ]);
    });

    it("treat null as absent, and a secret as one value", () => {
        expect(changedPaths({ a: null }, {})).to.deep.equal([]);
        expect(changedPaths({}, { a: null })).to.deep.equal([]);
        expect(changedPaths({ a: new Secret({ x: 1 }) }, { a: new Secret({ x: 2 }) })).to.deep.equal([["a"]]);
        expect(changedPaths({ a: new Secret({ x: 1 }) }, { a: new Secret({ x: 1 }) })).to.deep.equal([]);
    });
});
