import { expect } from "chai";
import { LocalCloud } from "../../lib/local-cloud";
import { BucketStack } from "../stacks/bucket-stack";

const owner = "1000000000000001";
const stranger = "1000000000000002";

describe("bad input to a deployment", () => {
    let cloud: LocalCloud;
    let stack: BucketStack;

    before(async () => {
        cloud = await LocalCloud.start({
            isStrict: true,
            accounts: {
                accounts: [
                    { id: owner, accessKeys: [{ id: "local-key-id", secret: "local-key-secret" }] },
                    { id: stranger, buckets: [{ name: "of-a-stranger", region: "cn-hangzhou" }] },
                ],
            },
        });
        cloud.createBucket({ name: "example-logs", encryption: { sseAlgorithm: "SM4" } });
        stack = await new BucketStack(cloud).start();
    });
    after(async () => {
        stack.remove();
        await cloud.stop();
    });

    /** What each of these errors has to be: about the named resource, readable, and without a secret. */
    function expectReadable(output: string): void {
        expect(output).to.match(/error/i);
        expect(output).to.include("logs");
        expect(output, "a stack trace").not.to.match(/^\s+at .+:\d+:\d+\)?$/m);
        for (const secret of ["local-key-secret", "distinctive-secret", "Signature="])
            expect(output).not.to.include(secret);
    }

    describe("that a check can find", () => {
        for (const [what, args, said] of [
            ["a wrong algorithm", { sseAlgorithm: "aes-256" }, 'did you mean "AES256"?'],
            [
                "a key with AES256",
                { sseAlgorithm: "AES256", kmsMasterKeyId: "key-1" },
                'only allowed with sseAlgorithm "KMS"',
            ],
            [
                "a key with SM4",
                { sseAlgorithm: "SM4", kmsMasterKeyId: "key-1" },
                'only allowed with sseAlgorithm "KMS"',
            ],
            [
                "data encryption other than SM4",
                { sseAlgorithm: "KMS", kmsDataEncryption: "AES128" },
                '"AES128" is not one of "SM4"',
            ],
            [
                "data encryption without KMS",
                { sseAlgorithm: "AES256", kmsDataEncryption: "SM4" },
                'only allowed with sseAlgorithm "KMS"',
            ],
            ["an invalid bucket name", { bucket: "Not_A_Bucket", sseAlgorithm: "SM4" }, "Not_A_Bucket"],
            ["an endpoint that is no URL", { sseAlgorithm: "SM4", endpoint: "not a url" }, "not a URL"],
            [
                "an endpoint with a password in it",
                { sseAlgorithm: "SM4", endpoint: "https://user:distinctive-secret@oss-cn-hangzhou.aliyuncs.com" },
                "an endpoint must not contain credentials",
            ],
            [
                "plain HTTP beyond loopback",
                { sseAlgorithm: "SM4", endpoint: "http://oss-cn-hangzhou.aliyuncs.com" },
                "plain HTTP",
            ],
            [
                "a property that does not exist",
                { sseAlgorithm: "SM4", kmsMasterKeyID: "x" },
                'did you mean "kmsMasterKeyId"?',
            ],
        ] as const) {
            it(`rejects ${what} in the preview, before any request`, async () => {
                cloud.journal.clear();
                const { status, output } = await stack
                    .declare({ logs: { bucket: "example-logs", ...args } })
                    .command("preview");
                expect(status, output).to.equal(1);
                expectReadable(output);
                expect(output).to.include(said);
                expect(cloud.journal.entries()).to.deep.equal([]);
            });
        }

        it("rejects all faults at once", async () => {
            const { output } = await stack
                .declare({
                    logs: {
                        bucket: "No",
                        sseAlgorithm: "rot13",
                        kmsDataEncryption: "x",
                        endpoint: "http://example.com",
                    },
                })
                .command("preview");
            for (const property of ["bucket", "sseAlgorithm", "kmsDataEncryption", "endpoint"]) {
                expect(output).to.match(new RegExp(`logs' has a problem: ${property}: `));
            }
        });
    });

    describe("that only the service can find", () => {
        const noKeys = { ALIBABA_CLOUD_ACCESS_KEY_ID: undefined, ALIBABA_CLOUD_ACCESS_KEY_SECRET: undefined };
        const wrongSecret = { ALIBABA_CLOUD_ACCESS_KEY_SECRET: "distinctive-secret" };
        for (const [what, bucket, environment, said] of [
            ["no credentials", "example-logs", noKeys, "No credentials"],
            ["a wrong secret", "example-logs", wrongSecret, "SignatureDoesNotMatch"],
            ["a bucket that is not there", "example-lost", {}, "NoSuchBucket"],
            ["a bucket of another account", "of-a-stranger", {}, "AccessDenied"],
        ] as const) {
            it(`rejects ${what}, and leaves state and rule as they were`, async () => {
                await expectRefused(stack, bucket, environment, said);
            });
        }

        for (const [what, fault, said] of [
            [
                "half an XML document",
                { kind: "raw", body: "<ServerSideEncryptionRule><Apply" },
                "the answer is not an answer of OSS",
            ],
            [
                "a web page",
                { kind: "raw", body: "<html><body>log in</body></html>", contentType: "text/html" },
                "is not an answer of OSS",
            ],
            ["nothing", { kind: "raw", body: "" }, "the answer is not an answer of OSS"],
            ["100 MB", { kind: "huge" }, "was cut off"],
        ] as const) {
            it(`rejects a server that answers ${what}, and leaves state and rule as they were`, async () => {
                const removeFault = cloud.faults.add(fault);
                try {
                    await expectRefused(stack, "example-logs", {}, said);
                } finally {
                    removeFault();
                }
            });
        }

        async function expectRefused(
            refused: BucketStack,
            bucket: string,
            environment: NodeJS.ProcessEnv,
            said: string,
        ) {
            const usual = refused.environment;
            const before = refused.rules;
            refused.environment = { ...usual, ...environment };
            const { status, output } = await refused
                .declare({ logs: { bucket, sseAlgorithm: "AES256" } })
                .command("up", "--yes", "--skip-preview");
            refused.environment = usual;
            expect(status, output).to.equal(1);
            expectReadable(output);
            expect(output).to.include(said);
            expect(refused.rules).to.deep.equal(before);
            expect(cloud.bucketRule("example-logs")).to.deep.equal({ sseAlgorithm: "SM4" });
        }
    });

    it("leaves state and rule as they were when an update is refused", async () => {
        const other = await new BucketStack(cloud).start();
        try {
            cloud.createBucket({ name: "example-audit" });
            await other.declare({ "audit-logs": { bucket: "example-audit", sseAlgorithm: "SM4" } }).deploy();
            // Engines leave empty dependencies out once they have refreshed a resource, as they do for the plugin before an update.
            const states = () => other.rules.map(({ propertyDependencies: _, ...state }) => state);
            const before = states();
            const removeFault = cloud.faults.add({
                kind: "status",
                status: 403,
                code: "AccessDenied",
                operation: "PutBucketEncryption",
            });
            const { status, output } = await other
                .declare({ "audit-logs": { bucket: "example-audit", sseAlgorithm: "KMS" } })
                .command("up", "--yes", "--skip-preview");
            removeFault();
            expect(status).to.equal(1);
            expectReadable(output);
            expect(states()).to.deep.equal(before);
            expect(cloud.bucketRule("example-audit")).to.deep.equal({ sseAlgorithm: "SM4" });
        } finally {
            other.remove();
        }
    });
});
