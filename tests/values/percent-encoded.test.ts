import { expect } from "chai";
import { percentEncoded } from "../../lib/values";

describe("a text in a URL", () => {
    it("has all characters encoded but the unreserved ones of RFC 3986", () => {
        expect(percentEncoded("aZ09-._~")).to.equal("aZ09-._~");
        expect(percentEncoded("a b/c!'()*?é密")).to.equal("a%20b%2Fc%21%27%28%29%2A%3F%C3%A9%E5%AF%86");
    });

    it("has U+FFFD for half of a surrogate pair, which has no encoding", () => {
        expect(percentEncoded("a\ud800b\udc00")).to.equal("a%EF%BF%BDb%EF%BF%BD");
        expect(percentEncoded("\u{10ffff}")).to.equal("%F4%8F%BF%BF");
    });
});
