import Kms, { CreateKeyRequest } from "@alicloud/kms20160120";
import { Config } from "@alicloud/rpc-client";
import { expect } from "chai";
import { staticCredentials } from "../../lib/accounts";
import { KmsKeys } from "../../lib/accounts/kms-keys";
import { acs3Authorization } from "../../lib/accounts/rpc/acs3-signature";
import { UserError } from "../../lib/errors";
import { LocalCloud } from "../../lib/local-cloud";
import { ScriptedServer } from "../stores/oss/scripted-server";

const keys = { accessKeyId: "kms-key-id", accessKeySecret: "kms-key-secret" };
const account = "1000000000000001";

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
    let cloud: LocalCloud;
    let kms: KmsKeys;
    beforeEach(async () => {
        const kmsKeys = [{ id: "key-1", alias: "alias/payments" }, { id: "key-2", state: "Disabled" } as const];
        const accessKeys = [{ id: keys.accessKeyId, secret: keys.accessKeySecret }];
        cloud = await LocalCloud.start({ accounts: { accounts: [{ id: account, accessKeys, keys: kmsKeys }] } });
        kms = new KmsKeys(staticCredentials(keys));
    });
    afterEach(() => cloud.stop());
    const asked = () => cloud.journal.count({ operation: "DescribeKey" });

    const arn = `acs:kms:cn-hangzhou:${account}:key/key-1`;
    const found = { keyId: "key-1", arn, state: "Enabled", spec: "Aliyun_AES_256", usage: "ENCRYPT/DECRYPT" };

    for (const name of ["key-1", "alias/payments", arn]) {
        it(`finds it by ${name}`, async () => {
            expect(await kms.lookUp(name, cloud.url)).to.deep.equal({ found });
        });
    }

    it("reports its state", async () => {
        expect(await kms.lookUp("key-2", cloud.url))
            .to.have.property("found")
            .that.includes({ state: "Disabled" });
    });

    it("reports its kind", async () => {
        const config = { ...keys, regionId: "cn-hangzhou", type: "access_key" };
        const official = new Kms(new Config({ ...config, endpoint: new URL(cloud.url).host, protocol: "http" }));
        const request = new CreateKeyRequest({ keySpec: "RSA_2048", keyUsage: "SIGN/VERIFY" });
        const keyId = (await official.createKey(request)).keyMetadata?.keyId ?? "";
        expect(await kms.lookUp(keyId, cloud.url))
            .to.have.property("found")
            .that.includes({ spec: "RSA_2048", usage: "SIGN/VERIFY" });
    });

    it("reports a missing key or alias with any characters in its name", async () => {
        for (const name of ["key-3", "alias/lost", "alias/lo st*'(é)"])
            expect(await kms.lookUp(name, cloud.url)).to.deep.equal({ missing: true });
    });

    it("sends one request for concurrent lookups of a key", async () => {
        await Promise.all(Array.from({ length: 100 }, () => kms.lookUp("key-1", cloud.url)));
        expect(asked()).to.equal(1);
    });

    it("sends the security token of temporary credentials, signed", async () => {
        const temporary = cloud.issueTemporaryCredentials({ expiresAt: new Date(Date.now() + 60_000) });
        expect(await new KmsKeys(staticCredentials(temporary)).lookUp("key-1", cloud.url)).to.deep.equal({ found });
    });

    const answered = (status: number, body: string) => ({ kind: "raw", status, body }) as const;
    for (const [what, fault, reason] of [
        ["a denial", { kind: "status", status: 403, code: "Forbidden.NoPermission" }, "Forbidden.NoPermission"],
        ["throttling", { kind: "throttle", status: 429 }, "Throttling.User"],
        ["a 404 of another server", answered(404, "<html>"), "HTTP 404 with an answer that is not JSON"],
        ["a code with text in it", answered(400, '{"Code":"no <b>code</b>"}'), "HTTP 400"],
        ["a success without a key", answered(200, "{}"), "the answer is not an answer of KMS"],
        ["null", answered(200, "null"), "the answer is not an answer of KMS"],
        ["too much", answered(200, `"${"x".repeat(300_000)}"`), "the answer is too long"],
        ["a broken connection", { kind: "reset-before" }, "ECONNRESET"],
    ] as const) {
        it(`reports an unknown key after ${what}, never a missing one`, async () => {
            cloud.faults.add(fault);
            expect(await kms.lookUp("key-1", cloud.url)).to.deep.equal({ unknown: reason });
        });
    }

    it("follows no redirect, and names its status", async () => {
        const headers = { location: cloud.url };
        const server = await ScriptedServer.replying({ status: 302, headers, body: "<html>" });
        try {
            expect(await kms.lookUp("key-1", server.endpoint)).to.deep.equal({
                unknown: "HTTP 302 with an answer that is not JSON",
            });
            expect([server.requests.length, asked()]).to.deep.equal([1, 0]);
        } finally {
            await server.stop();
        }
    });

    it("reports an unknown key with a wrong secret", async () => {
        const wrong = new KmsKeys(staticCredentials({ ...keys, accessKeySecret: "wrong" }));
        expect(await wrong.lookUp("key-1", cloud.url)).to.deep.equal({ unknown: "SignatureDoesNotMatch" });
    });

    it("reports an unknown key without credentials", async () => {
        const none = new KmsKeys({ getCredentials: () => Promise.reject(new UserError("no-credentials", "none")) });
        expect(await none.lookUp("key-1", cloud.url)).to.deep.equal({ unknown: "there are no credentials" });
    });

    it("tries an unreachable service once for all keys", async () => {
        const down = cloud.faults.add({ kind: "reset-before" });
        expect(await kms.lookUp("key-1", cloud.url)).to.deep.equal({ unknown: "ECONNRESET" });
        down();
        expect(await kms.lookUp("key-2", cloud.url)).to.deep.equal({ unknown: "ECONNRESET" });
        expect(asked()).to.equal(1);
    });

    it("rejects plain HTTP outside loopback, and a text that is not a URL", async () => {
        for (const endpoint of ["http://kms.cn-hangzhou.aliyuncs.com", "kms", "ftp://127.0.0.1"])
            expect(await kms.lookUp("key-1", endpoint)).to.deep.equal({ unknown: "its endpoint is not an HTTPS URL" });
    });
});
