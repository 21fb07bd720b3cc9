import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { type ErrorKind, errorCatalogue, ServiceError, UserError } from "../../lib/errors";

const root = path.join(__dirname, "..", "..");
const kinds = Object.keys(errorCatalogue) as ErrorKind[];

describe("the error catalogue", () => {
    it("has each kind in the documentation with its meaning and its cure, and the documentation has no other", () => {
        const page = readFileSync(path.join(root, "docs", "errors.md"), "utf8");
        const documented = page
            .split(/^### /m)
            .slice(1)
            .map((section) => {
                const [kind, ...text] = section.split("\n");
                return [
                    kind?.replaceAll("`", ""),
                    text
                        .join(" ")
                        .replace(/\s+/g, " ")
                        .trim()
                        .replace(/ ## .*$/, ""),
                ] as const;
            });
        const catalogued = kinds.map((kind) => {
            const { meaning, cure } = errorCatalogue[kind];
            return [kind, `${meaning} **What to do:** ${cure}`] as const;
        });
        expect(Object.fromEntries(documented)).to.deep.equal(Object.fromEntries(catalogued));
    });

    it("has no kind that nothing throws", () => {
        const sources = readdirSync(path.join(root, "lib"), { recursive: true, encoding: "utf8" })
            .filter((name) => name.endsWith(".ts") && !name.startsWith(`errors${path.sep}`))
            .map((name) => readFileSync(path.join(root, "lib", name), "utf8"))
            .join("\n");
        expect(kinds).to.include("rule-not-found");
        expect(kinds.filter((kind) => !sources.includes(`"${kind}"`))).to.deep.equal([]);
    });

    it("says in each cure what to do, as a sentence", () => {
        for (const kind of kinds) expect(errorCatalogue[kind].cure, kind).to.match(/^[A-Z`].+\.$/);
    });
});

describe("UserError", () => {
    it("says what was wrong, where, and what to do next", () => {
        const error = new UserError("bucket-not-found", "there is no bucket of this name", {
            bucket: "b",
            region: "cn-hangzhou",
        });
        expect(error.message).to.equal(
            `there is no bucket of this name (bucket b, region cn-hangzhou). ${errorCatalogue["bucket-not-found"].cure}`,
        );
    });
});

describe("UserError whose sentence ends with a question", () => {
    it("ends with only the question mark", () => {
        const error = new UserError("invalid-settings", "a:reggion is not a setting; did you mean a:region?");
        expect(error.message).to.equal(
            `a:reggion is not a setting; did you mean a:region? ${errorCatalogue["invalid-settings"].cure}`,
        );
    });
});

describe("UserError with a cure of its own", () => {
    it("ends with that cure instead of the kind's", () => {
        const error = new UserError("invalid-command", "the file is a folder", { file: "f" }, { cure: "Name a file." });
        expect(error.message).to.equal("the file is a folder (file f). Name a file.");
    });
});

describe("ServiceError", () => {
    it("says what the service answered, for its support to find the request again", () => {
        const answer = {
            code: "NoSuchBucket",
            ec: "0015-00000101",
            status: 404,
            requestId: "65F0A1",
            message: "The bucket does not exist.",
        };
        const error = new ServiceError("bucket-not-found", "cannot read the rule", { bucket: "b" }, answer);
        expect(error.message).to.match(/^cannot read the rule/);
        for (const part of [
            "NoSuchBucket",
            "0015-00000101",
            "404",
            "65F0A1",
            "The bucket does not exist",
            "bucket b",
        ]) {
            expect(error.message).to.include(part);
        }
        expect(error).to.include({ code: "NoSuchBucket", ec: "0015-00000101", status: 404, requestId: "65F0A1" });
    });
});
