import { expect } from "chai";
import { SecretFilter } from "../../../lib/engine/secrets/secret-filter";
import { Archive, Asset, Secret, Unknown } from "../../../lib/engine/values/property-value";

describe("the filter of a stack's secrets", () => {
    it("hides a secret in any text, also as JSON has it", () => {
        const filter = new SecretFilter(['quo"te', "back\\slash", "tab\there", "a<b>&c"]);
        for (const text of [
            'quo"te',
            'quo\\"te',
            "back\\slash",
            "back\\\\slash",
            "tab\\there",
            "a<b>&c",
            "a\\u003cb\\u003e\\u0026c",
        ])
            expect(filter.text(`before ${text} after`), text).to.equal("before [secret] after");
    });

    it("hides the longer one of two secrets that overlap, and treats no character as a pattern", () => {
        const filter = new SecretFilter(["pass", "password", "p.ss"]);
        expect(filter.text("password pass p.ss pXss")).to.equal("[secret] [secret] [secret] pXss");
    });

    it("hides the lines of a secret one by one, since programs print line by line", () => {
        const filter = new SecretFilter(["-----BEGIN KEY-----\nMIIEvQIBADANBg\nx\n-----END KEY-----\n"]);
        expect(filter.text("MIIEvQIBADANBg")).to.equal("[secret]");
        expect(filter.text("key: 'MIIEvQIBADANBg\\n' +")).to.equal("key: '[secret]\\n' +");
        expect(filter.text("x")).to.equal("x");
    });

    it("leaves values of one and two characters, true and false, which occur in too many words", () => {
        const filter = new SecretFilter(["a", "my", "true", "FALSE", ""]);
        expect(filter.text("a true story about my FALSE teeth")).to.equal("a true story about my FALSE teeth");
        expect(filter.isNeeded).to.equal(false);
        expect(new SecretFilter(["123"]).text("a 123")).to.equal("a [secret]");
    });

    it("hides secrets at any depth of properties, in keys, numbers and assets too", () => {
        const filter = new SecretFilter(["hush", "4711"]);
        const properties = {
            text: "a hush b",
            list: ["hush", { hush: true }],
            number: 4711,
            other: 47110,
            asset: new Asset("hash", { text: "hush" }),
            archive: new Archive("hash", { assets: { file: new Asset("hash", { text: "hush" }) } }),
            unknown: Unknown.instance,
            nothing: null,
        };
        expect(filter.properties(properties)).to.deep.equal({
            text: "a [secret] b",
            list: ["[secret]", { "[secret]": true }],
            number: "[secret]",
            other: 47110,
            asset: new Asset("hash", { text: "[secret]" }),
            archive: new Archive("hash", { assets: { file: new Asset("hash", { text: "[secret]" }) } }),
            unknown: Unknown.instance,
            nothing: null,
        });
    });

    it("keeps marked secrets marked, unless they are shown", () => {
        const marked = { password: new Secret({ deep: new Secret("hush") }) };
        expect(new SecretFilter(["hush"]).properties(marked)).to.deep.equal(marked);
        const shown = new SecretFilter(["hush"], true).properties({ ...marked, plain: "hush" });
        expect(shown).to.deep.equal({ password: { deep: "hush" }, plain: "[secret]" });
    });
});
