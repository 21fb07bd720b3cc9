import { createHash } from "node:crypto";
import { expect } from "chai";
import type { EncryptionRule } from "../../../lib/local-cloud/cloud/encryption-rule";
import { asStranger, CoreUnderTest, refusal } from "../core-under-test";
import { signedRequest } from "../signed-request";

const encryptionQuery = { bucket: "photos", query: { encryption: "" } };

function document(inner: string): string {
    return `<ServerSideEncryptionRule><ApplyServerSideEncryptionByDefault>${inner}</ApplyServerSideEncryptionByDefault></ServerSideEncryptionRule>`;
}

describe("bucket encryption", () => {
    let cloud: CoreUnderTest;

    beforeEach(() => {
        cloud = new CoreUnderTest();
        cloud.bucket("photos");
    });

    function put(body: string | Uint8Array, headers: Record<string, string> = {}) {
        return cloud.send({ ...encryptionQuery, method: "PUT", headers }, body);
    }

    function rule(): EncryptionRule | undefined {
        return cloud.state.buckets.get("photos")?.encryption;
    }

    const accepted: [string, string, EncryptionRule][] = [
        ["AES256", "<SSEAlgorithm>AES256</SSEAlgorithm>", { sseAlgorithm: "AES256" }],
        ["SM4", "<SSEAlgorithm>SM4</SSEAlgorithm>", { sseAlgorithm: "SM4" }],
        ["KMS with the service's key", "<SSEAlgorithm>KMS</SSEAlgorithm>", { sseAlgorithm: "KMS" }],
        [
            "KMS with a given key",
            "<SSEAlgorithm>KMS</SSEAlgorithm><KMSMasterKeyID>key-1</KMSMasterKeyID>",
            { sseAlgorithm: "KMS", kmsMasterKeyId: "key-1" },
        ],
        [
            "KMS with SM4 data encryption, elements in another order",
            "<KMSDataEncryption>SM4</KMSDataEncryption><KMSMasterKeyID>key-1</KMSMasterKeyID><SSEAlgorithm>KMS</SSEAlgorithm>",
            { sseAlgorithm: "KMS", kmsMasterKeyId: "key-1", kmsDataEncryption: "SM4" },
        ],
        [
            "empty elements, which count as absent",
            "\n  <SSEAlgorithm> AES256 </SSEAlgorithm>\n  <KMSMasterKeyID></KMSMasterKeyID><KMSDataEncryption/>\n",
            { sseAlgorithm: "AES256" },
        ],
        [
            "data encryption without KMS, which is dropped",
            "<SSEAlgorithm>AES256</SSEAlgorithm><KMSDataEncryption>SM4</KMSDataEncryption>",
            { sseAlgorithm: "AES256" },
        ],
        [
            "escaped characters and CDATA",
            "<SSEAlgorithm><![CDATA[KMS]]></SSEAlgorithm><KMSMasterKeyID>a&amp;b</KMSMasterKeyID>",
            { sseAlgorithm: "KMS", kmsMasterKeyId: "a&b" },
        ],
    ];
    for (const [title, inner, expected] of accepted) {
        it(`takes ${title}`, () => {
            const answer = put(`<?xml version="1.0" encoding="UTF-8"?>\n${document(inner)}`);
            expect([answer.status, answer.text]).to.deep.equal([200, ""]);
            expect(rule()).to.deep.equal(expected);
            const read = cloud.send(encryptionQuery);
            expect(read.status).to.equal(200);
            const prefix = "ApplyServerSideEncryptionByDefault";
            expect({
                sseAlgorithm: read.elements.get(`${prefix}/SSEAlgorithm`),
                kmsMasterKeyId: read.elements.get(`${prefix}/KMSMasterKeyID`),
                kmsDataEncryption: read.elements.get(`${prefix}/KMSDataEncryption`),
            }).to.deep.equal({ kmsMasterKeyId: undefined, kmsDataEncryption: undefined, ...expected });
        });
    }

    const malformed = { status: 400, code: "MalformedXML", ec: "0016-00000608" };
    const bomb = `<!DOCTYPE b [<!ENTITY a "${"x".repeat(1000)}"><!ENTITY b "${"&a;".repeat(1000)}">]>`;
    const refused: [string, string | Uint8Array, object][] = [
        [
            "an algorithm that OSS does not know",
            document("<SSEAlgorithm>DES</SSEAlgorithm>"),
            { status: 400, code: "InvalidEncryptionAlgorithmError", ec: "0005-00000003" },
        ],
        [
            "an algorithm in lower case",
            document("<SSEAlgorithm>kms</SSEAlgorithm>"),
            { status: 400, code: "InvalidEncryptionAlgorithmError", ec: "0005-00000003" },
        ],
        [
            "a key without KMS",
            document("<SSEAlgorithm>SM4</SSEAlgorithm><KMSMasterKeyID>key-1</KMSMasterKeyID>"),
            { status: 400, code: "InvalidArgument", ec: "0005-00000204" },
        ],
        [
            "data encryption other than SM4",
            document("<SSEAlgorithm>KMS</SSEAlgorithm><KMSDataEncryption>AES256</KMSDataEncryption>"),
            { status: 400, code: "InvalidArgument", ec: "0005-00000203" },
        ],
        [
            "a key id that would break a header",
            document("<SSEAlgorithm>KMS</SSEAlgorithm><KMSMasterKeyID>a\nx-evil: 1</KMSMasterKeyID>"),
            { status: 400, code: "InvalidArgument" },
        ],
        ["a rule without an algorithm", document(""), malformed],
        ["an empty algorithm", document("<SSEAlgorithm></SSEAlgorithm>"), malformed],
        ["a repeated element", document("<SSEAlgorithm>KMS</SSEAlgorithm>".repeat(2)), malformed],
        ["an unknown element", document("<SSEAlgorithm>KMS</SSEAlgorithm><Extra/>"), malformed],
        ["another root", "<Rule><SSEAlgorithm>KMS</SSEAlgorithm></Rule>", malformed],
        ["no inner container", "<ServerSideEncryptionRule/>", malformed],
        ["half a document", document("<SSEAlgorithm>KMS</SSEAlgorithm>").slice(0, 60), malformed],
        ["two roots", document("<SSEAlgorithm>KMS</SSEAlgorithm>").repeat(2), malformed],
        ["no body", "", malformed],
        ["JSON", '{"SSEAlgorithm":"KMS"}', malformed],
        ["text beside elements", document("KMS<SSEAlgorithm>KMS</SSEAlgorithm>"), malformed],
        ["elements within the algorithm", document("<SSEAlgorithm><b>KMS</b></SSEAlgorithm>"), malformed],
        ["a document type", `<!DOCTYPE a>${document("<SSEAlgorithm>KMS</SSEAlgorithm>")}`, malformed],
        ["an entity bomb", `${bomb}${document("<SSEAlgorithm>&b;</SSEAlgorithm>")}`, malformed],
        ["an entity of its own", document("<SSEAlgorithm>&kms;</SSEAlgorithm>"), malformed],
        ["deep nesting", `${"<a>".repeat(5000)}${"</a>".repeat(5000)}`, malformed],
        ["bad UTF-8", Buffer.from([...Buffer.from("<ServerSideEncryptionRule>"), 0xc3, 0x28]), malformed],
    ];
    for (const [title, body, expected] of refused) {
        it(`rejects ${title}, and keeps the rule`, () => {
            put(document("<SSEAlgorithm>AES256</SSEAlgorithm>"));
            expect(refusal(put(body))).to.deep.equal(expected);
            expect(rule()).to.deep.equal({ sseAlgorithm: "AES256" });
        });
    }

    it("rejects a body with a wrong Content-MD5, and accepts the right one", () => {
        const body = document("<SSEAlgorithm>SM4</SSEAlgorithm>");
        const digest = (text: string) => createHash("md5").update(text).digest("base64");
        const wrong = refusal(put(body, { "Content-MD5": digest("other") }));
        expect(wrong).to.deep.equal({ status: 400, code: "InvalidDigest" });
        expect(refusal(put(body, { "Content-MD5": "no digest" })).code).to.equal("InvalidDigest");
        expect(rule()).to.equal(undefined);
        expect(put(body, { "Content-MD5": digest(body) }).status).to.equal(200);
    });

    it("rejects a body over the limit", () => {
        const call = cloud.prepare(signedPut());
        expect(call.bodyLimit).to.equal(64 * 1024);
        expect(Buffer.from(call.run("too large").body).toString()).to.contain("<Code>EntityTooLarge</Code>");
        expect(rule()).to.equal(undefined);
    });

    function signedPut() {
        return signedRequest({ ...encryptionQuery, method: "PUT", time: cloud.now });
    }

    it("distinguishes a bucket without a rule from a missing bucket", () => {
        expect(refusal(cloud.send(encryptionQuery))).to.deep.equal({
            status: 404,
            code: "NoSuchServerSideEncryptionRule",
            ec: "0005-00000004",
        });
        expect(refusal(cloud.send({ ...encryptionQuery, bucket: "missing" }))).to.deep.equal({
            status: 404,
            code: "NoSuchBucket",
            ec: "0015-00000101",
        });
    });

    it("deletes the rule, and deletes it again", () => {
        put(document("<SSEAlgorithm>KMS</SSEAlgorithm>"));
        for (const _ of [1, 2]) {
            const answer = cloud.send({ ...encryptionQuery, method: "DELETE" });
            expect([answer.status, answer.text]).to.deep.equal([204, ""]);
        }
        expect(cloud.send(encryptionQuery).code).to.equal("NoSuchServerSideEncryptionRule");
    });

    it("rejects another account's requests, and leaves the rule alone", () => {
        put(document("<SSEAlgorithm>KMS</SSEAlgorithm>"));
        const body = document("<SSEAlgorithm>AES256</SSEAlgorithm>");
        for (const method of ["GET", "PUT", "DELETE"]) {
            expect(refusal(cloud.send({ ...encryptionQuery, ...asStranger, method }, body))).to.deep.equal({
                status: 403,
                code: "AccessDenied",
                ec: "0003-00000001",
            });
        }
        expect(rule()).to.deep.equal({ sseAlgorithm: "KMS" });
    });

    it("rejects encryption headers, which belong to objects", () => {
        const answer = put(document("<SSEAlgorithm>KMS</SSEAlgorithm>"), { "x-oss-server-side-encryption": "AES256" });
        expect(refusal(answer)).to.deep.equal({ status: 400, code: "InvalidArgument", ec: "0005-00000002" });
    });
});
