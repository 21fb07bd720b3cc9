import { expect } from "chai";
import { CoreUnderTest, refusal } from "../core-under-test";

describe("copies of objects as documented", () => {
    let cloud: CoreUnderTest;

    beforeEach(() => {
        cloud = new CoreUnderTest(undefined, { gigabyte: 10 });
        cloud.bucket("photos");
        cloud.bucket("fotos");
    });

    const source = { bucket: "photos", key: "a" };

    function put(headers: Record<string, string> = {}, body = "hello") {
        cloud.send({ ...source, method: "PUT", headers }, body);
    }

    function copy(headers: Record<string, string> = {}, target = source) {
        const given = { "x-oss-copy-source": "/photos/a", ...headers };
        return cloud.send({ ...target, method: "PUT", headers: given });
    }

    function head(target = source) {
        return cloud.send({ ...target, method: "HEAD" }).headers;
    }

    it("loses the metadata of an object that is copied onto itself without versions, except its type, unless they are sent again", () => {
        const metadata = { "x-oss-meta-author": "me", "content-type": "text/plain", "cache-control": "no-cache" };
        put(metadata);
        copy({ "x-oss-metadata-directive": "COPY" });
        expect(head().has("x-oss-meta-author")).to.equal(false);
        expect(head().has("cache-control")).to.equal(false);
        expect(head().get("content-type")).to.equal("text/plain");
        copy(metadata);
        expect([head().get("x-oss-meta-author"), head().get("cache-control")]).to.deep.equal(["me", "no-cache"]);
    });

    it("keeps the metadata of an object that is copied onto itself in a bucket with versions", () => {
        put({ "x-oss-meta-author": "me" });
        const enabled = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>";
        cloud.send({ method: "PUT", bucket: "photos", query: { versioning: "" } }, enabled);
        copy();
        expect(head().get("x-oss-meta-author")).to.equal("me");
    });

    it("gives the copy the default ACL and the class Standard, and keeps the tags", () => {
        put({ "x-oss-object-acl": "public-read", "x-oss-storage-class": "IA", "x-oss-tagging": "a=1" });
        copy();
        const acl = cloud.send({ ...source, query: { acl: "" } }).elements.get("AccessControlList/Grant");
        expect([acl, head().get("x-oss-storage-class"), head().get("x-oss-tagging-count")]).to.deep.equal([
            "default",
            "Standard",
            "1",
        ]);
        copy({
            "x-oss-object-acl": "private",
            "x-oss-storage-class": "IA",
            "x-oss-tagging-directive": "Replace",
        });
        expect([head().get("x-oss-storage-class"), head().has("x-oss-tagging-count")]).to.deep.equal(["IA", false]);
    });

    it("takes one gigabyte where the encryption or the class changes, five between buckets, else any size", () => {
        put({}, "a".repeat(11));
        const target = { bucket: "fotos", key: "a" };
        expect(copy().status).to.equal(200);
        for (const change of [{ "x-oss-server-side-encryption": "AES256" }, { "x-oss-storage-class": "IA" }]) {
            expect(refusal(copy(change))).to.deep.equal({ status: 400, code: "EntityTooLarge" });
        }
        expect(copy({}, target).status).to.equal(200);
        put({}, "a".repeat(51));
        expect(refusal(copy({}, target))).to.deep.equal({ status: 400, code: "EntityTooLarge" });
        expect(copy().status).to.equal(200);
        put({}, "a".repeat(10));
        expect(copy({ "x-oss-server-side-encryption": "AES256" }).status).to.equal(200);
        expect(head().get("x-oss-server-side-encryption")).to.equal("AES256");
    });

    it("names the condition that does not hold", () => {
        put();
        const condition = (headers: Record<string, string>) => {
            const answer = copy(headers);
            return [answer.status, answer.elements.get("Condition")];
        };
        expect(condition({ "x-oss-copy-source-if-match": "other" })).to.deep.equal([412, "If-Match"]);
        expect(condition({ "x-oss-copy-source-if-unmodified-since": "Mon, 01 Jan 2001 00:00:00 GMT" })).to.deep.equal([
            412,
            "If-Unmodified-Since",
        ]);
        expect(copy({ "x-oss-copy-source-if-none-match": head().get("etag") ?? "" }).status).to.equal(304);
    });

    it("copies parts under conditions", () => {
        put();
        const at = { bucket: "photos", key: "big" };
        const uploadId = cloud.send({ ...at, method: "POST", query: { uploads: "" } }).elements.get("UploadId") ?? "";
        const copyPart = (etag: string) =>
            cloud.send({
                ...at,
                method: "PUT",
                query: { uploadId, partNumber: "1" },
                headers: { "x-oss-copy-source": "/photos/a", "x-oss-copy-source-if-match": etag },
            });
        expect(refusal(copyPart('"other"'))).to.deep.equal({ status: 412, code: "PreconditionFailed" });
        expect(copyPart(head().get("etag") ?? "").status).to.equal(200);
    });

    it("copies an archived object only while it is restored, and a link as a link without encryption", () => {
        put({ "x-oss-storage-class": "Archive" });
        expect(refusal(copy())).to.include({ status: 403, code: "InvalidObjectState" });
        put();
        const link = { bucket: "photos", key: "link" };
        cloud.send({ ...link, method: "PUT", query: { symlink: "" }, headers: { "x-oss-symlink-target": "a" } });
        const fromLink = { "x-oss-copy-source": "/photos/link" };
        expect(refusal(copy({ ...fromLink, "x-oss-server-side-encryption": "AES256" }))).to.include({
            status: 400,
            ec: "0005-00000002",
        });
        const other = { bucket: "photos", key: "other" };
        expect(copy(fromLink, other).status).to.equal(200);
        expect(head(other).get("x-oss-object-type")).to.equal("Symlink");
    });
});

describe("protection against overwriting", () => {
    let cloud: CoreUnderTest;

    beforeEach(() => {
        cloud = new CoreUnderTest();
        cloud.bucket("photos");
        cloud.send({ method: "PUT", bucket: "photos", key: "logs/a.txt" }, "hello");
    });

    function attempts(key: string) {
        const at = { bucket: "photos", key };
        return {
            put: refusal(cloud.send({ ...at, method: "PUT" }, "again")),
            copy: refusal(cloud.send({ ...at, method: "PUT", headers: { "x-oss-copy-source": `/photos/${key}` } })),
            remove: refusal(cloud.send({ ...at, method: "DELETE" })),
        };
    }

    it("refuses to overwrite or delete an object until its retention is over", () => {
        const worm = (method: string, query: Record<string, string>, body = "") =>
            cloud.send({ method, bucket: "photos", query }, body);
        const days = (root: string, count: number) =>
            `<${root}><RetentionPeriodInDays>${count}</RetentionPeriodInDays></${root}>`;
        expect(refusal(worm("GET", { worm: "" })).code).to.equal("NoSuchWORMConfiguration");
        const id = worm("POST", { worm: "" }, days("InitiateWormConfiguration", 1)).headers.get("x-oss-worm-id") ?? "";
        expect(worm("POST", { wormId: id }).status).to.equal(200);
        expect(refusal(worm("DELETE", { worm: "" })).code).to.equal("WORMConfigurationLocked");
        const immutable = { status: 409, code: "FileImmutable" };
        expect(attempts("logs/a.txt")).to.deep.equal({ put: immutable, copy: immutable, remove: immutable });
        expect(worm("POST", { wormExtend: "", wormId: id }, days("ExtendWormConfiguration", 2)).status).to.equal(200);
        expect(worm("GET", { worm: "" }).elements.get("RetentionPeriodInDays")).to.equal("2");
        cloud.now += 2 * 24 * 3_600_000;
        const { put, remove } = attempts("logs/a.txt");
        expect([put.status, remove.status]).to.deep.equal([200, 409]);
    });

    it("protects nothing after 24 hours by a retention policy that was not locked", () => {
        const query = { worm: "" };
        const days =
            "<InitiateWormConfiguration><RetentionPeriodInDays>30</RetentionPeriodInDays></InitiateWormConfiguration>";
        expect(cloud.send({ method: "POST", bucket: "photos", query }, days).status).to.equal(200);
        const versioning = () =>
            cloud.send(
                { method: "PUT", bucket: "photos", query: { versioning: "" } },
                "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>",
            );
        expect(refusal(versioning()).code).to.equal("OperationNotSupported");
        expect(attempts("logs/a.txt").put.code).to.equal("FileImmutable");
        cloud.now += 24 * 3_600_000;
        expect(attempts("logs/a.txt").put.status).to.equal(200);
        expect(versioning().status).to.equal(200);
    });

    it("refuses to overwrite the keys of an overwrite rule, for the rule's principals", () => {
        const set = (rule: string) =>
            cloud.send(
                { method: "PUT", bucket: "photos", query: { overwriteConfig: "" } },
                `<OverwriteConfiguration><Rule><Action>forbid</Action>${rule}</Rule></OverwriteConfiguration>`,
            ).status;
        expect(set("<ID>r</ID><Prefix>logs/</Prefix><Suffix>.txt</Suffix>")).to.equal(200);
        const read = () => cloud.send({ bucket: "photos", query: { overwriteConfig: "" } });
        expect(read().elements.get("Rule/Suffix")).to.equal(".txt");
        const exists = { status: 409, code: "FileAlreadyExists" };
        const { put, copy, remove } = attempts("logs/a.txt");
        expect([put, copy, remove.status]).to.deep.equal([exists, exists, 204]);
        cloud.send({ method: "PUT", bucket: "photos", key: "logs/a.txt" }, "new");
        set("<Principals><Principal>1000000000000009</Principal></Principals>");
        expect(attempts("logs/a.txt").put.status).to.equal(200);
        cloud.send({ method: "DELETE", bucket: "photos", query: { overwriteConfig: "" } });
        expect(read().status).to.equal(404);
    });
});
