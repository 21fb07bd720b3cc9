import { expect } from "chai";
import fc from "fast-check";
import { staticCredentials } from "../../lib/accounts";
import { UserError } from "../../lib/errors";
import { BucketEncryptionLifecycle } from "../../lib/lifecycle";
import { type EncryptionRule, LocalCloud } from "../../lib/local-cloud";
import { OssEncryptionStore } from "../../lib/stores/oss/oss-encryption-store";
import { ossStoreFamily } from "../../lib/stores/oss/oss-store-family";
import { resolveOssTarget } from "../../lib/stores/oss/oss-target";
import { declarableRule } from "../rule/rule-arbitraries";

const bucket = "example-logs";
const keys = { accessKeyId: "local-key-id", accessKeySecret: "local-key-secret" };

describe("reconciliation with the bucket's rule", () => {
    let cloud: LocalCloud;
    let stores: OssEncryptionStore[];
    let notices: string[];
    let lifecycle: BucketEncryptionLifecycle;
    let target: { region: string; endpoint: string };

    /** What a new process of the provider host would have. */
    function newLifecycle(credentials = staticCredentials(keys)): BucketEncryptionLifecycle {
        return new BucketEncryptionLifecycle({
            families: { oss: ossStoreFamily },
            settings: () => ({}),
            open: (reached) => {
                const limits = { attempts: 2, firstDelayMilliseconds: 1 };
                const store = new OssEncryptionStore({ target: resolveOssTarget(reached), credentials, limits });
                stores.push(store);
                return store;
            },
            notice: (text) => notices.push(text),
            lookUpKey: async () => undefined,
            wait: () => Promise.resolve(),
        });
    }

    /** The state of a resource as it is updated: by default with another rule. */
    const stateOf = (rule: object = { sseAlgorithm: "SM9" }) => ({ bucket, ...rule, ...target });

    const operations = () => cloud.journal.entries().map(({ operation }) => operation);

    async function rejection(work: Promise<unknown>): Promise<UserError> {
        const error = await work.then(
            () => expect.fail("it should have failed"),
            (reason: unknown) => reason,
        );
        expect(error).to.be.instanceOf(UserError);
        return error as UserError;
    }

    beforeEach(async () => {
        cloud = await LocalCloud.start();
        cloud.createBucket({ name: bucket });
        target = { region: "cn-hangzhou", endpoint: cloud.url };
        stores = [];
        notices = [];
        lifecycle = newLifecycle();
    });
    afterEach(async () => {
        for (const store of stores) store.close();
        await cloud.stop();
    });

    describe("create and update", () => {
        it("write the declared rule, and return it as the state", async () => {
            const inputs = {
                bucket,
                sseAlgorithm: "KMS",
                kmsMasterKeyId: "key-1",
                kmsDataEncryption: "SM4",
                ...target,
            };
            expect(await lifecycle.create(inputs)).to.deep.equal(inputs);
            expect(cloud.bucketRule(bucket)).to.deep.equal({
                sseAlgorithm: "KMS",
                kmsMasterKeyId: "key-1",
                kmsDataEncryption: "SM4",
            });
            expect(await lifecycle.update(stateOf(), { bucket, sseAlgorithm: "SM4", ...target })).to.deep.equal({
                bucket,
                sseAlgorithm: "SM4",
                ...target,
            });
            expect(cloud.bucketRule(bucket)).to.deep.equal({ sseAlgorithm: "SM4" });
        });

        it("write nothing when the rule is there already", async () => {
            cloud.setBucketRule(bucket, { sseAlgorithm: "KMS" });
            await lifecycle.create({ bucket, sseAlgorithm: "KMS", ...target });
            expect(operations()).to.deep.equal(["GetBucketEncryption"]);
        });

        it("make no request when something else than the rule changes", async () => {
            const inputs = { bucket, sseAlgorithm: "KMS", ...target };
            const settings = { onDelete: "retain", forceDelete: true, existingRule: "fail" } as const;
            expect(await lifecycle.update(inputs, { ...inputs, ...settings })).to.deep.equal({
                ...inputs,
                ...settings,
            });
            await lifecycle.update(inputs, { ...inputs, region: "cn-beijing" });
            expect(operations()).to.deep.equal([]);
        });

        it("read, write and read back for a new rule", async () => {
            await lifecycle.create({ bucket, sseAlgorithm: "AES256", ...target });
            expect(operations()).to.deep.equal(["GetBucketEncryption", "PutBucketEncryption", "GetBucketEncryption"]);
        });

        it("write and read back for a changed rule", async () => {
            await lifecycle.update(stateOf(), { bucket, sseAlgorithm: "AES256", ...target });
            expect(operations()).to.deep.equal(["PutBucketEncryption", "GetBucketEncryption"]);
        });

        it("keep what the bucket had before, from its creation on", async () => {
            cloud.setBucketRule(bucket, { sseAlgorithm: "SM4" });
            const state = await lifecycle.create({ bucket, sseAlgorithm: "AES256", ...target });
            expect(state.previousRule).to.deep.equal({ sseAlgorithm: "SM4" });
            const read = await lifecycle.read(bucket, { ...state });
            const updated = await lifecycle.update({ ...read }, { bucket, sseAlgorithm: "KMS", ...target });
            expect(updated.previousRule).to.deep.equal({ sseAlgorithm: "SM4" });
        });

        it("end in the declared rule from every former rule", async () => {
            await fc.assert(
                fc.asyncProperty(
                    fc.option(declarableRule, { nil: undefined }),
                    declarableRule,
                    async (before, after) => {
                        cloud.setBucketRule(bucket, before as EncryptionRule | undefined);
                        await lifecycle.update(stateOf(), { bucket, ...after, ...target });
                        expect(cloud.bucketRule(bucket)).to.deep.equal(after);
                        cloud.setBucketRule(bucket, before as EncryptionRule | undefined);
                        await lifecycle.create({ bucket, ...after, existingRule: "overwrite", ...target });
                        expect(cloud.bucketRule(bucket)).to.deep.equal(after);
                    },
                ),
                { numRuns: 50 },
            );
        });

        it("reject a bucket that does not exist", async () => {
            const { kind, message } = await rejection(
                lifecycle.create({ bucket: "nowhere", sseAlgorithm: "SM4", ...target }),
            );
            expect(kind).to.equal("bucket-not-found");
            expect(message).to.include("nowhere");
        });

        it("reject inputs that no check has passed, and make no request", async () => {
            const inputs = { bucket, sseAlgorithm: "AES256", kmsMasterKeyId: "key-1", ...target };
            const { kind, message } = await rejection(lifecycle.create(inputs));
            expect(kind).to.equal("invalid-rule");
            expect(message).to.include("kmsMasterKeyId");
            expect(operations()).to.deep.equal([]);
        });

        it("write nothing while the existing rule is not known", async () => {
            cloud.setBucketRule(bucket, { sseAlgorithm: "SM4" });
            cloud.faults.add({ kind: "status", status: 403, code: "AccessDenied", operation: "GetBucketEncryption" });
            const { kind } = await rejection(lifecycle.create({ bucket, sseAlgorithm: "AES256", ...target }));
            expect(kind).to.equal("access-denied");
            expect(cloud.bucketRule(bucket)).to.deep.equal({ sseAlgorithm: "SM4" });
            expect(cloud.journal.count({ operation: "PutBucketEncryption" })).to.equal(0);
        });
    });

    describe("read", () => {
        const known = () => ({ bucket, sseAlgorithm: "AES256", ...target });

        it("returns the rule that is there, and how the bucket is reached", async () => {
            cloud.setBucketRule(bucket, { sseAlgorithm: "KMS", kmsMasterKeyId: "key-2" });
            expect(await lifecycle.read(bucket, known())).to.deep.equal({
                bucket,
                sseAlgorithm: "KMS",
                kmsMasterKeyId: "key-2",
                ...target,
            });
        });

        it("rejects looking up a rule that does not exist", async () => {
            expect((await rejection(lifecycle.read(bucket, target))).kind).to.equal("rule-not-found");
            expect((await rejection(lifecycle.read("nowhere", target))).kind).to.equal("bucket-not-found");
        });

        it("finds nothing when a rule is gone, and when its bucket is", async () => {
            expect(await lifecycle.read(bucket, known())).to.equal(undefined);
            expect(await lifecycle.read("nowhere", known())).to.equal(undefined);
        });

        it("shows unknown fields", async () => {
            const body =
                "<ServerSideEncryptionRule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>SM9</SSEAlgorithm>" +
                "<Scope>objects</Scope></ApplyServerSideEncryptionByDefault></ServerSideEncryptionRule>";
            cloud.faults.add({ kind: "raw", body, operation: "GetBucketEncryption" });
            expect(await lifecycle.read(bucket, known())).to.deep.equal({
                bucket,
                sseAlgorithm: "SM9",
                unrecognized: { Scope: "objects" },
                ...target,
            });
        });

        for (const [what, fault] of [
            ["forbidden", { kind: "status", status: 403, code: "AccessDenied" }],
            ["throttled", { kind: "status", status: 503, code: "MetaOperationQpsLimitExceeded" }],
            ["answered with a 404 that names neither", { kind: "status", status: 404, code: "NoSuchWebsite" }],
            ["answered with an empty document", { kind: "raw", body: "" }],
            ["answered with half a document", { kind: "raw", body: "<ServerSideEncryptionRule><ApplyServer" }],
            [
                "answered by a web page",
                { kind: "raw", body: "<html><body>Please log in</body></html>", contentType: "text/html" },
            ],
            ["answered by a web page that is called not found", { kind: "raw", status: 404, body: "<html></html>" }],
            ["cut off", { kind: "reset-before" }],
        ] as const) {
            it(`rejects a reading that is ${what}, and never takes it for an absence`, async () => {
                cloud.setBucketRule(bucket, { sseAlgorithm: "AES256" });
                cloud.faults.add(fault);
                await rejection(lifecycle.read(bucket, known()));
            });
        }
    });

    describe("remove", () => {
        const state = () => ({ bucket, sseAlgorithm: "AES256", ...target });

        it("removes the rule", async () => {
            cloud.setBucketRule(bucket, { sseAlgorithm: "AES256" });
            await lifecycle.remove(bucket, state());
            expect(cloud.journal.count({ operation: "DeleteBucketEncryption", bucket })).to.equal(1);
            expect(cloud.bucketRule(bucket)).to.equal(undefined);
        });

        it("succeeds when the rule or the bucket is gone already", async () => {
            await lifecycle.remove(bucket, state());
            cloud.deleteBucket(bucket);
            await lifecycle.remove(bucket, state());
        });

        it("rejects a denied and a failed reading", async () => {
            cloud.setBucketRule(bucket, { sseAlgorithm: "AES256" });
            cloud.faults.add({ kind: "status", status: 403, code: "AccessDenied" });
            expect((await rejection(lifecycle.remove(bucket, state()))).kind).to.equal("access-denied");
            expect(cloud.bucketRule(bucket)).to.deep.equal({ sseAlgorithm: "AES256" });
        });

        it("keeps the rule of a bucket that the program declares in the same operation, and says so", async () => {
            const { inputs } = lifecycle.check(state());
            await lifecycle.create(inputs as never);
            await lifecycle.remove(bucket, state());
            expect(cloud.bucketRule(bucket)).to.deep.equal({ sseAlgorithm: "AES256" });
            expect(notices).to.deep.equal([
                `the encryption rule of bucket ${bucket} stays, since the stack still declares one for it`,
            ]);
            await newLifecycle().remove(bucket, state());
            expect(cloud.bucketRule(bucket)).to.equal(undefined);
        });
    });
});
