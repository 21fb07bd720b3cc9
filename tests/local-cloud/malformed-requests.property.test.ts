import { expect } from "chai";
import fc from "fast-check";
import { OSS_ERRORS } from "../../lib/local-cloud/oss/errors";
import { ROUTES } from "../../lib/local-cloud/oss/routes";
import { type Answer, CoreUnderTest } from "./core-under-test";
import { signedRequest } from "./signed-request";

/** More of them by the environment, for a long run. */
const RUNS = Number(process.env.LOCAL_CLOUD_FUZZ_RUNS ?? 1500);

const ERRORS = new Set(Object.values(OSS_ERRORS).map(({ status, code }) => `${status} ${code}`));
const DEFECT = "500 InternalError";

/** Of any answer: a success, or one of the errors that are known, with a document that can be read and isn't large. */
function expectDocumented(answer: Answer): void {
    if (answer.status >= 200 && answer.status < 300) {
        expect(answer.code).to.equal(undefined);
        return;
    }
    const error = `${answer.status} ${answer.code}`;
    expect(ERRORS.has(error), error).to.equal(true);
    expect(error).not.to.equal(DEFECT);
    expect(answer.message).to.be.a("string").and.not.equal("");
    expect(answer.elements.get("RequestId")).to.match(/^[0-9A-F]{24}$/);
    expect(Buffer.byteLength(answer.text)).to.be.below(4096);
}

const latin1 = (maxLength: number) =>
    fc.array(fc.integer({ min: 0, max: 255 }), { maxLength }).map((codes) => String.fromCharCode(...codes));

const METHOD = fc.constantFrom("GET", "PUT", "POST", "DELETE", "HEAD", "OPTIONS", "PATCH", "", "get");
const NAMES = [...new Set(ROUTES.flatMap(({ selector, parameters = [] }) => [selector?.name ?? "acl", ...parameters]))];
const PARAMETER = fc.oneof(
    fc.constantFrom(...NAMES, "x-oss-signature", "x-oss-signature-version", "x-oss-expires", "Signature", "Expires"),
    fc.string({ unit: "grapheme", maxLength: 8 }),
);
const QUERY = fc.dictionary(PARAMETER, fc.oneof(fc.constant(""), fc.constant("2"), fc.string({ unit: "grapheme" })), {
    maxKeys: 4,
});
const BUCKET = fc.constantFrom("photos", "fotos", "strangers", "Bad_Name");
const KEY = fc.option(fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 }), { nil: undefined });
const HEADER_NAME = fc.constantFrom(
    "x-oss-server-side-encryption",
    "x-oss-server-side-encryption-key-id",
    "x-oss-server-side-data-encryption",
    "x-oss-acl",
    "x-oss-meta-a",
    "x-oss-content-sha256",
    "x-oss-security-token",
    "content-md5",
    "content-type",
    "range",
);
const HEADER_VALUE = fc.oneof(fc.constantFrom("KMS", "AES256", "SM4", "", "public-read"), fc.string({ maxLength: 20 }));
const HEADERS = fc.dictionary(HEADER_NAME, HEADER_VALUE, { maxKeys: 3 });
const ELEMENT = fc.constantFrom(
    "ServerSideEncryptionRule",
    "ApplyServerSideEncryptionByDefault",
    "SSEAlgorithm",
    "KMSMasterKeyID",
    "KMSDataEncryption",
    "CreateBucketConfiguration",
    "StorageClass",
);
const { document: XML } = fc.letrec<{ document: string; content: string }>((tie) => ({
    document: fc.tuple(ELEMENT, tie("content")).map(([name, content]) => `<${name}>${content}</${name}>`),
    content: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom("KMS", "AES256", "SM4", "", " ", "&amp;", "&x;", "<!-- -->", "<![CDATA[KMS]]>", "]]>", "<"),
        fc.string({ unit: "grapheme", maxLength: 10 }),
        fc.array(tie("document"), { maxLength: 3 }).map((parts) => parts.join("")),
    ),
}));
const BODY = fc.oneof(
    XML.map((text) => Buffer.from(text)),
    XML.map((text) => Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>${text}`)),
    fc.uint8Array({ maxLength: 100 }),
);

describe("malformed requests", function () {
    this.timeout(10 * 60_000);
    let cloud: CoreUnderTest;

    beforeEach(() => {
        cloud = new CoreUnderTest();
        cloud.bucket("photos");
        cloud.bucket("fotos", "eu-central-1");
    });

    it("always get a documented answer when nothing about them can be trusted", () => {
        const header = fc.tuple(
            fc.oneof(HEADER_NAME, fc.constantFrom("host", "authorization", "date", "x-oss-date"), latin1(10)),
            fc.oneof(HEADER_VALUE, latin1(40)),
        );
        fc.assert(
            fc.property(
                METHOD,
                fc.oneof(
                    latin1(40),
                    fc.string({ unit: "grapheme" }).map((text) => `/photos/${text}`),
                ),
                fc.array(header, { maxLength: 6 }),
                fc.boolean(),
                BODY,
                (method, target, headers, onLoopback, body) => {
                    const host = onLoopback ? [["host", "127.0.0.1"] as const] : [];
                    const answer = cloud.raw({ method, target, headers: [...host, ...headers] }, body);
                    if (answer.headers.get("content-type") === "application/json") {
                        expect(answer.status).to.equal(501);
                    } else {
                        expectDocumented(answer);
                    }
                },
            ),
            { numRuns: RUNS },
        );
    });

    it("always get a documented answer when their signature holds", () => {
        fc.assert(
            fc.property(METHOD, BUCKET, KEY, QUERY, HEADERS, BODY, (method, bucket, key, query, headers, body) => {
                const where = { method, bucket, ...(key !== undefined && { key }) };
                expectDocumented(cloud.send({ ...where, query, headers }, body));
            }),
            { numRuns: RUNS },
        );
    });

    it("never are accepted when an Authorization header is changed", () => {
        const position = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
        fc.assert(
            fc.property(fc.constantFrom("v4", "v1"), position, latin1(2), (scheme, where, insert) => {
                const head = signedRequest({ scheme, bucket: "photos", query: { acl: "" }, time: cloud.now });
                const headers = head.headers.map(([name, value]) => {
                    const index = Math.floor(where * value.length);
                    const changed = value.slice(0, index) + insert + value.slice(index + 1);
                    return [name, name === "authorization" ? changed : value] as const;
                });
                const before = head.headers.find(([name]) => name === "authorization")?.[1];
                const after = headers.find(([name]) => name === "authorization")?.[1] ?? "";
                const answer = cloud.raw({ ...head, headers });
                expectDocumented(answer);
                // Blanks between the parts are nobody's harm.
                if (after.replace(/\s+/g, "") !== before?.replace(/\s+/g, "")) {
                    expect(answer.status, after).not.to.equal(200);
                }
            }),
            { numRuns: RUNS },
        );
    });

    it("leave the rule well-formed, whatever body is taken for one", () => {
        fc.assert(
            fc.property(BODY, (body) => {
                const put = cloud.send({ method: "PUT", bucket: "photos", query: { encryption: "" } }, body);
                expectDocumented(put);
                const get = cloud.send({ bucket: "photos", query: { encryption: "" } });
                expectDocumented(get);
                const object = cloud.send({ method: "PUT", bucket: "photos", key: "a" });
                expect(object.status).to.equal(200);
                for (const [name, value] of object.headers) {
                    expect(value, name).to.match(/^[\t -~]*$/);
                }
            }),
            { numRuns: RUNS },
        );
    });
});
