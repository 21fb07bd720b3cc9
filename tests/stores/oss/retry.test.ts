import { expect } from "chai";
import type { Credentials } from "../../../lib/accounts";
import { UserError } from "../../../lib/errors";
import { OssEncryptionStore } from "../../../lib/stores/oss/oss-encryption-store";
import { resolveOssTarget } from "../../../lib/stores/oss/oss-target";
import { encryptionAnswer, ossError, type Reply, type Script, ScriptedServer } from "./scripted-server";
import { failureOf, quickLimits, storeAt, testCredentials } from "./store-under-test";

const throttled = ossError(503, "MetaOperationQpsLimitExceeded");
const reset: Script = (_request, response) => {
    response.socket?.resetAndDestroy();
    return undefined;
};
const silent: Script = () => undefined;

describe("retrying a request to OSS", () => {
    let server: ScriptedServer;
    const start = async (...replies: readonly (Reply | Script)[]) => {
        server = await ScriptedServer.replying(...replies);
        return storeAt(server, replies.includes(silent) ? { limits: { exchangeMilliseconds: 500 } } : {});
    };
    afterEach(() => server.stop());

    for (const [what, failure] of [
        ["throttling", throttled],
        ["429 without a document", { status: 429 }],
        ["an internal error", ossError(500, "InternalError")],
        ["a gateway's error", { status: 502, body: "<html>Bad Gateway</html>" }],
        ["a reset connection", reset],
        ["a time-out", silent],
    ] as const) {
        it(`continues after ${what}, for reading, writing and removing`, async () => {
            const store = await start(failure, encryptionAnswer(), failure, { status: 200 }, failure, { status: 204 });
            expect(await store.getRule("logs")).to.deep.equal({ sseAlgorithm: "AES256" });
            await store.putRule("logs", { sseAlgorithm: "SM4" });
            await store.deleteRule("logs");
            expect(server.requests.map(({ method }) => method)).to.deep.equal([
                "GET",
                "GET",
                "PUT",
                "PUT",
                "DELETE",
                "DELETE",
            ]);
            expect(server.requests[3]?.body).to.equal(server.requests[2]?.body);
            store.close();
        });

        it(`gives up on lasting ${what} after five attempts, and says so`, async () => {
            const store = await start(failure);
            const error = await failureOf(store.getRule("logs"));
            expect(error.message).to.include("(attempt 5 of at most 5 within ");
            expect(server.requests).to.have.length(5);
            store.close();
        });
    }

    for (const [what, failure] of [
        ["no rule", ossError(404, "NoSuchServerSideEncryptionRule")],
        ["no bucket", ossError(404, "NoSuchBucket")],
        ["a denial", ossError(403, "AccessDenied")],
        ["wrong credentials", ossError(403, "SignatureDoesNotMatch")],
        ["an expired token", ossError(403, "SecurityTokenExpired")],
        ["a wrong clock", ossError(403, "RequestTimeTooSkewed")],
        ["an invalid request", ossError(400, "InvalidArgument")],
        ["an unusable key", ossError(404, "KeyNotFound")],
        ["a redirect", { status: 302, headers: { location: "http://127.0.0.1/" } }],
        ["a 404 of another server", { status: 404, body: "<html>Not Found</html>" }],
        ["an HTML page", { status: 200, body: "<!doctype html><title>Sign in</title>" }],
        ["half a document", { status: 200, body: "<ServerSideEncryptionRule>" }],
        ["an empty document", { status: 200 }],
        ["a document with status 204", { status: 204 }],
    ] as const) {
        it(`is not done after ${what}`, async () => {
            const store = await start(failure);
            await failureOf(store.getRule("logs"));
            expect(server.requests).to.have.length(1);
            store.close();
        });
    }

    it("is not done after a write that was acknowledged by something else than OSS", async () => {
        const store = await start({ status: 200, body: "<!doctype html><title>Sign in</title>" });
        for (const operation of [
            () => store.putRule("logs", { sseAlgorithm: "SM4" }),
            () => store.deleteRule("logs"),
        ]) {
            expect((await failureOf(operation())).kind).to.equal("invalid-answer");
        }
        expect(server.requests).to.have.length(2);
        store.close();
    });

    it("ends with the first permanent failure, and counts the attempts before it", async () => {
        const store = await start(throttled, reset, ossError(403, "AccessDenied"));
        const error = await failureOf(store.getRule("logs"));
        expect(error.kind).to.equal("access-denied");
        expect(error.message).to.include("(attempt 3 of at most 5 within ");
        store.close();
    });

    it("begins no attempt after the total time", async () => {
        server = await ScriptedServer.replying(silent);
        const store = storeAt(server, { limits: { exchangeMilliseconds: 120, totalMilliseconds: 100 } });
        expect((await failureOf(store.getRule("logs"))).message).to.include("(attempt 1 of at most 5 ");
        store.close();
    });

    it("is not done once the operation is cancelled: the request under way ends, and its failure is reported", async () => {
        const cancelling = new AbortController();
        const begun: Script = () => {
            cancelling.abort(new UserError("cancelled", "Nobody wants this any more"));
            return ossError(500, "InternalError");
        };
        server = await ScriptedServer.replying(begun, { status: 200 });
        const store = storeAt(server, { limits: { cancelled: cancelling.signal } });
        const error = await failureOf(store.putRule("logs", { sseAlgorithm: "SM4" }));
        expect(error).to.include({ kind: "service-unavailable", mayHaveTakenEffect: true });
        expect(await store.getRule("logs").catch((reason) => reason)).to.equal(cancelling.signal.reason);
        expect(server.requests).to.have.length(1);
        store.close();
    });

    it("reports a write that may have been done, also where no credentials can be had for the next attempt", async () => {
        const ended = new UserError("role-not-assumed", "Cannot assume the role");
        for (const [first, expected] of [
            [reset, { kind: "unreachable", mayHaveTakenEffect: true }],
            [throttled, { kind: "throttled", mayHaveTakenEffect: true }],
            [ossError(429, "QpsLimitExceeded"), ended],
        ] as const) {
            server = await ScriptedServer.replying(first, { status: 200 });
            let asked = 0;
            const store = new OssEncryptionStore({
                target: resolveOssTarget({ region: "cn-hangzhou", endpoint: server.endpoint }),
                credentials: {
                    getCredentials: async () => {
                        asked += 1;
                        if (asked > 1) throw ended;
                        return testCredentials;
                    },
                },
                limits: quickLimits,
            });
            const error = await store.putRule("logs", { sseAlgorithm: "SM4" }).catch((reason) => reason);
            if (expected === ended) expect(error).to.equal(ended);
            else expect(error).to.include(expected);
            store.close();
            await server.stop();
        }
    });

    it("is not begun by a request that waited for its turn when the operation was cancelled", async () => {
        const cancelling = new AbortController();
        const begun: Script = () => {
            cancelling.abort(new UserError("cancelled", "Nobody wants this any more"));
            return encryptionAnswer();
        };
        server = await ScriptedServer.replying(begun);
        const store = storeAt(server, { limits: { connections: 1, cancelled: cancelling.signal } });
        const [first, second] = await Promise.allSettled([store.getRule("logs"), store.getRule("audit")]);
        expect(first).to.deep.include({ value: { sseAlgorithm: "AES256" } });
        expect(second).to.include({ reason: cancelling.signal.reason });
        expect(server.requests).to.have.length(1);
        store.close();
    });

    it("is short where no server listens", async () => {
        const store = await start({ status: 200 });
        const { endpoint } = server;
        await server.stop();
        expect((await failureOf(store.getRule("logs"))).message).to.include("(attempt 2 of at most 5 ");
        const toNobody = storeAt({ endpoint: endpoint.replace("http:", "https:") });
        expect((await failureOf(toNobody.getRule("logs"))).message).to.include("(attempt 2 of at most 5 ");
        store.close();
        toNobody.close();
        server = await ScriptedServer.replying({ status: 200 });
    });

    it("signs each attempt anew, with the credentials and the time of that moment", async () => {
        server = await ScriptedServer.replying(throttled, throttled, encryptionAnswer());
        let asked = 0;
        const credentials = {
            getCredentials: async (): Promise<Credentials> => ({
                accessKeyId: `id-${++asked}`,
                accessKeySecret: "secret",
            }),
        };
        let second = 0;
        const store = new OssEncryptionStore({
            target: resolveOssTarget({ region: "cn-hangzhou", endpoint: server.endpoint }),
            credentials,
            clock: () => new Date(Date.UTC(2026, 10, 23, 8, 0, second++)),
            limits: quickLimits,
        });
        await store.getRule("logs");
        expect(server.requests.map(({ headers }) => headers["x-oss-date"])).to.deep.equal([
            "20261123T080000Z",
            "20261123T080001Z",
            "20261123T080002Z",
        ]);
        for (const [index, { headers }] of server.requests.entries()) {
            expect(headers.authorization).to.include(`Credential=id-${index + 1}/20261123/cn-hangzhou/`);
        }
        store.close();
    });

    it("is not done when there are no credentials, and no request is made", async () => {
        server = await ScriptedServer.replying(encryptionAnswer());
        let asked = 0;
        const store = new OssEncryptionStore({
            target: resolveOssTarget({ region: "cn-hangzhou", endpoint: server.endpoint }),
            credentials: {
                getCredentials: () => {
                    asked++;
                    return Promise.reject(new UserError("no-credentials", "No credentials anywhere"));
                },
            },
        });
        const error = await store.getRule("logs").catch((reason: unknown) => reason);
        expect(error).to.be.instanceOf(UserError).with.property("kind", "no-credentials");
        expect(asked).to.equal(1);
        expect(server.requests).to.deep.equal([]);
        store.close();
    });
});
