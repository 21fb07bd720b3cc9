import { Agent } from "node:http";
import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { expect } from "chai";
import { type JournalEntry, LocalCloud, LocalCloudConfigurationError } from "../../../lib/local-cloud";
import { ownerAccount, strangerAccount, twoAccounts } from "../core-under-test";
import { signedRequest, withHeader } from "../signed-request";
import { exchange, exchangeBytes, sendSigned } from "./http-exchange";

const encryptionQuery = { bucket: "photos", query: { encryption: "" } };

describe("LocalCloud", () => {
    const running: LocalCloud[] = [];

    async function start(options: Parameters<typeof LocalCloud.start>[0] = {}): Promise<LocalCloud> {
        const cloud = await LocalCloud.start(options);
        running.push(cloud);
        return cloud;
    }

    afterEach(async () => {
        await Promise.all(running.splice(0).map((cloud) => cloud.stop()));
    });

    it("runs many side by side, each with its own state", async () => {
        const clouds = await Promise.all(Array.from({ length: 20 }, () => start()));
        clouds.forEach((cloud, index) => {
            cloud.createBucket({ name: `bucket-${index}` });
        });
        const answers = await Promise.all(clouds.map((cloud) => sendSigned(cloud.url, {})));
        expect(answers.map(({ elements }) => elements.get("Buckets/Bucket/Name"))).to.deep.equal(
            clouds.map((_, index) => `bucket-${index}`),
        );
        expect(new Set(clouds.map(({ url }) => url)).size).to.equal(20);
    });

    it("listens on 127.0.0.1 and on no other address", async () => {
        const { url } = await start();
        expect(url).to.match(/^http:\/\/127\.0\.0\.1:\d+$/);
        const others = Object.values(networkInterfaces())
            .flat()
            .filter((address) => address?.family === "IPv4" && !address.internal);
        for (const { address } of others.filter((other) => other !== undefined)) {
            const error = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
                const socket = connect(Number(new URL(url).port), address, () => resolve(undefined));
                socket.on("error", resolve);
            });
            expect(error?.code).to.equal("ECONNREFUSED");
        }
    });

    it("rejects a port that is in use, and one that is none", async () => {
        const { url } = await start();
        for (const port of [Number(new URL(url).port), 70_000, -1, 1.5]) {
            const error = await LocalCloud.start({ port }).catch((reason: unknown) => reason);
            expect(error).to.be.instanceOf(LocalCloudConfigurationError);
            expect((error as Error).message).to.match(/^The local cloud's port has 1 fault:\n {2}port: /);
        }
    });

    it("rejects options that JavaScript lets pass, with all their faults", async () => {
        const options = { latency: 5, latencyMs: "5", faults: {}, now: 5, kmsGateway: "x", onRequest: 5, isStrict: 1 };
        const error = await LocalCloud.start(options as never).catch((reason: unknown) => reason);
        expect(error).to.be.instanceOf(LocalCloudConfigurationError);
        const { faults, message } = error as LocalCloudConfigurationError;
        expect(faults.map(({ path }) => path)).to.have.members(Object.keys(options));
        expect(message)
            .to.match(/^The start of the local cloud has 7 faults:/)
            .and.include("kmsGateway: must be one of");
        const both = LocalCloud.start({ latencyMs: -1, faults: [{ kind: "no-such-kind" }] } as never);
        const { faults: ofBoth } = (await both.catch((reason: unknown) => reason)) as LocalCloudConfigurationError;
        expect(ofBoth.map(({ path }) => path)).to.deep.equal(["latencyMs", "faults[0].kind"]);
        for (const none of [null, "options", [{ kind: "no-such-kind" }]]) {
            const refused = await LocalCloud.start(none as never).catch((reason: unknown) => reason);
            expect(refused).to.be.instanceOf(LocalCloudConfigurationError);
        }
    });

    it("rejects faults, filters, buckets and grants that JavaScript lets pass, and still answers", async () => {
        const cloud = await start();
        const add = (fault: unknown) => () => cloud.faults.add(fault as never);
        for (const [refused, message] of [
            [
                add({ kind: "no-such-kind" }),
                /^The description of the fault has 1 fault:\n {2}kind: must be one of throttle, latency, /,
            ],
            [add(undefined), /kind: must be one of/],
            [
                add({ kind: "throttle", status: 500, times: 2 }),
                /times: is not known here.*\n {2}status: must be 503 or 429/,
            ],
            [add({ kind: "status" }), /code: must be an error code, is missing/],
            [
                () => cloud.journal.entries({ op: "x" } as never),
                /The journal's filter has 1 fault:\n {2}op: is not known/,
            ],
            [() => cloud.journal.count(null as never), /The journal's filter .* must be an object, is null/s],
            [() => cloud.createBucket(undefined as never), /name: .* is missing/],
            [() => cloud.createBucket({ name: "photos", encryption: null } as never), /encryption: must be an object/],
            [() => cloud.deleteBucket({ name: "photos" } as never), /name: must be a text/],
            [() => cloud.issueTemporaryCredentials(undefined as never), /expiresAt: must be a valid Date/],
            [() => cloud.issueTemporaryCredentials({ expiresAt: new Date("x") }), /expiresAt: must be a valid Date/],
        ] as const) {
            expect(refused).to.throw(LocalCloudConfigurationError, message);
        }
        expect((await sendSigned(cloud.url, {})).status).to.equal(200);
        expect(cloud.faults.list()).to.deep.equal([]);
    });

    it("rejects accounts that have faults", async () => {
        const error = await LocalCloud.start({ accounts: { accounts: [{ id: "1" }] } }).catch(
            (reason: unknown) => reason,
        );
        expect(error).to.be.instanceOf(LocalCloudConfigurationError);
    });

    it("rejects every request whose Host is not a loopback name", async () => {
        const { url } = await start();
        const head = signedRequest({ time: Date.now(), host: "evil.example" });
        const answer = await exchange(url, head);
        expect([answer.status, answer.code]).to.deep.equal([403, "AccessDenied"]);
    });

    it("starts with the accounts and buckets that it is given", async () => {
        const buckets = [{ name: "photos", region: "cn-beijing", encryption: { sseAlgorithm: "SM4" as const } }];
        const cloud = await start({
            accounts: { accounts: [{ id: ownerAccount, accessKeys: [{ id: "k", secret: "s" }], buckets }] },
        });
        const spec = { ...encryptionQuery, accessKeyId: "k", secret: "s", region: "cn-beijing" };
        const answer = await sendSigned(cloud.url, spec);
        expect(answer.elements.get("ApplyServerSideEncryptionByDefault/SSEAlgorithm")).to.equal("SM4");
    });

    describe("state without requests", () => {
        it("shows the effects of requests, and changes rules without a request", async () => {
            const cloud = await start();
            await sendSigned(cloud.url, { method: "PUT", bucket: "photos" });
            expect(cloud.bucketNames()).to.deep.equal(["photos"]);
            expect(cloud.bucketRule("photos")).to.equal(undefined);
            cloud.setBucketRule("photos", { sseAlgorithm: "KMS", kmsMasterKeyId: "key-1" });
            const answer = await sendSigned(cloud.url, encryptionQuery);
            expect(answer.elements.get("ApplyServerSideEncryptionByDefault/KMSMasterKeyID")).to.equal("key-1");
            cloud.setBucketRule("photos", undefined);
            expect((await sendSigned(cloud.url, encryptionQuery)).code).to.equal("NoSuchServerSideEncryptionRule");
            cloud.deleteBucket("photos");
            expect((await sendSigned(cloud.url, encryptionQuery)).code).to.equal("NoSuchBucket");
            expect(cloud.journal.count()).to.equal(4);
        });

        it("makes buckets of any account and region", async () => {
            const cloud = await start({ accounts: twoAccounts });
            cloud.createBucket({ name: "photos", encryption: { sseAlgorithm: "AES256" } });
            cloud.createBucket({ name: "fotos", accountId: strangerAccount, region: "eu-central-1" });
            expect(cloud.bucketRule("photos")).to.deep.equal({ sseAlgorithm: "AES256" });
            expect(
                (await sendSigned(cloud.url, { bucket: "fotos", region: "eu-central-1", query: { acl: "" } })).code,
            ).to.equal("AccessDenied");
        });

        it("rejects impossible buckets and rules", async () => {
            const cloud = await start();
            cloud.createBucket({ name: "photos" });
            const rule = { sseAlgorithm: "AES256", kmsMasterKeyId: "key-1" } as const;
            expect(() => cloud.createBucket({ name: "Photos", region: "x", encryption: rule })).to.throw(
                LocalCloudConfigurationError,
                /3 faults/,
            );
            expect(() => cloud.createBucket({ name: "photos" })).to.throw(LocalCloudConfigurationError, /already/);
            expect(() => cloud.createBucket({ name: "fotos", accountId: "2" })).to.throw(/no account "2"/);
            expect(() => cloud.setBucketRule("photos", rule)).to.throw(LocalCloudConfigurationError, /kmsMasterKeyId/);
            expect(() => cloud.setBucketRule("fotos", undefined)).to.throw(/no bucket fotos/);
            expect(() => cloud.bucketRule("fotos")).to.throw(/no bucket fotos/);
            expect(cloud.bucketRule("photos")).to.equal(undefined);
        });
    });

    it("issues temporary credentials that are valid until they expire", async () => {
        let now = Date.now();
        const cloud = await start({ now: () => now });
        cloud.createBucket({ name: "photos", encryption: { sseAlgorithm: "SM4" } });
        const issued = cloud.issueTemporaryCredentials({ expiresAt: new Date(now + 60_000) });
        expect(issued.expiration.getTime()).to.equal(now + 60_000);
        const send = () =>
            sendSigned(cloud.url, {
                ...encryptionQuery,
                accessKeyId: issued.accessKeyId,
                secret: issued.accessKeySecret,
                headers: { "x-oss-security-token": issued.securityToken },
                time: now,
            });
        expect((await send()).status).to.equal(200);
        now += 60_000;
        expect((await send()).code).to.equal("SecurityTokenExpired");
        expect(() => cloud.issueTemporaryCredentials({ expiresAt: new Date(), accountId: "2" })).to.throw(
            /no account "2"/,
        );
    });

    describe("journal", () => {
        it("holds one entry per request: account, operation, bucket and status", async () => {
            const seen: JournalEntry[] = [];
            const cloud = await start({ onRequest: (entry) => seen.push(entry) });
            cloud.createBucket({ name: "photos" });
            await sendSigned(cloud.url, encryptionQuery);
            await sendSigned(cloud.url, { ...encryptionQuery, secret: "wrong" });
            await sendSigned(cloud.url, { bucket: "photos", query: { style: "" } });
            await sendSigned(cloud.url, { scheme: "anonymous" });
            const common = { method: "GET", fault: undefined };
            expect(cloud.journal.entries()).to.deep.equal([
                { ...common, bucket: "photos", operation: "GetBucketEncryption", account: ownerAccount, status: 404 },
                { ...common, bucket: "photos", operation: "GetBucketEncryption", account: undefined, status: 403 },
                { ...common, bucket: "photos", operation: undefined, account: ownerAccount, status: 501 },
                { ...common, bucket: undefined, operation: "ListBuckets", account: undefined, status: 403 },
            ]);
            expect(seen).to.deep.equal(cloud.journal.entries());
        });

        it("counts by any member, and is empty after it is cleared", async () => {
            const cloud = await start();
            cloud.createBucket({ name: "photos" });
            await sendSigned(cloud.url, encryptionQuery);
            await sendSigned(cloud.url, { ...encryptionQuery, bucket: "fotos" });
            expect(cloud.journal.count({ operation: "GetBucketEncryption" })).to.equal(2);
            expect(cloud.journal.count({ bucket: "photos", status: 404 })).to.equal(1);
            expect(cloud.journal.count({ operation: "PutBucketEncryption" })).to.equal(0);
            cloud.journal.clear();
            expect(cloud.journal.count()).to.equal(0);
        });
    });

    describe("bodies over the limit", () => {
        const chunks = Array.from({ length: 160 }, () => Buffer.alloc(65_536, " "));

        for (const length of ["announced", "chunked"]) {
            it(`rejects 10 MB (${length}) and serves the next request on the same connection`, async () => {
                const cloud = await start();
                cloud.createBucket({ name: "photos" });
                const agent = new Agent({ keepAlive: true, maxSockets: 1 });
                const headers: Record<string, string> =
                    length === "announced"
                        ? { "Content-Length": String(160 * 65_536) }
                        : { "Transfer-Encoding": "chunked" };
                const head = signedRequest({ ...encryptionQuery, method: "PUT", headers, time: Date.now() });
                const answer = await exchange(cloud.url, head, chunks, agent);
                expect([answer.status, answer.code]).to.deep.equal([400, "EntityTooLarge"]);
                const next = await exchange(
                    cloud.url,
                    signedRequest({ ...encryptionQuery, time: Date.now() }),
                    [],
                    agent,
                );
                expect(next.code).to.equal("NoSuchServerSideEncryptionRule");
                agent.destroy();
            });
        }

        it("takes an object of 10 MB", async () => {
            const cloud = await start();
            cloud.createBucket({ name: "photos" });
            const headers = { "Transfer-Encoding": "chunked" };
            const head = signedRequest({ method: "PUT", bucket: "photos", key: "a", headers, time: Date.now() });
            expect((await exchange(cloud.url, head, chunks)).status).to.equal(200);
        });
    });

    it("answers a GET with a signed Content-Length without waiting for a body", async () => {
        const cloud = await start();
        const head = signedRequest({
            headers: { "content-length": "9" },
            additionalHeaders: ["content-length"],
            time: Date.now(),
        });
        const lines = head.headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
        const received = await exchangeBytes(cloud.url, `GET ${head.target} HTTP/1.1\r\n${lines}\r\n`);
        expect(received).to.match(/^HTTP\/1\.1 200 /);
    });

    it("answers bytes that are not HTTP with an error document, and serves the next request", async () => {
        const cloud = await start();
        const hostile = [
            "\u0000\u0001\u0002\r\n\r\n",
            "GET / HTTP/9.9\r\n\r\n",
            "PUT /b/?encryption HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
            "GET /b/ HTTP/1.1\r\nHost: localhost\r\nx-oss-meta-a: b\u0000c\r\n\r\n",
            `GET /${"a".repeat(20_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`,
            `GET / HTTP/1.1\r\nHost: localhost\r\nx-oss-meta-a: ${"a".repeat(20_000)}\r\n\r\n`,
        ];
        for (const bytes of hostile) {
            const received = await exchangeBytes(cloud.url, bytes);
            expect(received, bytes.slice(0, 40)).to.match(/^HTTP\/1\.1 400 .*<Code>InvalidArgument<\/Code>/s);
        }
        expect((await sendSigned(cloud.url, {})).status).to.equal(200);
    });

    it("answers with an error document to requests that Node alone would refuse", async () => {
        const { url } = await start();
        const received = await Promise.all(
            ["", "Host: localhost\r\nExpect: miracles\r\n", "Host: localhost\r\nHost: localhost\r\n"].map((lines) =>
                exchangeBytes(url, `GET /photos/?acl HTTP/1.1\r\n${lines}Connection: close\r\n\r\n`),
            ),
        );
        expect(received.map((text) => /<Code>(\w+)</.exec(text)?.[1])).to.deep.equal([
            "AccessDenied",
            "NoSuchBucket",
            "InvalidArgument",
        ]);
    });

    it("answers a signed header of UTF-8 bytes with the same bytes", async () => {
        const cloud = await start();
        cloud.createBucket({ name: "photos" });
        const object = { bucket: "photos", key: "a" };
        const put = signedRequest({
            ...object,
            method: "PUT",
            headers: { "x-oss-meta-name": "Zo\u00eb" },
            time: Date.now(),
        });
        const onWire = withHeader(put, "x-oss-meta-name", Buffer.from("Zo\u00eb").toString("latin1"));
        expect((await exchange(cloud.url, onWire)).status).to.equal(200);
        const got = await sendSigned(cloud.url, object);
        expect(Buffer.from(got.headers.get("x-oss-meta-name") ?? "", "latin1").toString()).to.equal("Zo\u00eb");
    });

    describe("stop", () => {
        it("breaks idle and silent connections immediately", async () => {
            const cloud = await start();
            const port = Number(new URL(cloud.url).port);
            const sockets = await Promise.all(
                ["", "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"].map(
                    (bytes) =>
                        new Promise<{ closed: Promise<void> }>((resolve) => {
                            const socket = connect(port, "127.0.0.1", () => socket.write(bytes));
                            const closed = new Promise<void>((done) => socket.on("close", () => done()));
                            socket.on("error", () => {});
                            socket.on("data", () => resolve({ closed }));
                            if (bytes === "") {
                                socket.on("connect", () => resolve({ closed }));
                            }
                        }),
                ),
            );
            await cloud.stop();
            await Promise.all(sockets.map(({ closed }) => closed));
            const error = await sendSigned(cloud.url, {}).catch((reason: NodeJS.ErrnoException) => reason.code);
            expect(error).to.equal("ECONNREFUSED");
        });

        it("breaks requests whose answer waits", async () => {
            const cloud = await start({ latencyMs: 600_000 });
            const failed = sendSigned(cloud.url, { method: "PUT", bucket: "photos" }).catch(
                (reason: NodeJS.ErrnoException) => reason.code,
            );
            while (cloud.bucketNames().length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
            await cloud.stop();
            expect(await failed).to.equal("ECONNRESET");
            expect(cloud.bucketNames()).to.deep.equal(["photos"]);
        });
    });

    it("answers after the requested latency", async () => {
        const cloud = await start({ latencyMs: 5 });
        expect((await sendSigned(cloud.url, {})).status).to.equal(200);
    });
});
