import { expect } from "chai";
import { keepNewest } from "../../lib/engine/keep-newest";

describe("entries of which only the newest are kept", () => {
    it("are removed in the order in which they came, down to the bound", () => {
        const ports = new Set([1, 2, 3, 4]);
        keepNewest(ports, 4);
        expect([...ports]).to.deep.equal([1, 2, 3, 4]);
        keepNewest(ports, 2);
        expect([...ports]).to.deep.equal([3, 4]);
        const keys = new Map([
            ["b", 1],
            ["a", 2],
        ]);
        keepNewest(keys, 1);
        expect([...keys]).to.deep.equal([["a", 2]]);
    });
});
