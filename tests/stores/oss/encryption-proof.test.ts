import { expect } from "chai";
import { staticCredentials } from "../../../lib/accounts";
import { UserError } from "../../../lib/errors";
import { type AccountsDocument, type Fault, LocalCloud } from "../../../lib/local-cloud";
import { OssEncryptionStore } from "../../../lib/stores/oss/oss-encryption-store";
import { ScriptedServer } from "./scripted-server";
import { failureOf, quickLimits, storeAt } from "./store-under-test";

const bucket = "example-logs";
const account = "1000000000000001";
const key = "key-hzz65f0a1b2c3d4e5f6a7";
const writer = { accessKeyId: "writer-key-id", accessKeySecret: "writer-key-secret" };
const accounts: AccountsDocument = {
    accounts: [
        {
            id: account,
            accessKeys: [{ id: "local-key-id", secret: "local-key-secret" }],
            users: [
                {
                    name: "writer",
                    accessKeys: [{ id: writer.accessKeyId, secret: writer.accessKeySecret }],
                    statements: [
                        { Effect: "Allow", Action: ["oss:PutObject", "oss:GetObject"], Resource: "*" },
                        { Effect: "Deny", Action: "oss:DeleteObject", Resource: "*" },
                    ],
                },
            ],
            keys: [{ id: key }, { id: "key-off", state: "Disabled" }],
            buckets: [{ name: bucket }],
        },
    ],
};

describe("an object that proves a bucket's encryption", () => {
    let cloud: LocalCloud;
    let store: OssEncryptionStore;
    const as = (credentials: typeof writer) =>
        new OssEncryptionStore({
            target: { region: "cn-hangzhou", endpoint: cloud.url },
            credentials: staticCredentials(credentials),
            limits: quickLimits,
        });
    beforeEach(async () => {
        cloud = await LocalCloud.start({ isStrict: true, accounts });
        store = as({ accessKeyId: "local-key-id", accessKeySecret: "local-key-secret" });
    });
    afterEach(async () => {
        store.close();
        await cloud.stop();
    });
    const operations = () => cloud.journal.entries().map(({ operation, status }) => `${operation} ${status}`);

    for (const rule of [
        undefined,
        { sseAlgorithm: "AES256" },
        { sseAlgorithm: "SM4" },
        { sseAlgorithm: "KMS", kmsMasterKeyId: key },
        { sseAlgorithm: "KMS", kmsMasterKeyId: key, kmsDataEncryption: "SM4" },
    ] as const) {
        it(`reports ${JSON.stringify(rule) ?? "no rule"} after it wrote, read and deleted one object`, async () => {
            cloud.setBucketRule(bucket, rule);
            expect(await store.encryptProof(bucket)).to.deep.equal(rule);
            expect(operations()).to.deep.equal(["PutObject 200", "GetObject 200", "DeleteObject 204"]);
        });
    }

    it("fails with what KMS says of a key that cannot be used, and leaves no object", async () => {
        cloud.setBucketRule(bucket, { sseAlgorithm: "KMS", kmsMasterKeyId: "key-off" });
        const { kind, message } = await failureOf(store.encryptProof(bucket));
        expect(kind).to.equal("key-unusable");
        expect(message).to.include("write the object that proves the rule");
        expect(operations()).to.deep.equal(["PutObject 409"]);
    });

    it("shows no key of the rule that the service repeats", async () => {
        const keyed = {
            sseAlgorithm: "KMS",
            kmsMasterKeyId: "acs:kms:cn-hangzhou:1000000000000001:key/key-hzz1",
        } as const;
        const message = `${keyed.kmsMasterKeyId} (key-hzz1) is not found`;
        const missing = { kind: "status", status: 404, code: "KeyNotFound", message } as const;
        for (const operation of ["PutBucketEncryption", "PutObject"]) cloud.faults.add({ ...missing, operation });
        for (const work of [store.putRule(bucket, keyed), store.encryptProof(bucket, keyed)])
            expect((await failureOf(work)).message).to.include("KeyNotFound: (hidden) ((hidden)) is not found");
    });

    for (const [what, fault] of [
        ["cannot be read", { kind: "status", status: 403, code: "AccessDenied", operation: "GetObject" }],
        ["comes back as something else", { kind: "raw", body: "something else", operation: "GetObject" }],
        ["was perhaps written", { kind: "reset-after", operation: "PutObject" }],
    ] as const satisfies readonly (readonly [string, Fault])[]) {
        it(`deletes an object that ${what}`, async () => {
            cloud.faults.add(fault);
            await failureOf(store.encryptProof(bucket));
            expect(operations().at(-1)).to.equal("DeleteObject 204");
        });
    }

    it("names the object and the missing right if it cannot be deleted", async () => {
        const { kind, message } = await failureOf(as(writer).encryptProof(bucket));
        expect(kind).to.equal("access-denied");
        expect(message)
            .to.include("oss:DeleteObject")
            .and.match(/\(\.bucket-encryption-proof\/[0-9a-f-]{36}\)/);
    });

    it("deletes the version that was written, where the bucket keeps versions", async () => {
        let content = "";
        const server = await ScriptedServer.start(({ method, body }) => {
            if (method === "PUT") content = body;
            const headers = { "x-oss-version-id": "CAEQ+/=&x" };
            return { status: method === "DELETE" ? 204 : 200, headers, body: method === "GET" ? content : "" };
        });
        try {
            expect(await storeAt(server).encryptProof(bucket)).to.equal(undefined);
            const { requests } = server;
            expect(requests.map(({ method }) => method)).to.deep.equal(["PUT", "GET", "DELETE"]);
            expect(requests.at(-1)?.url).to.match(/\?versionId=CAEQ%2B%2F%3D%26x$/);
        } finally {
            await server.stop();
        }
    });

    it("is deleted even when the operation is cancelled in the middle", async () => {
        const cancelling = new AbortController();
        const server = await ScriptedServer.start(({ method }) => {
            cancelling.abort(new UserError("cancelled", "Nobody wants this any more"));
            return { status: method === "DELETE" ? 204 : 200 };
        });
        try {
            const cancelled = storeAt(server, { limits: { cancelled: cancelling.signal } }).encryptProof(bucket);
            expect(await cancelled.catch((reason: unknown) => reason)).to.equal(cancelling.signal.reason);
            expect(server.requests.map(({ method }) => method)).to.deep.equal(["PUT", "DELETE"]);
        } finally {
            await server.stop();
        }
    });
});
