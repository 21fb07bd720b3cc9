import {
    GetBucketEncryptionCommand,
    GetBucketTaggingCommand,
    HeadBucketCommand,
    ListBucketsCommand,
    S3Client,
} from "@aws-sdk/client-s3";
import { mockClient } from "aws-sdk-client-mock";
import { expect } from "chai";
import type { BucketSelection, BucketSummary, StorePlace } from "../../../lib/stores";
import type { S3Account } from "../../../lib/stores/s3/s3-client";
import { S3Stores } from "../../../lib/stores/s3/s3-stores";
import { ScriptedServer } from "../oss/scripted-server";
import { failureOf, sdkError, testKeys } from "./store-under-test";

const owner = "100000000001";
const made = new Date("2024-05-01T10:00:00Z");
const aes256 = { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" as const } }] };

function directoryAt(target: StorePlace = {}, account: S3Account = {}) {
    return new S3Stores({ credentials: async () => testKeys, ...account }).directory(target);
}

describe("the directory of the buckets of an S3 account", () => {
    let client = mockClient(S3Client);
    client.restore();
    beforeEach(() => {
        client = mockClient(S3Client);
    });
    afterEach(() => client.restore());

    async function listed(selection?: BucketSelection, directory = directoryAt()): Promise<BucketSummary[]> {
        const found: BucketSummary[] = [];
        for await (const summary of directory.listBuckets(selection)) found.push(summary);
        return found;
    }
    const namesOf = (buckets: readonly BucketSummary[]) => buckets.map(({ name }) => name);
    const calls = () =>
        client.calls().map(({ args: [command] }) => [command.constructor.name.replace("Command", ""), command.input]);
    /** The regions that requests went to, in their order. */
    const regions = async () =>
        Promise.all(client.calls().map(({ thisValue }) => (thisValue as unknown as S3Client).config.region()));
    const located = (Name: string, BucketRegion = "us-east-1") => ({ Name, BucketRegion });

    it("reads all pages, each from where the last one ended, and only those with the prefix", async () => {
        client
            .on(ListBucketsCommand, { ContinuationToken: "second" })
            .resolves({ Buckets: [located("logs-c", "eu-west-3")] })
            .on(ListBucketsCommand, { ContinuationToken: undefined })
            .resolves({
                Owner: { ID: "a canonical id, which is no account's number" },
                Buckets: [{ ...located("logs-b", "eu-central-1"), CreationDate: made }, located("logs-a")],
                ContinuationToken: "second",
            });
        const of = { owner: undefined, createdAt: undefined, storageClass: undefined };
        expect(await listed({ prefix: "logs-" })).to.deep.equal([
            { ...of, name: "logs-a", region: "us-east-1" },
            { ...of, name: "logs-b", region: "eu-central-1", createdAt: "2024-05-01T10:00:00.000Z" },
            { ...of, name: "logs-c", region: "eu-west-3" },
        ]);
        expect(calls()).to.deep.equal([
            ["ListBuckets", { MaxBuckets: 1000, Prefix: "logs-" }],
            ["ListBuckets", { MaxBuckets: 1000, Prefix: "logs-", ContinuationToken: "second" }],
        ]);
    });

    it("is read from a service without pages, prefixes and regions", async () => {
        client.on(ListBucketsCommand).resolves({ Buckets: [{ Name: "photos" }, { Name: "logs" }] });
        const directory = directoryAt({ endpoint: "https://s3.example.com", region: "garage" });
        const found = await listed({ prefix: "lo" }, directory);
        expect(found.map(({ name, region }) => [name, region])).to.deep.equal([["logs", "garage"]]);
        expect(calls()).to.have.length(1);
    });

    it("requests the region of an AWS bucket only if the list lacks it, and accepts it from a refusal", async () => {
        const naming = { $response: { statusCode: 403, headers: { "x-amz-bucket-region": "eu-west-3" } } };
        client
            .on(ListBucketsCommand)
            .resolves({ Buckets: [located("told"), { Name: "asked" }, { Name: "denied" }] })
            .on(HeadBucketCommand, { Bucket: "asked" })
            .resolves({ BucketRegion: "eu-central-1" })
            .on(HeadBucketCommand, { Bucket: "denied" })
            .rejects(sdkError(403, "AccessDenied", naming));
        const found = await listed({}, directoryAt({}, { expectedBucketOwner: owner }));
        expect(Object.fromEntries(found.map(({ name, region }) => [name, region]))).to.deep.equal({
            asked: "eu-central-1",
            denied: "eu-west-3",
            told: "us-east-1",
        });
        expect(calls().slice(1)).to.deep.equal([
            ["HeadBucket", { Bucket: "asked", ExpectedBucketOwner: owner }],
            ["HeadBucket", { Bucket: "denied", ExpectedBucketOwner: owner }],
        ]);
    });

    it("requests regions that a list lacks only if they decide which buckets are listed", async () => {
        client
            .on(ListBucketsCommand)
            .resolves({ Buckets: [{ Name: "here" }, { Name: "there" }, { Name: "untold" }] })
            .on(HeadBucketCommand, { Bucket: "here" })
            .resolves({ BucketRegion: "eu" })
            .on(HeadBucketCommand, { Bucket: "there" })
            .resolves({ BucketRegion: "us" })
            .on(HeadBucketCommand, { Bucket: "untold" })
            .resolves({});
        const directory = directoryAt({ endpoint: "https://s3.example.com", region: "eu" });
        expect(namesOf(await listed({ regions: ["eu"] }, directory))).to.deep.equal(["here", "untold"]);
        expect(calls()).to.have.length(4);
        expect(await listed({}, directory)).to.have.length(3);
        expect(calls()).to.have.length(5);
    });

    it("rejects a list with a bucket whose region no answer names", async () => {
        client
            .on(ListBucketsCommand)
            .resolves({ Buckets: [{ Name: "logs" }] })
            .on(HeadBucketCommand)
            .rejects(sdkError(403, "AccessDenied"));
        const { kind, message } = await failureOf(listed());
        expect(kind).to.equal("access-denied");
        expect(message).to.include("Cannot find out the bucket's region").and.include("s3:ListBucket");
    });

    it("asks each bucket of a list for its tags, at its own region, where a tag is wanted", async () => {
        client
            .on(ListBucketsCommand)
            .resolves({
                Buckets: [
                    located("bucket-a"),
                    located("bucket-b", "eu-west-3"),
                    located("bucket-c"),
                    located("bucket-d"),
                ],
            })
            .on(GetBucketTaggingCommand, { Bucket: "bucket-a" })
            .resolves({ TagSet: [{ Key: "stage", Value: "prod" }] })
            .on(GetBucketTaggingCommand, { Bucket: "bucket-b" })
            .resolves({ TagSet: [{ Key: "stage", Value: "test" }] })
            .on(GetBucketTaggingCommand, { Bucket: "bucket-c" })
            .rejects(sdkError(404, "NoSuchTagSet"))
            .on(GetBucketTaggingCommand, { Bucket: "bucket-d" })
            .resolves({ TagSet: [{ Key: "team", Value: "prod" }] });
        expect(namesOf(await listed({ tag: { key: "stage" } }))).to.deep.equal(["bucket-a", "bucket-b"]);
        expect(await regions()).to.deep.equal(["us-east-1", "us-east-1", "eu-west-3", "us-east-1", "us-east-1"]);
        expect(namesOf(await listed({ tag: { key: "stage", value: "prod" } }))).to.deep.equal(["bucket-a"]);
    });

    it("rejects a selection by tags when one bucket's may not be read", async () => {
        client
            .on(ListBucketsCommand)
            .resolves({ Buckets: [located("logs"), located("photos")] })
            .on(GetBucketTaggingCommand)
            .resolves({ TagSet: [] })
            .on(GetBucketTaggingCommand, { Bucket: "photos" })
            .rejects(sdkError(403, "AccessDenied"));
        const { kind, message } = await failureOf(listed({ tag: { key: "stage" } }));
        expect(kind).to.equal("access-denied");
        expect(message).to.include("Cannot read the bucket's tags").and.include("s3:GetBucketTagging");
    });

    it("rejects a denied list, and names the missing right", async () => {
        client.on(ListBucketsCommand).rejects(sdkError(403, "AccessDenied"));
        const { kind, message } = await failureOf(listed({}, directoryAt({}, { expectedBucketOwner: owner })));
        expect(kind).to.equal("access-denied");
        expect(message).to.include("Cannot list the buckets of the account").and.include("s3:ListAllMyBuckets");
        expect(message).not.to.include(owner);
    });

    it("rejects a page that leads to itself", async () => {
        client.on(ListBucketsCommand).resolves({ Buckets: [], ContinuationToken: "again" });
        expect(await failureOf(listed())).to.include({ kind: "invalid-answer" });
        expect(calls()).to.have.length(2);
    });

    for (const body of ["", "<ListBucketResult><Name>logs</Name></ListBucketResult>", "<html><body/></html>"]) {
        it(`rejects ${body || "nothing"} in the place of a list, and does not treat it as an empty account`, async () => {
            const server = await ScriptedServer.replying({ status: 200, body });
            client.restore();
            try {
                const error = await failureOf(listed({}, directoryAt({ endpoint: server.endpoint })));
                expect(error.kind).to.equal("invalid-answer");
                expect(server.requests.map(({ url }) => url)).to.deep.equal(["/?max-buckets=1000&x-id=ListBuckets"]);
            } finally {
                await server.stop();
            }
        });
    }
});

describe("a bucket in the directory of an S3 account", () => {
    let client = mockClient(S3Client);
    client.restore();
    beforeEach(() => {
        client = mockClient(S3Client);
    });
    afterEach(() => client.restore());
    const facts = { name: "logs", region: "us-east-1", createdAt: undefined, storageClass: undefined };

    it("has its rule, and its owner if the service was asked to confirm one", async () => {
        client.on(GetBucketEncryptionCommand).resolves({ ServerSideEncryptionConfiguration: aes256 });
        const rule = { sseAlgorithm: "AES256", bucketKeyEnabled: false, blockedEncryptionTypes: ["NONE"] };
        expect(await directoryAt().describeBucket("logs")).to.deep.equal({ ...facts, owner: undefined, rule });
        expect(await directoryAt({}, { expectedBucketOwner: owner }).describeBucket("logs")).to.deep.equal({
            ...facts,
            owner,
            rule,
        });
        expect(client.calls().map(({ args: [{ input }] }) => input)).to.deep.equal([
            { Bucket: "logs" },
            { Bucket: "logs", ExpectedBucketOwner: owner },
        ]);
    });

    it("has no rule only if the service says so; a service without rules confirms neither rule nor owner", async () => {
        const directory = directoryAt({}, { expectedBucketOwner: owner });
        client.on(GetBucketEncryptionCommand).rejects(sdkError(404, "ServerSideEncryptionConfigurationNotFoundError"));
        expect(await directory.describeBucket("logs")).to.deep.equal({ ...facts, owner, rule: "none" });
        client.on(GetBucketEncryptionCommand).rejects(sdkError(501, "NotImplemented"));
        const unknown = { ...facts, owner: undefined, rule: "not-reported" };
        expect(await directory.describeBucket("logs")).to.deep.equal(unknown);
    });

    for (const [status, code, kind] of [
        [403, "AccessDenied", "access-denied"],
        [404, "NoSuchBucket", "bucket-not-found"],
        [503, "SlowDown", "throttled"],
    ] as const) {
        it(`rejects ${code} as ${kind}`, async () => {
            client.on(GetBucketEncryptionCommand).rejects(sdkError(status, code));
            expect((await failureOf(directoryAt().describeBucket("logs"))).kind).to.equal(kind);
        });
    }

    it("is read at the endpoint of the region that the answer names", async () => {
        client
            .on(GetBucketEncryptionCommand)
            .rejectsOnce(sdkError(301, "PermanentRedirect", { Region: "eu-west-3" }))
            .resolves({ ServerSideEncryptionConfiguration: aes256 });
        const directory = directoryAt({ endpoint: "https://s3.eu-central-1.amazonaws.com" });
        expect((await directory.describeBucket("logs")).region).to.equal("eu-west-3");
        const asked = client.calls().map(({ thisValue }) => (thisValue as unknown as S3Client).config);
        expect(await Promise.all(asked.map(({ region }) => region()))).to.deep.equal(["eu-central-1", "eu-west-3"]);
        expect(asked[1]?.isCustomEndpoint ?? false).to.equal(false);
    });

    it("has its tags, or none", async () => {
        client.on(GetBucketTaggingCommand).resolvesOnce({ TagSet: [{ Key: "__proto__", Value: "odd" }] });
        const directory = directoryAt({}, { expectedBucketOwner: owner });
        expect(Object.entries(await directory.tagsOf("logs"))).to.deep.equal([["__proto__", "odd"]]);
        client.on(GetBucketTaggingCommand).rejects(sdkError(404, "NoSuchTagSet"));
        expect(await directory.tagsOf("logs")).to.deep.equal({});
        expect(client.calls()[0]?.args[0].input).to.deep.equal({ Bucket: "logs", ExpectedBucketOwner: owner });
        client.on(GetBucketTaggingCommand).rejects(sdkError(404, "NoSuchBucket"));
        expect((await failureOf(directory.tagsOf("logs"))).kind).to.equal("bucket-not-found");
    });

    it("rejects an ARN in the place of a bucket's name, before any request", async () => {
        const error = await directoryAt()
            .tagsOf("arn:aws:s3:::logs")
            .catch((reason) => reason);
        expect(error).to.have.property("kind", "invalid-target");
        expect(client.calls()).to.have.length(0);
    });
});
