import { expect } from "chai";
import { S3Service } from "./s3-service";
import { failureOf, storeAt, testKeys } from "./store-under-test";

const owner = "111122223333";
const keys = {
    id: testKeys.accessKeyId,
    secret: testKeys.secretAccessKey,
    token: testKeys.sessionToken,
    account: owner,
};

describe("S3 on loopback", () => {
    const refusals = {
        "an unknown key": { options: { keys: [{ ...keys, id: "another" }] }, code: "InvalidAccessKeyId" },
        "a wrong secret": { options: { keys: [{ ...keys, secret: "another" }] }, code: "SignatureDoesNotMatch" },
        "a foreign session": { options: { keys: [{ ...keys, token: "another" }] }, code: "InvalidToken" },
        "another account's bucket": { options: { owner: "444455556666" }, code: "AccessDenied" },
        "another owner than the expected one": {
            account: { expectedBucketOwner: "444455556666" },
            code: "AccessDenied",
        },
        "a bucket that does not exist": { options: { buckets: new Map() }, code: "NoSuchBucket" },
    } as const;
    for (const [what, { code, ...changed }] of Object.entries(refusals)) {
        it(`rejects ${what}`, async () => {
            const service = await S3Service.start({
                owner,
                keys: [keys],
                buckets: new Map([["logs", undefined]]),
                ...("options" in changed ? changed.options : {}),
            });
            const account = "account" in changed ? changed.account : {};
            const store = storeAt({ endpoint: service.url }, account, { attempts: 1 });
            try {
                expect((await failureOf(store.getRule("logs"))).code).to.equal(code);
            } finally {
                store.close();
                await service.stop();
            }
        });
    }

    it("gives every bucket AES256 as AWS does, and again when its rule is removed", async () => {
        const service = await S3Service.start({
            owner,
            keys: [keys],
            buckets: new Map([["logs", undefined]]),
            isAws: true,
        });
        const store = storeAt({ endpoint: service.url, deletionIsSafe: true });
        try {
            const given = { sseAlgorithm: "AES256", bucketKeyEnabled: false, blockedEncryptionTypes: ["SSE-C"] };
            expect(await store.getRule("logs")).to.deep.equal(given);
            await store.putRule("logs", { sseAlgorithm: "KMS", bucketKeyEnabled: true });
            expect(service.bucketRule("logs")).to.deep.equal({ ...given, sseAlgorithm: "KMS", bucketKeyEnabled: true });
            await store.deleteRule("logs");
            expect(await store.getRule("logs")).to.deep.equal(given);
        } finally {
            store.close();
            await service.stop();
        }
    });
});
