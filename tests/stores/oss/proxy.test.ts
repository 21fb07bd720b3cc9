import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { encryptionAnswer } from "./scripted-server";

const newerNode = path.join(
    path.join(__dirname, "..", "..", "sdk-versions", "node_modules"),
    `node-${process.platform}-${process.arch}`,
    path.join("bin", "node"),
);
/** Node knows the switch from 24.5 on; the newer one is there once `sdk-versions.test.ts` has installed it. */
const node = Number(process.versions.node.split(".")[0]) > 24 ? process.execPath : newerNode;

const program = `
    const { OssEncryptionStore } = require("./lib/stores/oss/oss-encryption-store");
            const { resolveOssTarget } = require("./lib/stores/oss/oss-target");
    const { staticCredentials } = require("./lib/accounts");
    const read = async (endpoint) => {
        const credentials = staticCredentials({ accessKeyId: "id", accessKeySecret: "secret" });
        const target = resolveOssTarget({ region: "cn-hangzhou", endpoint });
        const store = new OssEncryptionStore({ target, credentials, limits: { attempts: 1 } });
        return store.getRule("logs").then(({ sseAlgorithm }) => sseAlgorithm, ({ kind }) => kind);
    };
    (async () => {
        console.log(await read("http://127.0.0.1:9"), await read("https://oss-cn-hangzhou.aliyuncs.com"));
    })();`;

describe("a proxy that the environment names", () => {
    async function askedOfProxy(environment: NodeJS.ProcessEnv): Promise<{ asked: string[]; printed: string }> {
        const asked: string[] = [];
        const proxy = createServer(({ method, url }, response) => {
            asked.push(`${method} ${url}`);
            response.end(encryptionAnswer().body);
        });
        proxy.on("connect", ({ url }, socket) => {
            asked.push(`CONNECT ${url}`);
            socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
        });
        await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
        const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
        const { NO_PROXY: _, no_proxy: __, ...others } = process.env;
        const env = { ...others, HTTP_PROXY: url, HTTPS_PROXY: url, ...environment };
        try {
            const { stdout } = await promisify(execFile)(node, ["--require", "tsx/cjs", "--eval", program], { env });
            return { asked, printed: stdout.trim() };
        } finally {
            proxy.closeAllConnections();
            proxy.close();
        }
    }

    it("is used where Node is configured to, and sees only the host of a request over TLS", async function () {
        if (!existsSync(node)) this.skip();
        expect(await askedOfProxy({ NODE_USE_ENV_PROXY: "1" })).to.deep.equal({
            asked: ["GET http://127.0.0.1:9/logs/?encryption", "CONNECT logs.oss-cn-hangzhou.aliyuncs.com:443"],
            printed: "AES256 unreachable",
        });
    });

    it("is not used otherwise", async function () {
        if (!existsSync(node)) this.skip();
        const { asked, printed } = await askedOfProxy({ NODE_USE_ENV_PROXY: "" });
        expect(asked).to.deep.equal([]);
        expect(printed).to.match(/^unreachable /);
    });
});
