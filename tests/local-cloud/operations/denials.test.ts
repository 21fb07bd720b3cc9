import { expect } from "chai";
import { asStranger, CoreUnderTest, ownerAccount, refusal, strangerAccount } from "../core-under-test";
import { callRpc } from "../rpc/rpc-call";

const everything = { Effect: "Allow", Action: "*", Resource: "*" } as const;
const accounts = {
    accounts: [
        {
            id: ownerAccount,
            accessKeys: [{ id: "local-key-id", secret: "local-key-secret" }],
            users: [
                {
                    name: "denied",
                    accessKeys: [{ id: "denied-id", secret: "s" }],
                    statements: [everything, { Effect: "Deny", Action: "oss:PutObject", Resource: "*" } as const],
                },
                { name: "nothing", accessKeys: [{ id: "nothing-id", secret: "s" }], statements: [] },
                { name: "free", accessKeys: [{ id: "free-id", secret: "s" }], statements: [everything] },
            ],
            roles: [{ name: "admin", trusts: [ownerAccount] }],
            buckets: [{ name: "photos" }],
        },
        { id: strangerAccount, accessKeys: [{ id: "stranger-id", secret: "stranger-secret" }] },
    ],
};
const as = (user: string) => ({ accessKeyId: `${user}-id`, secret: "s" });
const write = { method: "PUT", bucket: "photos", key: "a" };

describe("denials", () => {
    let cloud: CoreUnderTest;

    beforeEach(() => {
        cloud = new CoreUnderTest(accounts);
    });

    function setPolicy(effect: "Allow" | "Deny", principal: string, action = "oss:PutObject") {
        const statement = {
            Effect: effect,
            Principal: [principal],
            Action: [action],
            Resource: ["acs:oss:*:*:photos*"],
        };
        return cloud.send(
            { method: "PUT", bucket: "photos", query: { policy: "" } },
            JSON.stringify({ Version: "1", Statement: [statement] }),
        );
    }

    function session(Policy?: string) {
        const { Credentials } = callRpc(cloud, {
            Action: "AssumeRole",
            RoleArn: `acs:ram::${ownerAccount}:role/admin`,
            RoleSessionName: "test",
            ...(Policy !== undefined && { Policy }),
        }).document;
        const { AccessKeyId, AccessKeySecret, SecurityToken } = Credentials;
        const headers = { "x-oss-security-token": SecurityToken };
        return { accessKeyId: AccessKeyId, secret: AccessKeySecret, headers };
    }

    it("name a Deny of RAM with the documented details", () => {
        const answer = cloud.send({ ...write, ...as("denied") });
        expect(refusal(answer)).to.deep.equal({ status: 403, code: "AccessDenied", ec: "0003-00000201" });
        const detail = (name: string) => answer.elements.get(`AccessDeniedDetail/${name}`);
        expect(["PolicyType", "AuthPrincipalType", "NoPermissionType", "AuthAction"].map(detail)).to.deep.equal([
            "AccountLevelIdentityBasedPolicy",
            "SubUser",
            "ExplicitDeny",
            "oss:PutObject",
        ]);
        expect(detail("AuthPrincipalOwnerId")).to.equal(ownerAccount);
        expect(detail("AuthPrincipalDisplayName")).to.match(/^3\d{17}$/);
    });

    it("name a Deny of the bucket policy, and of both policies", () => {
        expect(setPolicy("Deny", "*").status).to.equal(200);
        expect(refusal(cloud.send({ ...write, ...as("free") })).ec).to.equal("0003-00000101");
        expect(refusal(cloud.send({ ...write, ...as("denied") })).ec).to.equal("0003-00000203");
        expect(refusal(cloud.send(write)).ec).to.equal("0003-00000101");
        expect(refusal(cloud.send({ ...write, scheme: "anonymous" })).ec).to.equal("0003-00000101");
    });

    it("name a missing Allow of RAM, for the service and for a bucket", () => {
        const list = cloud.send(as("nothing"));
        expect(refusal(list).ec).to.equal("0003-00000202");
        expect(list.elements.get("AccessDeniedDetail/NoPermissionType")).to.equal("ImplicitDeny");
        const read = cloud.send({ bucket: "photos", query: { encryption: "" }, ...as("nothing") });
        expect(refusal(read).ec).to.equal("0003-00000001");
        expect(read.elements.get("AccessDeniedDetail/AuthAction")).to.equal("oss:GetBucketEncryption");
    });

    it("name the policy of a token that does not allow a request, or denies it", () => {
        const policy = (Effect: string, Action: string) =>
            JSON.stringify({ Version: "1", Statement: [{ Effect, Action, Resource: "*" }] });
        for (const [given, type] of [
            [policy("Allow", "oss:GetObject"), "ImplicitDeny"],
            [policy("Deny", "oss:*"), "ExplicitDeny"],
        ] as const) {
            const answer = cloud.send({ ...write, ...session(given) });
            expect(refusal(answer)).to.deep.equal({ status: 403, code: "AccessDenied", ec: "0003-00000301" });
            expect(answer.message).to.equal("Access denied by authorizer's policy.");
            expect(answer.elements.get("AccessDeniedDetail/NoPermissionType")).to.equal(type);
        }
        expect(cloud.send({ ...write, ...session() }).status).to.equal(200);
    });

    it("lets a bucket policy allow what RAM and the ACL do not", () => {
        expect(cloud.send({ ...write, ...asStranger }).status).to.equal(403);
        setPolicy("Allow", strangerAccount);
        expect(cloud.send({ ...write, ...asStranger }).status).to.equal(200);
        expect(cloud.send({ ...write, ...as("nothing") }).status).to.equal(403);
        setPolicy("Allow", `arn:sts::${ownerAccount}:assumed-role/admin/*`);
        expect(cloud.send({ ...write, ...asStranger }).status).to.equal(403);
        const { text } = cloud.send({ bucket: "photos", query: { policy: "" } });
        expect(JSON.parse(text).Statement[0].Effect).to.equal("Allow");
        const status = () => cloud.send({ bucket: "photos", query: { policyStatus: "" } }).elements.get("IsPublic");
        expect(status()).to.equal("false");
        setPolicy("Allow", "*");
        expect(status()).to.equal("true");
        cloud.send({ method: "DELETE", bucket: "photos", query: { policy: "" } });
        expect(cloud.send({ bucket: "photos", query: { policy: "" } }).code).to.equal("NoSuchBucketPolicy");
    });

    it("rejects a bucket policy that it could not evaluate", () => {
        const put = (statement: object) =>
            cloud.send(
                { method: "PUT", bucket: "photos", query: { policy: "" } },
                JSON.stringify({ Version: "1", Statement: [statement] }),
            ).code;
        const statement = { ...everything, Principal: ["*"] };
        for (const wrong of [
            { ...statement, Condition: { Bool: { "acs:SecureTransport": "true" } } },
            { ...statement, Principal: 1 },
            { ...statement, Effect: "Maybe" },
        ]) {
            expect(put(wrong)).to.equal("InvalidPolicyDocument");
        }
        expect(put({ ...statement, Condition: {} })).to.equal(undefined);
    });

    it("needs rights on the version and on the object", () => {
        const reader = cloud.send({ ...write }, "x");
        expect(reader.status).to.equal(200);
        const get = (query: Record<string, string>, Action: string) =>
            cloud.send({
                bucket: "photos",
                key: "a",
                query,
                ...session(JSON.stringify({ Version: "1", Statement: [{ Effect: "Allow", Action, Resource: "*" }] })),
            });
        expect(get({}, "oss:GetObject").status).to.equal(200);
        const denied = get({ versionId: "null" }, "oss:GetObject");
        expect(denied.elements.get("AccessDeniedDetail/AuthAction")).to.equal("oss:GetObjectVersion");
        expect(get({ versionId: "null" }, "oss:GetObject*").status).to.equal(200);
    });
});
