import { expect } from "chai";
import { type Answer, CoreUnderTest, ownerAccount, refusal } from "../core-under-test";

describe("ListObjectsV2", () => {
    let cloud: CoreUnderTest;

    beforeEach(() => {
        cloud = new CoreUnderTest();
        cloud.bucket("photos");
    });

    function store(...keys: string[]) {
        for (const key of keys) {
            cloud.send({ method: "PUT", bucket: "photos", key }, key);
        }
    }

    function list(query: Record<string, string> = {}): Answer {
        return cloud.send({ bucket: "photos", query: { "list-type": "2", ...query } });
    }

    function keys({ text }: Answer): string[] {
        return [...text.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key]) => key ?? "");
    }

    function prefixes({ text }: Answer): string[] {
        return [...text.matchAll(/<CommonPrefixes>\s*<Prefix>([^<]*)</g)].map(([, prefix]) => prefix ?? "");
    }

    it("lists keys in byte order with the elements that the SDKs need", () => {
        store("b", "a", "\u{1f600}", "\uffee");
        const answer = list();
        expect(keys(answer)).to.deep.equal(["a", "b", "\uffee", "\u{1f600}"]);
        expect(Object.fromEntries(answer.elements)).to.deep.include({
            Name: "photos",
            IsTruncated: "false",
            KeyCount: "4",
            MaxKeys: "100",
            "Contents/Type": "Normal",
            "Contents/Size": "4",
            "Contents/StorageClass": "Standard",
            "Contents/LastModified": "2026-11-23T12:00:00.000Z",
        });
        expect(answer.text).not.to.contain("<Owner>");
        expect(list({ "fetch-owner": "true" }).elements.get("Contents/Owner/ID")).to.equal(ownerAccount);
    });

    it("groups keys up to the delimiter", () => {
        store("a/1", "a/2", "a/b/3", "c", "d/4");
        const top = list({ delimiter: "/" });
        expect([keys(top), prefixes(top), top.elements.get("KeyCount")]).to.deep.equal([["c"], ["a/", "d/"], "3"]);
        const inner = list({ prefix: "a/", delimiter: "/" });
        expect([keys(inner), prefixes(inner)]).to.deep.equal([["a/1", "a/2"], ["a/b/"]]);
    });

    it("lists every entry once, page by page, common prefixes among them", () => {
        store("a/1", "a/2", "b", "c/1", "c/2", "d", "e");
        const seen: string[] = [];
        let token: string | undefined = "";
        for (let page = 0; page < 10 && token !== undefined; page++) {
            const answer = list({ delimiter: "/", "max-keys": "2", ...(token && { "continuation-token": token }) });
            seen.push(...keys(answer), ...prefixes(answer));
            token = answer.elements.get("NextContinuationToken");
        }
        expect(seen.sort()).to.deep.equal(["a/", "b", "c/", "d", "e"]);
    });

    it("starts after a key", () => {
        store("a", "b", "c");
        expect(keys(list({ "start-after": "a" }))).to.deep.equal(["b", "c"]);
        store("d/1", "d/2");
        expect(prefixes(list({ "start-after": "d/1", delimiter: "/" }))).to.deep.equal(["d/"]);
    });

    it("encodes keys when asked to, and escapes them otherwise", () => {
        store("a b&<\u00fc>.txt");
        const encoded = list({ "encoding-type": "url", prefix: "a b" });
        expect(encoded.elements.get("EncodingType")).to.equal("url");
        expect(encoded.elements.get("Prefix")).to.equal("a%20b");
        expect(keys(encoded)).to.deep.equal(["a%20b%26%3C%C3%BC%3E.txt"]);
        expect(list().elements.get("Contents/Key")).to.equal("a b&<\u00fc>.txt");
    });

    it("rejects invalid arguments", () => {
        for (const query of [
            { "max-keys": "0" },
            { "max-keys": "1001" },
            { "encoding-type": "base64" },
            { "continuation-token": "err-token" },
        ] as Record<string, string>[]) {
            expect(refusal(list(query)), JSON.stringify(query)).to.deep.equal({ status: 400, code: "InvalidArgument" });
        }
    });
});
