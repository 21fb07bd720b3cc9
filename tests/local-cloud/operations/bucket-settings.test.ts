import { expect } from "chai";
import { CoreUnderTest, refusal } from "../core-under-test";

describe("tags, ACL, statistics and existence of buckets", () => {
    let cloud: CoreUnderTest;

    beforeEach(() => {
        cloud = new CoreUnderTest();
        cloud.bucket("photos");
        cloud.bucket("logs");
    });

    const tagging = (method: string, body = "", keys = "") =>
        cloud.send({ method, bucket: "photos", query: { tagging: keys } }, body);
    const tags = (...pairs: [string, string][]) =>
        `<Tagging><TagSet>${pairs.map(([key, value]) => `<Tag><Key>${key}</Key><Value>${value}</Value></Tag>`).join("")}</TagSet></Tagging>`;

    it("replaces, returns and removes tags", () => {
        expect(tagging("GET").elements.has("TagSet/Tag")).to.equal(false);
        expect(tagging("PUT", tags(["team", "a"], ["stage", "test"])).status).to.equal(200);
        expect(tagging("GET").text).to.contain("<Key>team</Key>").and.contain("<Value>test</Value>");
        expect(tagging("DELETE", "", "team,other").status).to.equal(204);
        expect(tagging("GET").text).not.to.contain("team");
        tagging("PUT", tags(["only", ""]));
        expect(cloud.state.buckets.get("photos")?.tags).to.deep.equal([["only", ""]]);
        expect(tagging("DELETE").status).to.equal(204);
        expect(cloud.state.buckets.get("photos")?.tags).to.deep.equal([]);
    });

    it("rejects tags beyond their limits, and keeps the present ones", () => {
        tagging("PUT", tags(["team", "a"]));
        const many = Array.from({ length: 21 }, (_, index): [string, string] => [`k${index}`, ""]);
        const bad: [string, string][][] = [
            many,
            [["k", "v".repeat(129)]],
            [["k".repeat(65), "v"]],
            [["", "v"]],
            [["aliyunx", "v"]],
        ];
        for (const list of bad) {
            expect(refusal(tagging("PUT", tags(...list)))).to.deep.equal({ status: 400, code: "InvalidTag" });
        }
        expect(tagging("PUT", tags(["k", "1"], ["k", "2"])).code).to.equal("InvalidTag");
        expect(tagging("PUT", "<Tagging><Tag/></Tagging>").code).to.equal("MalformedXML");
        expect(cloud.state.buckets.get("photos")?.tags).to.deep.equal([["team", "a"]]);
    });

    it("lists the buckets that have a tag", () => {
        tagging("PUT", tags(["team", "a"]));
        const names = (query: Record<string, string>) =>
            [...cloud.send({ query }).text.matchAll(/<Name>(.*?)</g)].map(([, name]) => name);
        expect(names({})).to.deep.equal(["logs", "photos"]);
        expect(names({ "tag-key": "team" })).to.deep.equal(["photos"]);
        expect(names({ "tag-key": "team", "tag-value": "b" })).to.deep.equal([]);
        expect(cloud.send({ query: { "tag-value": "b" } }).code).to.equal("InvalidArgument");
    });

    it("changes the ACL, and rejects an unknown one", () => {
        const put = (acl?: string) =>
            cloud.send({
                method: "PUT",
                bucket: "photos",
                query: { acl: "" },
                headers: acl ? { "x-oss-acl": acl } : {},
            });
        expect(put("public-read").status).to.equal(200);
        const got = cloud.send({ bucket: "photos", query: { acl: "" } });
        expect(got.elements.get("AccessControlList/Grant")).to.equal("public-read");
        expect(put("everybody").code).to.equal("InvalidArgument");
        expect(put().code).to.equal("InvalidArgument");
    });

    it("counts the objects and uploads of a bucket", () => {
        cloud.send({ method: "PUT", bucket: "photos", key: "a" }, "hello");
        cloud.send({ method: "POST", bucket: "photos", key: "b", query: { uploads: "" } });
        const { elements } = cloud.send({ bucket: "photos", query: { stat: "" } });
        expect(["Storage", "ObjectCount", "MultipartUploadCount"].map((name) => elements.get(name))).to.deep.equal([
            "5",
            "1",
            "1",
        ]);
    });

    it("shows whether a bucket exists", () => {
        expect(cloud.send({ method: "HEAD", bucket: "photos" }).status).to.equal(200);
        expect(refusal(cloud.send({ method: "HEAD", bucket: "missing" }))).to.include({
            status: 404,
            code: "NoSuchBucket",
        });
    });

    it("lists objects in the first version too, page by page", () => {
        for (const key of ["a/1", "a/2", "b", "c"]) {
            cloud.send({ method: "PUT", bucket: "photos", key });
        }
        const first = cloud.send({ bucket: "photos", query: { delimiter: "/", "max-keys": "2" } });
        expect(first.elements.get("CommonPrefixes/Prefix")).to.equal("a/");
        expect([first.elements.get("Contents/Key"), first.elements.get("NextMarker")]).to.deep.equal(["b", "b"]);
        const second = cloud.send({ bucket: "photos", query: { delimiter: "/", "max-keys": "2", marker: "b" } });
        expect([second.elements.get("Contents/Key"), second.elements.get("IsTruncated")]).to.deep.equal(["c", "false"]);
        const behind = cloud.send({ bucket: "photos", query: { delimiter: "/", marker: "a/" } });
        expect(behind.elements.has("CommonPrefixes/Prefix")).to.equal(false);
    });

    for (const [name, status, code] of [
        ["cors", 404, "NoSuchCORSConfiguration"],
        ["lifecycle", 404, "NoSuchLifecycle"],
        ["transferAcceleration", 404, "NoSuchTransferAccelerationConfiguration"],
        ["website", 404, "NoSuchWebsiteConfiguration"],
        ["logging", 200, undefined],
        ["referer", 200, undefined],
    ] as const) {
        it(`reads that a bucket has no ${name}, and refuses to set it`, () => {
            const read = cloud.send({ bucket: "photos", query: { [name]: "" } });
            expect([read.status, read.code]).to.deep.equal([status, code]);
            expect(cloud.send({ bucket: "missing", query: { [name]: "" } }).code).to.equal("NoSuchBucket");
            expect(cloud.send({ method: "PUT", bucket: "photos", query: { [name]: "" } }).status).to.equal(501);
        });
    }
});
