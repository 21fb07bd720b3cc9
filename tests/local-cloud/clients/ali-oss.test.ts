import OSS from "ali-oss";
import { expect } from "chai";
import { LocalCloud } from "../../../lib/local-cloud";
import { ownerAccount, twoAccounts } from "../core-under-test";

/** The SDK's types lack some of its methods and options. */
interface Client {
    listBuckets(query: object): Promise<{ buckets: { name: string; region: string }[] | null; owner: { id: string } }>;
    putBucket(name: string, options?: object): Promise<{ bucket: string; res: { status: number } }>;
    deleteBucket(name: string): Promise<{ res: { status: number } }>;
    useBucket(name: string): void;
    getBucketInfo(name: string): Promise<{ bucket: { ServerSideEncryptionRule: object; Location: string } }>;
    getBucketLocation(name: string): Promise<{ location: string }>;
    getBucketACL(name: string): Promise<{ acl: string }>;
    putBucketEncryption(name: string, rule: object): Promise<{ res: { status: number } }>;
    getBucketEncryption(name: string): Promise<{ encryption: object; res: { status: number } }>;
    deleteBucketEncryption(name: string): Promise<{ res: { status: number } }>;
    getBucketCORS(name: string): Promise<unknown>;
    getBucketLogging(name: string): Promise<{ enable: boolean }>;
    getBucketReferer(name: string): Promise<{ allowEmpty: boolean }>;
    putBucketWebsite(name: string, configuration: object): Promise<unknown>;
    put(key: string, body: Buffer, options?: object): Promise<{ res: { headers: Record<string, string> } }>;
    get(key: string, file?: undefined, options?: object): Promise<{ content: Buffer }>;
    copy(key: string, source: string, options?: object): Promise<unknown>;
    append(key: string, body: Buffer, options?: object): Promise<{ nextAppendPosition: string }>;
    multipartUpload(key: string, body: Buffer, options?: object): Promise<unknown>;
    list(query: object): Promise<{ objects: { name: string }[] }>;
    deleteMulti(names: string[]): Promise<{ deleted: { Key: string }[] }>;
    putBucketTags(name: string, tags: object): Promise<unknown>;
    getBucketTags(name: string): Promise<{ tag: object }>;
    deleteBucketTags(name: string): Promise<unknown>;
    putBucketACL(name: string, acl: string): Promise<unknown>;
    getBucketStat(name: string): Promise<{ stat: { ObjectCount: string } }>;
    head(key: string): Promise<{ meta: object; res: { headers: Record<string, string> } }>;
    delete(key: string): Promise<{ res: { status: number } }>;
    listV2(query: object): Promise<{ objects: { name: string }[]; nextContinuationToken: string | null }>;
    signatureUrl(key: string, options?: object): string;
    signatureUrlV4(method: string, expires: number, request: object, key: string): Promise<string>;
}

describe("official SDK for Node, ali-oss", () => {
    let cloud: LocalCloud;

    beforeEach(async () => {
        cloud = await LocalCloud.start({ accounts: twoAccounts });
    });

    afterEach(() => cloud.stop());

    function connect(options: object = {}): Client {
        return new OSS({
            region: "oss-cn-hangzhou",
            accessKeyId: "local-key-id",
            accessKeySecret: "local-key-secret",
            endpoint: cloud.url,
            ...options,
        } as OSS.Options) as unknown as Client;
    }

    async function failure(promise: Promise<unknown>): Promise<(string | number | undefined)[]> {
        return promise.then(
            () => ["no error"],
            ({ status, code, ecCode }: { status: number; code: string; ecCode?: string }) =>
                ecCode === undefined ? [status, code] : [status, code, ecCode],
        );
    }

    for (const [scheme, authorizationV4] of [
        ["V4", true],
        ["V1", false],
    ] as const) {
        for (const sldEnable of [false, true]) {
            const style = sldEnable ? "bucket in Host and path" : "bucket in Host";
            it(`works with ${scheme}, ${style}: buckets, encryption, objects`, async () => {
                const client = connect({ authorizationV4, sldEnable });
                expect((await client.listBuckets({ "max-keys": 10 })).buckets).to.equal(null);
                expect((await client.putBucket("photos")).bucket).to.equal("photos");
                const listed = await client.listBuckets({ prefix: "pho", "max-keys": 10 });
                expect([listed.owner.id, listed.buckets?.map(({ name }) => name)]).to.deep.equal([
                    ownerAccount,
                    ["photos"],
                ]);
                expect((await client.getBucketLocation("photos")).location).to.equal("oss-cn-hangzhou");
                expect((await client.getBucketACL("photos")).acl).to.equal("private");

                expect(await failure(client.getBucketEncryption("photos"))).to.deep.equal([
                    404,
                    "NoSuchServerSideEncryptionRule",
                    "0005-00000004",
                ]);
                const put = await client.putBucketEncryption("photos", { SSEAlgorithm: "AES256" });
                expect(put.res.status).to.equal(200);
                const got = await client.getBucketEncryption("photos");
                // The SDK's own test on the real service has the same expectation.
                expect([got.res.status, got.encryption]).to.deep.equal([200, { SSEAlgorithm: "AES256" }]);
                await client.putBucketEncryption("photos", { SSEAlgorithm: "KMS", KMSMasterKeyID: "key-1" });
                expect((await client.getBucketInfo("photos")).bucket.ServerSideEncryptionRule).to.deep.equal({
                    SSEAlgorithm: "KMS",
                    KMSMasterKeyID: "key-1",
                });

                client.useBucket("photos");
                const key = "dir/a b+%*\u00fc.txt";
                const stored = await client.put(key, Buffer.from("hello"), { meta: { author: "me" } });
                const encryption = {
                    "x-oss-server-side-encryption": "KMS",
                    "x-oss-server-side-encryption-key-id": "key-1",
                };
                expect(stored.res.headers).to.include(encryption);
                expect((await client.get(key)).content.toString()).to.equal("hello");
                const head = await client.head(key);
                expect(head.meta).to.deep.equal({ author: "me" });
                expect(head.res.headers).to.include(encryption);
                const objects = await client.listV2({ prefix: "dir/", "max-keys": "5" });
                expect(objects.objects.map(({ name }) => name)).to.deep.equal([key]);
                expect(await failure(client.deleteBucket("photos"))).to.deep.equal([
                    409,
                    "BucketNotEmpty",
                    "0015-00000301",
                ]);
                expect((await client.delete(key)).res.status).to.equal(204);
                expect(await failure(client.head(key))).to.deep.equal([404, "NoSuchKey"]);

                expect((await client.deleteBucketEncryption("photos")).res.status).to.equal(204);
                expect((await client.deleteBucket("photos")).res.status).to.equal(204);
                expect(cloud.bucketNames()).to.deep.equal([]);
            });
        }

        it(`reports wrong secrets, unknown keys, foreign buckets and missing objects to ${scheme} callers`, async () => {
            cloud.createBucket({ name: "photos" });
            const read = (options: object) =>
                failure(connect({ authorizationV4, ...options }).getBucketEncryption("photos"));
            expect(await read({ accessKeySecret: "wrong" })).to.deep.equal([
                403,
                "SignatureDoesNotMatch",
                authorizationV4 ? "0002-00000201" : "0002-00000040",
            ]);
            expect(await read({ accessKeyId: "nobody" })).to.deep.equal([403, "InvalidAccessKeyId", "0002-00000902"]);
            const stranger = { accessKeyId: "stranger-id", accessKeySecret: "stranger-secret" };
            expect(await read(stranger)).to.deep.equal([403, "AccessDenied", "0003-00000001"]);
            expect(await read({ region: "oss-cn-beijing" })).to.deep.equal([403, "AccessDenied"]);
            const client = connect({ authorizationV4 });
            expect(await failure(client.getBucketEncryption("missing"))).to.deep.equal([
                404,
                "NoSuchBucket",
                "0015-00000101",
            ]);
            expect(await failure(client.getBucketCORS("photos"))).to.deep.equal([404, "NoSuchCORSConfiguration"]);
            expect((await client.getBucketLogging("photos")).enable).to.equal(false);
            expect((await client.getBucketReferer("photos")).allowEmpty).to.equal(true);
            const website = client.putBucketWebsite("photos", { index: "index.html" });
            expect(await failure(website)).to.deep.equal([501, "NotImplemented"]);
        });

        it(`takes a security token with ${scheme}`, async () => {
            cloud.createBucket({ name: "photos", encryption: { sseAlgorithm: "SM4" } });
            const issued = cloud.issueTemporaryCredentials({ expiresAt: new Date(Date.now() + 3_600_000) });
            const client = connect({ ...issued, authorizationV4, stsToken: issued.securityToken });
            expect((await client.getBucketEncryption("photos")).encryption).to.deep.equal({ SSEAlgorithm: "SM4" });
        });
    }

    for (const authorizationV4 of [true, false]) {
        it(`copies, appends, uploads in parts, tags and counts with ${authorizationV4 ? "V4" : "V1"}`, async () => {
            cloud.createBucket({ name: "photos", encryption: { sseAlgorithm: "SM4" } });
            const client = connect({ authorizationV4, bucket: "photos" });
            await client.put("a b+.txt", Buffer.from("hello"));
            await client.copy("copy", "a b+.txt", { headers: { "x-oss-server-side-encryption": "AES256" } });
            const head = await client.head("copy");
            expect(head.res.headers["x-oss-server-side-encryption"]).to.equal("AES256");
            const appended = await client.append("log", Buffer.from("one"));
            expect(appended.nextAppendPosition).to.equal("3");
            await client.append("log", Buffer.from("two"), { position: 3 });
            const big = Buffer.alloc(250 * 1024, "x");
            await client.multipartUpload("big", big, { partSize: 100 * 1024 });
            expect((await client.get("big")).content.equals(big)).to.equal(true);
            expect((await client.head("big")).res.headers["x-oss-server-side-encryption"]).to.equal("SM4");
            const part = await client.get("big", undefined, { headers: { Range: "bytes=0-9" } });
            expect(part.content.toString()).to.equal("x".repeat(10));
            expect((await client.list({ "max-keys": 10 })).objects.map(({ name }) => name)).to.deep.equal([
                "a b+.txt",
                "big",
                "copy",
                "log",
            ]);
            await client.putBucketTags("photos", { team: "a", stage: "test" });
            expect((await client.getBucketTags("photos")).tag).to.deep.equal({ team: "a", stage: "test" });
            await client.deleteBucketTags("photos");
            expect((await client.getBucketTags("photos")).tag).to.deep.equal({});
            await client.putBucketACL("photos", "public-read");
            expect((await client.getBucketACL("photos")).acl).to.equal("public-read");
            expect((await client.getBucketStat("photos")).stat.ObjectCount).to.equal("4");
            const names = ["a b+.txt", "big", "copy", "log"];
            const deleted = await client.deleteMulti(names);
            expect(deleted.deleted.map(({ Key }) => Key)).to.deep.equal(names);
            await client.deleteBucket("photos");
        });
    }

    it("makes a bucket in the region of the client", async () => {
        const client = connect({ region: "oss-ap-southeast-1", authorizationV4: true });
        await client.putBucket("photos");
        expect((await client.getBucketInfo("photos")).bucket.Location).to.equal("oss-ap-southeast-1");
    });

    it("serves what its signed URLs point to", async () => {
        cloud.createBucket({ name: "photos" });
        const options = { authorizationV4: true, bucket: "photos" };
        await connect(options).put("a b.txt", Buffer.from("hello"));
        // ali-oss signs no URL for an IP address, so it signs for the public endpoint, and the path carries the bucket here.
        const client = connect({ ...options, endpoint: "http://oss-cn-hangzhou.aliyuncs.com" });
        const fetchText = async (url: string) => {
            const response = await fetch(
                url.replace("http://photos.oss-cn-hangzhou.aliyuncs.com", `${cloud.url}/photos`),
            );
            return [response.status, await response.text()];
        };
        expect(await fetchText(client.signatureUrl("a b.txt", { expires: 60 }))).to.deep.equal([200, "hello"]);
        expect(await fetchText(await client.signatureUrlV4("GET", 60, {}, "a b.txt"))).to.deep.equal([200, "hello"]);
    });
});
