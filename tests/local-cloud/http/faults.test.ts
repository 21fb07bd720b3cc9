import { once } from "node:events";
import { request } from "node:http";
import { expect } from "chai";
import { type Fault, LocalCloud } from "../../../lib/local-cloud";
import { ownerAccount } from "../core-under-test";
import { signedRequest } from "../signed-request";
import { sendSigned } from "./http-exchange";

const testRule = "<SSEAlgorithm>SM4</SSEAlgorithm>";
const testBody = `<ServerSideEncryptionRule><ApplyServerSideEncryptionByDefault>${testRule}</ApplyServerSideEncryptionByDefault></ServerSideEncryptionRule>`;
const getEncryption = { bucket: "photos", query: { encryption: "" } };

describe("faults", () => {
    let cloud: LocalCloud;

    beforeEach(async () => {
        cloud = await LocalCloud.start();
        cloud.createBucket({ name: "photos", encryption: { sseAlgorithm: "AES256" } });
        cloud.createBucket({ name: "fotos", encryption: { sseAlgorithm: "AES256" } });
    });

    afterEach(() => cloud.stop());

    function put() {
        return sendSigned(cloud.url, { ...getEncryption, method: "PUT" }, testBody);
    }

    /** The connection's error code, when there was no answer. */
    async function failure(promise: Promise<unknown>): Promise<string | undefined> {
        return promise.then(
            () => undefined,
            (error: NodeJS.ErrnoException) => error.code,
        );
    }

    it("answers with the requested status and code, without doing the work", async () => {
        cloud.faults.add({ kind: "status", status: 503, code: "MetaOperationQpsLimitExceeded", ec: "0004-00000001" });
        const answer = await put();
        expect([answer.status, answer.code, answer.ec]).to.deep.equal([
            503,
            "MetaOperationQpsLimitExceeded",
            "0004-00000001",
        ]);
        expect(answer.headers.get("x-oss-request-id")).to.match(/^[0-9A-F]{24}$/);
        expect(cloud.bucketRule("photos")).to.deep.equal({ sseAlgorithm: "AES256" });
    });

    it("breaks the connection before the work", async () => {
        cloud.faults.add({ kind: "reset-before" });
        expect(await failure(put())).to.equal("ECONNRESET");
        expect(cloud.bucketRule("photos")).to.deep.equal({ sseAlgorithm: "AES256" });
    });

    it("breaks the connection after the work", async () => {
        cloud.faults.add({ kind: "reset-after" });
        expect(await failure(put())).to.equal("ECONNRESET");
        expect(cloud.bucketRule("photos")).to.deep.equal({ sseAlgorithm: "SM4" });
    });

    it("sends half a body and breaks the connection, and only breaks it without a body", async () => {
        cloud.faults.add({ kind: "truncate" });
        const { hostname, port } = new URL(cloud.url);
        const head = signedRequest({ ...getEncryption, time: Date.now() });
        const sent = request({
            hostname,
            port,
            path: head.target,
            headers: head.headers.flatMap((line) => [...line]),
        }).end();
        const [response] = await once(sent, "response");
        let received = "";
        const error = await new Promise<NodeJS.ErrnoException>((resolve) => {
            response.on("data", (chunk: Buffer) => {
                received += chunk;
            });
            response.on("error", resolve);
        });
        expect(error.code).to.equal("ECONNRESET");
        expect(received).to.match(/^<\?xml/);
        expect(received).to.have.lengthOf(Math.floor(Number(response.headers["content-length"]) / 2));
        expect(await failure(put())).to.equal("ECONNRESET");
        expect(cloud.bucketRule("photos")).to.deep.equal({ sseAlgorithm: "SM4" });
    });

    it("answers with any body", async () => {
        cloud.faults.add({ kind: "raw", body: "", count: 1 });
        const empty = await sendSigned(cloud.url, getEncryption);
        expect([empty.status, empty.text, empty.headers.get("content-type")]).to.deep.equal([
            200,
            "",
            "application/xml",
        ]);
        cloud.faults.add({ kind: "raw", status: 502, contentType: "text/html", body: "<html>Bad gateway" });
        const html = await sendSigned(cloud.url, getEncryption);
        expect([html.status, html.text, html.headers.get("content-type")]).to.deep.equal([
            502,
            "<html>Bad gateway",
            "text/html",
        ]);
    });

    it("never answers, and ends when the cloud stops", async () => {
        cloud.faults.add({ kind: "hang" });
        const failed = failure(put());
        const first = await Promise.race([failed, new Promise((resolve) => setTimeout(() => resolve("waiting"), 100))]);
        expect(first).to.equal("waiting");
        await cloud.stop();
        expect(await failed).to.equal("ECONNRESET");
    });

    it("streams a huge body until the client disconnects", async () => {
        cloud.faults.add({ kind: "huge", count: 1 });
        const { hostname, port } = new URL(cloud.url);
        const head = signedRequest({ ...getEncryption, time: Date.now() });
        const sent = request({
            hostname,
            port,
            path: head.target,
            headers: head.headers.flatMap((line) => [...line]),
        }).end();
        const [response] = await once(sent, "response");
        expect(response.headers["content-length"]).to.equal(undefined);
        let received = 0;
        for await (const chunk of response) {
            received += chunk.length;
            if (received > 1_000_000) {
                break;
            }
        }
        expect(received).to.be.greaterThan(1_000_000);
        expect((await sendSigned(cloud.url, { bucket: "photos", query: { acl: "" } })).status).to.equal(200);
    });

    it("streams the requested number of bytes", async () => {
        cloud.faults.add({ kind: "raw", body: "x", operation: "GetBucketAcl" });
        cloud.faults.add({ kind: "huge", bytes: 200_000, operation: "GetBucketLocation" });
        const response = await fetch(`${cloud.url}/photos/?location`, {
            headers: Object.fromEntries(
                signedRequest({ bucket: "photos", query: { location: "" }, time: Date.now() }).headers.filter(
                    ([name]) => name !== "host",
                ),
            ),
        });
        const text = await response.text();
        expect(text.length).to.equal(200_000 + '<?xml version="1.0" encoding="UTF-8"?>\n'.length);
    });

    describe("scope", () => {
        const unavailable = { kind: "status", status: 503, code: "ServiceUnavailable" } as const;

        async function statuses(...buckets: string[]): Promise<number[]> {
            const found: number[] = [];
            for (const bucket of buckets) {
                found.push((await sendSigned(cloud.url, { ...getEncryption, bucket })).status);
            }
            return found;
        }

        it("meets only the named operation and bucket", async () => {
            cloud.faults.add({ ...unavailable, operation: "GetBucketEncryption", bucket: "photos" });
            expect(await statuses("photos", "fotos")).to.deep.equal([503, 200]);
            expect((await sendSigned(cloud.url, { bucket: "photos", query: { acl: "" } })).status).to.equal(200);
        });

        it("is removed after its number of requests", async () => {
            cloud.faults.add({ ...unavailable, count: 2 });
            expect(await statuses("photos", "fotos", "photos")).to.deep.equal([503, 503, 200]);
        });

        it("can be removed, alone and with all others", async () => {
            const remove = cloud.faults.add(unavailable);
            expect(await statuses("photos")).to.deep.equal([503]);
            remove();
            expect(await statuses("photos")).to.deep.equal([200]);
            cloud.faults.add(unavailable);
            cloud.faults.add(unavailable);
            cloud.faults.clear();
            expect(await statuses("photos")).to.deep.equal([200]);
        });

        it("plays the fault that was added first, then the next", async () => {
            const faults: Fault[] = [
                { ...unavailable, count: 1 },
                { kind: "status", status: 429, code: "QpsLimitExceeded", count: 1 },
            ];
            for (const fault of faults) {
                cloud.faults.add(fault);
            }
            expect(await statuses("photos", "photos", "photos")).to.deep.equal([503, 429, 200]);
        });
    });

    it("appears in the journal, without a status if there was no answer", async () => {
        cloud.faults.add({ kind: "status", status: 500, code: "InternalError", count: 1 });
        cloud.faults.add({ kind: "reset-before", count: 1 });
        await put();
        await failure(put());
        const common = { method: "PUT", bucket: "photos", operation: "PutBucketEncryption", account: ownerAccount };
        expect(cloud.journal.entries()).to.deep.equal([
            { ...common, status: 500, fault: "status" },
            { ...common, status: undefined, fault: "reset-before" },
        ]);
    });
});
