import { expect } from "chai";
import { unsupportedSubresources } from "../../../lib/local-cloud/oss/unsupported-subresources";
import { asStranger, CoreUnderTest, ownerAccount, refusal } from "../core-under-test";

describe("service and buckets", () => {
    let cloud: CoreUnderTest;

    beforeEach(() => {
        cloud = new CoreUnderTest();
    });

    function names(answer: { text: string }): string[] {
        return [...answer.text.matchAll(/<Name>(.*?)<\/Name>/g)].map(([, name]) => name ?? "");
    }

    it("lists only the caller's buckets, with the elements that the SDKs need", () => {
        cloud.bucket("photos");
        cloud.send({ ...asStranger, method: "PUT", bucket: "strangers" });
        const answer = cloud.send({});
        expect(answer.status).to.equal(200);
        expect(Object.fromEntries(answer.elements)).to.deep.include({
            "Owner/ID": ownerAccount,
            "Owner/DisplayName": ownerAccount,
            "Buckets/Bucket/Name": "photos",
            "Buckets/Bucket/Location": "oss-cn-hangzhou",
            "Buckets/Bucket/Region": "cn-hangzhou",
            "Buckets/Bucket/CreationDate": "2026-11-23T12:00:00.000Z",
            "Buckets/Bucket/ExtranetEndpoint": "oss-cn-hangzhou.aliyuncs.com",
            "Buckets/Bucket/IntranetEndpoint": "oss-cn-hangzhou-internal.aliyuncs.com",
            "Buckets/Bucket/StorageClass": "Standard",
        });
        expect(names(answer)).to.deep.equal(["photos"]);
        expect(names(cloud.send(asStranger))).to.deep.equal(["strangers"]);
    });

    it("lists an owner even without buckets", () => {
        const answer = cloud.send({});
        expect(answer.elements.get("Owner/ID")).to.equal(ownerAccount);
        expect(answer.elements.get("Buckets")).to.equal("");
    });

    it("lists by prefix and page by page", () => {
        for (const name of ["b-3", "a-1", "b-1", "b-2", "c-1"]) {
            cloud.bucket(name);
        }
        const first = cloud.send({ query: { prefix: "b-", "max-keys": "2" } });
        expect(names(first)).to.deep.equal(["b-1", "b-2"]);
        expect(first.elements.get("IsTruncated")).to.equal("true");
        const marker = first.elements.get("NextMarker") ?? "";
        const second = cloud.send({ query: { prefix: "b-", "max-keys": "2", marker } });
        expect(names(second)).to.deep.equal(["b-3"]);
        expect(second.elements.has("IsTruncated")).to.equal(false);
        expect(names(cloud.send({ query: { prefix: "", marker: "", "max-keys": "100" } }))).to.have.lengthOf(5);
    });

    it("rejects a page size out of 1 to 1000", () => {
        for (const size of ["0", "1001", "-1", "1.5", "many"]) {
            expect(refusal(cloud.send({ query: { "max-keys": size } }))).to.deep.equal({
                status: 400,
                code: "InvalidArgument",
            });
        }
    });

    it("creates a bucket with the requested class, redundancy and ACL", () => {
        const body =
            "<CreateBucketConfiguration><DataRedundancyType>ZRS</DataRedundancyType><StorageClass>IA</StorageClass></CreateBucketConfiguration>";
        const answer = cloud.send({ method: "PUT", bucket: "photos", headers: { "x-oss-acl": "public-read" } }, body);
        expect([answer.status, answer.text, answer.headers.get("location")]).to.deep.equal([200, "", "/photos"]);
        const info = cloud.send({ bucket: "photos", query: { bucketInfo: "" } });
        expect(Object.fromEntries(info.elements)).to.deep.include({
            "Bucket/Name": "photos",
            "Bucket/StorageClass": "IA",
            "Bucket/DataRedundancyType": "ZRS",
            "Bucket/AccessControlList/Grant": "public-read",
            "Bucket/Owner/ID": ownerAccount,
            "Bucket/ServerSideEncryptionRule/SSEAlgorithm": "None",
        });
    });

    it("sets the rule of a new bucket from its encryption headers", () => {
        const headers = { "x-oss-server-side-encryption": "KMS", "x-oss-server-side-data-encryption": "SM4" };
        cloud.send({ method: "PUT", bucket: "photos", headers });
        const info = cloud.send({ bucket: "photos", query: { bucketInfo: "" } });
        expect(Object.fromEntries(info.elements)).to.deep.include({
            "Bucket/ServerSideEncryptionRule/SSEAlgorithm": "KMS",
            "Bucket/ServerSideEncryptionRule/KMSDataEncryption": "SM4",
        });
    });

    it("lets the owner repeat PutBucket, and keeps rule and objects", () => {
        cloud.bucket("photos");
        cloud.send({ method: "PUT", bucket: "photos", key: "a" }, "a");
        cloud.send({ method: "PUT", bucket: "photos", headers: { "x-oss-server-side-encryption": "SM4" } });
        const again = cloud.send({ method: "PUT", bucket: "photos", headers: { "x-oss-acl": "public-read" } });
        expect(again.status).to.equal(200);
        const bucket = cloud.state.buckets.get("photos");
        expect(bucket?.encryption).to.deep.equal({ sseAlgorithm: "SM4" });
        expect(bucket?.acl).to.equal("public-read");
        expect(bucket?.objects.size).to.equal(1);
    });

    it("rejects a name of another account, and an own name in another region", () => {
        cloud.bucket("photos");
        const expected = { status: 409, code: "BucketAlreadyExists", ec: "0015-00000104" };
        expect(refusal(cloud.send({ ...asStranger, method: "PUT", bucket: "photos" }))).to.deep.equal(expected);
        expect(refusal(cloud.send({ method: "PUT", bucket: "photos", region: "cn-beijing" }))).to.deep.equal(expected);
        expect(cloud.state.buckets.get("photos")?.accountId).to.equal(ownerAccount);
    });

    it("rejects invalid bucket names, ACLs and configurations", () => {
        for (const bucket of [
            "ab",
            "Photos",
            "-photos",
            "photos-",
            "pho_tos",
            "pho.tos",
            "a".repeat(64),
            "ph\u00f6tos",
        ]) {
            const answer = cloud.send({ method: "PUT", bucket });
            expect([answer.status, answer.code], bucket).to.deep.equal([400, "InvalidBucketName"]);
            expect(cloud.send({ bucket, query: { acl: "" } }).code, bucket).to.equal("InvalidBucketName");
        }
        const acl = cloud.send({ method: "PUT", bucket: "photos", headers: { "x-oss-acl": "open" } });
        expect(refusal(acl)).to.deep.equal({ status: 400, code: "InvalidArgument" });
        for (const inner of ["<StorageClass>Cheap</StorageClass>", "<Unknown/>", "<StorageClass>"]) {
            const body = `<CreateBucketConfiguration>${inner}</CreateBucketConfiguration>`;
            expect(cloud.send({ method: "PUT", bucket: "photos" }, body).code, inner).to.equal("MalformedXML");
        }
        expect(cloud.state.buckets.size).to.equal(0);
    });

    it("returns a bucket's location and ACL", () => {
        cloud.bucket("photos", "ap-southeast-1");
        const region = "ap-southeast-1";
        const location = cloud.send({ bucket: "photos", region, query: { location: "" } });
        expect(location.elements.get("")).to.equal("oss-ap-southeast-1");
        expect(location.text).to.match(/<LocationConstraint>oss-ap-southeast-1<\/LocationConstraint>/);
        const acl = cloud.send({ bucket: "photos", region, query: { acl: "" } });
        expect(acl.elements.get("AccessControlList/Grant")).to.equal("private");
        expect(acl.elements.get("Owner/ID")).to.equal(ownerAccount);
    });

    it("deletes an empty bucket and frees its name", () => {
        cloud.bucket("photos");
        const answer = cloud.send({ method: "DELETE", bucket: "photos" });
        expect([answer.status, answer.text]).to.deep.equal([204, ""]);
        expect(cloud.send({ method: "DELETE", bucket: "photos" }).code).to.equal("NoSuchBucket");
        expect(cloud.send({ ...asStranger, method: "PUT", bucket: "photos" }).status).to.equal(200);
    });

    it("ignores an empty x-oss-acl, which Terraform's provider sends", () => {
        const headers = { "x-oss-acl": "" };
        expect(cloud.send({ method: "PUT", bucket: "photos", headers }).status).to.equal(200);
        expect(cloud.state.buckets.get("photos")?.acl).to.equal("private");
    });

    it("rejects the deletion of a bucket that has objects, and of another account's", () => {
        cloud.bucket("photos");
        expect(cloud.send({ ...asStranger, method: "DELETE", bucket: "photos" }).code).to.equal("AccessDenied");
        cloud.send({ method: "PUT", bucket: "photos", key: "a" }, "a");
        expect(refusal(cloud.send({ method: "DELETE", bucket: "photos" }))).to.deep.equal({
            status: 409,
            code: "BucketNotEmpty",
            ec: "0015-00000301",
        });
    });

    for (const name of unsupportedSubresources) {
        it(`answers ?${name} with NotImplemented, never with a success`, () => {
            cloud.bucket("photos");
            for (const spec of [{}, { key: "a" }] as const) {
                for (const method of ["PUT", "POST", "DELETE"]) {
                    const answer = cloud.send({ method, bucket: "photos", query: { [name]: "" }, ...spec });
                    expect([answer.status, answer.code], method).to.deep.equal([501, "NotImplemented"]);
                    expect(answer.message).to.contain(name);
                }
            }
        });
    }

    it("ignores query parameters that mean nothing, unless it is strict", () => {
        const strict = new CoreUnderTest(undefined, { isStrict: true });
        for (const [each, status] of [
            [cloud, 200],
            [strict, 501],
        ] as const) {
            each.bucket("photos");
            for (const spec of [
                { bucket: "photos", query: { encrypton: "" } },
                { bucket: "photos", query: { acl: "yes" } },
                { bucket: "photos", query: { acl: "", versionId: "1" } },
                { bucket: "photos", query: { uploads: "", "uploads-foreign": "1" } },
                { query: { region: "cn-hangzhou" } },
            ]) {
                expect(each.send(spec).status, JSON.stringify(spec)).to.equal(status);
            }
        }
    });

    it("answers an unknown operation with NotImplemented, and an unknown method with MethodNotAllowed", () => {
        cloud.bucket("photos");
        for (const spec of [
            { bucket: "photos", query: { "list-type": "1" } },
            { method: "POST", bucket: "photos", query: { restore: "" } },
            { method: "PUT", bucket: "photos", query: { versions: "" } },
            { method: "OPTIONS", bucket: "photos" },
            { method: "PUT", bucket: "photos", key: "a", headers: { "x-oss-callback": "e30=" } },
            { bucket: "photos", key: "a", query: { "x-oss-process": "image/resize,w_100" } },
        ]) {
            const answer = cloud.send(spec);
            expect([answer.status, answer.code], JSON.stringify(spec)).to.deep.equal([501, "NotImplemented"]);
        }
        expect(cloud.send({ method: "PATCH", bucket: "photos" }).code).to.equal("MethodNotAllowed");
    });
});
