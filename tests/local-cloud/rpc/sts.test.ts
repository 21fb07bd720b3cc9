import { expect } from "chai";
import { CoreUnderTest, ownerAccount, refusal, strangerAccount } from "../core-under-test";
import type { RequestSpec } from "../signed-request";
import { callRpc, type RpcSpec, rpcRefusal } from "./rpc-call";

const testStatement = { Effect: "Allow", Action: "*", Resource: "*" } as const;
const testAccounts = {
    accounts: [
        {
            id: ownerAccount,
            accessKeys: [{ id: "local-key-id", secret: "local-key-secret" }],
            users: [
                { name: "nobody", accessKeys: [{ id: "nobody-id", secret: "s" }], statements: [] },
                { name: "ci", accessKeys: [{ id: "ci-id", secret: "s" }], statements: [testStatement] },
            ],
            roles: [
                { name: "admin", trusts: [ownerAccount, strangerAccount], maxSessionDuration: 7200 },
                { name: "external", trusts: [strangerAccount], externalId: "secret-word" },
                { name: "for-ci", trusts: [`acs:ram::${ownerAccount}:user/ci`] },
                {
                    name: "hub",
                    trusts: [ownerAccount],
                    statements: [{ Effect: "Allow", Action: "sts:AssumeRole", Resource: "*" } as const],
                },
                {
                    name: "chained",
                    trusts: [`acs:ram::${ownerAccount}:role/hub`, `acs:ram::${ownerAccount}:role/admin`],
                },
                {
                    name: "reader",
                    trusts: [ownerAccount],
                    statements: [
                        {
                            Effect: "Allow",
                            Action: ["oss:Get*", "oss:PutBucketEncryption"],
                            Resource: "acs:oss:*:*:photos",
                        },
                        { Effect: "Deny", Action: "oss:DeleteBucketEncryption", Resource: "*" },
                    ] as const,
                },
            ],
            buckets: [
                { name: "photos", encryption: { sseAlgorithm: "AES256" } as const },
                { name: "logs", encryption: { sseAlgorithm: "AES256" } as const },
            ],
        },
        { id: strangerAccount, accessKeys: [{ id: "stranger-id", secret: "stranger-secret" }] },
    ],
};
const asStranger = { accessKeyId: "stranger-id", secret: "stranger-secret" };
const asCi = { accessKeyId: "ci-id", secret: "s" };

describe("STS", () => {
    let cloud: CoreUnderTest;

    beforeEach(() => {
        cloud = new CoreUnderTest(testAccounts);
    });

    function assume(role: string, more: Record<string, string> = {}, spec: RpcSpec = {}) {
        const RoleArn = `acs:ram::${ownerAccount}:role/${role}`;
        return callRpc(cloud, { Action: "AssumeRole", RoleArn, RoleSessionName: "test", ...more }, spec);
    }

    /** How a request is signed with what AssumeRole handed out. */
    function session(role: string, more: Record<string, string> = {}, spec: RpcSpec = {}) {
        const { AccessKeyId, AccessKeySecret, SecurityToken } = assume(role, more, spec).document.Credentials;
        return { accessKeyId: AccessKeyId, secret: AccessKeySecret, securityToken: SecurityToken };
    }

    function send(spec: Partial<RequestSpec>, { securityToken, ...key }: ReturnType<typeof session>) {
        return cloud.send({ ...spec, ...key, headers: { "x-oss-security-token": securityToken } });
    }

    const encryption = (bucket: string, method = "GET") => ({ method, bucket, query: { encryption: "" } });

    it("issues credentials that OSS accepts until they expire", () => {
        const { status, document } = assume("admin", { DurationSeconds: "900" });
        expect(status).to.equal(200);
        expect(document.AssumedRoleUser.Arn).to.equal(`acs:ram::${ownerAccount}:role/admin/test`);
        expect(document.Credentials.AccessKeyId).to.match(/^STS\./);
        expect(document.Credentials.Expiration).to.equal("2026-11-23T12:15:00Z");
        const { Credentials } = document;
        const key = {
            accessKeyId: Credentials.AccessKeyId,
            secret: Credentials.AccessKeySecret,
            securityToken: Credentials.SecurityToken,
        };
        expect(send(encryption("photos"), key).status).to.equal(200);
        cloud.now += 900_000;
        expect(refusal(send(encryption("photos"), key))).to.include({ status: 403, code: "SecurityTokenExpired" });
        expect(rpcRefusal(callRpc(cloud, { Action: "GetCallerIdentity" }, key))).to.deep.equal([
            400,
            "InvalidSecurityToken.Expired",
        ]);
    });

    it("reports the caller's identity", () => {
        const who = (spec: RpcSpec) => callRpc(cloud, { Action: "GetCallerIdentity" }, spec).document;
        expect(who({})).to.include({
            IdentityType: "Account",
            AccountId: ownerAccount,
            Arn: `acs:ram::${ownerAccount}:root`,
        });
        expect(who({ accessKeyId: "nobody-id", secret: "s" })).to.include({
            IdentityType: "RAMUser",
            Arn: `acs:ram::${ownerAccount}:user/nobody`,
        });
        const assumed = who(session("admin", {}, asStranger));
        expect(assumed).to.include({
            IdentityType: "AssumedRoleUser",
            AccountId: ownerAccount,
            Arn: `acs:ram::${ownerAccount}:assumed-role/admin/test`,
        });
        expect(assumed.PrincipalId).to.equal(`${assumed.RoleId}:test`);
    });

    it("enforces a role's trust and external id", () => {
        expect(assume("external", { ExternalId: "secret-word" }, asStranger).status).to.equal(200);
        expect(assume("for-ci", {}, asCi).status).to.equal(200);
        expect(assume("chained", {}, session("hub")).status).to.equal(200);
        for (const refused of [
            assume("external", {}, asStranger),
            assume("external", { ExternalId: "guess" }, asStranger),
            assume("external", { ExternalId: "secret-word" }),
            assume("for-ci"),
            assume("chained"),
            // A session whose role's policy does not name sts:AssumeRole assumes no other role.
            assume("chained", {}, session("admin")),
            assume("admin", {}, { accessKeyId: "nobody-id", secret: "s" }),
        ]) {
            expect(rpcRefusal(refused)).to.deep.equal([403, "NoPermission"]);
        }
    });

    const bad: [string, Record<string, string>, [number, string]][] = [
        ["a role that is not there", { RoleArn: `acs:ram::${ownerAccount}:role/none` }, [404, "EntityNotExist.Role"]],
        ["an ARN that is none", { RoleArn: "admin" }, [400, "InvalidParameter.RoleArn"]],
        ["no session name", { RoleSessionName: "" }, [400, "MissingParameter"]],
        ["a session name with a blank", { RoleSessionName: "a b" }, [400, "InvalidParameter.RoleSessionName"]],
        ["too short a time", { DurationSeconds: "899" }, [400, "InvalidParameter.DurationSeconds"]],
        ["more than the role allows", { DurationSeconds: "7201" }, [400, "InvalidParameter.DurationSeconds"]],
        ["a policy that is not JSON", { Policy: "{" }, [400, "InvalidParameter.PolicyGrammar"]],
        ["a policy without a version", { Policy: '{"Statement":[]}' }, [400, "InvalidParameter.PolicyGrammar"]],
        [
            "a policy with a condition, which would not be heeded",
            {
                Policy: '{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Condition":{}}]}',
            },
            [400, "InvalidParameter.PolicyGrammar"],
        ],
        ["a policy of more than 2048 bytes", { Policy: " ".repeat(2049) }, [400, "InvalidParameter.PolicySize"]],
    ];
    for (const [what, parameters, expected] of bad) {
        it(`rejects ${what}`, () => {
            expect(rpcRefusal(assume("admin", parameters))).to.deep.equal(expected);
        });
    }

    it("lets a role do what its statements allow, and denies before it allows", () => {
        const key = session("reader");
        expect(send(encryption("photos"), key).status).to.equal(200);
        expect(refusal(send(encryption("logs"), key))).to.include({ status: 403, ec: "0003-00000001" });
        expect(refusal(send(encryption("photos", "DELETE"), key))).to.include({ status: 403, ec: "0003-00000201" });
        expect(refusal(send({}, key))).to.include({ status: 403, code: "AccessDenied" });
    });

    it("narrows a session to what its policy allows, and never widens the role", () => {
        const Policy = JSON.stringify({
            Version: "1",
            Statement: [{ Effect: "Allow", Action: "oss:GetBucketEncryption", Resource: "acs:oss:*:*:photos" }],
        });
        const narrowed = session("admin", { Policy });
        expect(send(encryption("photos"), narrowed).status).to.equal(200);
        expect(send(encryption("logs"), narrowed).code).to.equal("AccessDenied");
        expect(send({ bucket: "photos", query: { acl: "" } }, narrowed).code).to.equal("AccessDenied");
        const all = JSON.stringify({ Version: "1", Statement: [testStatement] });
        expect(send(encryption("logs"), session("reader", { Policy: all })).code).to.equal("AccessDenied");
    });

    it("denies a user PutBucketEncryption alone", () => {
        const statements = [
            testStatement,
            { Effect: "Deny", Action: "oss:PutBucketEncryption", Resource: "*" } as const,
        ];
        const user = { name: "auditor", accessKeys: [{ id: "auditor-id", secret: "s" }], statements };
        cloud = new CoreUnderTest({ accounts: [{ id: ownerAccount, users: [user], buckets: [{ name: "photos" }] }] });
        const as = { accessKeyId: "auditor-id", secret: "s" };
        const put = cloud.send({ ...encryption("photos", "PUT"), ...as }, "<ServerSideEncryptionRule/>");
        expect(refusal(put)).to.deep.equal({ status: 403, code: "AccessDenied", ec: "0003-00000201" });
        expect(cloud.send({ ...encryption("photos"), ...as }).code).to.equal("NoSuchServerSideEncryptionRule");
    });

    it("lets a user delete many objects that each may be deleted, or none of them", () => {
        const statements = [{ Effect: "Allow", Action: "oss:*Object*", Resource: "acs:oss:*:*:photos/own/*" } as const];
        const user = { name: "writer", accessKeys: [{ id: "writer-id", secret: "s" }], statements };
        cloud = new CoreUnderTest({ accounts: [{ id: ownerAccount, users: [user], buckets: [{ name: "photos" }] }] });
        const as = { accessKeyId: "writer-id", secret: "s", bucket: "photos" };
        expect(cloud.send({ ...as, method: "PUT", key: "own/a" }).status).to.equal(200);
        expect(cloud.send({ ...as, method: "PUT", key: "others/a" }).code).to.equal("AccessDenied");
        const remove = (...keys: string[]) => {
            const list = keys.map((key) => `<Object><Key>${key}</Key></Object>`).join("");
            return cloud.send({ ...as, method: "POST", query: { delete: "" } }, `<Delete>${list}</Delete>`);
        };
        expect(remove("own/a", "others/a").code).to.equal("AccessDenied");
        expect(cloud.state.buckets.get("photos")?.objects.size).to.equal(1);
        expect(remove("own/a").status).to.equal(200);
        expect(cloud.state.buckets.get("photos")?.objects.size).to.equal(0);
    });
});
