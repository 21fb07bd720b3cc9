import { expect } from "chai";
import fc from "fast-check";
import { matchesPattern } from "../../lib/text";

describe("a pattern", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "b", "-", "*", "?", ":", "生"), maxLength: 7 });
    const escaped = (literal: string) => literal.replaceAll(/[*?]/g, "\\$&");

    it("matches as a regular expression does in which * is any text", () => {
        fc.assert(
            fc.property(text, text, (name, pattern) => {
                const expression = new RegExp(`^${pattern.split("*").map(escaped).join("[^]*")}$`);
                expect(matchesPattern(name, pattern)).to.equal(expression.test(name));
            }),
            { numRuns: 500 },
        );
    });

    it("takes ? for any one character where its syntax has that", () => {
        fc.assert(
            fc.property(text, text, (name, pattern) => {
                const source = Array.from(pattern, (one) => ({ "*": "[^]*", "?": "[^]" })[one] ?? escaped(one)).join(
                    "",
                );
                const expression = new RegExp(`^${source}$`, "u");
                expect(matchesPattern(name, pattern, { hasAnyOne: true })).to.equal(expression.test(name));
            }),
            { numRuns: 500 },
        );
    });

    it("keeps * within a boundary, which ** crosses", () => {
        fc.assert(
            fc.property(text, text, (name, pattern) => {
                const parts = pattern.split("**").map((part) => part.split("*").map(escaped).join("[^:]*"));
                const expression = new RegExp(`^${parts.join("[^]*")}$`);
                expect(matchesPattern(name, pattern, { boundary: ":" })).to.equal(expression.test(name));
            }),
            { numRuns: 500 },
        );
    });

    it("is matched in a time that grows with its length, not with the number of ways to match", function () {
        this.timeout(2_000);
        for (const syntax of [{}, { hasAnyOne: true }, { boundary: ":" }]) {
            expect(matchesPattern("a".repeat(5_000), `${"*a".repeat(50)}b`, syntax)).to.equal(false);
        }
        expect(matchesPattern("a".repeat(63), "*a*a*a*a*a*b", { hasAnyOne: true })).to.equal(false);
    });
});
