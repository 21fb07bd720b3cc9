import OSS from "ali-oss";
import { expect } from "chai";
import fc from "fast-check";
import type { Credentials } from "../../../lib/accounts";
import type { SignableRequest } from "../../../lib/stores/oss/signing/canonical-request";
import { RequestSigner } from "../../../lib/stores/oss/signing/request-signer";
import { encryptionAnswer, type ReceivedRequest, ScriptedServer } from "./scripted-server";
import { storeAt } from "./store-under-test";

/** As a new signer signs: one that has kept no key. */
const signRequest = (request: SignableRequest, credentials: Credentials, region: string, date: Date) =>
    new RequestSigner(region).sign(request, credentials, date);

/** ali-oss's own V4 signer, which its typings leave out. */
const aliOssSigner = require("ali-oss/lib/common/signUtils") as {
    authorizationV4(
        accessKeyId: string,
        accessKeySecret: string,
        region: string,
        method: string,
        request: { headers: Record<string, string>; queries: Record<string, string | null> },
        bucket: string,
        key: string,
    ): string;
};

type AliOssWithEncryption = OSS & {
    putBucketEncryption(bucket: string, options: { SSEAlgorithm: string; KMSMasterKeyID?: string }): Promise<unknown>;
    getBucketEncryption(bucket: string): Promise<unknown>;
    deleteBucketEncryption(bucket: string): Promise<unknown>;
};

const longLived: Credentials = { accessKeyId: "LTAI-key", accessKeySecret: "long-lived-secret" };
const temporary: Credentials = {
    accessKeyId: "STS.key",
    accessKeySecret: "temporary-secret",
    securityToken: "CAIS+/=token",
};
const regions = ["cn-hangzhou", "ap-southeast-1", "cn-north-2-gov-1"];
const buckets = ["abc", "logs-2026", "a".repeat(63)];

function answerLikeOss({ method }: ReceivedRequest) {
    return method === "GET" ? encryptionAnswer() : { status: method === "PUT" ? 200 : 204 };
}

function signedHeadersOf(request: ReceivedRequest): Record<string, string> {
    const names = Object.keys(request.headers).filter((name) => /^(x-oss-|content-type$|content-md5$)/.test(name));
    return Object.fromEntries(names.map((name) => [name, String(request.headers[name])]));
}

function dateOf(request: ReceivedRequest): Date {
    const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(String(request.headers["x-oss-date"]));
    const [year, month, day, hour, minute, second] = (parts ?? []).slice(1).map(Number);
    return new Date(Date.UTC(year ?? 0, (month ?? 0) - 1, day, hour, minute, second));
}

describe("OSS signatures beside ali-oss", () => {
    let server: ScriptedServer;
    beforeEach(async () => {
        server = await ScriptedServer.start(answerLikeOss);
    });
    afterEach(() => server.stop());

    for (const [kind, credentials] of Object.entries({ "long-lived": longLived, temporary })) {
        it(`signs what an ali-oss client with ${kind} credentials sends as that client does`, async () => {
            for (const region of regions) {
                const client = new OSS({
                    endpoint: server.endpoint,
                    region: `oss-${region}`,
                    authorizationV4: true,
                    accessKeyId: credentials.accessKeyId,
                    accessKeySecret: credentials.accessKeySecret,
                    ...(credentials.securityToken === undefined
                        ? {}
                        : {
                              stsToken: credentials.securityToken,
                              refreshSTSToken: () => Promise.reject(new Error("not to be renewed here")),
                              refreshSTSTokenInterval: 3_600_000,
                          }),
                } as OSS.Options) as AliOssWithEncryption;
                for (const bucket of buckets) {
                    await client.putBucketEncryption(bucket, { SSEAlgorithm: "KMS", KMSMasterKeyID: "key-1" });
                    await client.getBucketEncryption(bucket);
                    await client.deleteBucketEncryption(bucket);
                }
            }
            expect(server.requests).to.have.length(27);
            for (const [index, request] of server.requests.entries()) {
                const bucket = buckets[Math.floor((index % 9) / 3)] ?? "";
                const region = regions[Math.floor(index / 9)] ?? "";
                expect(request.headers.host).to.match(new RegExp(`^${bucket}\\.`));
                const { "x-oss-security-token": token, ...headers } = signedHeadersOf(request);
                expect(token).to.equal(credentials.securityToken);
                const ours = signRequest(
                    { method: request.method, resource: `/${bucket}/`, query: { encryption: "" }, headers },
                    credentials,
                    region,
                    dateOf(request),
                );
                expect(ours.authorization).to.equal(request.headers.authorization);
            }
        });

        it(`sends what ali-oss's signer would sign the same way, with ${kind} credentials`, async () => {
            const store = storeAt(server, { credentials });
            for (const bucket of buckets) {
                await store.putRule(bucket, { sseAlgorithm: "KMS", kmsMasterKeyId: "key-1", kmsDataEncryption: "SM4" });
                await store.getRule(bucket);
                await store.deleteRule(bucket);
            }
            store.close();
            expect(server.requests).to.have.length(9);
            for (const [index, request] of server.requests.entries()) {
                const theirs = aliOssSigner.authorizationV4(
                    credentials.accessKeyId,
                    credentials.accessKeySecret,
                    "cn-hangzhou",
                    request.method,
                    { headers: signedHeadersOf(request), queries: { encryption: null } },
                    buckets[Math.floor(index / 3)] ?? "",
                    "",
                );
                expect(request.headers.authorization).to.equal(theirs);
            }
        });
    }

    it("equals ali-oss's signature for any keys, bucket, object, region, headers and time", () => {
        const visible = fc.string({ unit: fc.constantFrom(..."abcXYZ019+/=._-~!*'()@:"), minLength: 1, maxLength: 40 });
        const bucketName = fc.stringMatching(/^[a-z0-9][a-z0-9-]{1,20}[a-z0-9]$/);
        fc.assert(
            fc.property(
                fc.record({
                    accessKeyId: visible,
                    accessKeySecret: fc.string({ unit: "grapheme", minLength: 1 }),
                    securityToken: fc.option(visible, { nil: undefined }),
                    region: fc.stringMatching(/^[a-z]{2}-[a-z0-9]{1,12}(-[0-9])?$/),
                    method: fc.constantFrom("GET", "PUT", "DELETE"),
                    bucket: bucketName,
                    key: fc.string({ unit: "grapheme", maxLength: 30 }),
                    query: fc.dictionary(fc.stringMatching(/^[a-z]{1,10}$/), fc.string({ unit: "grapheme" }), {
                        noNullPrototype: true,
                    }),
                    meta: fc.dictionary(fc.stringMatching(/^x-oss-meta-[a-z]{1,8}$/), visible, {
                        noNullPrototype: true,
                    }),
                    date: fc.date({
                        min: new Date("2000-01-01T00:00:00Z"),
                        max: new Date("2099-12-31T23:59:59Z"),
                        noInvalidDate: true,
                    }),
                }),
                ({ accessKeyId, accessKeySecret, securityToken, region, method, bucket, key, query, meta, date }) => {
                    const credentials = {
                        accessKeyId,
                        accessKeySecret,
                        ...(securityToken === undefined ? {} : { securityToken }),
                    };
                    const headers = { ...meta, "Content-Type": "application/xml" };
                    const ours = signRequest(
                        { method, resource: `/${bucket}/${key}`, query, headers },
                        credentials,
                        region,
                        date,
                    );
                    const { authorization, ...sent } = ours;
                    const queries = Object.fromEntries(
                        Object.entries(query).map(([name, value]) => [name, value === "" ? null : value]),
                    );
                    const theirs = aliOssSigner.authorizationV4(
                        accessKeyId,
                        accessKeySecret,
                        region,
                        method,
                        { headers: sent, queries },
                        bucket,
                        key,
                    );
                    expect(authorization).to.equal(theirs);
                },
            ),
            { numRuns: 500 },
        );
    });
});
