import {
    DeleteBucketEncryptionCommand,
    GetBucketEncryptionCommand,
    PutBucketEncryptionCommand,
    PutObjectCommand,
    S3Client,
    type ServerSideEncryptionRule as S3Rule,
} from "@aws-sdk/client-s3";
import { mockClient } from "aws-sdk-client-mock";
import { expect } from "chai";
import type { ObservedRule, ServerSideEncryptionRule } from "../../../lib/rule";
import { failureOf, sdkError, storeAt, testKeys } from "./store-under-test";

const key = "arn:aws:kms:eu-central-1:100000000001:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const none = () => sdkError(404, "ServerSideEncryptionConfigurationNotFoundError");
const removed = { $metadata: { httpStatusCode: 204 } };
const elsewhere = { endpoint: "https://s3.example.com" };

describe("an S3 encryption store", () => {
    const client = mockClient(S3Client);
    beforeEach(() => client.reset());
    after(() => client.restore());

    const shows = (...rules: S3Rule[]) =>
        client.on(GetBucketEncryptionCommand).resolves({ ServerSideEncryptionConfiguration: { Rules: rules } });
    const has = (SSEAlgorithm: string, more: Partial<S3Rule> = {}): S3Rule => ({
        ApplyServerSideEncryptionByDefault: { SSEAlgorithm: SSEAlgorithm as "AES256" },
        ...more,
    });
    const sent = () => client.calls().map(({ args: [command] }) => [command.constructor.name, command.input]);

    const unblocked = { blockedEncryptionTypes: ["NONE"] };
    for (const [answer, rule] of [
        [has("AES256"), { sseAlgorithm: "AES256", bucketKeyEnabled: false, ...unblocked }],
        [has("aws:kms", { BucketKeyEnabled: true }), { sseAlgorithm: "KMS", bucketKeyEnabled: true, ...unblocked }],
        [
            has("aws:kms:dsse", { BucketKeyEnabled: false }),
            { sseAlgorithm: "KMS_DSSE", bucketKeyEnabled: false, ...unblocked },
        ],
        [has("aws:new"), { sseAlgorithm: "aws:new", bucketKeyEnabled: false, ...unblocked }],
        [
            has("AES256", { BlockedEncryptionTypes: { EncryptionType: ["SSE-C"] } }),
            { sseAlgorithm: "AES256", bucketKeyEnabled: false, blockedEncryptionTypes: ["SSE-C"] },
        ],
        [
            { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms", KMSMasterKeyID: key } },
            { sseAlgorithm: "KMS", kmsMasterKeyId: key, bucketKeyEnabled: false, ...unblocked },
        ],
    ] as [S3Rule, ObservedRule][]) {
        it(`reads ${JSON.stringify(answer)}`, async () => {
            shows(answer);
            expect(await storeAt().getRule("logs")).to.deep.equal(rule);
            expect(sent()).to.deep.equal([["GetBucketEncryptionCommand", { Bucket: "logs" }]]);
        });
    }

    for (const [rule, written] of [
        [{ sseAlgorithm: "AES256" }, has("AES256")],
        [{ sseAlgorithm: "KMS" }, has("aws:kms")],
        [{ sseAlgorithm: "KMS_DSSE" }, has("aws:kms:dsse")],
        [{ sseAlgorithm: "KMS", bucketKeyEnabled: false }, has("aws:kms", { BucketKeyEnabled: false })],
        [{ sseAlgorithm: "KMS", bucketKeyEnabled: true }, has("aws:kms", { BucketKeyEnabled: true })],
        [
            { sseAlgorithm: "AES256", blockedEncryptionTypes: ["SSE-C"] },
            has("AES256", { BlockedEncryptionTypes: { EncryptionType: ["SSE-C"] } }),
        ],
        [{ sseAlgorithm: "AES256", blockedEncryptionTypes: ["NONE"] }, has("AES256")],
        [
            { sseAlgorithm: "KMS_DSSE", kmsMasterKeyId: key },
            { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms:dsse", KMSMasterKeyID: key } },
        ],
    ] as [ServerSideEncryptionRule, S3Rule][]) {
        it(`writes ${JSON.stringify(rule)} where there is none`, async () => {
            client.on(GetBucketEncryptionCommand).rejects(none());
            client.on(PutBucketEncryptionCommand).resolves({});
            await storeAt().putRule("logs", rule);
            expect(sent()).to.deep.equal([
                ["GetBucketEncryptionCommand", { Bucket: "logs" }],
                [
                    "PutBucketEncryptionCommand",
                    { Bucket: "logs", ServerSideEncryptionConfiguration: { Rules: [written] } },
                ],
            ]);
        });
    }

    it("carries over what a rule does not say, and nothing of what it says", async () => {
        const blocked = { BlockedEncryptionTypes: { EncryptionType: ["SSE-C" as const] } };
        for (const [present, rule, expected] of [
            [{ BucketKeyEnabled: true, ...blocked }, {}, { BucketKeyEnabled: true, ...blocked }],
            [{ BucketKeyEnabled: false, ...blocked }, {}, blocked],
            [{ BucketKeyEnabled: true }, { bucketKeyEnabled: false }, { BucketKeyEnabled: false }],
            [{ BlockedEncryptionTypes: { EncryptionType: [] } }, {}, {}],
            [blocked, { blockedEncryptionTypes: ["SSE-C"] }, blocked],
            [blocked, { blockedEncryptionTypes: ["NONE"] }, { BlockedEncryptionTypes: { EncryptionType: ["NONE"] } }],
        ] as [Partial<S3Rule>, object, Partial<S3Rule>][]) {
            client.reset();
            shows(has("AES256", present));
            client.on(PutBucketEncryptionCommand).resolves({});
            await storeAt().putRule("logs", { sseAlgorithm: "KMS", ...rule });
            const [put] = client.commandCalls(PutBucketEncryptionCommand);
            expect(put?.args[0].input.ServerSideEncryptionConfiguration?.Rules).to.deep.equal([
                has("aws:kms", expected),
            ]);
        }
    });

    it("gives two layers of encryption no undeclared bucket key", async () => {
        shows(has("aws:kms", { BucketKeyEnabled: true }));
        client.on(PutBucketEncryptionCommand).resolves({});
        await storeAt().putRule("logs", { sseAlgorithm: "KMS_DSSE" });
        const [put] = client.commandCalls(PutBucketEncryptionCommand);
        expect(put?.args[0].input.ServerSideEncryptionConfiguration?.Rules).to.deep.equal([has("aws:kms:dsse")]);
    });

    it("removes a rule on AWS with one request", async () => {
        client.on(DeleteBucketEncryptionCommand).resolves(removed);
        await storeAt().deleteRule("logs");
        expect(sent()).to.deep.equal([["DeleteBucketEncryptionCommand", { Bucket: "logs" }]]);
    });

    it("accepts the removal of a rule that does not exist", async () => {
        client.on(DeleteBucketEncryptionCommand).rejects(none());
        await storeAt().deleteRule("logs");
    });

    it("sends the expected owner of the bucket with each request", async () => {
        const owned = storeAt({}, { expectedBucketOwner: "100000000001" });
        shows(has("AES256"));
        client.on(PutBucketEncryptionCommand).resolves({});
        client.on(DeleteBucketEncryptionCommand).resolves(removed);
        await owned.getRule("logs");
        await owned.putRule("logs", { sseAlgorithm: "KMS" });
        await owned.deleteRule("logs");
        expect(sent()).to.have.length(4);
        for (const [, input] of sent()) expect(input).to.include({ ExpectedBucketOwner: "100000000001" });
    });

    describe("on a service other than AWS", () => {
        it("rejects a removal without deletionIsSafe, without a request", async () => {
            const error = await storeAt(elsewhere)
                .deleteRule("logs")
                .catch((reason) => reason);
            expect(error).to.have.property("kind", "unsafe-deletion");
            expect(error.message).to.include("deletionIsSafe").and.include("https://s3.example.com");
            expect(sent()).to.deep.equal([]);
        });

        it("reads a rule before it removes it, and removes nothing where there is none", async () => {
            const store = storeAt({ ...elsewhere, deletionIsSafe: true });
            client.on(GetBucketEncryptionCommand).rejects(none());
            await store.deleteRule("logs");
            shows(has("AES256"));
            client.on(DeleteBucketEncryptionCommand).resolves(removed);
            await store.deleteRule("logs");
            expect(sent().map(([name]) => name)).to.deep.equal([
                "GetBucketEncryptionCommand",
                "GetBucketEncryptionCommand",
                "DeleteBucketEncryptionCommand",
            ]);
        });

        for (const [what, answer] of [
            ["a list of objects", { ServerSideEncryptionConfiguration: {} }],
            ["nothing", {}],
            ["a configuration without a rule", { ServerSideEncryptionConfiguration: { Rules: [] } }],
            [
                "a rule without an algorithm",
                { ServerSideEncryptionConfiguration: { Rules: [{ BucketKeyEnabled: true }] } },
            ],
        ] as const) {
            it(`rejects ${what} in the place of a rule, and neither writes nor removes then`, async () => {
                client.on(GetBucketEncryptionCommand).resolves(answer as object);
                const store = storeAt({ ...elsewhere, deletionIsSafe: true });
                for (const work of [
                    store.getRule("logs"),
                    store.putRule("logs", { sseAlgorithm: "AES256" }),
                    store.deleteRule("logs"),
                ]) {
                    const error = await failureOf(work);
                    expect(error.kind).to.equal("not-supported");
                    expect(error.mayHaveTakenEffect).to.equal(false);
                }
                expect(new Set(sent().map(([name]) => name))).to.have.all.keys("GetBucketEncryptionCommand");
            });
        }
    });

    it("rejects a name that no bucket can have, without a request", async () => {
        for (const name of ["arn:aws:s3:eu-west-1:1:accesspoint/x", "A", "../logs"]) {
            const error = await storeAt()
                .getRule(name)
                .catch((reason) => reason);
            expect(error).to.have.property("kind", "invalid-target");
        }
        expect(sent()).to.deep.equal([]);
    });

    for (const [status, code, kind] of [
        [404, "ServerSideEncryptionConfigurationNotFoundError", "rule-not-found"],
        [404, "NoSuchBucket", "bucket-not-found"],
        [302, "ServerSideEncryptionConfigurationNotFoundError", "wrong-endpoint"],
        [500, "ServerSideEncryptionConfigurationNotFoundError", "service-unavailable"],
        [503, "NoSuchBucket", "service-unavailable"],
        [403, "AccessDenied", "access-denied"],
        [403, "AllAccessDisabled", "account-suspended"],
        [403, "AccountProblem", "account-suspended"],
        [403, "Unheard.Of", "access-denied"],
        [401, "Unauthorized", "access-denied"],
        [403, "InvalidAccessKeyId", "credentials-rejected"],
        [403, "SignatureDoesNotMatch", "credentials-rejected"],
        [400, "InvalidToken", "credentials-rejected"],
        [400, "ExpiredToken", "credentials-rejected"],
        [400, "TokenRefreshRequired", "credentials-rejected"],
        [403, "InvalidSecurity", "credentials-rejected"],
        [403, "NotSignedUp", "credentials-rejected"],
        [400, "AuthorizationHeaderMalformed", "credentials-rejected"],
        [403, "RequestTimeTooSkewed", "clock-skew"],
        [301, "PermanentRedirect", "wrong-endpoint"],
        [307, "TemporaryRedirect", "wrong-endpoint"],
        [307, "Redirect", "wrong-endpoint"],
        [400, "IllegalLocationConstraintException", "wrong-endpoint"],
        [503, "SlowDown", "throttled"],
        [400, "ThrottlingException", "throttled"],
        [400, "Throttling", "throttled"],
        [400, "RequestThrottled", "throttled"],
        [503, "RequestLimitExceeded", "throttled"],
        [503, "BandwidthLimitExceeded", "throttled"],
        [429, "TooManyRequests", "throttled"],
        [429, "Unheard.Of", "throttled"],
        [500, "InternalError", "service-unavailable"],
        [503, "ServiceUnavailable", "service-unavailable"],
        [400, "RequestTimeout", "service-unavailable"],
        [409, "OperationAborted", "service-unavailable"],
        [502, "Unheard.Of", "service-unavailable"],
        [501, "NotImplemented", "not-supported"],
        [501, "XNotImplemented", "not-supported"],
        [405, "MethodNotAllowed", "not-supported"],
        [400, "UnsupportedOperation", "not-supported"],
        [400, "OperationNotSupported", "not-supported"],
        [404, "NotFound", "not-supported"],
        [404, "UnknownError", "not-supported"],
        [405, "UnknownError", "not-supported"],
        [501, "UnknownError", "not-supported"],
        [400, "InvalidArgument", "invalid-request"],
        [400, "InvalidRequest", "invalid-request"],
        [400, "InvalidBucketName", "invalid-request"],
        [400, "InvalidDigest", "invalid-request"],
        [400, "MalformedXML", "invalid-request"],
        [409, "InvalidBucketState", "invalid-request"],
        [400, "KMS.DisabledException", "key-unusable"],
        [400, "KMS.NotFoundException", "key-unusable"],
        [400, "KMSInvalidKeyArn", "key-unusable"],
        [404, "kms:KeyNotFound", "key-unusable"],
        [200, "SyntaxError", "invalid-answer"],
    ] as const) {
        it(`takes ${status} ${code} for ${kind} in every request`, async () => {
            const owned = storeAt({}, { expectedBucketOwner: "100000000001" });
            client.on(GetBucketEncryptionCommand).rejects(sdkError(status, code));
            const error = await failureOf(owned.getRule("logs"));
            expect(error.kind, error.message).to.equal(kind);
            expect(error).to.include({ status, requestId: "REQUEST1", extendedRequestId: "EXTENDED1=" });
            expect(error.message).to.include("request id REQUEST1").and.include("extended request id EXTENDED1=");
            expect(error.where).to.deep.equal({ bucket: "logs", region: "eu-central-1", endpoint: undefined });
            expect(error.mayHaveTakenEffect).to.equal(false);
            if (kind === "access-denied") expect(error.message).to.include("100000000001");

            if (kind === "rule-not-found") return;
            client.on(GetBucketEncryptionCommand).rejects(none());
            client.on(PutBucketEncryptionCommand).rejects(sdkError(status, code));
            const onWrite = await failureOf(owned.putRule("logs", { sseAlgorithm: "AES256" }));
            expect(onWrite.kind).to.equal(kind);
            expect(onWrite.mayHaveTakenEffect).to.equal(status < 400 || status >= 500);
        });
    }

    it("names the bucket's region if the answer names it", async () => {
        const redirect = { $response: { headers: { "x-amz-bucket-region": "eu-west-3" } } };
        for (const error of [
            sdkError(301, "PermanentRedirect", redirect),
            sdkError(400, "AuthorizationHeaderMalformed", { Region: "eu-west-3" }),
            sdkError(400, "IllegalLocationConstraintException", redirect),
        ]) {
            client.on(GetBucketEncryptionCommand).rejects(error);
            const failure = await failureOf(storeAt().getRule("logs"));
            expect(failure).to.include({ kind: "wrong-endpoint", expectedRegion: "eu-west-3" });
            expect(failure.message).to.include("the bucket is in the region eu-west-3");
        }
    });

    it("accepts only a region's name as a region, and not the region that was asked", async () => {
        for (const Region of ["evil.example.com", "eu-central-1", "", 7]) {
            client.on(GetBucketEncryptionCommand).rejects(sdkError(400, "AuthorizationHeaderMalformed", { Region }));
            const failure = await failureOf(storeAt().getRule("logs"));
            expect(failure).to.include({ kind: "credentials-rejected", expectedRegion: undefined });
        }
    });

    for (const accessKeyId of ["y", "Server", "NotFound"]) {
        it(`takes a bucket without a rule for one, though the code contains the secret ${accessKeyId}`, async () => {
            client.on(GetBucketEncryptionCommand).rejects(none());
            const store = storeAt({}, { credentials: async () => ({ accessKeyId, secretAccessKey: "long-secret" }) });
            const failure = await failureOf(store.getRule("logs"));
            expect(failure.kind).to.equal("rule-not-found");
            expect(failure.message).not.to.include("ServerSideEncryptionConfigurationNotFoundError");
        });
    }

    it("never shows a secret that the service repeats, nor what was signed", async () => {
        const repeating = Object.assign(sdkError(400, "InvalidArgument"), {
            message: `You sent ${Object.values(testKeys).join(" and ")}.`,
        });
        client.on(GetBucketEncryptionCommand).rejects(repeating);
        expect((await failureOf(storeAt().getRule("logs"))).message).to.include("You sent (hidden)");
        const quoting = sdkError(403, "SignatureDoesNotMatch", { message: "AWS4-HMAC-SHA256 20261123" });
        client.on(GetBucketEncryptionCommand).rejects(quoting);
        expect((await failureOf(storeAt().getRule("logs"))).message).not.to.include("AWS4-HMAC");
    });

    it("never shows the key of a rule that the service repeats, in a write and in its proof", async () => {
        const [id, arn] = ["1234abcd-12ab", "arn:aws:kms:eu-central-1:100000000001:key/1234abcd-12ab"];
        const missing = sdkError(400, "KMS.NotFoundException", { message: `Key '${arn}' (${id}) does not exist` });
        shows(has("AES256"));
        client.on(PutBucketEncryptionCommand).rejects(missing);
        client.on(PutObjectCommand).rejects(missing);
        const keyed = { sseAlgorithm: "KMS", kmsMasterKeyId: arn } as const;
        for (const work of [storeAt().putRule("logs", keyed), storeAt().encryptProof("logs", keyed)])
            expect((await failureOf(work)).message).to.include("Key '(hidden)' ((hidden)) does not exist");
    });

    it("reports missing credentials", async () => {
        const error = Object.assign(new Error("Could not load credentials from any providers"), {
            name: "CredentialsProviderError",
        });
        client.on(GetBucketEncryptionCommand).rejects(error);
        expect((await failureOf(storeAt().getRule("logs"))).kind).to.equal("no-credentials");
    });

    for (const [error, kind, isOpen] of [
        [{ code: "ENOTFOUND" }, "unreachable", false],
        [{ code: "EAI_AGAIN" }, "unreachable", false],
        [{ code: "ECONNREFUSED" }, "unreachable", false],
        [{ code: "EHOSTUNREACH" }, "unreachable", false],
        [{ code: "CERT_HAS_EXPIRED" }, "unreachable", false],
        [{ code: "ECONNRESET" }, "unreachable", true],
        [{ code: "EPIPE" }, "unreachable", true],
        [{ code: "HPE_INVALID_CONSTANT" }, "invalid-answer", true],
        [{ name: "TimeoutError" }, "unreachable", true],
        [{ name: "AbortError" }, "unreachable", true],
        [{ cause: { code: "ECONNREFUSED" } }, "unreachable", false],
        [{ $metadata: { attempts: 3 }, code: "ECONNREFUSED" }, "unreachable", true],
    ] as const) {
        it(`takes ${JSON.stringify(error)} for ${kind}, and a write for ${isOpen ? "possibly" : "not"} done`, async () => {
            client.on(GetBucketEncryptionCommand).rejects(none());
            client.on(PutBucketEncryptionCommand).rejects(Object.assign(new Error("no answer"), error));
            const failure = await failureOf(storeAt().putRule("logs", { sseAlgorithm: "AES256" }));
            expect(failure.kind).to.equal(kind);
            expect(failure.mayHaveTakenEffect).to.equal(isOpen);
            if (kind === "unreachable") expect(failure.message).to.match(/attempt \d of at most 5 within 60 s/);
        });
    }
});
