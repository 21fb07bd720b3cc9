import { expect } from "chai";
import { staticCredentials } from "../../lib/accounts";
import { KmsKeys } from "../../lib/accounts/kms-keys";
import { acs3Authorization } from "../../lib/accounts/rpc/acs3-signature";
import { UserError } from "../../lib/errors";
import { KmsServer, refused } from "./kms-server";

const keys = { accessKeyId: "kms-key-id", accessKeySecret: "kms-key-secret" };

describe("an ACS3 signature", () => {
    // Cases of aliyun/darabonba-openapi-util, golang/service/service_test.go.
    for (const [value, signature] of [
        ["https", "0a0f89a45f1ec3537a2d1a1046c71b95513a8f1f02526056968da19b99a5b914"],
        ["http,https", "4ab59fffe3c5738ff8a2729f90cc04fe18b02a4b15b2102cbaf92f9ff3df2ea3"],
    ] as const) {
        it(`is the published one for the header ${value}`, () => {
            const request = {
                method: "",
                path: "/",
                query: { test: "ok", empty: "" },
                headers: { "x-acs-test": value },
                bodyHash: "55e12e91650d2fec56ec74e1d3e4ddbfce2ef3a65890c2a19ecf88a307e76a23",
            };
            expect(acs3Authorization(request, "acesskey", "secret")).to.equal(
                `ACS3-HMAC-SHA256 Credential=acesskey,SignedHeaders=x-acs-test,Signature=${signature}`,
            );
        });
    }
});

describe("looking a KMS key up", () => {
    let server: KmsServer;
    let kms: KmsKeys;
    beforeEach(async () => {
        server = await new KmsServer(
            [
                { id: "key-1", alias: "alias/pay ments*" },
                { id: "key-2", state: "Disabled", spec: "RSA_2048" },
            ],
            { [keys.accessKeyId]: keys.accessKeySecret },
        ).start();
        kms = new KmsKeys(staticCredentials(keys));
    });
    afterEach(() => server.stop());

    const arn = "acs:kms:cn-hangzhou:1000000000000001:key/key-1";
    const found = { keyId: "key-1", arn, state: "Enabled", spec: "Aliyun_AES_256", usage: "ENCRYPT/DECRYPT" };

    for (const name of ["key-1", "alias/pay ments*", arn]) {
        it(`finds it by ${name}`, async () => {
            expect(await kms.lookUp(name, server.endpoint)).to.deep.equal({ found });
        });
    }

    it("tells its state and kind", async () => {
        const lookup = await kms.lookUp("key-2", server.endpoint);
        expect(lookup).to.have.property("found").that.includes({ state: "Disabled", spec: "RSA_2048" });
    });

    it("says that a key or an alias isn't there", async () => {
        for (const name of ["key-3", "alias/lost"])
            expect(await kms.lookUp(name, server.endpoint)).to.deep.equal({ missing: true });
    });

    it("asks once for a key, however many ask at once", async () => {
        await Promise.all(Array.from({ length: 100 }, () => kms.lookUp("key-1", server.endpoint)));
        expect(server.requests).to.have.length(1);
    });

    it("sends the security token of temporary credentials, signed", async () => {
        const temporary = new KmsKeys(staticCredentials({ ...keys, securityToken: "a-token" }));
        expect(await temporary.lookUp("key-1", server.endpoint)).to.deep.equal({ found });
        expect(server.requests[0]?.token).to.equal("a-token");
    });

    for (const [what, refusal, reason] of [
        ["a denial", refused(403, "Forbidden.NoPermission"), "Forbidden.NoPermission"],
        ["throttling", refused(429, "Throttling.User"), "Throttling.User"],
        ["a 404 of somebody else", { status: 404, body: "<html>" }, "HTTP 404 with an answer that isn't JSON"],
        ["a code with text in it", { status: 400, body: '{"Code":"no <b>code</b>"}' }, "HTTP 400"],
        ["a success without a key", { status: 200, body: "{}" }, "the answer isn't one of KMS"],
        ["null", { status: 200, body: "null" }, "the answer isn't one of KMS"],
        ["too much", { status: 200, body: `"${"x".repeat(300_000)}"` }, "the answer is too long"],
    ] as const) {
        it(`doesn't know after ${what}, and never takes it for an absence`, async () => {
            server.refusal = refusal;
            expect(await kms.lookUp("key-1", server.endpoint)).to.deep.equal({ unknown: reason });
        });
    }

    it("doesn't know with a wrong secret", async () => {
        const wrong = new KmsKeys(staticCredentials({ ...keys, accessKeySecret: "wrong" }));
        expect(await wrong.lookUp("key-1", server.endpoint)).to.deep.equal({ unknown: "SignatureDoesNotMatch" });
    });

    it("doesn't know without credentials", async () => {
        const none = new KmsKeys({ getCredentials: () => Promise.reject(new UserError("no-credentials", "none")) });
        expect(await none.lookUp("key-1", server.endpoint)).to.deep.equal({ unknown: "there are no credentials" });
    });

    it("tries a service that can't be reached once, for all keys", async () => {
        const { endpoint } = server;
        await server.stop();
        expect(await kms.lookUp("key-1", endpoint)).to.deep.equal({ unknown: "ECONNREFUSED" });
        await server.start();
        expect(await kms.lookUp("key-2", endpoint)).to.deep.equal({ unknown: "ECONNREFUSED" });
    });

    it("rejects plain HTTP beyond loopback, and what is no URL", async () => {
        for (const endpoint of ["http://kms.cn-hangzhou.aliyuncs.com", "kms", "ftp://127.0.0.1"])
            expect(await kms.lookUp("key-1", endpoint)).to.deep.equal({ unknown: "its endpoint is not an HTTPS URL" });
    });
});
