import { expect } from "chai";
import { argumentMeaning, declarationArguments, isReplacing, rowsOf } from "../../lib/declaration";

describe("the meaning of an argument", () => {
    it("has only the description if there is no default", () => {
        expect(argumentMeaning({ type: "string", role: "place", description: "Where." })).to.equal("Where.");
    });

    it("has the default: in words, as what the bucket has, or as the value", () => {
        const row = { type: "string", role: "behaviour", description: "How." } as const;
        expect(argumentMeaning({ ...row, defaultText: "the region's", default: "x" })).to.equal(
            "How. Default: the region's.",
        );
        expect(argumentMeaning({ ...row, keptWhenAbsent: true })).to.equal("How. Default: what the bucket has.");
        expect(argumentMeaning({ ...row, default: "adopt" })).to.equal('How. Default: `"adopt"`.');
        expect(argumentMeaning({ ...row, type: "boolean", default: false })).to.equal("How. Default: `false`.");
    });

    it("says that changing an argument of the creation alone is no change", () => {
        expect(argumentMeaning({ type: "string", role: "place", onlyOnCreation: true, description: "When." })).to.equal(
            "When. Changing it alone is no change.",
        );
    });

    it("says what an argument identifies if its change replaces the resource", () => {
        const replacing = rowsOf(declarationArguments).filter(([name]) => isReplacing(name));
        expect(replacing.map(([name]) => name)).to.deep.equal(["bucket", "store"]);
        for (const [name, row] of replacing) expect(argumentMeaning(row), name).to.include("identifies the resource");
    });
});
