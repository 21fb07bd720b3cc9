import { expect } from "chai";
import { CoreUnderTest, ownerAccount, refusal } from "../core-under-test";
import { callRpc, type RpcSpec, rpcRefusal } from "./rpc-call";

describe("KMS", () => {
    let cloud: CoreUnderTest;

    beforeEach(() => {
        cloud = new CoreUnderTest();
        cloud.bucket("photos");
    });

    const kms = (Action: string, parameters: Record<string, string> = {}, spec: RpcSpec = {}) =>
        callRpc(cloud, { Action, ...parameters }, spec);
    const stateOf = (KeyId: string) => kms("DescribeKey", { KeyId }).document.KeyMetadata?.KeyState;
    const put = () => cloud.send({ method: "PUT", bucket: "photos", key: "a" }, "hello");

    function rule(keyId: string) {
        const body = `<ServerSideEncryptionRule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>KMS</SSEAlgorithm><KMSMasterKeyID>${keyId}</KMSMasterKeyID></ApplyServerSideEncryptionByDefault></ServerSideEncryptionRule>`;
        return cloud.send({ method: "PUT", bucket: "photos", query: { encryption: "" } }, body);
    }

    it("makes, describes and lists keys", () => {
        const made = kms("CreateKey", { Description: "for logs", RegionId: "cn-beijing" }).document.KeyMetadata;
        expect(made).to.include({ KeyState: "Enabled", KeySpec: "Aliyun_AES_256", Creator: ownerAccount });
        expect(made.Arn).to.equal(`acs:kms:cn-beijing:${ownerAccount}:key/${made.KeyId}`);
        expect(kms("DescribeKey", { KeyId: made.Arn }).document.KeyMetadata).to.deep.equal(made);
        const page = kms("ListKeys", { PageSize: "1", PageNumber: "2", RegionId: "cn-hangzhou" }).document;
        expect([page.TotalCount, page.Keys.Key.map(({ KeyId }: { KeyId: string }) => KeyId)]).to.deep.equal([
            2,
            ["key-2"],
        ]);
        expect(rpcRefusal(kms("DescribeKey", { KeyId: "key-1", RegionId: "cn-beijing" }))).to.deep.equal([
            404,
            "Forbidden.KeyNotFound",
        ]);
    });

    it("rejects invalid parameters", () => {
        for (const parameters of [
            { KeySpec: "DES" },
            { KeySpec: "toString" },
            { KeyUsage: "SIGN/VERIFY" },
            { Origin: "Elsewhere" },
        ] as Record<string, string>[]) {
            expect(rpcRefusal(kms("CreateKey", parameters))).to.deep.equal([400, "InvalidParameter"]);
        }
        expect(rpcRefusal(kms("DescribeKey"))).to.deep.equal([400, "MissingParameter"]);
        expect(rpcRefusal(kms("ListKeys", { PageSize: "101" }))).to.deep.equal([400, "InvalidParameter"]);
    });

    it("moves keys between their states", () => {
        kms("DisableKey", { KeyId: "key-1" });
        expect(stateOf("key-1")).to.equal("Disabled");
        kms("EnableKey", { KeyId: "key-1" });
        expect(stateOf("key-1")).to.equal("Enabled");
        const schedule = (PendingWindowInDays: string) =>
            kms("ScheduleKeyDeletion", { KeyId: "key-1", PendingWindowInDays });
        expect(rpcRefusal(schedule("6"))).to.deep.equal([400, "InvalidParameter"]);
        expect(schedule("7").status).to.equal(200);
        expect(stateOf("key-1")).to.equal("PendingDeletion");
        expect(rpcRefusal(kms("EnableKey", { KeyId: "key-1" }))).to.deep.equal([409, "Rejected.PendingDeletion"]);
        kms("CancelKeyDeletion", { KeyId: "key-1" });
        expect(stateOf("key-1")).to.equal("Enabled");
        schedule("7");
        cloud.now += 7 * 24 * 3_600_000;
        expect(rpcRefusal(kms("DescribeKey", { KeyId: "key-1" }))).to.deep.equal([404, "Forbidden.KeyNotFound"]);
    });

    it("names keys by aliases", () => {
        const AliasName = "alias/main";
        kms("CreateAlias", { KeyId: "key-1", AliasName });
        const describe = () => kms("DescribeKey", { KeyId: AliasName });
        expect(describe().document.KeyMetadata.KeyId).to.equal("key-1");
        expect(rpcRefusal(kms("CreateAlias", { KeyId: "key-2", AliasName }))).to.deep.equal([
            400,
            "AliasAlreadyExists",
        ]);
        expect(rpcRefusal(kms("CreateAlias", { KeyId: "key-1", AliasName: "main" }))).to.deep.equal([
            400,
            "InvalidParameter",
        ]);
        kms("UpdateAlias", { KeyId: "key-2", AliasName });
        expect(describe().document.KeyMetadata.KeyId).to.equal("key-2");
        expect(kms("ListAliases").document.Aliases.Alias).to.deep.equal([
            { KeyId: "key-2", AliasName, AliasArn: `acs:kms:cn-hangzhou:${ownerAccount}:alias/main` },
        ]);
        kms("DeleteAlias", { AliasName });
        expect(rpcRefusal(describe())).to.deep.equal([404, "Forbidden.AliasNotFound"]);
    });

    it("keeps accounts, and users without rights, from others' keys", () => {
        const KeyId = `acs:kms:cn-hangzhou:${ownerAccount}:key/key-1`;
        const stranger = { accessKeyId: "stranger-id", secret: "stranger-secret" };
        expect(rpcRefusal(kms("DescribeKey", { KeyId }, stranger))).to.deep.equal([403, "Forbidden.NoPermission"]);
        expect(rpcRefusal(kms("DescribeKey", { KeyId: "key-1" }, stranger))).to.deep.equal([
            404,
            "Forbidden.KeyNotFound",
        ]);
    });

    describe("behind a bucket's rule", () => {
        it("lets writes through with an id, an alias or an ARN", () => {
            kms("CreateAlias", { KeyId: "key-1", AliasName: "alias/main" });
            for (const name of ["key-1", "alias/main", `acs:kms:cn-hangzhou:${ownerAccount}:key/key-1`]) {
                rule(name);
                expect(put().status, name).to.equal(200);
            }
        });

        it("fails writes and reads under a key that is disabled or about to be deleted", () => {
            rule("key-1");
            expect(put().status).to.equal(200);
            kms("DisableKey", { KeyId: "key-1" });
            expect(refusal(put())).to.deep.equal({ status: 409, code: "KeyDisabled", ec: "0005-00000214" });
            expect(cloud.send({ bucket: "photos", key: "a" }).status).to.equal(409);
            expect(cloud.send({ method: "HEAD", bucket: "photos", key: "a" }).status).to.equal(200);
            kms("EnableKey", { KeyId: "key-1" });
            expect(cloud.send({ bucket: "photos", key: "a" }).text).to.equal("hello");
            kms("ScheduleKeyDeletion", { KeyId: "key-1", PendingWindowInDays: "7" });
            expect(refusal(put())).to.deep.equal({ status: 409, code: "KeyPendingDeletion", ec: "0005-00000215" });
        });

        it("fails writes under a missing key, and stores nothing", () => {
            rule("missing");
            expect(refusal(put())).to.deep.equal({ status: 404, code: "KeyNotFound", ec: "0005-00000208" });
            rule("alias/missing");
            expect(refusal(put())).to.deep.equal({ status: 404, code: "AliasNotFound" });
            rule(`acs:kms:cn-beijing:${ownerAccount}:key/key-1`);
            expect(put().code).to.equal("KeyNotFound");
            expect(cloud.state.buckets.get("photos")?.objects.size).to.equal(0);
            const own = { "x-oss-server-side-encryption": "AES256" };
            expect(cloud.send({ method: "PUT", bucket: "photos", key: "a", headers: own }).status).to.equal(200);
        });

        it("needs rights on the key from users", () => {
            const statements = [{ Effect: "Allow", Action: "oss:*", Resource: "*" } as const];
            const users = [{ name: "ci", accessKeys: [{ id: "ci", secret: "s" }], statements }];
            const buckets = [{ name: "photos", encryption: { sseAlgorithm: "KMS", kmsMasterKeyId: "key-1" } as const }];
            cloud = new CoreUnderTest({ accounts: [{ id: ownerAccount, users, buckets, keys: [{ id: "key-1" }] }] });
            const write = cloud.send({ method: "PUT", bucket: "photos", key: "a", accessKeyId: "ci", secret: "s" });
            expect([write.status, write.message]).to.deep.equal([403, "This operation is forbidden by kms."]);
        });

        it("shows the service's own key once it is used, and rejects disabling it", () => {
            const headers = { "x-oss-server-side-encryption": "KMS" };
            const answer = cloud.send({ method: "PUT", bucket: "photos", key: "a", headers }, "hello");
            const KeyId = answer.headers.get("x-oss-server-side-encryption-key-id") ?? "";
            expect(kms("DescribeKey", { KeyId: "alias/acs/oss" }).document.KeyMetadata.KeyId).to.equal(KeyId);
            expect(rpcRefusal(kms("DisableKey", { KeyId }))).to.deep.equal([400, "UnsupportedOperation"]);
            expect(cloud.send({ bucket: "photos", key: "a" }).text).to.equal("hello");
        });

        it("looks for the key at PutBucketEncryption only with checksKeyOnPut", () => {
            expect(rule("missing").status).to.equal(200);
            cloud = new CoreUnderTest(undefined, { checksKeyOnPut: true });
            cloud.bucket("photos");
            expect(rule("missing").code).to.equal("KeyNotFound");
            expect(rule("key-1").status).to.equal(200);
        });
    });

    describe("of a dedicated gateway", () => {
        for (const [what, make, host] of [
            ["by its host", () => new CoreUnderTest(), "kst-1.cryptoservice.kms.aliyuncs.com"],
            ["when it is started as one", () => new CoreUnderTest(undefined, { kmsGateway: "dedicated" }), undefined],
        ] as const) {
            it(`rejects DescribeKey and all that manages keys, ${what}`, () => {
                cloud = make();
                const spec = host === undefined ? {} : { host };
                for (const Action of ["DescribeKey", "ListKeys", "CreateKey", "ListAliases"]) {
                    const answer = callRpc(cloud, { Action, KeyId: "key-1" }, spec);
                    expect(rpcRefusal(answer), Action).to.deep.equal([404, "InvalidAction.NotFound"]);
                }
                expect(callRpc(cloud, { Action: "GetCallerIdentity" }).status).to.equal(200);
            });
        }
    });
});
