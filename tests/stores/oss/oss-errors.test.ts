import type { AddressInfo } from "node:net";
import { createServer, type Server } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { expect } from "chai";
import type { Credentials } from "../../../lib/accounts";
import { type ErrorKind, errorCatalogue } from "../../../lib/errors";
import type { OssLimits } from "../../../lib/stores/oss/oss-limits";
import { encryptionAnswer, ossError, type Reply, ScriptedServer } from "./scripted-server";
import { failureOf, storeAt } from "./store-under-test";

const once = { attempts: 1 };

async function failureOfReply(
    reply: Reply,
    method: "getRule" | "putRule" | "deleteRule" = "getRule",
    credentials?: Credentials,
) {
    const server = await ScriptedServer.replying(reply);
    const store = storeAt(server, { limits: once, ...(credentials && { credentials }) });
    try {
        const operation = method === "putRule" ? store.putRule("logs", { sseAlgorithm: "SM4" }) : store[method]("logs");
        return await failureOf(operation);
    } finally {
        store.close();
        await server.stop();
    }
}

/** Starts a server of bytes, hands its port on, and ends it with everything that is connected to it. */
async function withServer(server: Server, use: (port: number) => Promise<void>): Promise<void> {
    const sockets = new Set<{ destroy(): void }>();
    server.on("connection", (socket) => {
        sockets.add(socket);
        socket.on("error", () => {});
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
        await use((server.address() as AddressInfo).port);
    } finally {
        for (const socket of sockets) socket.destroy();
        await new Promise<void>((resolve) => server.close(() => resolve()));
    }
}

/** Each documented answer of the three requests, and what it becomes. Statuses, codes and EC as the API's pages give them. */
const answers: readonly (readonly [status: number, code: string, ec: string, kind: ErrorKind, said: string])[] = [
    [404, "NoSuchServerSideEncryptionRule", "0005-00000004", "rule-not-found", "the bucket has none"],
    [404, "NoSuchEncryptionRule", "0005-00000004", "rule-not-found", "the bucket has none"],
    [404, "NoSuchBucket", "0015-00000101", "bucket-not-found", "there is no such bucket"],
    [403, "NoSuchBucket", "0015-00000101", "bucket-not-found", "there is no such bucket"],
    [302, "NoSuchBucket", "0015-00000101", "invalid-answer", "refuses the request"],
    [500, "NoSuchServerSideEncryptionRule", "0005-00000004", "service-unavailable", "failed to answer"],
    [403, "AccessDenied", "0003-00000201", "access-denied", "oss:GetBucketEncryption"],
    [403, "BucketNotBelongTo", "0003-00000202", "access-denied", "belongs to another account"],
    [403, "AbnormalBucketOwnerStatus", "0003-00000801", "account-suspended", "owns the bucket is suspended"],
    [403, "BucketDisable", "0003-00000802", "account-suspended", "the bucket is disabled"],
    [403, "InDebt", "0003-00000806", "account-suspended", "overdue payment"],
    [403, "InDebtOverdue", "0003-00000807", "account-suspended", "overdue payment"],
    [403, "UserDisable", "0003-00000808", "account-suspended", "the account is disabled"],
    [403, "InvalidAccessKeyId", "0002-00000902", "credentials-rejected", "does not know the access key"],
    [403, "SignatureDoesNotMatch", "0002-00000201", "credentials-rejected", "secret does not belong"],
    [403, "InvalidSecurityToken", "0002-00000006", "credentials-rejected", "token is not valid"],
    [403, "SecurityTokenExpired", "0002-00000007", "credentials-rejected", "token has expired"],
    [403, "AccessKeyIdAndSecurityTokenNotMatch", "0002-00000008", "credentials-rejected", "another access key"],
    [403, "RequestTimeTooSkewed", "0002-00000504", "clock-skew", "the clock of this machine"],
    [403, "SecondLevelDomainForbidden", "0017-00000902", "wrong-endpoint", "cannot be used through"],
    [403, "NonStandardHostForbidden", "0017-00000901", "wrong-endpoint", "cannot be used through"],
    [403, "PermanentRedirect", "0017-00000903", "wrong-endpoint", "cannot be used through"],
    [503, "MetaOperationQpsLimitExceeded", "0004-00000301", "throttled", "limits the rate"],
    [503, "TotalQpsLimitExceeded", "0004-00000302", "throttled", "limits the rate"],
    [503, "ActiveRequestLimitExceeded", "0004-00000303", "throttled", "limits the rate"],
    [503, "CpuLimitExceeded", "0004-00000304", "throttled", "limits the rate"],
    [503, "UploadTrafficRateLimitExceeded", "0004-00000305", "throttled", "limits the rate"],
    [503, "DownloadTrafficRateLimitExceeded", "0004-00000306", "throttled", "limits the rate"],
    [429, "QpsLimitExceeded", "0004-00000307", "throttled", "limits the rate"],
    [400, "Throttling.User", "0004-00000308", "throttled", "limits the rate"],
    [503, "ServiceUnavailable", "0004-00000309", "service-unavailable", "failed to answer"],
    [500, "InternalError", "0004-00000310", "service-unavailable", "failed to answer"],
    [400, "InvalidEncryptionAlgorithmError", "0005-00000003", "invalid-request", "refuses the request"],
    [400, "InvalidArgument", "0005-00000204", "invalid-request", "refuses the request"],
    [400, "InvalidArgument", "0005-00000203", "invalid-request", "refuses the request"],
    [400, "MalformedXML", "0016-00000608", "invalid-request", "refuses the request"],
    [400, "InvalidBucketName", "0016-00000101", "invalid-request", "refuses the request"],
    [400, "InvalidDigest", "0016-00000201", "invalid-request", "refuses the request"],
    [404, "KeyNotFound", "0005-00000208", "key-unusable", "KMS key cannot be used"],
    [404, "AliasNotFound", "0005-00000209", "key-unusable", "KMS key cannot be used"],
    [409, "KeyDisabled", "0005-00000214", "key-unusable", "the KMS key is disabled"],
    [409, "KeyPendingDeletion", "0005-00000215", "key-unusable", "about to be deleted"],
    [409, "Rejected.Disabled", "0005-00000214", "key-unusable", "KMS key cannot be used"],
    [403, "KmsServiceNotEnabled", "0005-00000218", "key-unusable", "KMS is not activated"],
    [403, "UbsmsInvalidBid", "0005-00000218", "key-unusable", "KMS is not activated"],
];

describe("an OSS error", () => {
    for (const [status, code, ec, kind, said] of answers) {
        it(`${status} ${code} (${ec}) is ${kind}`, async () => {
            const error = await failureOfReply(ossError(status, code, { ec }));
            expect(error.kind).to.equal(kind);
            expect(error.message).to.include(said);
            expect(error.message).to.include(errorCatalogue[kind].cure);
            expect(error).to.include({ code, ec, status, requestId: "5F6C1DA1E4A4D13133ABCDEF" });
            expect(error.message)
                .to.include(`${code}`)
                .and.include(`HTTP ${status}, EC ${ec}, request id 5F6C1DA1E4A4D13133ABCDEF`);
        });
    }

    it("has one sentence, its place and its cure", async () => {
        const error = await failureOfReply(
            ossError(403, "AccessDenied", { message: "You have no right to access this object.", ec: "0003-00000001" }),
            "putRule",
        );
        expect(error.message).to.equal(
            "Cannot write the default encryption rule: access is denied (it takes the action oss:PutBucketEncryption); " +
                "the service answered AccessDenied: You have no right to access this object " +
                "[HTTP 403, EC 0003-00000001, request id 5F6C1DA1E4A4D13133ABCDEF] " +
                `(bucket logs, region cn-hangzhou, endpoint ${error.where.endpoint}). ${errorCatalogue["access-denied"].cure}`,
        );
        expect(error.target).to.equal(`PUT ${error.where.endpoint}/logs/?encryption`);
    });

    it("of KMS is distinguished from one of the bucket, though both have one code", async () => {
        const error = await failureOfReply(
            ossError(403, "AccessDenied", { message: "This request is forbidden by kms" }),
            "putRule",
        );
        expect(error.kind).to.equal("key-unusable");
        expect(error.message)
            .to.include("KMS does not allow these credentials to use the key")
            .and.include("kms:Decrypt");
    });

    it("names the action that the operation takes", async () => {
        expect((await failureOfReply(ossError(403, "AccessDenied"), "deleteRule")).message).to.include(
            "Cannot remove the default encryption rule: access is denied (it takes the action oss:DeleteBucketEncryption)",
        );
    });

    it("decides by the code, never by the EC", async () => {
        const error = await failureOfReply(ossError(403, "AccessDenied", { ec: "0005-00000004" }));
        expect(error.kind).to.equal("access-denied");
    });

    for (const [status, kind] of [
        [400, "invalid-request"],
        [401, "access-denied"],
        [403, "access-denied"],
        [404, "invalid-request"],
        [409, "invalid-request"],
        [429, "throttled"],
        [500, "service-unavailable"],
        [301, "invalid-answer"],
    ] as const) {
        it(`${status} with an unknown code is ${kind}`, async () => {
            const error = await failureOfReply(ossError(status, "SomethingNew"));
            expect(error.kind).to.equal(kind);
            expect(error.message).to.include("SomethingNew: Said about SomethingNew");
        });
    }

    it("states how far the clocks differ", async () => {
        const serviceTime = { date: "Mon, 23 Nov 2026 08:00:00 GMT" };
        const server = await ScriptedServer.replying(ossError(403, "RequestTimeTooSkewed", { headers: serviceTime }));
        const messageAt = async (time: string) => {
            const store = storeAt(server, { limits: once, clock: () => new Date(time) });
            const error = await failureOf(store.getRule("logs"));
            store.close();
            return error.message;
        };
        expect(await messageAt("2026-11-23T08:17:00Z")).to.include("17 minutes ahead of the service's");
        expect(await messageAt("2026-11-23T07:20:00Z")).to.include("40 minutes behind the service's");
        await server.stop();
    });

    describe("for the wrong endpoint", () => {
        it("names the endpoint that the service asks for", async () => {
            const elements = "<Endpoint>oss-cn-shanghai.aliyuncs.com</Endpoint>";
            const error = await failureOfReply(ossError(403, "AccessDenied", { elements }));
            expect(error.kind).to.equal("wrong-endpoint");
            expect(error.expectedEndpoint).to.equal("oss-cn-shanghai.aliyuncs.com");
            expect(error.message).to.include("reached through the endpoint oss-cn-shanghai.aliyuncs.com");
        });

        for (const [status, code] of [
            [301, "PermanentRedirect"],
            [307, "TemporaryRedirect"],
        ] as const) {
            it(`names the endpoint of a ${status} ${code}`, async () => {
                const elements = "<Endpoint>oss-cn-shanghai.aliyuncs.com</Endpoint>";
                const error = await failureOfReply(ossError(status, code, { elements }));
                expect(error.kind).to.equal("wrong-endpoint");
                expect(error.expectedEndpoint).to.equal("oss-cn-shanghai.aliyuncs.com");
            });
        }

        it("names the region that was signed for", async () => {
            const message = "Invalid signing region in Authorization header.";
            const error = await failureOfReply(ossError(400, "InvalidArgument", { message, ec: "0002-00000226" }));
            expect(error.kind).to.equal("wrong-endpoint");
            expect(error.message).to.include('"cn-hangzhou"');
        });

        it("shows no endpoint that is not a host's name", async () => {
            const elements = "<Endpoint>oss.example.com/ and more</Endpoint>";
            const error = await failureOfReply(ossError(403, "AccessDenied", { elements }));
            expect(error.kind).to.equal("access-denied");
            expect(error.expectedEndpoint).to.equal(undefined);
        });
    });

    describe("without an OSS document", () => {
        for (const [what, body] of [
            ["no body", ""],
            ["an HTML page", "<html><body><h1>Not Found</h1></body></html>"],
            ["half a document", "<Error><Code>NoSuchServerSideEncryptionRule</Code>"],
            ["another document", "<Fault><Code>NoSuchServerSideEncryptionRule</Code></Fault>"],
            ["a document without a code", "<Error><Message>NoSuchServerSideEncryptionRule</Message></Error>"],
            ["a document with a sentence for a code", "<Error><Code>No such rule!</Code></Error>"],
            ["two codes", "<Error><Code>NoSuchBucket</Code><Code>NoSuchServerSideEncryptionRule</Code></Error>"],
        ] as const) {
            it(`never takes a 404 with ${what} for an absence`, async () => {
                for (const method of ["getRule", "putRule", "deleteRule"] as const) {
                    const error = await failureOfReply({ status: 404, body }, method);
                    expect(error.kind).to.equal("invalid-answer");
                    expect(error.message).to.include("HTTP 404");
                }
            });
        }

        for (const [status, kind] of [
            [400, "invalid-answer"],
            [403, "invalid-answer"],
            [407, "invalid-answer"],
            [429, "throttled"],
            [500, "service-unavailable"],
            [502, "service-unavailable"],
            [504, "service-unavailable"],
            [201, "invalid-answer"],
            [206, "invalid-answer"],
        ] as const) {
            it(`takes a ${status} for ${kind}, with the request id of its header`, async () => {
                const error = await failureOfReply({ status, body: "<html>Gateway</html>" });
                expect(error.kind).to.equal(kind);
                expect(error).to.include({ status, requestId: "5F6C1DA1E4A4D13133ABCDEF", code: undefined });
            });
        }
    });

    for (const status of [201, 202, 203, 206]) {
        it(`is not missed in a ${status}, though its body would do`, async () => {
            expect((await failureOfReply({ ...encryptionAnswer(), status })).kind).to.equal("invalid-answer");
            expect((await failureOfReply({ status }, "putRule")).kind).to.equal("invalid-answer");
        });
    }

    it("follows no redirect", async () => {
        const other = await ScriptedServer.replying({ status: 200 });
        const error = await failureOfReply({
            status: 307,
            headers: { location: `${other.endpoint}/logs/?encryption` },
        });
        expect(error.kind).to.equal("invalid-answer");
        expect(error.message).to.include("redirect");
        expect(other.requests).to.deep.equal([]);
        await other.stop();
    });

    for (const accessKeySecret of ["y", "Server", "NoSuch", "AccessDenied"]) {
        it(`knows the code of an answer, though it contains the secret ${accessKeySecret}`, async () => {
            const credentials = { accessKeyId: "distinctive-key-id", accessKeySecret };
            for (const [status, code, kind] of [
                [404, "NoSuchServerSideEncryptionRule", "rule-not-found"],
                [403, "AccessDenied", "access-denied"],
            ] as const) {
                const error = await failureOfReply(ossError(status, code), "getRule", credentials);
                expect(error.kind).to.equal(kind);
                if (code.includes(accessKeySecret)) expect(error.code).to.include("(hidden)");
            }
        });
    }

    it("shows only short and printable text of the service", async () => {
        const error = await failureOfReply(
            ossError(400, "InvalidArgument", { message: `\u001b]0;title\u0007${"long ".repeat(2_000)}` }),
        );
        expect(error.message).not.to.match(/\p{Cc}/u);
        expect(error.message.length).to.be.lessThan(900);
        expect(error.message).to.include("]0;title long long");
    });
});

describe("an OSS server that cannot be reached", () => {
    const failureAt = async (endpoint: string, limits: Partial<OssLimits> = {}) => {
        const store = storeAt({ endpoint }, { limits: { attempts: 1, ...limits } });
        const error = await failureOf(store.getRule("logs"));
        store.close();
        return error;
    };

    it("is unreachable when the connection is refused", async () => {
        let free = 0;
        await withServer(createServer(), async (port) => {
            free = port;
        });
        const error = await failureAt(`http://127.0.0.1:${free}`);
        expect(error).to.include({ kind: "unreachable", transport: "refused", status: undefined });
        expect(error.message).to.include(
            "the connection was refused (ECONNREFUSED) (attempt 1 of at most 1 within 60 s)",
        );
    });

    it("is unreachable when its name cannot be resolved", async () => {
        const error = await failureAt("https://oss.invalid");
        expect(error.kind).to.equal("unreachable");
        expect(error.transport).to.be.oneOf(["name-not-found", "name-lookup-failed"]);
    });

    it("is unreachable when the connection is closed at once", async () => {
        await withServer(
            createServer((socket) => socket.destroy()),
            async (port) => {
                expect(await failureAt(`http://127.0.0.1:${port}`)).to.include({
                    kind: "unreachable",
                    transport: "reset",
                });
            },
        );
    });

    it("is unreachable when it never answers", async () => {
        await withServer(createServer(), async (port) => {
            const error = await failureAt(`http://127.0.0.1:${port}`, { exchangeMilliseconds: 400 });
            expect(error).to.include({ kind: "unreachable", transport: "time-out" });
            expect(error.message).to.include("no complete answer came within 400 ms");
        });
    });

    it("is unreachable when the TLS handshake never ends", async () => {
        await withServer(createServer(), async (port) => {
            const error = await failureAt(`https://127.0.0.1:${port}`, { connectMilliseconds: 200 });
            expect(error).to.include({ kind: "unreachable", transport: "no-connection" });
            expect(error.message).to.include("no connection was made within 200 ms");
        });
    });

    it("is unreachable when it has no certificate", async () => {
        await withServer(createTlsServer({}), async (port) => {
            expect(await failureAt(`https://127.0.0.1:${port}`)).to.include({ kind: "unreachable", transport: "tls" });
        });
    });

    it("is unreachable when it speaks plain HTTP where HTTPS is expected", async () => {
        await withServer(
            createServer((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")),
            async (port) => {
                expect(await failureAt(`https://127.0.0.1:${port}`)).to.include({
                    kind: "unreachable",
                    transport: "tls",
                });
            },
        );
    });

    it("gives an invalid answer when it speaks something else than HTTP", async () => {
        await withServer(
            createServer((socket) => socket.end("SSH-2.0-OpenSSH_9.6\r\n")),
            async (port) => {
                expect(await failureAt(`http://127.0.0.1:${port}`)).to.include({
                    kind: "invalid-answer",
                    transport: "not-http",
                });
            },
        );
    });
});
