import { createHmac } from "node:crypto";
import { expect } from "chai";
import type { HeaderLine } from "../../../lib/local-cloud/cloud/wire";
import { acs3Signature, acs3StringToSign } from "../../../lib/local-cloud/rpc/authentication/acs3-signature";
import { rpcV1Signature, rpcV1StringToSign } from "../../../lib/local-cloud/rpc/authentication/rpc-v1-signature";
import { readRpcRequest } from "../../../lib/local-cloud/rpc/rpc-request";
import { CoreUnderTest } from "../core-under-test";
import { callRpc, type RpcSpec, rpcRefusal, rpcRequest, sha256 } from "./rpc-call";

const whoAmI = { Action: "GetCallerIdentity" };

describe("authentication of STS and KMS calls", () => {
    let cloud: CoreUnderTest;

    beforeEach(() => {
        cloud = new CoreUnderTest();
    });

    it("computes the V1 signature of a recorded request", () => {
        const target =
            "/?KeyId=alias%2Fx&Version=2016-01-20&Action=DescribeKey&Format=JSON&RegionId=cn-hangzhou&Timestamp=2026-11-23T13%3A44%3A11Z&SignatureMethod=HMAC-SHA1&SignatureType=&SignatureVersion=1.0&SignatureNonce=2c3c217c0f61b6d4c5f4dc75acbc1f50&AccessKeyId=testak&Signature=x";
        const request = readRpcRequest({ method: "POST", target, headers: [] }, new Uint8Array());
        expect(rpcV1Signature("testsk", rpcV1StringToSign(request))).to.equal("3ADXQ1vtiDFEk+VBo4FtLJopANk=");
    });

    for (const [values, expected] of [
        [["https"], "0a0f89a45f1ec3537a2d1a1046c71b95513a8f1f02526056968da19b99a5b914"],
        [["http", "https"], "4ab59fffe3c5738ff8a2729f90cc04fe18b02a4b15b2102cbaf92f9ff3df2ea3"],
    ] as const) {
        it(`computes the published ACS3 signature of a header with ${values.length} value(s)`, () => {
            const text = acs3StringToSign(
                {
                    method: "",
                    query: new Map([
                        ["empty", ""],
                        ["test", "ok"],
                    ]),
                    headers: values.map((value): HeaderLine => ["x-acs-test", value]),
                },
                "/",
                ["x-acs-test"],
                "55e12e91650d2fec56ec74e1d3e4ddbfce2ef3a65890c2a19ecf88a307e76a23",
            );
            expect(acs3Signature("secret", text)).to.equal(expected);
        });
    }

    it("takes parameters in the query and in a form", () => {
        for (const spec of [{ place: "query" }, { place: "form" }, { method: "GET" }] as const) {
            expect(callRpc(cloud, whoAmI, spec).status).to.equal(200);
        }
        const { head, body } = rpcRequest(cloud, whoAmI, { common: { Format: "XML" } });
        expect(cloud.raw(head, body).text).to.contain("<GetCallerIdentityResponse>");
    });

    const refused: Record<string, [RpcSpec, [number, string]]> = {
        "a wrong secret": [{ secret: "wrong" }, [400, "SignatureDoesNotMatch"]],
        "an unknown key": [{ accessKeyId: "nobody" }, [404, "InvalidAccessKeyId.NotFound"]],
        "no key": [{ common: { AccessKeyId: undefined } }, [400, "MissingAccessKeyId"]],
        "no timestamp": [{ common: { Timestamp: undefined } }, [400, "MissingParameter"]],
        "a timestamp that is none": [{ common: { Timestamp: "now" } }, [400, "InvalidTimeStamp.Format"]],
        "a skewed clock": [{ common: { Timestamp: "2026-11-23T11:44:59Z" } }, [400, "InvalidTimeStamp.Expired"]],
        "another signature method": [{ common: { SignatureMethod: "MD5" } }, [400, "IncompleteSignature"]],
        "a token that nobody handed out": [{ securityToken: "x" }, [400, "InvalidSecurityToken.Malformed"]],
        "another method": [{ method: "PUT" }, [403, "UnsupportedHTTPMethod"]],
    };
    for (const [what, [spec, expected]] of Object.entries(refused)) {
        it(`rejects ${what}`, () => {
            expect(rpcRefusal(callRpc(cloud, whoAmI, spec))).to.deep.equal(expected);
        });
    }

    it("rejects a request that is sent twice, and one that was changed", () => {
        const { head, body } = rpcRequest(cloud, whoAmI);
        expect(cloud.raw(head, body).status).to.equal(200);
        expect(JSON.parse(cloud.raw(head, body).text).Code).to.equal("SignatureNonceUsed");
        const other = rpcRequest(cloud, whoAmI);
        const changed = { ...other.head, target: `${other.head.target}&RoleArn=x` };
        expect(JSON.parse(cloud.raw(changed).text).Message).to.match(
            /^Specified signature is not matched with our calculation\. server string to sign is:POST&%2F&/,
        );
    });

    describe("with ACS3", () => {
        let nonces = 0;

        function request(changes: { payloadHash?: string; unsigned?: string; secret?: string } = {}) {
            const body = "";
            const headers: Record<string, string> = {
                host: "127.0.0.1",
                "x-acs-action": "GetCallerIdentity",
                "x-acs-content-sha256": changes.payloadHash ?? sha256(body),
                "x-acs-date": new Date(cloud.now).toISOString().replace(/\.\d+/, ""),
                "x-acs-signature-nonce": `acs3-${++nonces}`,
                "x-acs-version": "2015-04-01",
            };
            const names = Object.keys(headers).filter((name) => name !== changes.unsigned);
            const lines = names.map((name) => `${name}:${headers[name]}\n`).join("");
            const canonical = ["POST", "/", "", lines, names.join(";"), headers["x-acs-content-sha256"]].join("\n");
            const signature = createHmac("sha256", changes.secret ?? "local-key-secret")
                .update(`ACS3-HMAC-SHA256\n${sha256(canonical)}`)
                .digest("hex");
            headers.authorization = `ACS3-HMAC-SHA256 Credential=local-key-id,SignedHeaders=${names.join(";")},Signature=${signature}`;
            return { method: "POST", target: "/", headers: Object.entries(headers) as HeaderLine[] };
        }

        const code = (changes: Parameters<typeof request>[0]) => JSON.parse(cloud.raw(request(changes)).text).Code;

        it("accepts what is signed in full", () => {
            expect(JSON.parse(cloud.raw(request()).text)).to.include({ IdentityType: "Account" });
        });

        it("rejects a wrong body hash, unsigned headers and a wrong secret", () => {
            expect(code({ payloadHash: sha256("other") })).to.equal("IncompleteSignature");
            expect(code({ unsigned: "x-acs-action" })).to.equal("IncompleteSignature");
            expect(code({ secret: "wrong" })).to.equal("SignatureDoesNotMatch");
        });
    });
});
