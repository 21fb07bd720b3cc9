import { createHash } from "node:crypto";
import { expect } from "chai";
import { CloudState } from "../../../lib/local-cloud/cloud/state";
import type { HeaderLine } from "../../../lib/local-cloud/cloud/wire";
import type { Address } from "../../../lib/local-cloud/oss/addressing";
import { authenticate, type Identity } from "../../../lib/local-cloud/oss/authentication/authenticate";
import { canonicalRequest } from "../../../lib/local-cloud/oss/authentication/v4-canonical-request";
import { signingKey } from "../../../lib/local-cloud/oss/authentication/v4-signature";
import { OssError } from "../../../lib/local-cloud/oss/errors";
import { readOssRequest } from "../../../lib/local-cloud/oss/oss-request";
import { accountPrincipal } from "../../../lib/local-cloud/ram/principal";

const testAccount = "1000000000000009";
const testQuery = "?param1=value1&%2Bparam1=value3&%7Cparam1=value4&%2Bparam2=&%7Cparam2=&param2=";
const testObject: Address = { bucket: "bucket", key: "1234+-/123/1.txt" };
const commonHeaders: HeaderLine[] = [
    ["x-oss-head1", "value"],
    ["abc", "value"],
    ["zabc", "value"],
    ["xyz", "value"],
];
const scopeMembers = "cn-hangzhou/oss/aliyun_v4_request";

/** Whom the vector's signature is taken for, at the vector's time. */
function verify(vector: {
    method: string;
    query: string;
    headers: HeaderLine[];
    address: Address;
    /** Seconds since the epoch. */
    time: number;
    token?: string;
}): Identity {
    const state = new CloudState({ accounts: [{ id: testAccount }] }, 0);
    const session = vector.token === undefined ? {} : { session: { securityToken: vector.token, expiresAt: 9e15 } };
    state.accessKeys.add({ id: "ak", secret: "sk", principal: accountPrincipal(testAccount), ...session });
    const request = readOssRequest({
        method: vector.method,
        target: `/ignored${vector.query}`,
        headers: vector.headers,
    });
    return authenticate(request, [vector.address], state.accessKeys, vector.time * 1000);
}

function v4Authorization(day: string, signature: string, additional = ""): HeaderLine {
    return [
        "authorization",
        `OSS4-HMAC-SHA256 Credential=ak/${day}/${scopeMembers},${additional}Signature=${signature}`,
    ];
}

describe("published signature vectors", () => {
    // alibabacloud-oss-go-sdk-v2 oss/signer/signer_test.go and alibabacloud-oss-python-sdk-v2 tests/unit/signer/test_v4.py
    const v4Headers: HeaderLine[] = [
        ...commonHeaders,
        ["content-type", "text/plain"],
        ["x-oss-content-sha256", "UNSIGNED-PAYLOAD"],
    ];

    it("gives the V4 vector's canonical request and signing key", () => {
        const headers: HeaderLine[] = [...v4Headers, ["x-oss-date", "20231216T162057Z"]];
        const request = readOssRequest({ method: "PUT", target: `/ignored${testQuery}`, headers });
        const canonical = canonicalRequest(request, testObject, [], "k");
        expect(canonical.split("\n").slice(0, 3)).to.deep.equal([
            "PUT",
            "/bucket/1234%2B-/123/1.txt",
            "%2Bparam1=value3&%2Bparam2&%7Cparam1=value4&%7Cparam2&param1=value1&param2",
        ]);
        expect(createHash("sha256").update(canonical).digest("hex")).to.equal(
            "f4613657f1b108998e8dbd10a1aa5da621dc2c6e02c9ddec0f163664848704c4",
        );
        expect(signingKey("sk", { date: "20231216", region: "cn-hangzhou" }).toString("hex")).to.equal(
            "b412a03b134ebddd720f5167b5de6db66620ebb3b01cff4d49e3ccb09f8de97f",
        );
    });

    const v4Vectors = [
        {
            title: "accepts the V4 header",
            time: 1702743657,
            headers: [
                ...v4Headers,
                ["x-oss-date", "20231216T162057Z"],
                v4Authorization("20231216", "e21d18daa82167720f9b1047ae7e7f1ce7cb77a31e8203a7d5f4624fa0284afe"),
            ],
            query: testQuery,
        },
        {
            title: "accepts the V4 header with a token",
            time: 1702784856,
            token: "token",
            headers: [
                ...v4Headers,
                ["x-oss-date", "20231217T034736Z"],
                ["x-oss-security-token", "token"],
                v4Authorization("20231217", "b94a3f999cf85bcdc00d332fbd3734ba03e48382c36fa4d5af5df817395bd9ea"),
            ],
            query: testQuery,
        },
        {
            title: "accepts the V4 header with additional headers",
            time: 1702747512,
            headers: [
                ...v4Headers,
                ["x-oss-date", "20231216T172512Z"],
                v4Authorization(
                    "20231216",
                    "4a4183c187c07c8947db7620deb0a6b38d9fbdd34187b6dbaccb316fa251212f",
                    "AdditionalHeaders=abc;zabc,",
                ),
            ],
            query: testQuery,
        },
        {
            title: "accepts the V4 signed URL",
            time: 1702781677,
            headers: [...commonHeaders, ["content-type", "application/octet-stream"]],
            query:
                `${testQuery}&x-oss-signature-version=OSS4-HMAC-SHA256&x-oss-date=20231217T025437Z&x-oss-expires=599` +
                `&x-oss-credential=${encodeURIComponent(`ak/20231217/${scopeMembers}`)}` +
                "&x-oss-signature=a39966c61718be0d5b14e668088b3fa07601033f6518ac7b523100014269c0fe",
        },
        {
            title: "accepts the V4 signed URL with a token",
            time: 1702785388,
            token: "token",
            headers: [...commonHeaders, ["content-type", "application/octet-stream"]],
            query:
                `${testQuery}&x-oss-signature-version=OSS4-HMAC-SHA256&x-oss-date=20231217T035628Z&x-oss-expires=599` +
                `&x-oss-credential=${encodeURIComponent(`ak/20231217/${scopeMembers}`)}&x-oss-security-token=token` +
                "&x-oss-signature=3817ac9d206cd6dfc90f1c09c00be45005602e55898f26f5ddb06d7892e1f8b5",
        },
    ] satisfies { title: string; time: number; token?: string; headers: HeaderLine[]; query: string }[];
    for (const vector of v4Vectors) {
        it(vector.title, () => {
            const identity = verify({ method: "PUT", address: testObject, ...vector });
            expect(identity.principal?.accountId).to.equal(testAccount);
            expect(identity.signedRegion).to.equal("cn-hangzhou");
        });
    }

    // alibabacloud-oss-python-sdk-v2 tests/unit/signer/test_v1.py
    const date = "Wed, 28 Dec 2022 10:27:41 GMT";
    const time = Date.parse(date) / 1000;
    const putHeaders: HeaderLine[] = [
        ["content-md5", "eB5eJF1ptWaXm4bijSPyxw=="],
        ["content-type", "text/html"],
        ["x-oss-date", date],
        ["x-oss-meta-author", "alice"],
        ["x-oss-meta-magic", "abracadabra"],
    ];
    const nelson: Address = { bucket: "examplebucket", key: "nelson" };
    const v1Vectors = [
        { method: "PUT", query: "", headers: putHeaders, address: nelson, signature: "kSHKmLxlyEAKtZPkJhG9bZb5k7M=" },
        {
            method: "PUT",
            query: "?acl",
            headers: putHeaders,
            address: nelson,
            signature: "/afkugFbmWDQ967j1vr6zygBLQk=",
        },
        {
            method: "GET",
            query: "?resourceGroup&non-resousce=null",
            headers: [["x-oss-date", date]],
            address: { bucket: "examplebucket", key: undefined },
            signature: "vkQmfuUDyi1uDi3bKt67oemssIs=",
        },
        {
            method: "GET",
            query: "?resourceGroup&acl",
            headers: [["x-oss-date", date]],
            address: { bucket: "examplebucket", key: undefined },
            signature: "x3E5TgOvl/i7PN618s5mEvpJDYk=",
        },
    ] satisfies { method: string; query: string; headers: HeaderLine[]; address: Address; signature: string }[];
    for (const { signature, headers, ...vector } of v1Vectors) {
        it(`accepts the V1 header of ${vector.method} ${vector.query}`, () => {
            const signed: HeaderLine[] = [...headers, ["authorization", `OSS ak:${signature}`]];
            expect(verify({ ...vector, headers: signed, time }).principal?.accountId).to.equal(testAccount);
        });
    }

    it("accepts the V1 signed URL", () => {
        const query =
            "?versionId=versionId&OSSAccessKeyId=ak&Expires=1699807420&Signature=dcLTea%2BYh9ApirQ8o8dOPqtvJXQ%3D";
        const address = { bucket: "bucket", key: "key" };
        expect(verify({ method: "GET", query, headers: [], address, time: 1699807000 }).principal?.accountId).to.equal(
            testAccount,
        );
    });

    it("accepts the V1 signed URL with a token", () => {
        const query =
            "?versionId=versionId&OSSAccessKeyId=ak&Expires=1699808204&security-token=token&Signature=jzKYRrM5y6Br0dRFPaTGOsbrDhY%3D";
        const vector = { method: "GET", query, headers: [], address: { bucket: "bucket", key: "key+123" } };
        expect(verify({ ...vector, time: 1699808000, token: "token" }).principal?.accountId).to.equal(testAccount);
    });

    it("rejects a vector with one changed character", () => {
        const changed: HeaderLine[] = [
            ...v4Headers,
            ["x-oss-date", "20231216T162057Z"],
            v4Authorization("20231216", "f21d18daa82167720f9b1047ae7e7f1ce7cb77a31e8203a7d5f4624fa0284afe"),
        ];
        expect(() =>
            verify({ method: "PUT", query: testQuery, headers: changed, address: testObject, time: 1702743657 }),
        ).to.throw(OssError, "signature we calculated does not match");
    });
});
