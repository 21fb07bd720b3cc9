import { expect } from "chai";
import { ServiceError } from "../../lib/errors";
import type { ObservedRule, RuleCapabilities, ServerSideEncryptionRule } from "../../lib/rule";
import type { EncryptionStore } from "../../lib/stores";

/** An implementation under test, with the actions that the port does not have. */
export interface EncryptionStoreSubject {
    readonly store: EncryptionStore;
    readonly capabilities: RuleCapabilities;
    /** A key that rules may name. */
    readonly kmsMasterKeyId: string;
    /** Creates a bucket without a rule. */
    createBucket(name: string): Promise<void>;
    deleteBucket(name: string): Promise<void>;
    /** Ends all processes that were started. */
    stop(): Promise<void>;
}

/**
 * Registers the tests that every implementation of `EncryptionStore` has to pass.
 * @param name how the report calls the implementation
 * @param start makes a fresh subject for each test
 */
export function encryptionStoreContract(name: string, start: () => Promise<EncryptionStoreSubject>): void {
    describe(`the contract of an encryption store, kept by ${name}`, () => {
        let subject: EncryptionStoreSubject;
        beforeEach(async () => {
            subject = await start();
            await subject.createBucket("logs");
        });
        afterEach(() => subject.stop());

        /** The truth table of `ServerSideEncryptionRule`, row by row, as far as the store has it. */
        const rules = (): ServerSideEncryptionRule[] => {
            const { sseAlgorithms, store } = subject.capabilities;
            const { kmsMasterKeyId } = subject;
            const unblocked = { blockedEncryptionTypes: ["NONE"] } as const;
            const table: ServerSideEncryptionRule[] = [
                { sseAlgorithm: "AES256" },
                { sseAlgorithm: "SM4" },
                { sseAlgorithm: "KMS" },
                { sseAlgorithm: "KMS", kmsDataEncryption: "SM4" },
                { sseAlgorithm: "KMS", kmsMasterKeyId },
                { sseAlgorithm: "KMS", kmsMasterKeyId, kmsDataEncryption: "SM4" },
                { sseAlgorithm: "KMS_DSSE" },
                { sseAlgorithm: "KMS_DSSE", kmsMasterKeyId },
            ];
            return table
                .filter(({ sseAlgorithm }) => sseAlgorithms.includes(sseAlgorithm))
                .filter((rule) => store === "oss" || !("kmsDataEncryption" in rule))
                .flatMap((rule) =>
                    store === "s3"
                        ? [true, false].map((on) => ({ ...rule, bucketKeyEnabled: on, ...unblocked }))
                        : [rule],
                );
        };
        const ruleNumber = (index: number) => rules()[index % rules().length] as ServerSideEncryptionRule;

        it("reads every kind of rule as it was written", async () => {
            for (const rule of rules()) {
                await subject.store.putRule("logs", rule);
                expect(await subject.store.getRule("logs")).to.deep.equal(rule);
            }
        });

        it("replaces the whole rule", async () => {
            // Of rules that differ in their bucket key only, every other one is enough.
            const some = rules().filter(
                (_, index) => subject.capabilities.store !== "s3" || [0, 3].includes(index % 4),
            );
            for (const earlier of some) {
                for (const later of some) {
                    await subject.store.putRule("logs", earlier);
                    await subject.store.putRule("logs", later);
                    expect(await subject.store.getRule("logs")).to.deep.equal(later);
                }
            }
        });

        it("accepts the same rule again", async () => {
            await subject.store.putRule("logs", ruleNumber(1));
            await subject.store.putRule("logs", ruleNumber(1));
            expect(await subject.store.getRule("logs")).to.deep.equal(ruleNumber(1));
        });

        it("keeps settings that the rule omits", async () => {
            for (const earlier of rules()) {
                const { bucketKeyEnabled: _, blockedEncryptionTypes: __, ...unsaid } = earlier;
                await subject.store.putRule("logs", earlier);
                await subject.store.putRule("logs", unsaid);
                const kept: ObservedRule = await subject.store.getRule("logs");
                // Two layers of encryption go without a bucket key.
                expect(kept).to.deep.equal(
                    unsaid.sseAlgorithm === "KMS_DSSE" ? { ...earlier, bucketKeyEnabled: false } : earlier,
                );
            }
        });

        it("reports no rule for a new bucket", async () => {
            await expectKind("rule-not-found", subject.store.getRule("logs"));
        });

        it("reports no rule after a removal", async () => {
            await subject.store.putRule("logs", { sseAlgorithm: "KMS" });
            await subject.store.deleteRule("logs");
            await expectKind("rule-not-found", subject.store.getRule("logs"));
        });

        it("accepts the removal of a missing rule, repeatedly", async () => {
            await subject.store.deleteRule("logs");
            await subject.store.deleteRule("logs");
        });

        it("writes a rule again after it was removed", async () => {
            await subject.store.putRule("logs", { sseAlgorithm: "KMS" });
            await subject.store.deleteRule("logs");
            await subject.store.putRule("logs", { sseAlgorithm: "AES256" });
            expect((await subject.store.getRule("logs")).sseAlgorithm).to.equal("AES256");
        });

        it("reports by an object how new objects are encrypted, and leaves no object", async () => {
            await subject.store.putRule("logs", { sseAlgorithm: "AES256" });
            expect(await subject.store.encryptProof("logs")).to.deep.equal({ sseAlgorithm: "AES256" });
            await expectKind("bucket-not-found", subject.store.encryptProof("nowhere"));
            // Services delete empty buckets alone.
            await subject.deleteBucket("logs");
            await expectKind("bucket-not-found", subject.store.getRule("logs"));
        });

        it("distinguishes a missing bucket from a missing rule, for every operation", async () => {
            await expectKind("bucket-not-found", subject.store.getRule("nowhere"));
            await expectKind("bucket-not-found", subject.store.putRule("nowhere", { sseAlgorithm: "KMS" }));
            await expectKind("bucket-not-found", subject.store.deleteRule("nowhere"));
        });

        it("notices that a bucket was deleted", async () => {
            await subject.store.putRule("logs", ruleNumber(1));
            await subject.deleteBucket("logs");
            await expectKind("bucket-not-found", subject.store.getRule("logs"));
        });

        it("names the bucket and the service's answer in an error", async () => {
            const error = await expectKind("bucket-not-found", subject.store.getRule("nowhere"));
            expect(error.where.bucket).to.equal("nowhere");
            expect(error.message).to.include("nowhere");
            expect(error.code).to.be.a("string").and.not.empty;
            expect(error.status).to.be.a("number");
            expect(error.requestId).to.be.a("string").and.not.empty;
        });

        it("keeps the rules of many buckets apart when they are asked for at once", async () => {
            const buckets = Array.from({ length: 40 }, (_, index) => `bucket-${index}`);
            await Promise.all(buckets.map((bucket) => subject.createBucket(bucket)));
            await Promise.all(buckets.map((bucket, index) => subject.store.putRule(bucket, ruleNumber(index))));
            const read = await Promise.all(buckets.map((bucket) => subject.store.getRule(bucket)));
            expect(read).to.deep.equal(buckets.map((_, index) => ruleNumber(index)));
        });
    });
}

async function expectKind(kind: ServiceError["kind"], operation: Promise<unknown>): Promise<ServiceError> {
    const error = await operation.then(
        () => expect.fail(`the operation should have failed with ${kind}`),
        (reason: unknown) => reason,
    );
    expect(error).to.be.instanceOf(ServiceError);
    expect((error as ServiceError).kind, (error as ServiceError).message).to.equal(kind);
    return error as ServiceError;
}
