import { expect } from "chai";
import { CoreUnderTest, refusal } from "./core-under-test";
import { signedRequest, withHeader } from "./signed-request";

describe("addressing", () => {
    let cloud: CoreUnderTest;

    beforeEach(() => {
        cloud = new CoreUnderTest();
        cloud.bucket("photos");
        cloud.bucket("fotos", "eu-central-1");
    });

    const location = { bucket: "photos", query: { location: "" } };
    for (const host of [
        "127.0.0.1:9000",
        "127.0.0.1",
        "[::1]:9000",
        "photos.localhost:9000",
        "photos.oss-cn-hangzhou.aliyuncs.com",
        "photos.oss-cn-hangzhou-internal.aliyuncs.com",
        "photos.cn-hangzhou.aliyuncs.com",
        "PHOTOS.OSS-CN-HANGZHOU.ALIYUNCS.COM",
        "photos.oss-accelerate.aliyuncs.com",
    ]) {
        it(`finds the bucket of Host ${host}`, () => {
            const answer = cloud.send({ ...location, host });
            expect([answer.status, answer.elements.get("")]).to.deep.equal([200, "oss-cn-hangzhou"]);
        });
    }

    it("finds the service at localhost, at an endpoint, and under the empty label that ali-oss sends", () => {
        for (const host of ["localhost:9000", "oss-cn-hangzhou.aliyuncs.com", ".oss-cn-hangzhou.aliyuncs.com"]) {
            const answer = cloud.send({ host });
            expect([answer.status, answer.elements.get("Buckets/Bucket/Name")], host).to.deep.equal([200, "photos"]);
        }
    });

    it("takes a path that repeats the bucket of the Host as addressing when it was signed so", () => {
        const head = signedRequest({ ...location, host: "photos.oss-cn-hangzhou.aliyuncs.com", time: cloud.now });
        expect(cloud.raw({ ...head, target: "/photos/?location" }).elements.get("")).to.equal("oss-cn-hangzhou");
        const put = { method: "PUT", bucket: "photos", host: "photos.oss-cn-hangzhou.aliyuncs.com" };
        cloud.send({ ...put, key: "photos/a" });
        cloud.raw({ ...signedRequest({ ...put, key: "b", time: cloud.now }), target: "/photos/b" });
        expect([...(cloud.state.buckets.get("photos")?.objects.keys() ?? [])]).to.deep.equal(["photos/a", "b"]);
    });

    it("decodes a key whose slashes are percent-encoded", () => {
        const head = signedRequest({ method: "PUT", bucket: "photos", key: "2026/ü +%.txt", time: cloud.now });
        cloud.raw({ ...head, target: head.target.replace("2026/", "2026%2F") });
        expect([...(cloud.state.buckets.get("photos")?.objects.keys() ?? [])]).to.deep.equal(["2026/ü +%.txt"]);
    });

    it("keeps a key with dots and double slashes as it is", () => {
        for (const key of ["a/../b", "a//b", "..", "a/./b/"]) {
            cloud.send({ method: "PUT", bucket: "photos", key }, key);
            expect(cloud.send({ bucket: "photos", key }).text).to.equal(key);
        }
        expect(cloud.state.buckets.size).to.equal(2);
    });

    it("rejects the path style at a regional endpoint", () => {
        const head = signedRequest({ ...location, time: cloud.now });
        expect(refusal(cloud.raw(withHeader(head, "host", "oss-cn-hangzhou.aliyuncs.com")))).to.deep.equal({
            status: 403,
            code: "SecondLevelDomainForbidden",
        });
    });

    it("rejects a bucket at the endpoint of another region, and names the right one", () => {
        for (const scheme of ["v4", "v1"] as const) {
            const answer = cloud.send({
                scheme,
                bucket: "fotos",
                query: { encryption: "" },
                host: "fotos.oss-cn-hangzhou.aliyuncs.com",
            });
            expect(refusal(answer)).to.deep.equal({ status: 403, code: "AccessDenied" });
            expect(answer.elements.get("Endpoint")).to.equal("oss-eu-central-1.aliyuncs.com");
            expect(answer.elements.get("Bucket")).to.equal("fotos");
        }
    });

    it("rejects a signature for another region than the endpoint's", () => {
        const answer = cloud.send({ ...location, region: "cn-beijing", host: "photos.oss-cn-hangzhou.aliyuncs.com" });
        expect(refusal(answer)).to.deep.equal({ status: 400, code: "InvalidArgument", ec: "0002-00000226" });
        expect(answer.message).to.equal("Invalid signing region in Authorization header.");
    });

    it("rejects a signature for another region than the bucket's on loopback", () => {
        const answer = cloud.send({ bucket: "fotos", query: { encryption: "" }, region: "cn-hangzhou" });
        expect(refusal(answer)).to.deep.equal({ status: 400, code: "InvalidArgument", ec: "0002-00000226" });
        expect(cloud.send({ bucket: "fotos", query: { acl: "" }, region: "eu-central-1" }).status).to.equal(200);
    });

    it("rejects a new bucket in an unknown region", () => {
        for (const region of ["oss-cn-hangzhou", "hangzhou", "CN-HANGZHOU", "cn-hangzhou.evil"]) {
            const answer = cloud.send({ method: "PUT", bucket: "nowhere", region });
            expect(refusal(answer), region).to.deep.equal({
                status: 400,
                code: "InvalidArgument",
                ec: "0002-00000226",
            });
        }
        expect(cloud.state.buckets.has("nowhere")).to.equal(false);
    });

    it("makes a bucket in the region of its Host, else of the signature, else in cn-hangzhou", () => {
        const put = { method: "PUT" };
        cloud.send({ ...put, bucket: "by-host", region: "cn-shenzhen", host: "by-host.oss-cn-shenzhen.aliyuncs.com" });
        cloud.send({ ...put, bucket: "by-v1-host", scheme: "v1", host: "by-v1-host.oss-us-west-1.aliyuncs.com" });
        cloud.send({ ...put, bucket: "by-scope", region: "ap-southeast-1" });
        cloud.send({ ...put, bucket: "by-default", scheme: "v1" });
        const regions = ["by-host", "by-v1-host", "by-scope", "by-default"].map(
            (name) => cloud.state.buckets.get(name)?.region,
        );
        expect(regions).to.deep.equal(["cn-shenzhen", "us-west-1", "ap-southeast-1", "cn-hangzhou"]);
    });

    describe("guard against DNS rebinding", () => {
        for (const host of [
            "evil.example",
            "127.0.0.1.evil.example",
            "localhost.evil.example",
            "aliyuncs.com.evil.example",
            "evilaliyuncs.com",
            "192.168.0.1",
            "0.0.0.0",
            "",
            "local host",
            "localhost:9000@evil.example",
        ]) {
            it(`rejects Host "${host}"`, () => {
                const head = signedRequest({ ...location, time: cloud.now });
                expect(refusal(cloud.raw(withHeader(head, "host", host)))).to.deep.equal({
                    status: 403,
                    code: "AccessDenied",
                });
            });
        }

        it("rejects a request without a Host", () => {
            const head = withHeader(signedRequest({ ...location, time: cloud.now }), "host", undefined);
            expect(cloud.raw(head).status).to.equal(403);
        });
    });
});
