import { expect } from "chai";
import { CoreUnderTest } from "../core-under-test";

const testObject = { bucket: "photos", key: "a" };

describe("conditions and ranges", () => {
    let cloud: CoreUnderTest;
    let etag: string;

    beforeEach(() => {
        cloud = new CoreUnderTest();
        cloud.bucket("photos");
        etag = cloud.send({ ...testObject, method: "PUT" }, "0123456789").headers.get("etag") ?? "";
    });

    const read = (headers: Record<string, string>, method = "GET") => cloud.send({ ...testObject, method, headers });

    for (const [range, status, text, contentRange] of [
        ["bytes=0-3", 206, "0123", "bytes 0-3/10"],
        ["bytes=7-", 206, "789", "bytes 7-9/10"],
        ["bytes=-2", 206, "89", "bytes 8-9/10"],
        ["bytes=5-20", 200, "0123456789", undefined],
        ["bytes=20-30", 200, "0123456789", undefined],
        ["bytes=3-1", 200, "0123456789", undefined],
        ["bytes=a-b", 200, "0123456789", undefined],
        ["bytes=0-1,3-4", 200, "0123456789", undefined],
    ] as const) {
        it(`answers ${range} with ${status}`, () => {
            const answer = read({ range });
            expect([answer.status, answer.text, answer.headers.get("content-range")]).to.deep.equal([
                status,
                text,
                contentRange,
            ]);
        });
    }

    it("follows the standard for ranges on request", () => {
        const standard = { "x-oss-range-behavior": "standard" };
        expect(read({ range: "bytes=5-20", ...standard }).text).to.equal("56789");
        expect(read({ range: "bytes=20-30", ...standard }).code).to.equal("InvalidRange");
    });

    it("answers conditions with 304 and 412", () => {
        const before = new Date(cloud.now - 60_000).toUTCString();
        const now = new Date(cloud.now).toUTCString();
        for (const method of ["GET", "HEAD"]) {
            expect(read({ "if-match": etag }, method).status).to.equal(200);
            expect(read({ "if-match": '"other"' }, method).code).to.equal("PreconditionFailed");
            expect(read({ "if-none-match": etag }, method).status).to.equal(304);
            expect(read({ "if-none-match": '"other"' }, method).status).to.equal(200);
            expect(read({ "if-modified-since": now }, method).status).to.equal(304);
            expect(read({ "if-modified-since": before }, method).status).to.equal(200);
            expect(read({ "if-unmodified-since": before }, method).status).to.equal(412);
            expect(read({ "if-unmodified-since": now }, method).status).to.equal(200);
        }
    });

    it("answers with the headers that the query asks for, to signed requests only", () => {
        const query = { "response-content-type": "text/html" };
        expect(cloud.send({ ...testObject, query }).headers.get("content-type")).to.equal("text/html");
        cloud.send({ method: "PUT", bucket: "photos", query: { acl: "" }, headers: { "x-oss-acl": "public-read" } });
        expect(cloud.send({ ...testObject, scheme: "anonymous" }).text).to.equal("0123456789");
        expect(cloud.send({ ...testObject, query, scheme: "anonymous" }).code).to.equal("InvalidArgument");
    });

    it("returns an object's size without its headers", () => {
        const { status, headers } = cloud.send({ ...testObject, method: "HEAD", query: { objectMeta: "" } });
        expect([status, headers.get("content-length"), headers.get("content-type")]).to.deep.equal([
            200,
            "10",
            undefined,
        ]);
    });
});
