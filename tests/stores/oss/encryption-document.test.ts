import { expect } from "chai";
import fc from "fast-check";
import type { ServerSideEncryptionRule } from "../../../lib/rule";
import { encryptionDocument, parseEncryptionDocument } from "../../../lib/stores/oss/encryption-document";
import { DocumentFault } from "../../../lib/stores/oss/xml-document";

const parse = (text: string) => parseEncryptionDocument(Buffer.from(text));
const ruleOf = (fields: string, beside = "") =>
    parse(
        `<?xml version="1.0" encoding="UTF-8"?>
         <ServerSideEncryptionRule>
           <ApplyServerSideEncryptionByDefault>${fields}</ApplyServerSideEncryptionByDefault>${beside}
         </ServerSideEncryptionRule>`,
    );

describe("the document of an encryption rule", () => {
    it("holds the fields of the rule and no others", () => {
        const fieldsOf = (rule: ServerSideEncryptionRule) =>
            encryptionDocument(rule).replace(
                /^<\?xml version="1.0" encoding="UTF-8"\?>\n<ServerSideEncryptionRule><ApplyServerSideEncryptionByDefault>(.*)<\/ApplyServerSideEncryptionByDefault><\/ServerSideEncryptionRule>$/,
                "$1",
            );
        expect(fieldsOf({ sseAlgorithm: "AES256" })).to.equal("<SSEAlgorithm>AES256</SSEAlgorithm>");
        expect(fieldsOf({ sseAlgorithm: "SM4" })).to.equal("<SSEAlgorithm>SM4</SSEAlgorithm>");
        expect(fieldsOf({ sseAlgorithm: "KMS" })).to.equal("<SSEAlgorithm>KMS</SSEAlgorithm>");
        expect(fieldsOf({ sseAlgorithm: "KMS", kmsMasterKeyId: "key-1", kmsDataEncryption: "SM4" })).to.equal(
            "<SSEAlgorithm>KMS</SSEAlgorithm><KMSMasterKeyID>key-1</KMSMasterKeyID><KMSDataEncryption>SM4</KMSDataEncryption>",
        );
    });

    it("escapes a key's id", () => {
        const text = encryptionDocument({ sseAlgorithm: "KMS", kmsMasterKeyId: `<a>&"']]>` });
        expect(text).to.include("<KMSMasterKeyID>&lt;a&gt;&amp;&quot;&apos;]]&gt;</KMSMasterKeyID>");
    });

    it("is read back as it was written, with any key id", () => {
        const keyId = fc
            .string({ unit: "grapheme", minLength: 1 })
            .filter((id) => id === id.trim() && !/\p{Cc}/u.test(id));
        fc.assert(
            fc.property(keyId, (kmsMasterKeyId) => {
                const rule = { sseAlgorithm: "KMS", kmsMasterKeyId } as const;
                expect(parse(encryptionDocument(rule))).to.deep.equal(rule);
            }),
        );
    });
});

describe("reading the document of an encryption rule", () => {
    it("reads the fields in any order, with blanks, a namespace and comments", () => {
        expect(
            parse(
                `\ufeff<ServerSideEncryptionRule xmlns="urn:any"><!-- by the console -->
                   <ApplyServerSideEncryptionByDefault>
                     <KMSDataEncryption> SM4 </KMSDataEncryption><KMSMasterKeyID>key-1</KMSMasterKeyID>
                     <SSEAlgorithm>KMS</SSEAlgorithm>
                   </ApplyServerSideEncryptionByDefault>
                 </ServerSideEncryptionRule>`,
            ),
        ).to.deep.equal({ sseAlgorithm: "KMS", kmsMasterKeyId: "key-1", kmsDataEncryption: "SM4" });
    });

    it("takes an empty element for an absent one", () => {
        expect(
            ruleOf("<SSEAlgorithm>AES256</SSEAlgorithm><KMSMasterKeyID></KMSMasterKeyID><KMSDataEncryption/>"),
        ).to.deep.equal({ sseAlgorithm: "AES256" });
    });

    it("keeps an algorithm and a key that this version does not know, as text", () => {
        expect(ruleOf("<SSEAlgorithm>AES512</SSEAlgorithm><KMSMasterKeyID>0012</KMSMasterKeyID>")).to.deep.equal({
            sseAlgorithm: "AES512",
            kmsMasterKeyId: "0012",
        });
    });

    it("reads character references, and expands nothing else", () => {
        const { kmsMasterKeyId } = ruleOf(
            "<SSEAlgorithm>KMS</SSEAlgorithm><KMSMasterKeyID>&#75;&#x65;y&amp;amp;</KMSMasterKeyID>",
        );
        expect(kmsMasterKeyId).to.equal("Key&amp;");
    });

    it("collects the fields that it does not know", () => {
        expect(
            ruleOf(
                `<SSEAlgorithm>KMS</SSEAlgorithm><KeyRotation>90</KeyRotation><Empty/>
                 <Filter><Prefix>logs/</Prefix><Tag>a</Tag><Tag>b</Tag></Filter>`,
                "<BucketKeyEnabled>true</BucketKeyEnabled>",
            ).unrecognized,
        ).to.deep.equal({
            BucketKeyEnabled: "true",
            KeyRotation: "90",
            "Filter.Prefix": "logs/",
            "Filter.Tag.0": "a",
            "Filter.Tag.1": "b",
        });
    });

    for (const [what, text, said] of [
        ["an empty body", "", "it is empty"],
        ["blanks", " \n ", "it is empty"],
        ["an HTML page", "<!DOCTYPE html><html><body>Sign in</body></html>", "HTML page"],
        ["an HTML page without a document type", "<html><body>Sign in<br></body></html>", "HTML page"],
        ["plain text", "Service Unavailable", "not well-formed XML"],
        ["JSON", '{"SSEAlgorithm":"KMS"}', "not well-formed XML"],
        ["an open element", "<ServerSideEncryptionRule><ApplyServerSide", "not well-formed XML"],
        ["two roots", "<ServerSideEncryptionRule/><ServerSideEncryptionRule2/>", "not well-formed XML"],
        ["another root", "<Error><Code>NoSuchBucket</Code></Error>", "root element is not ServerSideEncryptionRule"],
        [
            "an empty root",
            "<ServerSideEncryptionRule/>",
            "does not have exactly one ApplyServerSideEncryptionByDefault",
        ],
        [
            "a doubled default",
            `<ServerSideEncryptionRule>${"<ApplyServerSideEncryptionByDefault><SSEAlgorithm>KMS</SSEAlgorithm></ApplyServerSideEncryptionByDefault>".repeat(2)}</ServerSideEncryptionRule>`,
            "does not have exactly one ApplyServerSideEncryptionByDefault",
        ],
        [
            "an entity of its own",
            `<!DOCTYPE r [<!ENTITY e "KMS">]><ServerSideEncryptionRule>&e;</ServerSideEncryptionRule>`,
            "document type",
        ],
        [
            "a property of Object as an element",
            "<ServerSideEncryptionRule><__proto__>x</__proto__></ServerSideEncryptionRule>",
            "cannot be read safely",
        ],
        ["5,000 nested elements", `${"<a>".repeat(5_000)}${"</a>".repeat(5_000)}`, "cannot be read safely"],
    ] as const) {
        it(`rejects ${what}`, () => {
            expect(() => parse(text)).to.throw(DocumentFault, said);
        });
    }

    for (const [what, fields, said] of [
        ["a missing algorithm", "<KMSMasterKeyID>key-1</KMSMasterKeyID>", "names no SSEAlgorithm"],
        ["an empty algorithm", "<SSEAlgorithm> </SSEAlgorithm>", "names no SSEAlgorithm"],
        [
            "two algorithms",
            "<SSEAlgorithm>KMS</SSEAlgorithm><SSEAlgorithm>SM4</SSEAlgorithm>",
            "SSEAlgorithm is not one text",
        ],
        [
            "a key with elements in it",
            "<SSEAlgorithm>KMS</SSEAlgorithm><KMSMasterKeyID><a>1</a></KMSMasterKeyID>",
            "KMSMasterKeyID is not one text",
        ],
    ] as const) {
        it(`rejects ${what}`, () => {
            expect(() => ruleOf(fields)).to.throw(DocumentFault, said);
        });
    }

    it("rejects bytes that are not UTF-8", () => {
        const text = Buffer.from("<ServerSideEncryptionRule>\u00e9</ServerSideEncryptionRule>", "latin1");
        expect(() => parseEncryptionDocument(text)).to.throw(DocumentFault, "UTF-8");
    });

    it("rejects every beginning of a document that is cut off", () => {
        const whole = encryptionDocument({ sseAlgorithm: "KMS", kmsMasterKeyId: "key-1" });
        for (let length = 0; length < whole.length; length++) {
            expect(() => parse(whole.slice(0, length)), `the first ${length} characters`).to.throw(DocumentFault);
        }
    });
});
