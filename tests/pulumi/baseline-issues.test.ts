import { expect } from "chai";
import { baselineIssues } from "../../lib/pulumi/baseline-issues";

const select = { all: true };

describe("the arguments of a baseline", () => {
    for (const [what, args] of [
        ["every bucket", { select }],
        ["names", { select: { names: ["logs", "photos"] } }],
        [
            "patterns and tags in some regions",
            { select: { patterns: ["prod-*"], tags: { a: "b", c: true }, regions: ["cn-x"] } },
        ],
        [
            "overrides and exclusions with reasons",
            { select, overrides: { a: { reason: "because" } }, exclude: { b: "so" } },
        ],
        ["a choice that may be empty", { select, allowEmpty: true }],
    ] as const) {
        it(`accept ${what}`, () => {
            expect(baselineIssues(args)).to.deep.equal([]);
        });
    }

    for (const [args, ...faults] of [
        [{}, "`select` is required: an object with names, patterns, tags, regions or all"],
        [{ select: [] }, "`select` is required: an object with names, patterns, tags, regions or all"],
        [{ select: {} }, "`select` selects nothing; for every bucket of the account write { all: true }"],
        [{ select: { all: false } }, "`select` selects nothing; for every bucket of the account write { all: true }"],
        [
            { select: { all: "yes" } },
            "`select.all` must be true or false",
            "`select` selects nothing; for every bucket of the account write { all: true }",
        ],
        [
            { select: { ...select, prefix: "a" } },
            "`select.prefix` is not supported; allowed are names, patterns, tags, regions, all",
        ],
        [{ select: { names: "logs" } }, "`select.names` must be a list of texts"],
        [{ select: { names: ["logs", 1, ""] } }, '`select.names` holds 1, "", which is not a text'],
        [
            { select: { names: ["logs", "prod-*"] } },
            '`select.names` holds "prod-*", which is a pattern; write it into `select.patterns`',
        ],
        [{ select: { tags: { a: 1 } } }, "`select.tags` must be an object with a text or true for each tag"],
        [
            { select: { all: true, tags: { a: "b" } } },
            "`select.all` is every bucket, so patterns and tags beside it select nothing; omit one of the two",
        ],
        [{ select, exclude: { a: " " } }, '`exclude["a"]` needs a reason, as a text'],
        [{ select, exclude: ["a"] }, "`exclude` must be an object by names or patterns of buckets"],
        [{ select, overrides: { a: { sseAlgorithm: "AES256" } } }, '`overrides["a"]` needs a reason, as a text'],
        [{ select, granularity: "all" }, '`granularity` is "all"; allowed are "each" and "set"'],
    ] as const) {
        it(`rejects ${JSON.stringify(args)}`, () => {
            expect(baselineIssues(args)).to.deep.equal(faults);
        });
    }

    it("rejects all of their faults at once", () => {
        const wrong = { select: { names: 1 }, exclude: { a: "" }, overrides: 1, granularity: 1 };
        expect(baselineIssues(wrong)).to.have.length(4);
    });
});
