import { expect } from "chai";
import { ValueMap } from "../../lib/values";

describe("a map by value", () => {
    it("keeps one value for equal keys, in any order of their members, nested ones included", () => {
        const map = new ValueMap<object, object>();
        const made = map.ensured({ id: "1", roles: [{ roleArn: "a", externalId: "x" }] }, () => ({}));
        expect(map.ensured({ roles: [{ externalId: "x", roleArn: "a" }], id: "1" }, () => ({}))).to.equal(made);
        expect([...map.values()]).to.deep.equal([{}]);
    });

    it("keeps different values for keys that differ in a nested member or in the order of a list", () => {
        const map = new ValueMap<object, number>();
        const keys = [{ roles: ["a", "b"] }, { roles: ["b", "a"] }, { roles: ["a"], id: "b" }, { roles: { 0: "a" } }];
        expect(keys.map((key, index) => map.ensured(key, () => index))).to.deep.equal([0, 1, 2, 3]);
        expect([...map.values()]).to.deep.equal([0, 1, 2, 3]);
        expect(map.get({ id: "b", roles: ["a"] })).to.equal(2);
        expect(map.get({ roles: ["a"] })).to.equal(undefined);
    });

    it("takes a member that is undefined for an absent one, and replaces a value", () => {
        const map = new ValueMap<object, string>();
        map.set({ id: "1", profile: undefined }, "first");
        map.set({ id: "1" }, "second");
        expect([...map.values()]).to.deep.equal(["second"]);
    });
});
