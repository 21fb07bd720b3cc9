import { expect } from "chai";
import { CoreUnderTest, refusal } from "../core-under-test";

const kmsHeaders = { "x-oss-server-side-encryption": "KMS", "x-oss-server-side-encryption-key-id": "key-1" };
const partBytes = 100 * 1024;

describe("copies, appends and multipart uploads", () => {
    let cloud: CoreUnderTest;

    beforeEach(() => {
        cloud = new CoreUnderTest();
        cloud.bucket("photos");
        cloud.bucket("fotos");
    });

    function rule(bucket: string, algorithm: "SM4" | "AES256" | "KMS") {
        const found = cloud.state.buckets.get(bucket);
        if (found !== undefined) {
            cloud.state.bucketTable.update(found, { encryption: { sseAlgorithm: algorithm } });
        }
    }

    function algorithmOf(bucket: string, key: string) {
        return cloud.send({ method: "HEAD", bucket, key }).headers.get("x-oss-server-side-encryption");
    }

    function copy(source: string, headers: Record<string, string> = {}) {
        return cloud.send({
            method: "PUT",
            bucket: "fotos",
            key: "copy",
            headers: { "x-oss-copy-source": source, ...headers },
        });
    }

    describe("CopyObject", () => {
        beforeEach(() => {
            rule("photos", "SM4");
            const headers = { "x-oss-meta-author": "me", "content-type": "text/plain" };
            cloud.send({ method: "PUT", bucket: "photos", key: "a b/\u00fc", headers }, "hello");
        });

        it("encrypts by the target's default, not by the source's", () => {
            expect(algorithmOf("photos", "a b/\u00fc")).to.equal("SM4");
            const answer = copy(`/photos/${encodeURIComponent("a b/\u00fc")}`);
            expect([answer.status, answer.elements.get("ETag")]).to.deep.equal([
                200,
                '"5D41402ABC4B2A76B9719D911017C592"',
            ]);
            expect(algorithmOf("fotos", "copy")).to.equal(undefined);
            rule("fotos", "AES256");
            copy("/photos/a%20b/%C3%BC");
            expect(algorithmOf("fotos", "copy")).to.equal("AES256");
            expect(copy("photos/a%20b/%C3%BC", kmsHeaders).headers.get("x-oss-server-side-encryption")).to.equal("KMS");
        });

        it("keeps the metadata unless they are to be replaced", () => {
            copy("/photos/a%20b/%C3%BC", { "x-oss-meta-author": "you" });
            const head = () => cloud.send({ method: "HEAD", bucket: "fotos", key: "copy" }).headers;
            expect(head().get("x-oss-meta-author")).to.equal("me");
            copy("/photos/a%20b/%C3%BC", { "x-oss-metadata-directive": "REPLACE", "x-oss-meta-author": "you" });
            expect([head().get("x-oss-meta-author"), head().get("content-type")]).to.deep.equal(["you", "text/plain"]);
        });

        it("rejects a source that is missing, unnamed, or not readable by the caller", () => {
            cloud.send({ method: "PUT", bucket: "strangers", accessKeyId: "stranger-id", secret: "stranger-secret" });
            expect(refusal(copy("/photos/missing"))).to.include({ status: 404, code: "NoSuchKey" });
            expect(refusal(copy("/missing/a"))).to.include({ status: 404, code: "NoSuchBucket" });
            expect(refusal(copy("photos"))).to.include({ status: 400, code: "InvalidArgument" });
            expect(refusal(copy("/photos/%FF"))).to.include({ status: 400, code: "InvalidArgument" });
            expect(refusal(copy("/strangers/a"))).to.include({ status: 403, code: "AccessDenied" });
            expect(refusal(copy("/photos/a%20b/%C3%BC", { "x-oss-copy-source-if-match": "other" }))).to.include({
                status: 412,
                code: "PreconditionFailed",
            });
        });
    });

    describe("AppendObject", () => {
        const append = (position: string, body: string, headers: Record<string, string> = {}) =>
            cloud.send(
                { method: "POST", bucket: "photos", key: "log", query: { append: "", position }, headers },
                body,
            );

        it("grows the object, with the encryption of its first part", () => {
            expect(append("0", "one", kmsHeaders).headers.get("x-oss-next-append-position")).to.equal("3");
            rule("photos", "SM4");
            const second = append("3", "two");
            expect([second.status, second.headers.get("x-oss-server-side-encryption")]).to.deep.equal([200, "KMS"]);
            const got = cloud.send({ bucket: "photos", key: "log" });
            expect([got.text, got.headers.get("x-oss-object-type")]).to.deep.equal(["onetwo", "Appendable"]);
        });

        it("rejects another position, and an object that is not appendable", () => {
            append("0", "one");
            expect(refusal(append("2", "x"))).to.deep.equal({ status: 409, code: "PositionNotEqualToLength" });
            expect(refusal(append("-1", "x"))).to.deep.equal({ status: 400, code: "InvalidArgument" });
            cloud.send({ method: "PUT", bucket: "photos", key: "log" }, "one");
            expect(refusal(append("3", "x"))).to.deep.equal({ status: 409, code: "ObjectNotAppendable" });
        });
    });

    describe("multipart upload", () => {
        const at = (query: Record<string, string>) => ({ bucket: "photos", key: "big", query });

        function initiate(headers: Record<string, string> = {}): string {
            const answer = cloud.send({ ...at({ uploads: "" }), method: "POST", headers });
            return answer.elements.get("UploadId") ?? "";
        }

        function part(uploadId: string, partNumber: number, body: string, headers: Record<string, string> = {}) {
            const query = { partNumber: String(partNumber), uploadId };
            return cloud.send({ ...at(query), method: "PUT", headers }, body);
        }

        function complete(uploadId: string, parts: [number, string | undefined][]) {
            const list = parts.map(
                ([number, etag]) => `<Part><PartNumber>${number}</PartNumber><ETag>${etag}</ETag></Part>`,
            );
            const body = `<CompleteMultipartUpload>${list.join("")}</CompleteMultipartUpload>`;
            return cloud.send({ ...at({ uploadId }), method: "POST" }, body);
        }

        it("makes one object of its parts, with the encryption that held when it began", () => {
            rule("photos", "SM4");
            const id = initiate();
            rule("photos", "AES256");
            const second = part(id, 2, "end").headers.get("etag");
            const first = part(id, 1, "a".repeat(partBytes)).headers.get("etag");
            const parts = cloud.send(at({ uploadId: id }));
            expect([parts.elements.get("Part/PartNumber"), parts.elements.get("IsTruncated")]).to.deep.equal([
                "2",
                "false",
            ]);
            const done = complete(id, [
                [1, first],
                [2, second],
            ]);
            expect([done.status, done.elements.get("Key")]).to.deep.equal([200, "big"]);
            expect(done.elements.get("ETag")).to.match(/^"[0-9A-F]{32}-2"$/);
            const got = cloud.send({ bucket: "photos", key: "big" });
            expect(got.text).to.equal(`${"a".repeat(partBytes)}end`);
            expect(got.headers.get("x-oss-server-side-encryption")).to.equal("SM4");
            expect(got.headers.get("x-oss-object-type")).to.equal("Multipart");
            expect(refusal(cloud.send(at({ uploadId: id })))).to.deep.equal({
                status: 404,
                code: "NoSuchUpload",
                ec: "0042-00000002",
            });
        });

        it("is listed until it is aborted, and keeps its bucket from being deleted", () => {
            const id = initiate();
            const listed = cloud.send({ bucket: "photos", query: { uploads: "" } });
            expect(listed.elements.get("Upload/UploadId")).to.equal(id);
            const remove = () => cloud.send({ method: "DELETE", bucket: "photos" });
            expect(remove().code).to.equal("BucketNotEmpty");
            expect(cloud.send({ ...at({ uploadId: id }), method: "DELETE" }).status).to.equal(204);
            expect(remove().status).to.equal(204);
        });

        it("rejects wrong, unordered and too small parts, and encryption headers on a part", () => {
            const id = initiate();
            const small = part(id, 1, "a").headers.get("etag");
            const end = part(id, 2, "b").headers.get("etag");
            expect(complete(id, [[1, "wrong"]]).code).to.equal("InvalidPart");
            expect(complete(id, [[3, small ?? ""]]).code).to.equal("InvalidPart");
            expect(
                complete(id, [
                    [2, end],
                    [1, small],
                ]).code,
            ).to.equal("InvalidPartOrder");
            expect(
                complete(id, [
                    [1, small],
                    [2, end],
                ]).code,
            ).to.equal("EntityTooSmall");
            expect(part(id, 0, "a").code).to.equal("InvalidArgument");
            expect(part(id, 10_001, "a").code).to.equal("InvalidArgument");
            expect(part("nowhere", 1, "a").code).to.equal("NoSuchUpload");
            expect(refusal(part(id, 1, "a", { "x-oss-server-side-encryption": "AES256" }))).to.deep.equal({
                status: 400,
                code: "InvalidArgument",
                ec: "0005-00000002",
            });
        });

        it("takes parts out of other objects", () => {
            cloud.send({ method: "PUT", bucket: "fotos", key: "source" }, "0123456789");
            const id = initiate();
            const headers = { "x-oss-copy-source": "/fotos/source", "x-oss-copy-source-range": "bytes=2-4" };
            const copied = part(id, 1, "", headers);
            expect(copied.status).to.equal(200);
            complete(id, [[1, copied.elements.get("ETag")]]);
            expect(cloud.send({ bucket: "photos", key: "big" }).text).to.equal("234");
        });
    });

    it("does not overwrite an object with x-oss-forbid-overwrite", () => {
        const put = () =>
            cloud.send({ method: "PUT", bucket: "photos", key: "a", headers: { "x-oss-forbid-overwrite": "true" } });
        expect(put().status).to.equal(200);
        expect(refusal(put())).to.deep.equal({ status: 409, code: "FileAlreadyExists" });
    });

    it("is no call of STS when a form is sent to a bucket's host", () => {
        const headers = { "content-type": "application/x-www-form-urlencoded" };
        const host = "photos.oss-cn-hangzhou.aliyuncs.com";
        const spec = { method: "POST", bucket: "photos", query: { delete: "" }, headers, host };
        expect(cloud.send(spec, "<Delete></Delete>").code).to.equal("MalformedXML");
    });

    it("deletes many objects at once", () => {
        for (const key of ["a", "b", "c"]) {
            cloud.send({ method: "PUT", bucket: "photos", key });
        }
        const remove = (body: string) => cloud.send({ method: "POST", bucket: "photos", query: { delete: "" } }, body);
        const list = "<Object><Key>a</Key></Object><Object><Key>missing</Key></Object>";
        expect(remove(`<Delete><Quiet>false</Quiet>${list}</Delete>`).elements.get("Deleted/Key")).to.equal("missing");
        expect(remove("<Delete><Quiet>true</Quiet><Object><Key>b</Key></Object></Delete>").text).not.to.contain(
            "<Key>",
        );
        expect([...(cloud.state.buckets.get("photos")?.objects.keys() ?? [])]).to.deep.equal(["c"]);
        cloud.send({ method: "PUT", bucket: "photos", key: " c" });
        remove("<Delete><Object><Key> c</Key></Object></Delete>");
        expect([...(cloud.state.buckets.get("photos")?.objects.keys() ?? [])]).to.deep.equal(["c"]);
        expect(remove("<Delete></Delete>").code).to.equal("MalformedXML");
    });
});
