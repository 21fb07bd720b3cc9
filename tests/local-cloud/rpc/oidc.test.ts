import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { expect } from "chai";
import { CoreUnderTest, ownerAccount, testTime } from "../core-under-test";

const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
const stranger = generateKeyPairSync("ec", { namedCurve: "P-256" });
const issuer = "https://gitlab.example.com";
const providerArn = `acs:ram::${ownerAccount}:oidc-provider/gitlab`;

const accounts = {
    accounts: [
        {
            id: ownerAccount,
            accessKeys: [{ id: "local-key-id", secret: "local-key-secret" }],
            oidcProviders: [
                {
                    name: "gitlab",
                    issuer,
                    clientIds: ["pipeline"],
                    jwks: { keys: [rsa, ec].map(({ publicKey }) => publicKey.export({ format: "jwk" })) },
                },
            ],
            roles: [
                { name: "pipeline", trusts: [providerArn] },
                { name: "other", trusts: [ownerAccount] },
            ],
            buckets: [{ name: "photos", encryption: { sseAlgorithm: "SM4" } as const }],
        },
    ],
};

function token(claims: Record<string, unknown> = {}, alg: "RS256" | "ES256" | "none" = "RS256", key?: KeyObject) {
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const payload = { iss: issuer, aud: "pipeline", sub: "main", exp: testTime / 1000 + 60, ...claims };
    const text = `${part({ alg })}.${part(payload)}`;
    if (alg === "none") {
        return `${text}.AA`;
    }
    const signature =
        alg === "RS256"
            ? sign("sha256", Buffer.from(text), key ?? rsa.privateKey)
            : sign("sha256", Buffer.from(text), { key: key ?? ec.privateKey, dsaEncoding: "ieee-p1363" });
    return `${text}.${signature.toString("base64url")}`;
}

describe("AssumeRoleWithOIDC", () => {
    let cloud: CoreUnderTest;

    beforeEach(() => {
        cloud = new CoreUnderTest(accounts);
    });

    /** Without a signature, as pipelines send it. */
    function assume(parameters: Record<string, string> = {}) {
        const given = {
            Action: "AssumeRoleWithOIDC",
            Version: "2015-04-01",
            Format: "JSON",
            RoleArn: `acs:ram::${ownerAccount}:role/pipeline`,
            OIDCProviderArn: providerArn,
            OIDCToken: token(),
            RoleSessionName: "job-1",
            ...parameters,
        };
        const head = {
            method: "POST",
            target: "/",
            headers: [
                ["host", "sts.cn-hangzhou.aliyuncs.com"],
                ["content-type", "application/x-www-form-urlencoded"],
            ] as const,
        };
        const { status, text } = cloud.raw(head, new URLSearchParams(given).toString());
        return { status, document: JSON.parse(text) };
    }

    for (const alg of ["RS256", "ES256"] as const) {
        it(`issues credentials for a token that is signed with ${alg}`, () => {
            const { status, document } = assume({ OIDCToken: token({}, alg) });
            expect(status).to.equal(200);
            expect(document.OIDCTokenInfo).to.deep.equal({ Subject: "main", Issuer: issuer, ClientIds: "pipeline" });
            const { AccessKeyId, AccessKeySecret, SecurityToken } = document.Credentials;
            const read = cloud.send({
                bucket: "photos",
                query: { encryption: "" },
                accessKeyId: AccessKeyId,
                secret: AccessKeySecret,
                headers: { "x-oss-security-token": SecurityToken },
            });
            expect(read.status).to.equal(200);
        });
    }

    const refused: [string, Record<string, string>, [number, string]][] = [
        [
            "a token of another key",
            { OIDCToken: token({}, "ES256", stranger.privateKey) },
            [400, "AuthenticationFail.OIDCToken.SignatureInvalid"],
        ],
        [
            "a token without a signature",
            { OIDCToken: token({}, "none") },
            [400, "AuthenticationFail.OIDCToken.SignatureInvalid"],
        ],
        [
            "an expired token",
            { OIDCToken: token({ exp: testTime / 1000 }) },
            [400, "AuthenticationFail.OIDCToken.Expired"],
        ],
        [
            "a token of another issuer",
            { OIDCToken: token({ iss: "https://x.example.com" }) },
            [400, "AuthenticationFail.OIDCToken.IssuerMismatch"],
        ],
        [
            "a token for another audience",
            { OIDCToken: token({ aud: ["other"] }) },
            [400, "AuthenticationFail.OIDCToken.AudienceMismatch"],
        ],
        ["a text that is no token", { OIDCToken: "a.b" }, [400, "InvalidParameter.OIDCToken"]],
        ["an unknown provider", { OIDCProviderArn: `${providerArn}s` }, [404, "EntityNotExist.OIDCProvider"]],
        [
            "a role that does not trust the provider",
            { RoleArn: `acs:ram::${ownerAccount}:role/other` },
            [403, "NoPermission"],
        ],
    ];
    for (const [what, parameters, expected] of refused) {
        it(`rejects ${what}`, () => {
            const { status, document } = assume(parameters);
            expect([status, document.Code]).to.deep.equal(expected);
        });
    }
});
