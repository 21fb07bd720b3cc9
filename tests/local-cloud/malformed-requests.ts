import { expect } from "chai";
import fc from "fast-check";
import { LocalCloud } from "../../lib/local-cloud";
import { ossErrors } from "../../lib/local-cloud/oss/errors";
import { ossRoutes, selectorOf } from "../../lib/local-cloud/oss/routes";
import { rpcRoutes } from "../../lib/local-cloud/rpc/rpc-service";
import { type Extent, limitMs } from "../extent";
import { type Answer, CoreUnderTest, ownerAccount } from "./core-under-test";
import { exchangeBytes, sendSigned } from "./http/http-exchange";
import { callRpc } from "./rpc/rpc-call";
import { signedRequest } from "./signed-request";

const propertyCount = 6;
/** Written objects stay, so a run of hours needs a new cloud from time to time. */
const runsPerCloud = 2000;

const knownErrors = new Set(Object.values(ossErrors).map(({ status, code }) => `${status} ${code}`));
const defectPattern = "500 InternalError";

/** Of any answer: a success, or one of the errors that are known, with a document that can be read and is not large. */
function expectDocumented(answer: Answer): void {
    if (answer.status >= 200 && answer.status < 300) {
        expect(answer.code).to.equal(undefined);
        return;
    }
    const error = `${answer.status} ${answer.code}`;
    expect(knownErrors.has(error), error).to.equal(true);
    expect(error).not.to.equal(defectPattern);
    expect(answer.message).to.be.a("string").and.not.equal("");
    expect(answer.elements.get("RequestId")).to.match(/^[0-9A-F]{24}$/);
    expect(Buffer.byteLength(answer.text)).to.be.below(4096);
}

const latin1 = (maxLength: number) =>
    fc.array(fc.integer({ min: 0, max: 255 }), { maxLength }).map((codes) => String.fromCharCode(...codes));

const anyMethod = fc.constantFrom("GET", "PUT", "POST", "DELETE", "HEAD", "OPTIONS", "PATCH", "", "get");
const testNames = [
    ...new Set(ossRoutes.flatMap((route) => [selectorOf(route)?.name ?? "acl", ...(route.parameters ?? [])])),
];
const anyParameter = fc.oneof(
    fc.constantFrom(
        ...testNames,
        "x-oss-signature",
        "x-oss-signature-version",
        "x-oss-expires",
        "Signature",
        "Expires",
    ),
    fc.string({ unit: "grapheme", maxLength: 8 }),
);
const testQuery = fc.dictionary(
    anyParameter,
    fc.oneof(fc.constant(""), fc.constant("2"), fc.string({ unit: "grapheme" })),
    {
        maxKeys: 4,
    },
);
const testBucket = fc.constantFrom("photos", "fotos", "strangers", "Bad_Name");
const anyKey = fc.option(fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 }), { nil: undefined });
const headerName = fc.constantFrom(
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
    "x-oss-copy-source",
    "x-oss-copy-source-range",
    "x-oss-forbid-overwrite",
    "if-match",
    "if-modified-since",
);
const headerValue = fc.oneof(
    fc.constantFrom("KMS", "AES256", "SM4", "", "public-read", "/photos/a", "bytes=0-1", "true"),
    fc.string({ maxLength: 20 }),
);
const commonHeaders = fc.dictionary(headerName, headerValue, { maxKeys: 3 });
const anyElement = fc.constantFrom(
    "ServerSideEncryptionRule",
    "ApplyServerSideEncryptionByDefault",
    "SSEAlgorithm",
    "KMSMasterKeyID",
    "KMSDataEncryption",
    "CreateBucketConfiguration",
    "StorageClass",
    "Tagging",
    "TagSet",
    "Tag",
    "Key",
    "Delete",
    "Object",
    "CompleteMultipartUpload",
    "Part",
    "PartNumber",
);
const { document: XML } = fc.letrec<{ document: string; content: string }>((tie) => ({
    document: fc.tuple(anyElement, tie("content")).map(([name, content]) => `<${name}>${content}</${name}>`),
    content: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom("KMS", "AES256", "SM4", "", " ", "&amp;", "&x;", "<!-- -->", "<![CDATA[KMS]]>", "]]>", "<"),
        fc.string({ unit: "grapheme", maxLength: 10 }),
        fc.array(tie("document"), { maxLength: 3 }).map((parts) => parts.join("")),
    ),
}));
const testBody = fc.oneof(
    XML.map((text) => Buffer.from(text)),
    XML.map((text) => Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>${text}`)),
    fc.uint8Array({ maxLength: 100 }),
);

/** @param extent of each of the properties when it counts rounds, of all together when it is a time */
export function malformedRequests(extent: Extent): void {
    const limits =
        "rounds" in extent
            ? { numRuns: extent.rounds }
            : {
                  numRuns: 1e9,
                  interruptAfterTimeLimit: (1000 * extent.seconds) / propertyCount,
                  markInterruptAsFailure: false,
              };

    describe("malformed requests", function () {
        this.timeout(limitMs(extent, 1));
        let cloud: CoreUnderTest;

        let runs: number;

        function freshCloud(): void {
            runs = 0;
            cloud = new CoreUnderTest();
            cloud.bucket("photos");
            cloud.bucket("fotos", "eu-central-1");
        }

        function countRun(): void {
            runs += 1;
            if (runs > runsPerCloud) {
                freshCloud();
            }
        }

        beforeEach(freshCloud);

        it("always get a documented answer when every part is hostile", () => {
            const header = fc.tuple(
                fc.oneof(headerName, fc.constantFrom("host", "authorization", "date", "x-oss-date"), latin1(10)),
                fc.oneof(headerValue, latin1(40)),
            );
            fc.assert(
                fc.property(
                    anyMethod,
                    fc.oneof(
                        latin1(40),
                        fc.string({ unit: "grapheme" }).map((text) => `/photos/${text}`),
                    ),
                    fc.array(header, { maxLength: 6 }),
                    fc.boolean(),
                    testBody,
                    (method, target, headers, onLoopback, body) => {
                        countRun();
                        const host = onLoopback ? [["host", "127.0.0.1"] as const] : [];
                        const answer = cloud.raw({ method, target, headers: [...host, ...headers] }, body);
                        if (/json|text\/xml/.test(answer.headers.get("content-type") ?? "")) {
                            expect(answer.status).to.be.within(400, 501).and.not.equal(500);
                        } else {
                            expectDocumented(answer);
                        }
                    },
                ),
                limits,
            );
        });

        it("always get a documented answer when the signature is valid", () => {
            fc.assert(
                fc.property(
                    anyMethod,
                    testBucket,
                    anyKey,
                    testQuery,
                    commonHeaders,
                    testBody,
                    (method, bucket, key, query, headers, body) => {
                        countRun();
                        const where = { method, bucket, ...(key !== undefined && { key }) };
                        expectDocumented(cloud.send({ ...where, query, headers }, body));
                    },
                ),
                limits,
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
                    // Blanks between the parts are accepted.
                    if (after.replace(/\s+/g, "") !== before?.replace(/\s+/g, "")) {
                        expect(answer.status, after).not.to.equal(200);
                    }
                }),
                limits,
            );
        });

        it("leave the rule well-formed for any accepted body", () => {
            fc.assert(
                fc.property(testBody, (body) => {
                    countRun();
                    const put = cloud.send({ method: "PUT", bucket: "photos", query: { encryption: "" } }, body);
                    expectDocumented(put);
                    const get = cloud.send({ bucket: "photos", query: { encryption: "" } });
                    expectDocumented(get);
                    const object = cloud.send({ method: "PUT", bucket: "photos", key: "a" });
                    // A key that is not there fails the write, with a document.
                    expectDocumented(object);
                    for (const [name, value] of object.headers) {
                        expect(value, name).to.match(/^[\t -~]*$/);
                    }
                }),
                limits,
            );
        });

        it("get an RPC error when they are STS or KMS calls with a valid signature", () => {
            const action = fc.constantFrom(...rpcRoutes.map(({ operation }) => operation), "Decrypt", "__proto__");
            const name = fc.oneof(
                fc.constantFrom(
                    "KeyId",
                    "AliasName",
                    "RoleArn",
                    "RoleSessionName",
                    "Policy",
                    "DurationSeconds",
                    "PageSize",
                ),
                fc.constantFrom(
                    "PendingWindowInDays",
                    "KeySpec",
                    "RegionId",
                    "SecurityToken",
                    "PageNumber",
                    "constructor",
                ),
                fc.string({ unit: "grapheme", minLength: 1, maxLength: 8 }),
            );
            const value = fc.oneof(
                fc.constantFrom(
                    "key-1",
                    "alias/x",
                    "acs:kms:::key/",
                    "7",
                    "0",
                    "test",
                    `acs:ram::${ownerAccount}:role/x`,
                ),
                fc.constantFrom('{"Version":"1","Statement":[]}', '{"Version":"1","Statement":[{}]}', "[]", "null"),
                fc.string({ unit: "grapheme" }),
            );
            fc.assert(
                fc.property(
                    action,
                    fc.dictionary(name, value, { maxKeys: 5 }),
                    fc.boolean(),
                    (Action, given, inForm) => {
                        countRun();
                        const common = ["Action", "Version", "Format", "Signature"];
                        const parameters = Object.fromEntries(
                            Object.entries(given).filter(([key]) => !common.includes(key)),
                        );
                        const spec = { place: inForm ? "form" : "query" } as const;
                        const { status, document } = callRpc(cloud, { ...parameters, Action }, spec);
                        expect(status).not.to.equal(500);
                        expect(document.RequestId).to.match(/^[0-9A-F-]{36}$/);
                        if (status !== 200) {
                            expect(document.Code).to.be.a("string");
                            expect(document.Message).to.be.a("string");
                        }
                    },
                ),
                limits,
            );
        });

        it("leave the server alive for any bytes", async () => {
            const server = await LocalCloud.start();
            const line = fc.oneof(
                fc.constantFrom("GET / HTTP/1.1", "PUT /photos/?encryption HTTP/1.1", "POST /-/faults HTTP/1.1"),
                fc.constantFrom(
                    "Host: 127.0.0.1",
                    "Content-Length: 5",
                    "Transfer-Encoding: chunked",
                    "Expect: 100-continue",
                ),
                fc.constantFrom("", "5", "0", "hello", "Content-Length: -1", "Content-Length: 99999999999", " folded"),
                latin1(30),
            );
            try {
                await fc.assert(
                    fc.asyncProperty(fc.array(line, { maxLength: 8 }), async (lines) => {
                        const received = await exchangeBytes(server.url, `${lines.join("\r\n")}\r\n\r\n`);
                        expect(received).to.match(/^$|^HTTP\/1\.1 [1-5]\d\d /);
                        expect(received).not.to.match(/^HTTP\/1\.1 500 /);
                    }),
                    limits,
                );
                expect((await sendSigned(server.url, {})).status).to.equal(200);
            } finally {
                await server.stop();
            }
        });
    });
}
