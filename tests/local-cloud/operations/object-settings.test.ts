import { expect } from "chai";
import { CoreUnderTest, refusal } from "../core-under-test";

describe("ACLs, tags, classes and links of objects", () => {
    let cloud: CoreUnderTest;

    beforeEach(() => {
        cloud = new CoreUnderTest();
        cloud.bucket("photos");
    });

    const at = { bucket: "photos", key: "a" };

    function put(headers: Record<string, string> = {}, body = "hello") {
        return cloud.send({ ...at, method: "PUT", headers }, body);
    }

    function head(key = "a") {
        return cloud.send({ bucket: "photos", key, method: "HEAD" }).headers;
    }

    it("gives an object's own ACL precedence over its bucket's", () => {
        put({ "x-oss-object-acl": "public-read" });
        const anonymous = () => cloud.send({ ...at, scheme: "anonymous" }).status;
        expect(anonymous()).to.equal(200);
        const grant = () => cloud.send({ ...at, query: { acl: "" } }).elements.get("AccessControlList/Grant");
        expect(grant()).to.equal("public-read");
        const set = (acl: string) =>
            cloud.send({ ...at, method: "PUT", query: { acl: "" }, headers: { "x-oss-object-acl": acl } });
        expect(set("default").status).to.equal(200);
        expect([grant(), anonymous()]).to.deep.equal(["default", 403]);
        cloud.send({ method: "PUT", bucket: "photos", query: { acl: "" }, headers: { "x-oss-acl": "public-read" } });
        expect(anonymous()).to.equal(200);
        set("private");
        expect(anonymous()).to.equal(403);
        expect(refusal(set("secret"))).to.deep.equal({ status: 400, code: "InvalidArgument" });
    });

    it("keeps tags from the header and from PutObjectTagging", () => {
        put({ "x-oss-tagging": "stage=production&owner=a%2Bb" });
        const tags = () => {
            const { text } = cloud.send({ ...at, query: { tagging: "" } });
            return [...text.matchAll(/<Key>(.*?)<\/Key>\s*<Value>(.*?)<\/Value>/g)].map(([, key, value]) => [
                key,
                value,
            ]);
        };
        expect(tags()).to.deep.equal([
            ["stage", "production"],
            ["owner", "a+b"],
        ]);
        expect(head().get("x-oss-tagging-count")).to.equal("2");
        const body = "<Tagging><TagSet><Tag><Key>k</Key><Value>v</Value></Tag></TagSet></Tagging>";
        expect(cloud.send({ ...at, method: "PUT", query: { tagging: "" } }, body).status).to.equal(200);
        expect(tags()).to.deep.equal([["k", "v"]]);
        expect(cloud.send({ ...at, method: "DELETE", query: { tagging: "" } }).status).to.equal(204);
        expect(tags()).to.deep.equal([]);
        expect(refusal(put({ "x-oss-tagging": "a=1&a=2" }))).to.include({ status: 400, code: "InvalidTag" });
    });

    it("reads an archived object only while it is restored", () => {
        put({ "x-oss-storage-class": "Archive" });
        expect(head().get("x-oss-storage-class")).to.equal("Archive");
        const read = () => refusal(cloud.send(at));
        const restore = () => cloud.send({ ...at, method: "POST", query: { restore: "" } });
        expect(read()).to.include({ status: 403, code: "InvalidObjectState" });
        expect(restore().status).to.equal(202);
        expect(head().get("x-oss-restore")).to.equal('ongoing-request="true"');
        expect(refusal(restore())).to.deep.equal({ status: 409, code: "RestoreAlreadyInProgress" });
        expect(read().code).to.equal("InvalidObjectState");
        cloud.now += 60_000;
        expect(head().get("x-oss-restore")).to.match(/^ongoing-request="false", expiry-date=".+ GMT"$/);
        expect(read().status).to.equal(200);
        expect(restore().status).to.equal(200);
        cloud.now += 2 * 24 * 3_600_000;
        expect(head().has("x-oss-restore")).to.equal(false);
        expect(read().code).to.equal("InvalidObjectState");
    });

    it("rejects the restoration of an object that needs none, and an unknown class", () => {
        put();
        const answer = cloud.send({ ...at, method: "POST", query: { restore: "" } });
        expect(refusal(answer)).to.deep.equal({ status: 400, code: "OperationNotSupported" });
        expect(refusal(put({ "x-oss-storage-class": "Glacier" }))).to.deep.equal({
            status: 400,
            code: "InvalidArgument",
        });
    });

    it("follows a symbolic link to its target, once", () => {
        put();
        const link = (key: string, target: string) =>
            cloud.send({
                method: "PUT",
                bucket: "photos",
                key,
                query: { symlink: "" },
                headers: { "x-oss-symlink-target": target },
            });
        expect(link("link", "a").status).to.equal(200);
        const read = cloud.send({ bucket: "photos", key: "link" });
        expect([read.text, read.headers.get("x-oss-object-type")]).to.deep.equal(["hello", "Symlink"]);
        const named = cloud.send({ bucket: "photos", key: "link", query: { symlink: "" } });
        expect(named.headers.get("x-oss-symlink-target")).to.equal("a");
        link("second", "link");
        expect(refusal(cloud.send({ bucket: "photos", key: "second" }))).to.include({ code: "InvalidTargetType" });
        link("broken", "missing");
        expect(refusal(cloud.send({ bucket: "photos", key: "broken" }))).to.include({ code: "SymlinkTargetNotExist" });
        expect(refusal(cloud.send({ ...at, query: { symlink: "" } }))).to.include({ status: 400, code: "NotSymlink" });
    });
});
