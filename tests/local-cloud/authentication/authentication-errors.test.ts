import { createHash } from "node:crypto";
import { expect } from "chai";
import { accountPrincipal } from "../../../lib/local-cloud/ram/principal";
import { CoreUnderTest, ownerAccount, refusal, testTime } from "../core-under-test";
import { aliOssSignUtils, type RequestSpec, signedRequest, withHeader } from "../signed-request";

const minute = 60_000;

describe("authentication errors", () => {
    let cloud: CoreUnderTest;

    beforeEach(() => {
        cloud = new CoreUnderTest();
        cloud.bucket("photos");
        cloud.bucket("fotos");
    });

    function get(spec: Partial<RequestSpec> = {}) {
        return signedRequest({ bucket: "photos", query: { location: "" }, time: testTime, ...spec });
    }

    function authorizationOf(spec: Partial<RequestSpec> = {}): string {
        return get(spec).headers.find(([name]) => name === "authorization")?.[1] ?? "";
    }

    function withAuthorization(authorization: string) {
        return cloud.raw(withHeader(get(), "authorization", authorization));
    }

    it("rejects a wrong V4 signature, and shows the canonical request", () => {
        const answer = cloud.raw(get({ secret: "wrong" }));
        expect(refusal(answer)).to.deep.equal({ status: 403, code: "SignatureDoesNotMatch", ec: "0002-00000201" });
        expect(answer.elements.get("OSSAccessKeyId")).to.equal("local-key-id");
        expect(answer.elements.get("SignatureProvided")).to.match(/^[0-9a-f]{64}$/);
        expect(answer.elements.get("StringToSign")).to.match(
            /^OSS4-HMAC-SHA256\n20261123T120000Z\n20261123\/cn-hangzhou/,
        );
        expect(answer.elements.get("StringToSignBytes")).to.match(/^4F 53 53 34 /);
        expect(answer.text).not.to.contain("local-key-secret");
    });

    it("rejects a wrong V1 signature", () => {
        expect(refusal(cloud.raw(get({ scheme: "v1", secret: "wrong" })))).to.deep.equal({
            status: 403,
            code: "SignatureDoesNotMatch",
            ec: "0002-00000040",
        });
    });

    for (const scheme of ["v4", "v1"] as const) {
        it(`rejects a ${scheme} request whose target, method or signed header was changed after signing`, () => {
            const head = get({ scheme, headers: { "x-oss-meta-a": "1" } });
            const changes = [
                { ...head, target: head.target.replace("location", "acl") },
                { ...head, target: head.target.replace("photos", "fotos") },
                { ...head, method: "DELETE" },
                withHeader(head, "x-oss-meta-a", "2"),
                withHeader(head, "x-oss-meta-b", "1"),
                withHeader(head, "content-type", "text/plain"),
            ];
            expect(cloud.raw(head).status).to.equal(200);
            for (const changed of changes) {
                expect(cloud.raw(changed).code, changed.target).to.equal("SignatureDoesNotMatch");
            }
        });

        it(`rejects a ${scheme} request of an unknown key`, () => {
            const answer = cloud.raw(get({ scheme, accessKeyId: "nobody" }));
            expect(refusal(answer)).to.deep.equal({ status: 403, code: "InvalidAccessKeyId", ec: "0002-00000902" });
            expect(answer.elements.get("OSSAccessKeyId")).to.equal("nobody");
        });

        it(`rejects a ${scheme} request whose clock is more than 15 minutes off either way`, () => {
            for (const off of [-16 * minute, 16 * minute]) {
                const answer = cloud.raw(get({ scheme, time: testTime + off }));
                expect(refusal(answer)).to.deep.equal({
                    status: 403,
                    code: "RequestTimeTooSkewed",
                    ec: "0002-00000504",
                });
                expect(answer.elements.get("ServerTime")).to.equal("2026-11-23T12:00:00.000Z");
            }
            for (const off of [-14 * minute, 14 * minute]) {
                expect(cloud.raw(get({ scheme, time: testTime + off })).status).to.equal(200);
            }
        });

        it(`rejects a ${scheme} request without a date, or with an invalid date`, () => {
            const expected = { status: 403, code: "AccessDenied", ec: "0002-00000503" };
            expect(refusal(cloud.raw(withHeader(get({ scheme }), "x-oss-date", undefined)))).to.deep.equal(expected);
            const headers = { "x-oss-date": "20261399T000000Z" };
            expect(refusal(cloud.raw(get({ scheme, headers })))).to.deep.equal(expected);
        });
    }

    it("accepts V4 with only a Date header in RFC 1123 form, which is then what is signed", () => {
        // As aliyun-oss-go-sdk sends it, put together from the parts of ali-oss, which sends x-oss-date.
        const date = new Date(testTime).toUTCString();
        const canonical = aliOssSignUtils.getCanonicalRequest(
            "GET",
            { headers: {}, queries: { location: null } },
            "photos",
        );
        const hash = createHash("sha256").update(canonical).digest("hex");
        const scope = "20261123/cn-hangzhou/oss/aliyun_v4_request";
        const text = `OSS4-HMAC-SHA256\n${date}\n${scope}\n${hash}`;
        const signature = aliOssSignUtils.getSignatureV4("local-key-secret", "20261123", "cn-hangzhou", text);
        const answer = cloud.raw({
            method: "GET",
            target: "/photos/?location",
            headers: [
                ["host", "127.0.0.1"],
                ["date", date],
                ["authorization", `OSS4-HMAC-SHA256 Credential=local-key-id/${scope},Signature=${signature}`],
            ],
        });
        expect(answer.status).to.equal(200);
    });

    describe("of a V4 scope", () => {
        const scope = "20261123/cn-hangzhou/oss/aliyun_v4_request";
        const cases = [
            ["another region than the bucket's", "20261123/cn-beijing/oss/aliyun_v4_request", "0002-00000226"],
            ["a location in place of a region", "20261123/oss-cn-hangzhou/oss/aliyun_v4_request", "0002-00000226"],
            ["another product", "20261123/cn-hangzhou/s3/aliyun_v4_request", "0002-00000227"],
            ["a malformed date", "2026-11-23/cn-hangzhou/oss/aliyun_v4_request", "0002-00000212"],
            ["the date of another day", "20261122/cn-hangzhou/oss/aliyun_v4_request", "0002-00000212"],
            ["another terminator", "20261123/cn-hangzhou/oss/aws4_request", "0002-00000213"],
        ] as const;
        for (const [title, text, ec] of cases) {
            it(`rejects ${title}`, () => {
                const [, region] = text.split("/");
                // Properly signed for that region, so that only the scope is wrong.
                const authorization = authorizationOf({ region: region ?? "" }).replace(
                    `20261123/${region}/oss/aliyun_v4_request`,
                    text,
                );
                expect(refusal(withAuthorization(authorization))).to.deep.equal({
                    status: 400,
                    code: "InvalidArgument",
                    ec,
                });
            });
        }

        it("rejects too few and too many parts", () => {
            for (const text of ["20261123/cn-hangzhou/oss", `${scope}/more`, ""]) {
                const answer = withAuthorization(authorizationOf().replace(scope, text));
                expect(answer.status, text).to.equal(400);
                expect(answer.code).to.equal("InvalidArgument");
            }
        });
    });

    it("rejects a malformed Authorization header", () => {
        const malformed = [
            "",
            "Basic bG9jYWw6bG9jYWw=",
            "OSS",
            "OSS local-key-id",
            "OSS :",
            "OSS2 AccessKeyId:local-key-id,Signature:abc",
            "OSS4-HMAC-SHA256",
            "OSS4-HMAC-SHA256 Credential=,Signature=",
            "OSS4-HMAC-SHA256 Signature=abc",
            `${authorizationOf()},Signature=abc`,
            `${authorizationOf()},Extra=1`,
        ];
        for (const authorization of malformed) {
            const answer = withAuthorization(authorization);
            expect([answer.status, answer.code], authorization).to.deep.equal([400, "InvalidArgument"]);
        }
    });

    it("rejects an empty list of additional headers", () => {
        const authorization = authorizationOf().replace("Signature=", "AdditionalHeaders=,Signature=");
        expect(refusal(withAuthorization(authorization))).to.deep.equal({
            status: 400,
            code: "InvalidArgument",
            ec: "0002-00000209",
        });
    });

    it("rejects a payload hash other than UNSIGNED-PAYLOAD", () => {
        const answer = cloud.raw(get({ headers: { "x-oss-content-sha256": "0".repeat(64) } }));
        expect([answer.status, answer.code]).to.deep.equal([400, "InvalidArgument"]);
    });

    it("rejects an additional header that was changed, and accepts it unchanged with the parts in any order", () => {
        const spec = { headers: { zone: "east" }, additionalHeaders: ["zone", "host"] };
        const head = get(spec);
        expect(cloud.raw(head).status).to.equal(200);
        expect(cloud.raw(withHeader(head, "zone", "west")).code).to.equal("SignatureDoesNotMatch");
        const [credential, additional, signature] = authorizationOf(spec).replace("OSS4-HMAC-SHA256 ", "").split(",");
        const reordered = `OSS4-HMAC-SHA256 ${credential}, ${signature}, ${additional}`;
        expect(cloud.raw(withHeader(head, "authorization", reordered)).status).to.equal(200);
    });

    it("rejects anonymous requests to a private bucket, its objects and the service", () => {
        const answers = [
            cloud.send({ scheme: "anonymous", bucket: "photos", query: { encryption: "" } }),
            cloud.send({ scheme: "anonymous", bucket: "photos", key: "a.txt" }),
            cloud.send({ scheme: "anonymous" }),
            cloud.send({ scheme: "anonymous", method: "PUT", bucket: "mine" }),
        ];
        for (const answer of answers) {
            expect(refusal(answer)).to.deep.equal({ status: 403, code: "AccessDenied", ec: "0003-00000001" });
        }
    });

    describe("of temporary credentials", () => {
        const testToken = "CAIS-token";

        beforeEach(() => {
            const session = { securityToken: testToken, expiresAt: testTime + 60 * minute };
            cloud.state.accessKeys.add({
                id: "STS.temporary",
                secret: "temporary",
                principal: accountPrincipal(ownerAccount),
                session,
            });
        });

        function temporary(token: string | undefined, scheme: "v4" | "v1", keys: Partial<RequestSpec> = {}) {
            const headers: Record<string, string> = token === undefined ? {} : { "x-oss-security-token": token };
            return get({ scheme, headers, accessKeyId: "STS.temporary", secret: "temporary", ...keys });
        }

        for (const scheme of ["v4", "v1"] as const) {
            it(`accepts a ${scheme} request with its token`, () => {
                expect(cloud.raw(temporary(testToken, scheme)).status).to.equal(200);
            });

            it(`rejects a ${scheme} request without its token`, () => {
                expect(refusal(cloud.raw(temporary(undefined, scheme)))).to.deep.equal({
                    status: 403,
                    code: "InvalidAccessKeyId",
                    ec: "0002-00000902",
                });
            });

            it(`rejects a ${scheme} request with an unknown token`, () => {
                expect(refusal(cloud.raw(temporary("other", scheme)))).to.deep.equal({
                    status: 403,
                    code: "InvalidSecurityToken",
                    ec: "0002-00000006",
                });
            });

            it(`rejects a ${scheme} request with the token of another key`, () => {
                const keys = { accessKeyId: "local-key-id", secret: "local-key-secret" };
                expect(refusal(cloud.raw(temporary(testToken, scheme, keys)))).to.deep.equal({
                    status: 403,
                    code: "AccessKeyIdAndSecurityTokenNotMatch",
                });
            });

            it(`rejects a ${scheme} request whose token has expired`, () => {
                cloud.now = testTime + 60 * minute;
                expect(refusal(cloud.raw(temporary(testToken, scheme, { time: cloud.now })))).to.deep.equal({
                    status: 403,
                    code: "SecurityTokenExpired",
                });
            });
        }
    });

    describe("of signed URLs", () => {
        function v1Url(resource: string, expires: number, parameters: Record<string, string> = {}) {
            const request = { headers: {}, parameters };
            const canonical = aliOssSignUtils.buildCanonicalString("GET", `/${resource}`, request, String(expires));
            const query = new URLSearchParams({
                ...parameters,
                OSSAccessKeyId: "local-key-id",
                Expires: String(expires),
                Signature: aliOssSignUtils.computeSignature("local-key-secret", canonical),
            });
            return cloud.raw({ method: "GET", target: `/${resource}?${query}`, headers: [["host", "127.0.0.1"]] });
        }

        it("accepts a V1 URL of an object until its end", () => {
            cloud.send({ method: "PUT", bucket: "photos", key: "a.txt" }, "hello");
            const end = testTime / 1000 + 60;
            expect(v1Url("photos/a.txt", end).text).to.equal("hello");
            cloud.now += 61_000;
            expect(refusal(v1Url("photos/a.txt", end))).to.deep.equal({ status: 403, code: "AccessDenied" });
        });

        it("rejects a V1 URL of a bucket operation", () => {
            expect(refusal(v1Url("photos/", testTime / 1000 + 60, { encryption: "" }))).to.deep.equal({
                status: 403,
                code: "AccessDenied",
                ec: "0002-00000079",
            });
        });

        it("rejects a URL of which a part is missing", () => {
            for (const query of [
                { "x-oss-signature": "abc" },
                { "x-oss-signature-version": "OSS4-HMAC-SHA256" },
                { Signature: "abc", OSSAccessKeyId: "local-key-id" },
            ]) {
                const answer = cloud.send({ scheme: "anonymous", bucket: "photos", key: "a", query });
                expect([answer.status, answer.code]).to.deep.equal([400, "InvalidArgument"]);
            }
        });

        it("rejects a V4 URL after its end, and one that is valid for more than a week", () => {
            const query = (expires: string) => ({
                "x-oss-signature-version": "OSS4-HMAC-SHA256",
                "x-oss-credential": "local-key-id/20261123/cn-hangzhou/oss/aliyun_v4_request",
                "x-oss-date": "20261123T115000Z",
                "x-oss-expires": expires,
                "x-oss-signature": "0".repeat(64),
            });
            const send = (expires: string) =>
                refusal(cloud.send({ scheme: "anonymous", bucket: "photos", key: "a", query: query(expires) }));
            expect(send("60")).to.deep.equal({ status: 403, code: "AccessDenied" });
            expect(send("604801")).to.deep.equal({ status: 400, code: "InvalidArgument" });
            expect(send("0")).to.deep.equal({ status: 400, code: "InvalidArgument" });
            expect(send("604800").code).to.equal("SignatureDoesNotMatch");
        });
    });
});
