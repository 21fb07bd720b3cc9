import { expect } from "chai";
import { declarationIssues } from "../../lib/lifecycle/declaration-issues";
import { notYetKnown } from "../../lib/rule";

const valid = { bucket: "example-logs" };
const issues = (properties: object) => declarationIssues({ ...valid, ...properties }, ["oss", "s3"]);

describe("what a declaration says beside its rule and the place of its bucket", () => {
    it("rejects a declaration without a bucket", () => {
        expect(declarationIssues({}, ["oss"])).to.deep.equal([
            { code: "required", path: "bucket", message: "is required: the name of the bucket" },
        ]);
    });

    for (const path of ["forcePathStyle", "deletionIsSafe", "forceDelete", "verifyKey", "proveKey"]) {
        it(`takes true, false and what isn't known yet for ${path}, and rejects anything else`, () => {
            for (const value of [true, false, notYetKnown]) expect(issues({ [path]: value })).to.deep.equal([]);
            expect(issues({ [path]: "true" })).to.deep.equal([
                { code: "wrong-type", path, message: "must be true or false, not a value of type string" },
            ]);
        });
    }

    for (const [path, allowed] of [
        ["store", '"oss", "s3"'],
        ["existingRule", '"adopt", "overwrite", "fail"'],
        ["onDelete", '"remove", "restore", "retain"'],
    ] as const) {
        it(`rejects another value for ${path} than ${allowed}`, () => {
            expect(issues({ [path]: notYetKnown })).to.deep.equal([]);
            expect(issues({ [path]: 1 })).to.deep.equal([
                { code: "wrong-type", path, message: `must be one of ${allowed}, not a value of type number` },
            ]);
            expect(issues({ [path]: "?".repeat(40) })).to.deep.equal([
                { code: "not-allowed", path, message: `"${"?".repeat(40)}" is not one of ${allowed}` },
            ]);
            expect(issues({ [path]: "?".repeat(41) })[0]?.message).to.equal(
                `"${"?".repeat(40)}…" is not one of ${allowed}`,
            );
        });
    }

    it("rejects a property that there isn't", () => {
        expect(issues({ forceDeletion: true })).to.deep.equal([
            {
                code: "not-allowed",
                path: "forceDeletion",
                message: 'is not one of the properties of BucketEncryption; did you mean "forceDelete"?',
            },
        ]);
    });
});
