import { expect } from "chai";
import { crc64 } from "../../../lib/local-cloud/cloud/crc64";
import { CoreUnderTest } from "../core-under-test";

/** The check value of CRC-64/XZ for "123456789", 0x995DC9BBDF1939FA. */
const digits = "123456789";
const digitsChecksum = "11051210869376104954";

describe("CRC64 of objects", () => {
    let cloud: CoreUnderTest;

    beforeEach(() => {
        cloud = new CoreUnderTest();
        cloud.bucket("photos");
    });

    const at = { bucket: "photos", key: "a" };

    it("is the published check value", () => {
        expect(crc64(Buffer.from(digits))).to.equal(digitsChecksum);
        expect(crc64(new Uint8Array())).to.equal("0");
    });

    it("comes with put, get, head, range reads and metadata", () => {
        for (const spec of [
            { ...at, method: "PUT" },
            { ...at, method: "GET" },
            { ...at, method: "HEAD" },
            { ...at, method: "GET", headers: { range: "bytes=0-1" } },
            { ...at, method: "HEAD", query: { objectMeta: "" } },
        ]) {
            const { headers } = cloud.send(spec, spec.method === "PUT" ? digits : "");
            expect(headers.get("x-oss-hash-crc64ecma"), JSON.stringify(spec)).to.equal(digitsChecksum);
        }
    });

    it("is that of the whole object after an append, also when the position is wrong", () => {
        const append = (position: string, body: string) =>
            cloud.send({ ...at, method: "POST", query: { append: "", position } }, body);
        append("0", "1234");
        expect(append("4", "56789").headers.get("x-oss-hash-crc64ecma")).to.equal(digitsChecksum);
        const wrong = append("4", "x");
        expect([wrong.code, wrong.headers.get("x-oss-next-append-position")]).to.deep.equal([
            "PositionNotEqualToLength",
            "9",
        ]);
        expect(wrong.headers.get("x-oss-hash-crc64ecma")).to.equal(digitsChecksum);
    });

    it("comes with parts, copied parts and the completed upload", () => {
        cloud.send({ bucket: "photos", key: "source", method: "PUT" }, digits);
        const uploadId = cloud.send({ ...at, method: "POST", query: { uploads: "" } }).elements.get("UploadId") ?? "";
        const query = { uploadId, partNumber: "1" };
        const part = cloud.send({ ...at, method: "PUT", query }, digits);
        const copied = cloud.send({
            ...at,
            method: "PUT",
            query: { uploadId, partNumber: "2" },
            headers: { "x-oss-copy-source": "/photos/source" },
        });
        expect(copied.headers.get("etag")).to.equal(part.headers.get("etag"));
        const body = `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>${part.headers.get("etag")}</ETag></Part></CompleteMultipartUpload>`;
        const complete = cloud.send({ ...at, method: "POST", query: { uploadId } }, body);
        for (const answer of [part, copied, complete]) {
            expect(answer.headers.get("x-oss-hash-crc64ecma")).to.equal(digitsChecksum);
        }
    });
});
