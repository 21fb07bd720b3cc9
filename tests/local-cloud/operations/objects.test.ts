import { createHash } from "node:crypto";
import { expect } from "chai";
import type { EncryptionRule } from "../../../lib/local-cloud/cloud/encryption-rule";
import { type Answer, asStranger, CoreUnderTest, refusal } from "../core-under-test";

const testObject = { bucket: "photos", key: "a.txt" };
const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The three headers about encryption, those that are there. */
function encryptionOf({ headers }: Answer): Record<string, string> {
    const names = [
        "x-oss-server-side-encryption",
        "x-oss-server-side-encryption-key-id",
        "x-oss-server-side-data-encryption",
    ];
    return Object.fromEntries(names.flatMap((name) => (headers.has(name) ? [[name, headers.get(name) ?? ""]] : [])));
}

describe("objects", () => {
    let cloud: CoreUnderTest;

    beforeEach(() => {
        cloud = new CoreUnderTest();
        cloud.bucket("photos");
    });

    function setRule(rule: EncryptionRule | undefined) {
        const bucket = cloud.state.buckets.get("photos");
        if (bucket !== undefined) {
            cloud.state.bucketTable.update(bucket, { encryption: rule });
        }
    }

    function put(headers: Record<string, string> = {}, body = "hello") {
        return cloud.send({ ...testObject, method: "PUT", headers }, body);
    }

    it("returns a stored object with its headers", () => {
        const headers = { "content-type": "text/plain", "cache-control": "no-cache", "x-oss-meta-author": "Zo\u00eb" };
        const etag = `"${createHash("md5").update("hello").digest("hex").toUpperCase()}"`;
        expect(put(headers).headers.get("etag")).to.equal(etag);
        for (const method of ["GET", "HEAD"]) {
            const answer = cloud.send({ ...testObject, method });
            expect(answer.status).to.equal(200);
            expect(answer.text).to.equal(method === "GET" ? "hello" : "");
            expect(Object.fromEntries(answer.headers)).to.deep.include({
                ...headers,
                etag,
                "content-length": "5",
                "last-modified": "Mon, 23 Nov 2026 12:00:00 GMT",
                "x-oss-object-type": "Normal",
                "x-oss-storage-class": "Standard",
            });
        }
    });

    it("deletes an object, and deletes it again", () => {
        put();
        for (const _ of [1, 2]) {
            expect(cloud.send({ ...testObject, method: "DELETE" }).status).to.equal(204);
        }
        expect(refusal(cloud.send(testObject))).to.deep.equal({ status: 404, code: "NoSuchKey", ec: "0026-00000001" });
    });

    it("reports the error of a HEAD in a header", () => {
        const answer = cloud.send({ ...testObject, method: "HEAD" });
        expect(answer.text).to.equal("");
        expect(answer.headers.get("x-oss-ec")).to.equal("0026-00000001");
        expect(refusal(answer)).to.deep.equal({ status: 404, code: "NoSuchKey", ec: "0026-00000001" });
    });

    const rules: [string, EncryptionRule | undefined, Record<string, string>][] = [
        ["no rule", undefined, {}],
        ["AES256", { sseAlgorithm: "AES256" }, { "x-oss-server-side-encryption": "AES256" }],
        ["SM4", { sseAlgorithm: "SM4" }, { "x-oss-server-side-encryption": "SM4" }],
        [
            "KMS with a given key and SM4",
            { sseAlgorithm: "KMS", kmsMasterKeyId: "key-1", kmsDataEncryption: "SM4" },
            {
                "x-oss-server-side-encryption": "KMS",
                "x-oss-server-side-encryption-key-id": "key-1",
                "x-oss-server-side-data-encryption": "SM4",
            },
        ],
    ];
    for (const [title, rule, expected] of rules) {
        it(`carries the encryption of the bucket's rule: ${title}`, () => {
            setRule(rule);
            for (const answer of [put(), cloud.send(testObject), cloud.send({ ...testObject, method: "HEAD" })]) {
                expect(encryptionOf(answer)).to.deep.equal(expected);
            }
        });
    }

    it("names the service's key when the rule names none, always the same in one account and region", () => {
        setRule({ sseAlgorithm: "KMS" });
        const first = encryptionOf(put());
        expect(first["x-oss-server-side-encryption-key-id"]).to.match(uuidPattern);
        expect(encryptionOf(put())).to.deep.equal(first);
        cloud.bucket("elsewhere", "cn-beijing");
        const headers = { "x-oss-server-side-encryption": "KMS" };
        const other = cloud.send({ bucket: "elsewhere", key: "a", method: "PUT", region: "cn-beijing", headers });
        expect(encryptionOf(other)["x-oss-server-side-encryption-key-id"])
            .to.match(uuidPattern)
            .and.not.equal(first["x-oss-server-side-encryption-key-id"]);
    });

    it("keeps an object's encryption when the rule changes", () => {
        setRule({ sseAlgorithm: "KMS", kmsMasterKeyId: "key-1" });
        const before = encryptionOf(put());
        setRule({ sseAlgorithm: "SM4" });
        expect(encryptionOf(cloud.send(testObject))).to.deep.equal(before);
        setRule(undefined);
        expect(encryptionOf(cloud.send(testObject))).to.deep.equal(before);
        expect(encryptionOf(put())).to.deep.equal({});
    });

    it("gives a request's own encryption precedence over the rule", () => {
        setRule({ sseAlgorithm: "KMS", kmsMasterKeyId: "key-1", kmsDataEncryption: "SM4" });
        const answer = put({ "x-oss-server-side-encryption": "AES256" });
        expect(encryptionOf(answer)).to.deep.equal({ "x-oss-server-side-encryption": "AES256" });
    });

    it("ignores a key id beside another algorithm than KMS", () => {
        const headers = { "x-oss-server-side-encryption": "AES256", "x-oss-server-side-encryption-key-id": "key-1" };
        expect(encryptionOf(put(headers))).to.deep.equal({ "x-oss-server-side-encryption": "AES256" });
    });

    it("takes data encryption without KMS and drops it", () => {
        const dataEncryption = { "x-oss-server-side-data-encryption": "SM4" };
        expect(encryptionOf(put(dataEncryption))).to.deep.equal({});
        const answer = put({ ...dataEncryption, "x-oss-server-side-encryption": "SM4" });
        expect(encryptionOf(answer)).to.deep.equal({ "x-oss-server-side-encryption": "SM4" });
    });

    const refusedHeaders: [string, Record<string, string>, object][] = [
        [
            "an unknown algorithm",
            { "x-oss-server-side-encryption": "DES" },
            { status: 400, code: "InvalidEncryptionAlgorithmError", ec: "0005-00000003" },
        ],
        [
            "an empty key id",
            { "x-oss-server-side-encryption": "KMS", "x-oss-server-side-encryption-key-id": "" },
            { status: 400, code: "InvalidArgument", ec: "0005-00000205" },
        ],
        [
            "a key id without an algorithm",
            { "x-oss-server-side-encryption-key-id": "key-1" },
            { status: 400, code: "InvalidArgument", ec: "0005-00000204" },
        ],
        [
            "data encryption other than SM4",
            { "x-oss-server-side-encryption": "KMS", "x-oss-server-side-data-encryption": "AES256" },
            { status: 400, code: "InvalidArgument", ec: "0005-00000203" },
        ],
        ["a wrong Content-MD5", { "content-md5": "AAAAAAAAAAAAAAAAAAAAAA==" }, { status: 400, code: "InvalidDigest" }],
    ];
    for (const [title, headers, expected] of refusedHeaders) {
        it(`rejects ${title}, and stores nothing`, () => {
            expect(refusal(put(headers))).to.deep.equal(expected);
            expect(cloud.state.buckets.get("photos")?.objects.size).to.equal(0);
        });
    }

    it("rejects encryption headers on operations that write no object", () => {
        put();
        for (const method of ["GET", "HEAD", "DELETE"]) {
            const answer = cloud.send({ ...testObject, method, headers: { "x-oss-server-side-encryption": "AES256" } });
            expect(refusal(answer)).to.deep.equal({ status: 400, code: "InvalidArgument", ec: "0005-00000002" });
        }
    });

    it("rejects invalid object names", () => {
        for (const key of ["/leading", "\\leading", "k".repeat(1024)]) {
            const answer = cloud.send({ bucket: "photos", key, method: "PUT" });
            expect([answer.status, answer.code], key).to.deep.equal([400, "InvalidObjectName"]);
        }
        expect(cloud.send({ bucket: "photos", key: "k".repeat(1023), method: "PUT" }).status).to.equal(200);
    });

    it("lets only the owner read and write the objects of a private bucket", () => {
        put();
        for (const method of ["GET", "HEAD", "PUT", "DELETE"]) {
            for (const caller of [asStranger, { scheme: "anonymous" as const }]) {
                expect(refusal(cloud.send({ ...testObject, ...caller, method }))).to.deep.equal({
                    status: 403,
                    code: "AccessDenied",
                    ec: "0003-00000001",
                });
            }
        }
    });

    it("lets every caller read public objects, and write those of a public-read-write bucket", () => {
        put();
        const statuses = (acl: string) => {
            cloud.send({ method: "PUT", bucket: "photos", headers: { "x-oss-acl": acl } });
            const anonymous = { ...testObject, scheme: "anonymous" as const };
            return ["GET", "PUT"].map((method) => cloud.send({ ...anonymous, method }, "hello").status);
        };
        expect(statuses("public-read")).to.deep.equal([200, 403]);
        expect(statuses("public-read-write")).to.deep.equal([200, 200]);
        const list = cloud.send({ scheme: "anonymous", bucket: "photos", query: { "list-type": "2" } });
        expect(list.status).to.equal(403);
    });
});
