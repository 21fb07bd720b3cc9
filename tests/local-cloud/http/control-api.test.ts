import { gunzipSync } from "node:zlib";
import { expect } from "chai";
import { LocalCloud } from "../../../lib/local-cloud";
import { ownerAccount } from "../core-under-test";
import { exchange, sendSigned } from "./http-exchange";

const getEncryption = { bucket: "photos", query: { encryption: "" } };
const jsonType = { "content-type": "application/json" };

describe("faults and journal over HTTP", () => {
    let cloud: LocalCloud;

    beforeEach(async () => {
        cloud = await LocalCloud.start();
        cloud.createBucket({ name: "photos", encryption: { sseAlgorithm: "AES256" } });
    });

    afterEach(() => cloud.stop());

    const call = (method: string, path: string, body?: unknown, headers: Record<string, string> = jsonType) =>
        fetch(`${cloud.url}/-/${path}`, {
            method,
            headers,
            ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
        });
    const status = async () => (await sendSigned(cloud.url, getEncryption)).status;

    it("adds, lists and removes faults", async () => {
        const added = await call("POST", "faults", { kind: "throttle", operation: "GetBucketEncryption", count: 2 });
        expect([added.status, await added.json()]).to.deep.equal([201, { ids: [1] }]);
        expect(await status()).to.equal(503);
        expect(await (await call("GET", "faults")).json()).to.deep.equal({
            faults: [{ id: 1, kind: "throttle", operation: "GetBucketEncryption", count: 2, left: 1 }],
        });
        expect((await call("DELETE", "faults/1")).status).to.equal(204);
        expect((await call("DELETE", "faults/1")).status).to.equal(404);
        expect(await status()).to.equal(200);
        await call("POST", "faults", { faults: [{ kind: "throttle", status: 429 }, { kind: "reset-before" }] });
        expect(await status()).to.equal(429);
        expect((await call("DELETE", "faults")).status).to.equal(204);
        expect(await status()).to.equal(200);
    });

    it("rejects invalid faults, and adds none of them", async () => {
        const given = { faults: [{ kind: "throttle" }, { kind: "explode" }, { kind: "latency", extra: 1, count: 0 }] };
        const answer = await call("POST", "faults", given);
        expect(answer.status).to.equal(400);
        const { message } = (await answer.json()) as { message: string };
        for (const part of ["faults[1].kind", "faults[2].extra", "faults[2].count", "faults[2].milliseconds"]) {
            expect(message).to.contain(part);
        }
        expect((await call("POST", "faults", "{")).status).to.equal(400);
        expect((await call("POST", "faults", "null")).status).to.equal(400);
        expect((await call("POST", "faults", " ".repeat(2_000_000))).status).to.equal(413);
        expect(cloud.faults.list()).to.deep.equal([]);
    });

    it("reads, filters and clears the journal, without entries of its own", async () => {
        await status();
        await sendSigned(cloud.url, { bucket: "missing", query: { acl: "" } });
        const read = async (query: string) => (await call("GET", `journal${query}`)).json();
        expect(await read("?operation=GetBucketEncryption")).to.deep.equal({
            count: 1,
            entries: [
                {
                    method: "GET",
                    bucket: "photos",
                    operation: "GetBucketEncryption",
                    account: ownerAccount,
                    status: 200,
                },
            ],
        });
        expect(await read("?status=404")).to.include({ count: 1 });
        expect(await read("")).to.include({ count: 2 });
        expect((await call("GET", "journal?secret=x")).status).to.equal(400);
        await call("DELETE", "journal");
        expect(await read("")).to.include({ count: 0 });
    });

    it("rejects requests from web pages, bodies that are not declared as JSON, and unknown paths", async () => {
        const fault = { kind: "hang" };
        expect((await call("POST", "faults", fault, { ...jsonType, origin: "http://127.0.0.1:1" })).status).to.equal(
            403,
        );
        expect((await call("POST", "faults", fault, { "content-type": "text/plain" })).status).to.equal(415);
        expect((await call("GET", "secrets")).status).to.equal(404);
        expect((await call("PUT", "faults", fault)).status).to.equal(404);
    });

    it("leaves the path to objects where the Host names a bucket", async () => {
        const host = "photos.oss-cn-hangzhou.aliyuncs.com";
        await sendSigned(cloud.url, { method: "PUT", bucket: "photos", key: "-/faults", host }, "mine");
        expect((await sendSigned(cloud.url, { bucket: "photos", key: "-/faults", host })).text).to.equal("mine");
        const evil = { method: "GET", target: "/-/journal", headers: [["host", "evil.example"] as const] };
        expect((await exchange(cloud.url, evil)).code).to.equal("AccessDenied");
    });

    it("answers its health address without a request in the journal", async () => {
        const health = await call("GET", "health");
        expect([health.status, await health.json()]).to.deep.equal([200, { status: "ok" }]);
        expect(cloud.journal.count()).to.equal(0);
    });

    it("writes the lists of an inventory on demand, with the encryption of each object", async () => {
        cloud.createBucket({ name: "lists" });
        await sendSigned(cloud.url, { method: "PUT", bucket: "photos", key: "plain,\u00fc" }, "a");
        cloud.setBucketRule("photos", undefined);
        await sendSigned(cloud.url, { method: "PUT", bucket: "photos", key: "later" }, "bc");
        const rule = [
            "<InventoryConfiguration><Id>daily</Id><IsEnabled>true</IsEnabled><Destination><OSSBucketDestination>",
            "<Format>CSV</Format><AccountId>1000000000000001</AccountId><RoleArn>acs:ram::1000000000000001:role/a</RoleArn>",
            "<Bucket>acs:oss:::lists</Bucket><Prefix>reports</Prefix></OSSBucketDestination></Destination>",
            "<Schedule><Frequency>Daily</Frequency></Schedule><IncludedObjectVersions>Current</IncludedObjectVersions>",
            "<OptionalFields><Field>Size</Field><Field>EncryptionStatus</Field></OptionalFields></InventoryConfiguration>",
        ].join("");
        const put = { method: "PUT", bucket: "photos", query: { inventory: "", inventoryId: "daily" } };
        expect((await sendSigned(cloud.url, put, rule)).status).to.equal(200);
        const written = await call("POST", "inventories?bucket=photos");
        const [list] = ((await written.json()) as { written: { manifest: string; files: string[] }[] }).written;
        expect(list?.manifest).to.match(/^reports\/photos\/daily\/\d{4}-\d\d-\d\dT\d\d-\d\dZ\/manifest\.json$/);
        const manifest = JSON.parse((await sendSigned(cloud.url, { bucket: "lists", key: list?.manifest ?? "" })).text);
        expect(manifest.fileSchema).to.equal("Bucket, Key, Size, EncryptionStatus");
        const csv = await sendSigned(cloud.url, { bucket: "lists", key: manifest.files[0].key });
        expect(gunzipSync(csv.body).toString("utf8")).to.equal(
            '"photos","later","2","false"\n"photos","plain%2C%C3%BC","1","true"\n',
        );
        expect((await call("POST", "inventories?bucket=photos&id=none")).status).to.equal(404);
        expect((await call("POST", "inventories?bucket=missing")).status).to.equal(404);
    });
});
