import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { UserError } from "../../../lib/errors";
import { s3Library } from "../../../lib/stores/s3/s3-library";
import { replaceEnvironment } from "../../process-environment";
import { type ReceivedRequest, type Reply, ScriptedServer } from "../oss/scripted-server";
import { failureOf, storeAt, testKeys } from "./store-under-test";

const xml = { "content-type": "application/xml", "x-amz-request-id": "REQUEST1", "x-amz-id-2": "EXTENDED1=" };
const namespace = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';

function rule(algorithm: string): Reply {
    const byDefault = `<ApplyServerSideEncryptionByDefault><SSEAlgorithm>${algorithm}</SSEAlgorithm></ApplyServerSideEncryptionByDefault>`;
    const body = `<ServerSideEncryptionConfiguration ${namespace}><Rule>${byDefault}</Rule></ServerSideEncryptionConfiguration>`;
    return { status: 200, headers: xml, body };
}

function refusal(status: number, code: string, elements = ""): Reply {
    const body = `<?xml version="1.0"?><Error><Code>${code}</Code><Message>Said about ${code}.</Message>${elements}<RequestId>REQUEST1</RequestId></Error>`;
    return { status, headers: xml, body };
}

describe("an S3 store over HTTP", () => {
    let server: ScriptedServer;
    afterEach(() => server?.stop());
    const store = (limits = {}) => storeAt({ endpoint: server.endpoint, deletionIsSafe: true }, {}, limits);
    const requests = () => server.requests.map(({ method, url }) => `${method} ${url}`);

    it("asks for the bucket by its path, signed, with the whole answer understood", async () => {
        server = await ScriptedServer.replying(rule("aws:kms"));
        expect(await store().getRule("logs")).to.deep.equal({
            sseAlgorithm: "KMS",
            bucketKeyEnabled: false,
            blockedEncryptionTypes: ["NONE"],
        });
        expect(requests()).to.deep.equal(["GET /logs/?encryption="]);
        const { headers } = server.requests[0] as ReceivedRequest;
        expect(headers.authorization).to.match(/^AWS4-HMAC-SHA256 Credential=distinctive-key-id\/.*\/us-east-1\/s3\//);
        expect(headers["x-amz-security-token"]).to.equal(testKeys.sessionToken);
    });

    it("writes with the digest that services other than AWS want, and no newer one", async () => {
        server = await ScriptedServer.replying(rule("AES256"), { status: 200 });
        await store().putRule("logs", { sseAlgorithm: "KMS", kmsMasterKeyId: "a&b" });
        const { headers, body } = server.requests[1] as ReceivedRequest;
        expect(body).to.include("<KMSMasterKeyID>a&amp;b</KMSMasterKeyID>");
        expect(headers["content-md5"]).to.equal(createHash("md5").update(body).digest("base64"));
        expect(headers.authorization).to.include("content-md5");
        expect(Object.keys(headers).filter((name) => /checksum/.test(name))).to.deep.equal([]);
    });

    it("repeats a request that may succeed, and reports attempts and time in the error", async () => {
        for (const reply of [
            refusal(503, "SlowDown"),
            refusal(500, "InternalError"),
            refusal(409, "OperationAborted"),
        ]) {
            server = await ScriptedServer.replying(reply, rule("AES256"));
            expect(await store().getRule("logs")).to.have.property("sseAlgorithm", "AES256");
            expect(requests()).to.have.length(2);
            await server.stop();
        }
        server = await ScriptedServer.replying(refusal(503, "SlowDown"));
        const error = await failureOf(store({ attempts: 3 }).getRule("logs"));
        expect(error).to.include({ kind: "throttled", code: "SlowDown", status: 503 });
        expect(error.message).to.include("attempt 3 of at most 3 within 60 s").and.include("request id REQUEST1");
        expect(requests()).to.have.length(3);
    });

    it("sends no further request once the operation is cancelled, and reports the failure so far", async () => {
        const cancelling = new AbortController();
        const slowDown = () => {
            cancelling.abort(new UserError("cancelled", "Nobody wants this any more"));
            return refusal(503, "SlowDown");
        };
        server = await ScriptedServer.replying(slowDown, rule("AES256"));
        const cancellable = store({ cancelled: cancelling.signal });
        expect(await failureOf(cancellable.getRule("logs"))).to.include({ kind: "throttled" });
        expect(await cancellable.getRule("logs").catch((reason) => reason)).to.equal(cancelling.signal.reason);
        expect(requests()).to.have.length(1);
    });

    it("ends the wait for another attempt with a cancellation", async () => {
        const cancelling = new AbortController();
        const slowDown = () => {
            setTimeout(() => cancelling.abort(), 300);
            return { ...refusal(503, "SlowDown"), headers: { ...xml, "retry-after": "3600" } };
        };
        server = await ScriptedServer.replying(slowDown);
        const cancellable = store({ cancelled: cancelling.signal });
        expect(await failureOf(cancellable.getRule("logs"))).to.include({ kind: "throttled" });
        expect(requests()).to.have.length(1);
    }).timeout(4_000);

    it("repeats a request as often without a cancellation", async () => {
        server = await ScriptedServer.replying(refusal(503, "SlowDown"));
        const cancellable = store({ attempts: 3, cancelled: new AbortController().signal });
        expect(await failureOf(cancellable.getRule("logs"))).to.include({ kind: "throttled" });
        expect(requests()).to.have.length(3);
    });

    it("reports throttling where the service asks for a longer wait than the operation has left", async () => {
        const cancelled = new AbortController().signal;
        for (const [seconds, attempts, limits] of [
            [3600, 1, {}],
            [3600, 1, { cancelled }],
            [1, 2, {}],
        ] as const) {
            const slowDown = refusal(503, "SlowDown");
            server = await ScriptedServer.replying({ ...slowDown, headers: { ...xml, "retry-after": `${seconds}` } });
            const error = await failureOf(store({ totalMilliseconds: 1_500, ...limits }).getRule("logs"));
            expect(error).to.include({ kind: "throttled", code: "SlowDown", status: 503 });
            expect(requests()).to.have.length(attempts);
            await server.stop();
        }
    });

    it("repeats no request that cannot succeed", async () => {
        for (const reply of [
            refusal(403, "AccessDenied"),
            refusal(501, "NotImplemented"),
            refusal(404, "NoSuchBucket"),
            { status: 404 },
            { status: 405 },
        ]) {
            server = await ScriptedServer.replying(reply);
            await failureOf(store().getRule("logs"));
            expect(requests()).to.have.length(1);
            await server.stop();
        }
    });

    it("classifies answers without a body by their status, never as a missing rule", async () => {
        for (const [status, kind] of [
            [404, "not-supported"],
            [405, "not-supported"],
            [501, "not-supported"],
            [403, "access-denied"],
            [400, "invalid-request"],
        ] as const) {
            server = await ScriptedServer.replying({ status });
            expect((await failureOf(store().getRule("logs"))).kind).to.equal(kind);
            await server.stop();
        }
    });

    it("quotes no message where the service gives none", async () => {
        server = await ScriptedServer.replying({ status: 403, body: "<Error><Code>AccessDenied</Code></Error>" });
        const { message } = await failureOf(store().getRule("logs"));
        expect(message).to.include("the service answered AccessDenied [HTTP 403]");
    });

    it("rejects every other answer of a service without bucket encryption", async () => {
        const list = `<ListBucketResult ${namespace}><Name>logs</Name><KeyCount>0</KeyCount></ListBucketResult>`;
        for (const body of [list, "", "<html><body>Sign in</body></html>"]) {
            server = await ScriptedServer.replying({ status: 200, headers: xml, body });
            expect((await failureOf(store().getRule("logs"))).kind).to.equal("not-supported");
            await server.stop();
        }
        server = await ScriptedServer.replying({ status: 200, headers: xml, body: "<Server" });
        expect((await failureOf(store().getRule("logs"))).kind).to.be.oneOf(["invalid-answer", "not-supported"]);
    });

    it("rejects every other success than 204 as the acknowledgement of a removal, which may have been done", async () => {
        const acknowledgements: Reply[] = [
            { status: 200, body: "<html><body>Sign in</body></html>" },
            { ...refusal(200, "AccessDenied"), status: 200 },
            { status: 202 },
        ];
        for (const reply of [...acknowledgements, { status: 204 }]) {
            server = await ScriptedServer.start(({ method }) => (method === "GET" ? rule("aws:kms") : reply));
            const outcome = await store()
                .deleteRule("logs")
                .catch((error) => error);
            if (reply.status === 204) expect(outcome).to.equal(undefined);
            else expect(outcome).to.include({ kind: "invalid-answer", mayHaveTakenEffect: true, status: reply.status });
            expect(requests()).to.deep.equal(["GET /logs/?encryption=", "DELETE /logs/?encryption="]);
            await server.stop();
        }
    });

    it("follows no redirect, wherever it leads", async () => {
        const other = await ScriptedServer.replying(rule("AES256"));
        try {
            server = await ScriptedServer.replying({
                ...refusal(307, "TemporaryRedirect", `<Endpoint>${other.endpoint}</Endpoint>`),
                headers: { ...xml, location: `${other.endpoint}/logs?encryption`, "x-amz-bucket-region": "eu-west-3" },
            });
            const error = await failureOf(store().getRule("logs"));
            expect(error).to.include({ kind: "wrong-endpoint", expectedRegion: "eu-west-3" });
            expect(other.requests).to.have.length(0);
        } finally {
            await other.stop();
        }
    });

    it("reports that a write may have been done if its connection broke", async () => {
        let asked = 0;
        server = await ScriptedServer.start(({ method }, response) => {
            if (method === "GET") return rule("AES256");
            asked += 1;
            response.destroy();
            return undefined;
        });
        const error = await failureOf(store({ attempts: 2 }).putRule("logs", { sseAlgorithm: "KMS" }));
        expect(error).to.include({ kind: "unreachable", mayHaveTakenEffect: true });
        expect(error.message).to.include("the connection broke before the answer was complete (ECONNRESET)");
        expect(asked).to.equal(2);
    });

    it("ends an operation that takes too long", async () => {
        server = await ScriptedServer.start(() => undefined);
        const error = await failureOf(store({ totalMilliseconds: 200 }).getRule("logs"));
        expect(error.kind).to.equal("unreachable");
        expect(error.message).to.include("within 0.2 s");
    });

    it("ends a request that takes too long", async () => {
        server = await ScriptedServer.start(() => undefined);
        const error = await failureOf(store({ exchangeMilliseconds: 200, attempts: 1 }).getRule("logs"));
        expect(error.kind).to.equal("unreachable");
        expect(error.message).to.include("no answer came in time");
    });

    describe("with the AWS files of the machine", () => {
        let folder: string;
        const before = { ...process.env };
        beforeEach(() => {
            folder = mkdtempSync(path.join(tmpdir(), "s3-client-")); // the SDK reads a file once in a process
        });
        afterEach(() => {
            rmSync(folder, { recursive: true });
            replaceEnvironment(before);
        });
        const configure = (config: string, credentials = "") => {
            for (const name of Object.keys(process.env)) if (name.startsWith("AWS_")) delete process.env[name];
            writeFileSync(path.join(folder, "config"), config);
            writeFileSync(path.join(folder, "credentials"), credentials);
            process.env.AWS_CONFIG_FILE = path.join(folder, "config");
            process.env.AWS_SHARED_CREDENTIALS_FILE = path.join(folder, "credentials");
            process.env.AWS_EC2_METADATA_DISABLED = "true";
        };

        it("signs with the keys of the profile that is named", async () => {
            const other = "[other]\naws_access_key_id = key-of-other\naws_secret_access_key = secret-of-other\n";
            configure("", `[default]\naws_access_key_id = key-of-default\naws_secret_access_key = s\n${other}`);
            server = await ScriptedServer.replying(rule("AES256"));
            const account = { credentials: undefined, profile: "other" };
            await storeAt({ endpoint: server.endpoint }, account).getRule("logs");
            await storeAt({ endpoint: server.endpoint }, { credentials: undefined }).getRule("logs");
            const signers = server.requests.map(({ headers }) =>
                /Credential=([^/]+)/.exec(headers.authorization ?? ""),
            );
            expect(signers.map((match) => match?.[1])).to.deep.equal(["key-of-other", "key-of-default"]);
        });

        it("rejects a machine without any credentials", async () => {
            configure("");
            server = await ScriptedServer.replying(rule("AES256"));
            const account = { credentials: undefined };
            const error = await failureOf(storeAt({ endpoint: server.endpoint }, account).getRule("logs"));
            expect(error.kind).to.equal("no-credentials");
            expect(server.requests).to.have.length(0);
        });

        const assumed = "[profile base]\naws_access_key_id = base\naws_secret_access_key = s\n";
        const role =
            "[profile admin]\nrole_arn = arn:aws:iam::100000000001:role/admin\nsource_profile = base\nregion = eu-west-1\n";
        const refusedBySts = (status: number, code: string): Reply => ({
            status,
            body: `<ErrorResponse><Error><Code>${code}</Code><Message>Said about ${code}.</Message></Error></ErrorResponse>`,
        });
        for (const [reply, kind, reason] of [
            [
                refusedBySts(403, "AccessDenied"),
                "credentials-rejected",
                "the request for them was refused; the service answered AccessDenied: Said about AccessDenied [HTTP 403]",
            ],
            [refusedBySts(404, "NoSuchBucket"), "credentials-rejected", "the request for them was refused"],
            [refusedBySts(403, "ExpiredToken"), "credentials-rejected", "the request for them was refused"],
            [{ status: 301 }, "credentials-rejected", "the request for them was refused"],
            [{ status: 200, body: "<html>" }, "credentials-rejected", "the request for them was refused"],
        ] as const) {
            it(`distinguishes what S3 refuses from what the service of credentials refuses: ${JSON.stringify(reply)}`, async () => {
                server = await ScriptedServer.replying(reply);
                configure(assumed + role);
                process.env.AWS_ENDPOINT_URL_STS = server.endpoint;
                const account = { credentials: undefined, profile: "admin" };
                const error = await failureOf(
                    storeAt({ endpoint: server.endpoint }, account).putRule("logs", { sseAlgorithm: "KMS" }),
                );
                expect(error).to.include({ kind, mayHaveTakenEffect: false });
                expect(error.message).to.include(`no credentials for AWS were given: ${reason}`);
                expect(requests()).to.deep.equal(["POST /"]);
            });
        }

        it("names the command where the sign-in of the profile has ended", async () => {
            const session = "[sso-session my]\nsso_region = eu-west-1\nsso_start_url = https://my.awsapps.com/start\n";
            configure(
                `[profile other]\nsso_session = my\nsso_account_id = 100000000001\nsso_role_name = r\n${session}`,
            );
            server = await ScriptedServer.replying(rule("AES256"));
            const account = { credentials: undefined, profile: "other" };
            const error = await failureOf(storeAt({ endpoint: server.endpoint }, account).getRule("logs"));
            expect(error.kind).to.equal("no-credentials");
            expect(error.message).to.include("the sign-in of the profile has ended: run `aws sso login`");
            expect(server.requests).to.have.length(0);
        });

        it("rejects an endpoint that they name and the stack does not, before any request", async () => {
            server = await ScriptedServer.replying(rule("AES256"));
            configure(`[default]\nendpoint_url = ${server.endpoint}\n`);
            for (const work of [storeAt().getRule("logs"), storeAt().deleteRule("logs")]) {
                const error = await work.then(
                    () => expect.fail("it should have failed"),
                    (reason) => reason,
                );
                expect(error).to.have.property("kind", "invalid-target");
                expect(error.message).to.include("127.0.0.1").and.include("Set `endpoint` to that service");
            }
            expect(server.requests).to.have.length(0);
        });
    });
});

describe("the AWS SDK", () => {
    it("is reported as missing, with the command that installs it", () => {
        const missing = () => {
            throw Object.assign(new Error("Cannot find module"), { code: "MODULE_NOT_FOUND" });
        };
        expect(() => s3Library(missing))
            .to.throw("npm install @aws-sdk/client-s3")
            .with.property("kind", "missing-package");
    });
});
