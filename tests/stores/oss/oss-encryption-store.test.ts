import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { expect } from "chai";
import { staticCredentials } from "../../../lib/accounts";
import { UserError } from "../../../lib/errors";
import { OssEncryptionStore } from "../../../lib/stores/oss/oss-encryption-store";
import { resolveOssTarget } from "../../../lib/stores/oss/oss-target";
import { encryptionAnswer, ossError, ScriptedServer } from "./scripted-server";
import { expectNoSecret, failureOf, storeAt, testCredentials } from "./store-under-test";

describe("an OSS encryption store", () => {
    let server: ScriptedServer;
    afterEach(() => server?.stop());

    it("sends the three requests as the API documents them", async () => {
        server = await ScriptedServer.replying(encryptionAnswer(), { status: 200 }, { status: 204 });
        const store = storeAt(server);
        await store.getRule("logs");
        await store.putRule("logs", { sseAlgorithm: "KMS", kmsMasterKeyId: "a&b" });
        await store.deleteRule("logs");
        store.close();
        const [get, put, remove] = server.requests;
        expect([get, put, remove].map((request) => `${request?.method} ${request?.url}`)).to.deep.equal([
            "GET /logs/?encryption",
            "PUT /logs/?encryption",
            "DELETE /logs/?encryption",
        ]);
        for (const request of server.requests) {
            expect(request.headers).to.include({
                "x-oss-content-sha256": "UNSIGNED-PAYLOAD",
                "x-oss-security-token": testCredentials.securityToken,
                host: new URL(server.endpoint).host,
            });
        }
        expect(put?.body).to.include("<KMSMasterKeyID>a&amp;b</KMSMasterKeyID>");
        expect(put?.headers).to.include({
            "content-type": "application/xml",
            "content-length": String(put?.body.length),
            "content-md5": createHash("md5")
                .update(put?.body ?? "")
                .digest("base64"),
        });
        for (const request of [get, remove]) {
            expect(request?.body).to.equal("");
            expect(request?.headers).not.to.have.any.keys("content-type", "content-md5", "transfer-encoding");
        }
    });

    it("reaches localhost and an IPv6 address by path", async () => {
        server = await ScriptedServer.replying(encryptionAnswer());
        const { port } = new URL(server.endpoint);
        const store = storeAt({ endpoint: `http://localhost:${port}` });
        await store.getRule("logs");
        store.close();
        expect(server.requests[0]).to.deep.include({ url: "/logs/?encryption" });
        expect(server.requests[0]?.headers.host).to.equal(`localhost:${port}`);
    });

    it("rejects an impossible bucket name without a request", async () => {
        server = await ScriptedServer.replying(encryptionAnswer());
        const store = storeAt(server);
        for (const operation of [
            () => store.getRule("evil/../other"),
            () => store.putRule("Logs", { sseAlgorithm: "SM4" }),
            () => store.deleteRule(""),
        ]) {
            const error = await operation().catch((reason: unknown) => reason);
            expect(error).to.be.instanceOf(UserError).with.property("kind", "invalid-target");
        }
        store.close();
        expect(server.requests).to.deep.equal([]);
    });

    it("removes a rule that the service says is not there", async () => {
        server = await ScriptedServer.replying(ossError(404, "NoSuchServerSideEncryptionRule"));
        const store = storeAt(server);
        await store.deleteRule("logs");
        expect((await failureOf(store.getRule("logs"))).kind).to.equal("rule-not-found");
        store.close();
    });

    it("shows the fields of a rule that it does not know", async () => {
        server = await ScriptedServer.replying(encryptionAnswer("<SSEAlgorithm>SM9</SSEAlgorithm><New>1</New>"));
        const store = storeAt(server);
        expect(await store.getRule("logs")).to.deep.equal({ sseAlgorithm: "SM9", unrecognized: { New: "1" } });
        store.close();
    });

    it("loads neither HTTP, XML nor retry libraries before the first request", () => {
        const program = `
            const { storeFamilies } = require("./lib/stores");
            const { OssEncryptionStore } = require("./lib/stores/oss/oss-encryption-store");
            const { resolveOssTarget } = require("./lib/stores/oss/oss-target");
            const { credentialChain } = require("./lib/accounts");
            storeFamilies.oss.validateTarget({ bucket: "logs", region: "cn-hangzhou" });
            new OssEncryptionStore({ target: resolveOssTarget({ region: "cn-hangzhou" }), credentials: credentialChain() });
            const packages = Object.keys(require.cache).filter((file) => /saxes|exponential-backoff|@alicloud/.test(file));
            const rooms = ["stores/oss/oss-encryption-store", "accounts/index"];
            const own = rooms.filter((room) => Object.keys(require.cache).some((file) => file.endsWith(room + ".ts")));
            console.log(JSON.stringify({ own, packages }));`;
        const printed = execFileSync(process.execPath, ["--require", "tsx/cjs", "--eval", program], {
            encoding: "utf8",
        });
        const own = ["stores/oss/oss-encryption-store", "accounts/index"];
        expect(JSON.parse(printed)).to.deep.equal({ own, packages: [] });
    });
});

describe("credentials in the errors of an OSS encryption store", () => {
    const { accessKeyId, accessKeySecret, securityToken = "" } = testCredentials;
    const signature = "0123456789abcdef".repeat(4);
    const echoed = `
        <OSSAccessKeyId>${accessKeyId}</OSSAccessKeyId><SignatureProvided>${signature}</SignatureProvided>
        <StringToSign>OSS4-HMAC-SHA256&#10;20261123T080000Z</StringToSign><StringToSignBytes>4F 53 53 34</StringToSignBytes>
        <CanonicalRequest>x-oss-security-token:${securityToken}</CanonicalRequest>
        <SecurityToken>${securityToken}</SecurityToken>`;

    it("are not shown, nor what was signed, when the service repeats them in a refused signature", async () => {
        const message = `The server's string to sign is: OSS4-HMAC-SHA256 20261123T080000Z ${signature}`;
        const reply = ossError(403, "SignatureDoesNotMatch", { message, elements: echoed });
        const server = await ScriptedServer.replying(reply);
        const store = storeAt(server);
        const error = await failureOf(store.getRule("logs"));
        expect(error.message)
            .to.include("SignatureDoesNotMatch")
            .and.not.to.match(/OSS4-HMAC|0123456789abcdef|4F 53|StringToSign/);
        store.close();
        await server.stop();
    });

    it("are not shown when the service repeats them in any of the texts that are shown", async () => {
        const all = `${accessKeyId} ${accessKeySecret} ${securityToken}`;
        for (const code of [
            "AccessDenied",
            "SignatureDoesNotMatch",
            "InvalidSecurityToken",
            "InternalError",
            accessKeySecret,
        ]) {
            const server = await ScriptedServer.replying({
                ...ossError(403, code, {
                    message: `Yours: ${all}`,
                    ec: accessKeyId,
                    elements: `<Endpoint>${securityToken}</Endpoint>`,
                }),
                headers: { "x-oss-request-id": accessKeySecret, "x-oss-ec": securityToken },
            });
            const store = storeAt(server);
            await failureOf(store.getRule("logs"));
            store.close();
            await server.stop();
        }
    });

    it("are not shown for any failure of the connection or the document", async () => {
        for (const reply of [
            { status: 200, body: `<html>${accessKeySecret}</html>` },
            { status: 200, body: `<a>${securityToken}` },
            { status: 500, body: accessKeySecret },
            { status: 403, headers: { "x-oss-request-id": accessKeySecret, "x-oss-ec": securityToken } },
            { status: 302, headers: { location: `http://127.0.0.1/?${securityToken}` } },
        ]) {
            const server = await ScriptedServer.replying(reply);
            const store = storeAt(server);
            await failureOf(store.getRule("logs"));
            store.close();
            await server.stop();
        }
    });

    it("are not part of the store as it is printed", () => {
        const store = new OssEncryptionStore({
            target: resolveOssTarget({ region: "cn-hangzhou" }),
            credentials: staticCredentials(testCredentials),
        });
        expectNoSecret(
            new Error(
                `${JSON.stringify(store)} ${require("node:util").inspect(store, { depth: 9, showHidden: true })}`,
            ),
        );
        store.close();
    });
});
