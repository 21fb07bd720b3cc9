import {
    DeleteObjectCommand,
    GetObjectCommand,
    type GetObjectCommandOutput,
    PutObjectCommand,
    S3Client,
} from "@aws-sdk/client-s3";
import { mockClient } from "aws-sdk-client-mock";
import { expect } from "chai";
import { UserError } from "../../../lib/errors";
import { failureOf, sdkError, storeAt } from "./store-under-test";

const key = "arn:aws:kms:eu-central-1:100000000001:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const name = /^\.bucket-encryption-proof\/[0-9a-f-]{36}$/;

describe("an object that proves the encryption of a bucket of S3", () => {
    const client = mockClient(S3Client);
    beforeEach(() => {
        client.reset();
        client.on(PutObjectCommand).resolves({});
        client.on(GetObjectCommand).resolves({});
        client.on(DeleteObjectCommand).resolves({});
    });
    after(() => client.restore());
    const sent = () => client.calls().map(({ args: [command] }) => command.constructor.name.replace("Command", ""));
    const shows = (answer: Partial<GetObjectCommandOutput>) => client.on(GetObjectCommand).resolves(answer);

    for (const [answer, rule] of [
        [{}, undefined],
        [{ ServerSideEncryption: "AES256" }, { sseAlgorithm: "AES256" }],
        [
            { ServerSideEncryption: "aws:kms", SSEKMSKeyId: key },
            { sseAlgorithm: "KMS", kmsMasterKeyId: key },
        ],
        [
            { ServerSideEncryption: "aws:kms:dsse", SSEKMSKeyId: key },
            { sseAlgorithm: "KMS_DSSE", kmsMasterKeyId: key },
        ],
    ] as const) {
        it(`reports ${JSON.stringify(answer)} of an object that it wrote without encryption of its own, read and deleted`, async () => {
            shows(answer);
            expect(await storeAt({}, { expectedBucketOwner: "100000000001" }).encryptProof("logs")).to.deep.equal(rule);
            expect(sent()).to.deep.equal(["PutObject", "GetObject", "DeleteObject"]);
            const inputs = client.calls().map(({ args: [command] }) => command.input as Record<string, unknown>);
            const object = inputs[0]?.Key as string;
            expect(object).to.match(name);
            const addressed = { Bucket: "logs", ExpectedBucketOwner: "100000000001", Key: object };
            expect(inputs).to.deep.equal([{ ...addressed, Body: object }, addressed, addressed]);
        });
    }

    it("deletes the version that was written, where the bucket keeps versions", async () => {
        client.on(PutObjectCommand).resolves({ VersionId: "v1" });
        await storeAt().encryptProof("logs");
        expect(client.calls().at(-1)?.args[0].input).to.include({ VersionId: "v1" });
    });

    it("fails with what KMS says of the key, and deletes nothing that was not written", async () => {
        client.on(PutObjectCommand).rejects(sdkError(400, "KMS.DisabledException"));
        const { kind, message } = await failureOf(storeAt().encryptProof("logs"));
        expect(kind).to.equal("key-unusable");
        expect(message).to.match(/^Cannot write the object that proves the rule \(\.bucket-encryption-proof\//);
        expect(sent()).to.deep.equal(["PutObject"]);
    });

    it("deletes what was perhaps written", async () => {
        client.on(PutObjectCommand).rejects(sdkError(500, "InternalError"));
        expect((await failureOf(storeAt().encryptProof("logs"))).kind).to.equal("service-unavailable");
        expect(sent().at(-1)).to.equal("DeleteObject");
    });

    it("deletes what cannot be read", async () => {
        client.on(GetObjectCommand).rejects(sdkError(403, "AccessDenied"));
        const error = await failureOf(storeAt().encryptProof("logs"));
        expect(error.message).to.include("read the object that proves the rule").and.include("s3:GetObject");
        expect(error.mayHaveTakenEffect).to.equal(false);
        expect(sent().at(-1)).to.equal("DeleteObject");
    });

    it("names the object and the missing right if it cannot be deleted", async () => {
        client.on(DeleteObjectCommand).rejects(sdkError(403, "AccessDenied"));
        const { message } = await failureOf(storeAt().encryptProof("logs"));
        expect(message)
            .to.include("s3:DeleteObject")
            .and.match(/\(\.bucket-encryption-proof\/[0-9a-f-]{36}\)/);
    });

    it("is deleted even when the operation is cancelled in the middle", async () => {
        const cancelling = new AbortController();
        client.on(PutObjectCommand).callsFake(() => {
            cancelling.abort(new UserError("cancelled", "Nobody wants this any more"));
            return {};
        });
        const proof = storeAt({}, {}, { cancelled: cancelling.signal }).encryptProof("logs");
        expect(await proof.catch((reason: unknown) => reason)).to.equal(cancelling.signal.reason);
        expect(client.calls().map(({ args: [command] }) => command.constructor)).to.deep.equal([
            PutObjectCommand,
            DeleteObjectCommand,
        ]);
    });
});
