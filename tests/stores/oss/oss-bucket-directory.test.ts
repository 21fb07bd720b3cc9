import OSS from "ali-oss";
import { expect } from "chai";
import { staticCredentials } from "../../../lib/accounts";
import { LocalCloud } from "../../../lib/local-cloud";
import type { BucketDirectory, BucketSummary } from "../../../lib/stores";
import { OssStores } from "../../../lib/stores/oss/oss-stores";
import { ossError, type ReceivedRequest, ScriptedServer } from "./scripted-server";
import { failureOf, quickLimits, testCredentials } from "./store-under-test";

interface AliOss {
    listBuckets(query: object): Promise<{ buckets: { name: string; region: string }[]; nextMarker: string | null }>;
    getBucketInfo(name: string): Promise<{ bucket: { Owner: { ID: string }; Location: string; CreationDate: string } }>;
    getBucketTags(name: string): Promise<{ tag: Record<string, string> }>;
    putBucketTags(name: string, tags: object): Promise<unknown>;
}

const keys = { accessKeyId: "local-key-id", accessKeySecret: "local-key-secret" };
const owner = "1000000000000001";

async function all(buckets: AsyncIterable<BucketSummary>): Promise<BucketSummary[]> {
    const listed: BucketSummary[] = [];
    for await (const bucket of buckets) listed.push(bucket);
    return listed;
}

const namesOf = async (buckets: AsyncIterable<BucketSummary>) => (await all(buckets)).map(({ name }) => name);

describe("the directory of an account's buckets", () => {
    let cloud: LocalCloud;
    let stores: OssStores;
    let directory: BucketDirectory;
    let aliOss: AliOss;
    beforeEach(async () => {
        const accounts = [
            {
                id: owner,
                accessKeys: [{ id: keys.accessKeyId, secret: keys.accessKeySecret }],
                users: [
                    { name: "nobody", accessKeys: [{ id: "nobody-key", secret: "nobody-secret" }], statements: [] },
                ],
            },
            { id: "1000000000000002", buckets: [{ name: "somebody-elses" }] },
        ];
        cloud = await LocalCloud.start({ isStrict: true, accounts: { accounts } });
        stores = new OssStores(staticCredentials(keys), quickLimits);
        directory = stores.directory({ endpoint: cloud.url });
        aliOss = new OSS({
            ...keys,
            endpoint: cloud.url,
            region: "oss-cn-hangzhou",
            cname: false,
            authorizationV4: true,
        } as OSS.Options) as unknown as AliOss;
    });
    afterEach(async () => {
        stores.close();
        await cloud.stop();
    });

    it("lists the buckets of all regions page by page, as ali-oss does", async () => {
        const names = Array.from({ length: 2_345 }, (_, n) => `bucket-${String(n).padStart(4, "0")}`);
        const regions = ["cn-hangzhou", "ap-southeast-1", "cn-beijing"];
        for (const [n, name] of names.entries()) cloud.createBucket({ name, region: regions[n % 3] as string });
        const listed = await all(directory.listBuckets());
        expect(cloud.journal.count({ operation: "ListBuckets" })).to.equal(3);
        expect(listed.map(({ name }) => name)).to.deep.equal(names);
        const byAliOss: { name: string; region: string }[] = [];
        for (let marker: string | null = ""; marker !== null; ) {
            const page: Awaited<ReturnType<AliOss["listBuckets"]>> = await aliOss.listBuckets({
                "max-keys": 1000,
                ...(marker && { marker }),
            });
            byAliOss.push(...page.buckets);
            marker = page.nextMarker ?? null;
        }
        expect(listed.map(({ name, region }) => [name, `oss-${region}`])).to.deep.equal(
            byAliOss.map(({ name, region }) => [name, region]),
        );
    });

    it("rejects pages that lead back to one another, which would never end", async () => {
        const page = (next: string) => ({
            status: 200,
            body: `<ListAllMyBucketsResult><Buckets><Bucket><Name>logs</Name><Location>oss-cn-hangzhou</Location></Bucket></Buckets><IsTruncated>true</IsTruncated><NextMarker>${next}</NextMarker></ListAllMyBucketsResult>`,
        });
        let asked = 0;
        const server = await ScriptedServer.start(() => {
            asked += 1;
            return page(asked % 2 === 0 ? "bucket-a" : "bucket-b");
        });
        const error = await failureOf(all(stores.directory({ endpoint: server.endpoint }).listBuckets()));
        expect(error.message).to.include("its next page is not a later one");
        expect(asked).to.equal(2);
        await server.stop();
    });

    it("lists nothing in an empty account, and never another account's buckets", async () => {
        expect(await namesOf(directory.listBuckets())).to.deep.equal([]);
    });

    it("reads no further page than is taken", async () => {
        for (let n = 0; n < 1_001; n++) cloud.createBucket({ name: `bucket-${n}` });
        for await (const { name } of directory.listBuckets()) if (name !== "") break;
        expect(cloud.journal.count({ operation: "ListBuckets" })).to.equal(1);
    });

    it("chooses by prefix and by tag", async () => {
        for (const name of ["logs-a", "logs-b", "photos"]) cloud.createBucket({ name });
        await aliOss.putBucketTags("logs-b", { stage: "test" });
        await aliOss.putBucketTags("photos", { stage: "production" });
        expect(await namesOf(directory.listBuckets({ prefix: "logs-" }))).to.deep.equal(["logs-a", "logs-b"]);
        expect(await namesOf(directory.listBuckets({ tag: { key: "stage" } }))).to.deep.equal(["logs-b", "photos"]);
        const production = { key: "stage", value: "production" };
        expect(await namesOf(directory.listBuckets({ tag: production }))).to.deep.equal(["photos"]);
        expect(await namesOf(directory.listBuckets({ prefix: "logs-", tag: production }))).to.deep.equal([]);
    });

    it("chooses by region", async () => {
        for (const region of ["cn-hangzhou", "cn-beijing"]) cloud.createBucket({ name: `in-${region}`, region });
        expect(await namesOf(directory.listBuckets({ regions: ["cn-beijing"] }))).to.deep.equal(["in-cn-beijing"]);
        expect(await namesOf(directory.listBuckets({ regions: [] }))).to.deep.equal([]);
    });

    it("returns owner, region and rule of a bucket in any region, as ali-oss does", async () => {
        cloud.createBucket({ name: "here", encryption: { sseAlgorithm: "KMS", kmsMasterKeyId: "key-1" } });
        cloud.createBucket({ name: "there", region: "ap-southeast-1" });
        // Behind one endpoint for all regions only the list tells where a bucket is.
        await all(directory.listBuckets());
        const here = await directory.describeBucket("here");
        expect(here).to.deep.include({ name: "here", owner, region: "cn-hangzhou" });
        expect(here.rule).to.deep.equal({ sseAlgorithm: "KMS", kmsMasterKeyId: "key-1" });
        expect(await directory.describeBucket("there")).to.deep.include({ region: "ap-southeast-1", rule: "none" });
        const { bucket } = await aliOss.getBucketInfo("here");
        expect([bucket.Owner.ID, bucket.Location, bucket.CreationDate]).to.deep.equal([
            here.owner,
            `oss-${here.region}`,
            here.createdAt,
        ]);
    });

    it("returns a bucket's tags, and none if it has none", async () => {
        cloud.createBucket({ name: "tagged" });
        cloud.createBucket({ name: "plain" });
        await aliOss.putBucketTags("tagged", { stage: "test", team: "数据 a-b" });
        expect(await directory.tagsOf("tagged")).to.deep.equal((await aliOss.getBucketTags("tagged")).tag);
        expect(await directory.tagsOf("plain")).to.deep.equal({});
    });

    it("distinguishes a missing bucket from one of another account", async () => {
        expect((await failureOf(directory.describeBucket("missing"))).kind).to.equal("bucket-not-found");
        expect((await failureOf(directory.tagsOf("missing"))).kind).to.equal("bucket-not-found");
        const denied = await failureOf(directory.describeBucket("somebody-elses"));
        expect(denied.kind).to.equal("access-denied");
        expect(denied.message).to.include("oss:GetBucketInfo");
    });

    it("rejects a denied list, and names the missing right", async () => {
        const others = new OssStores(
            staticCredentials({ accessKeyId: "nobody-key", accessKeySecret: "nobody-secret" }),
        );
        const denied = await failureOf(all(others.directory({ endpoint: cloud.url }).listBuckets()));
        others.close();
        expect(denied.kind).to.equal("access-denied");
        expect(denied.message).to.include("Cannot list the buckets of the account").and.to.include("oss:ListBuckets");
    });

    it("continues a list after throttling and broken connections", async () => {
        for (let n = 0; n < 1_500; n++) cloud.createBucket({ name: `bucket-${n}` });
        cloud.faults.add({ kind: "throttle", operation: "ListBuckets", count: 2 });
        cloud.faults.add({ kind: "truncate", operation: "ListBuckets", count: 1 });
        expect(await all(directory.listBuckets())).to.have.length(1_500);
    });
});

describe("an answer of a directory", () => {
    const service = '<?xml version="1.0"?><ListAllMyBucketsResult>';
    const cases: Record<string, string> = {
        "another root": "<BucketInfo></BucketInfo>",
        "no name": `${service}<Buckets><Bucket><Location>oss-cn-hangzhou</Location></Bucket></Buckets></ListAllMyBucketsResult>`,
        "a rest that is not named": `${service}<IsTruncated>true</IsTruncated><Buckets></Buckets></ListAllMyBucketsResult>`,
        "no XML": "<ListAllMyBucketsResult>",
    };
    for (const [what, body] of Object.entries(cases)) {
        it(`rejects one with ${what}`, async () => {
            const server = await ScriptedServer.replying({ status: 200, body });
            const stores = new OssStores(staticCredentials(testCredentials), quickLimits);
            const error = await failureOf(all(stores.directory({ endpoint: server.endpoint }).listBuckets()));
            stores.close();
            await server.stop();
            expect(error.kind).to.equal("invalid-answer");
        });
    }

    it("is read with its tags as they were written", async () => {
        const tag = (key: string, value: string) => `<Tag><Key>${key}</Key><Value>${value}</Value></Tag>`;
        const tags = `${tag("team", "a &amp; b")}${tag("flag", "")}${tag("number", "007")}`;
        const server = await ScriptedServer.replying({
            status: 200,
            body: `<Tagging><TagSet>${tags}</TagSet></Tagging>`,
        });
        const stores = new OssStores(staticCredentials(testCredentials), quickLimits);
        expect(await stores.directory({ endpoint: server.endpoint }).tagsOf("logs")).to.deep.equal({
            team: "a & b",
            flag: "",
            number: "007",
        });
        stores.close();
        await server.stop();
    });

    it("rejects a page after which the whole list begins again", async () => {
        const body = `${service}<IsTruncated>true</IsTruncated><NextMarker>a</NextMarker><Buckets></Buckets></ListAllMyBucketsResult>`;
        const server = await ScriptedServer.replying({ status: 200, body });
        const stores = new OssStores(staticCredentials(testCredentials), quickLimits);
        const error = await failureOf(all(stores.directory({ endpoint: server.endpoint }).listBuckets()));
        expect([error.kind, server.requests.length]).to.deep.equal(["invalid-answer", 2]);
        stores.close();
        await server.stop();
    });

    it("leads from the endpoint that was asked to the bucket's own region", async () => {
        const regionOf = ({ headers }: ReceivedRequest) =>
            /Credential=[^/]+\/\d{8}\/([^/]+)\//.exec(headers.authorization ?? "")?.[1];
        const info =
            "<BucketInfo><Bucket><Name>logs</Name><Location>oss-eu-central-1</Location><Owner><ID>1</ID></Owner></Bucket></BucketInfo>";
        const server = await ScriptedServer.start((request) =>
            regionOf(request) === "eu-central-1"
                ? { status: 200, body: info }
                : ossError(403, "AccessDenied", { elements: "<Endpoint>oss-eu-central-1.aliyuncs.com</Endpoint>" }),
        );
        const stores = new OssStores(staticCredentials(testCredentials), quickLimits);
        const facts = await stores.directory({ endpoint: server.endpoint }).describeBucket("logs");
        expect(facts).to.deep.include({ region: "eu-central-1", owner: "1", rule: "not-reported" });
        stores.close();
        await server.stop();
    });
});
