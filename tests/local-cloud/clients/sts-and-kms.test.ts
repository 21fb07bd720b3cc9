import Kms, * as kms from "@alicloud/kms20160120";
import { $OpenApiUtil } from "@alicloud/openapi-core";
import { Config } from "@alicloud/rpc-client";
import Sts, { AssumeRoleRequest } from "@alicloud/sts20150401";
import OSS from "ali-oss";
import { expect } from "chai";
import { LocalCloud } from "../../../lib/local-cloud";
import { ownerAccount, strangerAccount } from "../core-under-test";

const testAccounts = {
    accounts: [
        {
            id: ownerAccount,
            accessKeys: [{ id: "local-key-id", secret: "local-key-secret" }],
            roles: [{ name: "encryption-admin", trusts: [strangerAccount], externalId: "x" }],
            buckets: [{ name: "photos", encryption: { sseAlgorithm: "SM4" } as const }],
        },
        { id: strangerAccount, accessKeys: [{ id: "stranger-id", secret: "stranger-secret" }] },
    ],
};
const testRole = `acs:ram::${ownerAccount}:role/encryption-admin`;

describe("official STS and KMS clients for Node", () => {
    let cloud: LocalCloud;

    beforeEach(async () => {
        cloud = await LocalCloud.start({ accounts: testAccounts });
    });

    afterEach(() => cloud.stop());

    function sts(keys: { accessKeyId: string; accessKeySecret: string; securityToken?: string }) {
        return new Sts(new $OpenApiUtil.Config({ ...keys, endpoint: new URL(cloud.url).host, protocol: "http" }));
    }

    async function failure(promise: Promise<unknown>): Promise<string | undefined> {
        return promise.then(
            () => "no error",
            ({ code }: { code?: string }) => code,
        );
    }

    const stranger = { accessKeyId: "stranger-id", accessKeySecret: "stranger-secret" };

    it("lets the STS client (ACS3) assume a role, and its credentials work everywhere", async () => {
        const request = { roleArn: testRole, roleSessionName: "test", externalId: "x", durationSeconds: 900 };
        const { body } = await sts(stranger).assumeRole(new AssumeRoleRequest(request));
        const keys = {
            accessKeyId: body?.credentials?.accessKeyId ?? "",
            accessKeySecret: body?.credentials?.accessKeySecret ?? "",
            securityToken: body?.credentials?.securityToken ?? "",
        };
        const identity = (await sts(keys).getCallerIdentity()).body;
        expect([identity?.identityType, identity?.accountId, identity?.arn]).to.deep.equal([
            "AssumedRoleUser",
            ownerAccount,
            `acs:ram::${ownerAccount}:assumed-role/encryption-admin/test`,
        ]);
        const options = { ...keys, stsToken: keys.securityToken, region: "oss-cn-hangzhou", endpoint: cloud.url };
        const client = new OSS({ ...options, authorizationV4: true } as OSS.Options) as unknown as {
            getBucketEncryption(name: string): Promise<{ encryption: object }>;
        };
        expect((await client.getBucketEncryption("photos")).encryption).to.deep.equal({ SSEAlgorithm: "SM4" });
    });

    it("reports errors to the STS client", async () => {
        const wrongId = new AssumeRoleRequest({ roleArn: testRole, roleSessionName: "test", externalId: "guess" });
        expect(await failure(sts(stranger).assumeRole(wrongId))).to.equal("NoPermission");
        const wrongSecret = sts({ accessKeyId: "stranger-id", accessKeySecret: "wrong" });
        expect(await failure(wrongSecret.getCallerIdentity())).to.equal("SignatureDoesNotMatch");
        expect(
            cloud.journal.entries().map(({ operation, account, status }) => [operation, account, status]),
        ).to.deep.equal([
            ["AssumeRole", strangerAccount, 403],
            ["GetCallerIdentity", undefined, 400],
        ]);
    });

    it("lets ali-oss's STS client (RPC V1, all in a form) assume a role", async () => {
        const client = new OSS.STS({ ...stranger, endpoint: cloud.url } as never) as unknown as {
            assumeRole(
                role: string,
                policy: object,
                seconds: number,
                session: string,
                options: object,
            ): Promise<{ credentials: { AccessKeyId: string } }>;
        };
        const policy = { Version: "1", Statement: [{ Effect: "Allow", Action: "oss:*", Resource: "*" }] };
        expect(await failure(client.assumeRole(testRole, policy, 900, "test", {}))).to.equal("NoPermission");
        cloud.faults.add({ kind: "throttle", status: 429, operation: "AssumeRole", count: 1 });
        expect(await failure(client.assumeRole(testRole, policy, 900, "test", {}))).to.equal("Throttling.User");
    });

    it("lets the KMS client (RPC V1) create, disable, name and delete keys, and OSS follows", async () => {
        const config = { accessKeyId: "local-key-id", accessKeySecret: "local-key-secret", regionId: "cn-hangzhou" };
        const client = new Kms(new Config({ ...config, endpoint: new URL(cloud.url).host, protocol: "http" }));
        const created = await client.createKey(new kms.CreateKeyRequest({ description: "for photos" }));
        const keyId = created.keyMetadata.keyId;
        await client.createAlias(new kms.CreateAliasRequest({ keyId, aliasName: "alias/photos" }));
        const described = await client.describeKey(new kms.DescribeKeyRequest({ keyId: "alias/photos" }));
        expect([described.keyMetadata.keyId, described.keyMetadata.keyState]).to.deep.equal([keyId, "Enabled"]);
        const listed = await client.listKeys(new kms.ListKeysRequest({ pageNumber: 1, pageSize: 10 }));
        expect([listed.totalCount, listed.keys.key[0]?.keyId]).to.deep.equal([1, keyId]);

        cloud.setBucketRule("photos", { sseAlgorithm: "KMS", kmsMasterKeyId: "alias/photos" });
        const oss = new OSS({ ...config, region: "oss-cn-hangzhou", bucket: "photos", endpoint: cloud.url });
        await oss.put("a", Buffer.from("hello"));
        await client.disableKey(new kms.DisableKeyRequest({ keyId }));
        expect(await failure(oss.put("a", Buffer.from("hello")))).to.equal("KeyDisabled");
        await client.enableKey(new kms.EnableKeyRequest({ keyId }));
        const deletion = { keyId, pendingWindowInDays: 7 };
        await client.scheduleKeyDeletion(new kms.ScheduleKeyDeletionRequest(deletion));
        expect(await failure(oss.put("a", Buffer.from("hello")))).to.equal("KeyPendingDeletion");
        await client.cancelKeyDeletion(new kms.CancelKeyDeletionRequest({ keyId }));
        await client.deleteAlias(new kms.DeleteAliasRequest({ aliasName: "alias/photos" }));
        expect(await failure(oss.put("a", Buffer.from("hello")))).to.equal("AliasNotFound");
    });
});
