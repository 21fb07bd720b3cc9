import { expect } from "chai";
import { argumentMeaning, declarationArguments, isReplacing, rowsOf } from "../../lib/declaration";

describe("the meaning of an argument", () => {
    it("has the description alone where there is no more to say", () => {
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

    it("says of an argument of the creation that its change alone is none", () => {
        expect(argumentMeaning({ type: "string", role: "place", onlyOnCreation: true, description: "When." })).to.equal(
            "When. Changing it alone is no change.",
        );
    });

    it("says in each description of an argument that replaces the resource what it identifies", () => {
        const replacing = rowsOf(declarationArguments).filter(([name]) => isReplacing(name));
        expect(replacing.map(([name]) => name)).to.deep.equal(["bucket", "store"]);
        for (const [name, row] of replacing) expect(argumentMeaning(row), name).to.include("identifies the resource");
    });
});
