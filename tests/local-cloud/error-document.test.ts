import { expect } from "chai";
import { errorResponse } from "../../lib/local-cloud/oss/error-document";
import { OssError, type OssErrorName, ossErrors } from "../../lib/local-cloud/oss/errors";
import { CoreUnderTest, readAnswer } from "./core-under-test";
import { signedRequest, withHeader } from "./signed-request";

const testContext = { method: "GET", requestId: "0".repeat(24), hostId: "photos.localhost", commonHeaders: [] };

describe("error document", () => {
    it("has the documented elements and headers", () => {
        const cloud = new CoreUnderTest();
        const answer = cloud.send({ bucket: "missing", query: { encryption: "" } });
        expect(answer.text).to.equal(
            [
                '<?xml version="1.0" encoding="UTF-8"?>',
                "<Error>",
                "  <Code>NoSuchBucket</Code>",
                "  <Message>The specified bucket does not exist.</Message>",
                "  <RequestId>000000000000000000000001</RequestId>",
                "  <HostId>127.0.0.1:9000</HostId>",
                "  <BucketName>missing</BucketName>",
                "  <EC>0015-00000101</EC>",
                "  <RecommendDoc>https://api.aliyun.com/troubleshoot?q=0015-00000101</RecommendDoc>",
                "</Error>",
                "",
            ].join("\n"),
        );
        expect(Object.fromEntries(answer.headers)).to.deep.equal({
            server: "AliyunOSS",
            date: "Mon, 23 Nov 2026 12:00:00 GMT",
            "x-oss-request-id": "000000000000000000000001",
            "x-oss-server-time": "0",
            "x-oss-ec": "0015-00000101",
            "content-type": "application/xml",
            "content-length": String(Buffer.byteLength(answer.text)),
        });
    });

    it("is well-formed and small for every error and every request", () => {
        const hostile = `\u0000\u001b]]>&<"'\ud800${"<&\u{10ffff}".repeat(5000)}`;
        for (const name of Object.keys(ossErrors) as OssErrorName[]) {
            for (const method of ["GET", "HEAD"]) {
                const { entry, message } = new OssError(name, [], name === "invalidArgument" ? hostile : undefined);
                const error = {
                    ...entry,
                    message,
                    details: [
                        ["A", hostile],
                        ["B", hostile],
                    ] as const,
                };
                const response = errorResponse(error, { ...testContext, method, hostId: hostile.slice(0, 255) });
                const answer = readAnswer(response);
                expect(answer.code).to.equal(entry.code);
                expect(response.body.byteLength).to.be.below(3500);
                expect(answer.headers.get("x-oss-err")?.length ?? 0).to.be.below(4700);
            }
        }
    });

    it("answers an unexpected failure of the server with a document", () => {
        const cloud = new CoreUnderTest();
        cloud.bucket("photos");
        Object.defineProperty(cloud.state, "buckets", {
            get: () => {
                throw new TypeError("a defect");
            },
        });
        const answer = cloud.raw(signedRequest({ bucket: "photos", query: { acl: "" }, time: cloud.now }));
        expect([answer.status, answer.code, answer.elements.get("ErrorDetail")]).to.deep.equal([
            500,
            "InternalError",
            "TypeError: a defect",
        ]);
    });

    it("rejects repeated headers and parameters, bad percent-encoding and a target that is no path", () => {
        const cloud = new CoreUnderTest();
        cloud.bucket("photos");
        const head = signedRequest({ bucket: "photos", query: { acl: "" }, time: cloud.now });
        const bad = [
            { ...head, headers: [...head.headers, ["host", "127.0.0.1"] as const] },
            { ...head, headers: [...head.headers, ["x-oss-date", "20261123T120000Z"] as const] },
            { ...head, target: "/photos/?acl&acl" },
            { ...head, target: "/photos/?acl=%ff" },
            { ...head, target: "/photos/?%" },
            { ...head, target: "http://127.0.0.1/photos/?acl" },
            { ...head, target: "*" },
            { ...head, target: "" },
        ];
        for (const request of bad) {
            const answer = cloud.raw(request);
            expect([answer.status, answer.code], request.target).to.deep.equal([400, "InvalidArgument"]);
        }
        for (const target of ["/photos/%ff", "/photos/%", "/photos/%c0%af"]) {
            expect(cloud.raw({ ...head, target }).code).to.equal("InvalidObjectName");
        }
    });

    it("answers STS and KMS calls with an RPC error, never with a document of OSS", () => {
        const cloud = new CoreUnderTest();
        const head = { method: "POST", target: "/", headers: [["host", "127.0.0.1"] as const] };
        const form = withHeader(head, "content-type", "application/x-www-form-urlencoded");
        for (const [request, status, code] of [
            [{ ...head, target: "/?Action=AssumeRole&Version=2015-04-01&Format=JSON" }, 400, "MissingAccessKeyId"],
            [{ ...head, target: "/?Action=Decrypt&Version=2016-01-20&Format=JSON" }, 501, "NotImplemented"],
            [{ ...head, target: "/?Action=Decrypt&Version=2016-01-21&Format=JSON" }, 400, "InvalidVersion"],
            [{ ...head, target: "/?Action=Decrypt&Action=x&Format=JSON" }, 400, "InvalidParameter"],
            [{ ...head, target: "/?Action=%FF&Format=JSON" }, 400, "InvalidParameter"],
            [withHeader(head, "x-acs-action", "DescribeKey"), 400, "MissingParameter"],
        ] as const) {
            const answer = cloud.raw(request);
            expect([answer.status, JSON.parse(answer.text).Code]).to.deep.equal([status, code]);
            expect(JSON.parse(answer.text)).to.include({ HostId: "127.0.0.1" });
            expect(JSON.parse(answer.text).Message).to.be.a("string");
        }
        const asXml = cloud.raw({ ...head, target: "/?Action=AssumeRole&Version=2015-04-01" });
        expect(asXml.text).to.contain("<Code>MissingAccessKeyId</Code>");
        expect(cloud.raw(withHeader(form, "host", "evil.example")).code).to.equal("AccessDenied");
    });
});
