import { expect } from "chai";
import { CoreUnderTest, refusal } from "../core-under-test";

describe("versions of objects", () => {
    let cloud: CoreUnderTest;

    beforeEach(() => {
        cloud = new CoreUnderTest();
        cloud.bucket("photos");
    });

    function setVersioning(status: "Enabled" | "Suspended") {
        return cloud.send(
            { method: "PUT", bucket: "photos", query: { versioning: "" } },
            `<VersioningConfiguration><Status>${status}</Status></VersioningConfiguration>`,
        );
    }

    function put(body: string, headers: Record<string, string> = {}) {
        return cloud.send({ method: "PUT", bucket: "photos", key: "a", headers }, body).headers.get("x-oss-version-id");
    }

    function get(versionId?: string, method = "GET") {
        const query = versionId === undefined ? {} : { versionId };
        return cloud.send({ method, bucket: "photos", key: "a", query });
    }

    function remove(versionId?: string) {
        return get(versionId, "DELETE");
    }

    /** `Version:<id>` and `DeleteMarker:<id>`, the latest with a star, in the order of the list. */
    function listed(query: Record<string, string> = {}): string[] {
        const { text } = cloud.send({ bucket: "photos", query: { versions: "", ...query } });
        return [...text.matchAll(/<(Version|DeleteMarker)>.*?<VersionId>(.*?)<.*?<IsLatest>(.*?)</gs)].map(
            ([, kind, id, isLatest]) => `${kind}:${id}${isLatest === "true" ? "*" : ""}`,
        );
    }

    describe("in a bucket without versioning", () => {
        it("has an empty configuration", () => {
            const answer = cloud.send({ bucket: "photos", query: { versioning: "" } });
            expect(answer.status).to.equal(200);
            expect([...answer.elements.keys()]).to.deep.equal([""]);
        });

        it("lists each object as its version null, which is the latest", () => {
            put("one");
            put("two");
            expect(listed()).to.deep.equal(["Version:null*"]);
        });

        it("reads and deletes the version null by its id, and knows no other", () => {
            put("one");
            expect(get("null").text).to.equal("one");
            expect(get("null", "HEAD").status).to.equal(200);
            expect(get("null").headers.has("x-oss-version-id")).to.equal(false);
            expect(refusal(get("CAEQ1"))).to.deep.equal({ status: 404, code: "NoSuchVersion" });
            expect(remove("CAEQ1").status).to.equal(204);
            expect(get().text).to.equal("one");
            expect(remove("null").status).to.equal(204);
            expect(refusal(get())).to.include({ status: 404, code: "NoSuchKey" });
            expect(listed()).to.deep.equal([]);
        });
    });

    it("keeps every version while versioning is enabled, with the object from before as null", () => {
        put("before");
        expect(setVersioning("Enabled").status).to.equal(200);
        expect(cloud.send({ bucket: "photos", query: { versioning: "" } }).elements.get("Status")).to.equal("Enabled");
        expect(cloud.send({ bucket: "photos", query: { bucketInfo: "" } }).elements.get("Bucket/Versioning")).to.equal(
            "Enabled",
        );
        const first = put("one");
        const second = put("two");
        expect(listed()).to.deep.equal([`Version:${second}*`, `Version:${first}`, "Version:null"]);
        expect([get().text, get(first).text, get("null").text]).to.deep.equal(["two", "one", "before"]);
        expect(get().headers.get("x-oss-version-id")).to.equal(second);
        remove(second);
        expect(get().text).to.equal("one");
    });

    it("hides a deleted object behind a marker, and shows it again when the marker is deleted", () => {
        setVersioning("Enabled");
        const version = put("one");
        const marked = remove();
        expect(marked.headers.get("x-oss-delete-marker")).to.equal("true");
        const marker = marked.headers.get("x-oss-version-id");
        expect(listed()).to.deep.equal([`DeleteMarker:${marker}*`, `Version:${version}`]);
        const gone = get();
        expect(refusal(gone)).to.include({ status: 404, code: "NoSuchKey" });
        expect(gone.headers.get("x-oss-delete-marker")).to.equal("true");
        expect(refusal(get(marker))).to.include({ status: 405, code: "MethodNotAllowed" });
        expect(cloud.send({ bucket: "photos", query: { "list-type": "2" } }).elements.get("KeyCount")).to.equal("0");
        expect(cloud.send({ method: "DELETE", bucket: "photos" }).code).to.equal("BucketNotEmpty");
        expect(remove(marker).headers.get("x-oss-delete-marker")).to.equal("true");
        expect(get().text).to.equal("one");
    });

    it("writes the version null while versioning is suspended, and keeps the others", () => {
        setVersioning("Enabled");
        const kept = put("one");
        setVersioning("Suspended");
        expect(put("two")).to.equal("null");
        expect(put("three")).to.equal("null");
        expect(listed()).to.deep.equal(["Version:null*", `Version:${kept}`]);
        expect(remove().headers.get("x-oss-version-id")).to.equal("null");
        expect(listed()).to.deep.equal(["DeleteMarker:null*", `Version:${kept}`]);
    });

    it("pages through the versions of a key, and groups keys up to the delimiter", () => {
        setVersioning("Enabled");
        const ids = ["one", "two", "three"].map((body) => put(body));
        cloud.send({ method: "PUT", bucket: "photos", key: "b/c" }, "");
        const first = cloud.send({ bucket: "photos", query: { versions: "", "max-keys": "2", delimiter: "/" } });
        expect(first.elements.get("IsTruncated")).to.equal("true");
        expect(first.elements.get("NextVersionIdMarker")).to.equal(ids[1]);
        const query = {
            "key-marker": first.elements.get("NextKeyMarker") ?? "",
            "version-id-marker": first.elements.get("NextVersionIdMarker") ?? "",
            delimiter: "/",
        };
        expect(listed(query)).to.deep.equal([`Version:${ids[0]}`]);
        const rest = cloud.send({ bucket: "photos", query: { versions: "", ...query } });
        expect(rest.elements.get("CommonPrefixes/Prefix")).to.equal("b/");
    });

    it("copies a named version, and copies no delete marker", () => {
        setVersioning("Enabled");
        const first = put("one");
        put("two");
        const marker = remove().headers.get("x-oss-version-id");
        const copy = (versionId: string | undefined) =>
            cloud.send({
                method: "PUT",
                bucket: "photos",
                key: "a",
                headers: { "x-oss-copy-source": `/photos/a?versionId=${versionId}` },
            });
        expect(refusal(copy(marker))).to.include({ status: 404, code: "NoSuchKey" });
        const copied = copy(first);
        expect(copied.headers.get("x-oss-copy-source-version-id")).to.equal(first);
        expect(get().text).to.equal("one");
        expect(get().headers.get("x-oss-version-id")).to.equal(copied.headers.get("x-oss-version-id"));
    });

    it("deletes many versions at once, and reports which markers it made and removed", () => {
        setVersioning("Enabled");
        const version = put("one");
        const send = (object: string) =>
            cloud.send(
                { method: "POST", bucket: "photos", query: { delete: "" } },
                `<Delete><Object>${object}</Object></Delete>`,
            );
        const made = send("<Key>a</Key>");
        const marker = made.elements.get("Deleted/DeleteMarkerVersionId");
        expect(made.elements.get("Deleted/DeleteMarker")).to.equal("true");
        const removed = send(`<Key>a</Key><VersionId>${marker}</VersionId>`);
        expect(removed.elements.get("Deleted/DeleteMarkerVersionId")).to.equal(marker);
        expect(send(`<Key>a</Key><VersionId>${version}</VersionId>`).elements.get("Deleted/VersionId")).to.equal(
            version,
        );
        expect(listed()).to.deep.equal([]);
    });

    it("ignores x-oss-forbid-overwrite while versioning is enabled", () => {
        put("one");
        const forbidding = { "x-oss-forbid-overwrite": "true" };
        const again = () => cloud.send({ method: "PUT", bucket: "photos", key: "a", headers: forbidding }, "two");
        expect(refusal(again())).to.deep.equal({ status: 409, code: "FileAlreadyExists" });
        setVersioning("Enabled");
        expect(again().status).to.equal(200);
    });

    it("rejects a status that is neither Enabled nor Suspended", () => {
        const body = "<VersioningConfiguration><Status>Off</Status></VersioningConfiguration>";
        const answer = cloud.send({ method: "PUT", bucket: "photos", query: { versioning: "" } }, body);
        expect(refusal(answer)).to.include({ status: 400, code: "MalformedXML" });
    });
});
