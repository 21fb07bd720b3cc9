import { execFile } from "node:child_process";
import type { ServerResponse } from "node:http";
import { promisify } from "node:util";
import { expect } from "chai";
import { encryptionAnswer, type ReceivedRequest, ScriptedServer } from "./scripted-server";
import { failureOf, storeAt } from "./store-under-test";

const megabyte = 1024 * 1024;
const once = { limits: { attempts: 1 } };

/** Writes until the other side hangs up or the given size is reached, and counts what was taken. */
function flood(response: ServerResponse, megabytes: number): () => number {
    const chunk = Buffer.alloc(megabyte, "x");
    let written = 0;
    const more = (): void => {
        while (written < megabytes) {
            written++;
            if (!response.write(chunk)) return void response.once("drain", more);
        }
        response.end();
    };
    more();
    return () => written;
}

describe("the OSS store's connections", () => {
    let server: ScriptedServer;
    afterEach(() => server.stop());

    it("are kept for the next request", async () => {
        server = await ScriptedServer.replying(encryptionAnswer());
        const store = storeAt(server);
        for (let request = 0; request < 5; request++) await store.getRule("logs");
        expect(server.connections).to.equal(1);
        store.close();
    });

    it("are kept after an error answer", async () => {
        server = await ScriptedServer.replying({ status: 404, body: "<html/>" }, encryptionAnswer());
        const store = storeAt(server, once);
        await failureOf(store.getRule("logs"));
        await store.getRule("logs");
        expect(server.connections).to.equal(1);
        store.close();
    });

    it("never exceed the limit for any number of requests", async () => {
        server = await ScriptedServer.replying(encryptionAnswer());
        const store = storeAt(server, { limits: { connections: 3 } });
        await Promise.all(Array.from({ length: 60 }, () => store.getRule("logs")));
        expect(server.requests).to.have.length(60);
        expect(server.connections).to.equal(3);
        store.close();
    });

    it("do not let requests that wait for a free one time out", async () => {
        server = await ScriptedServer.start((_request, response) => {
            setTimeout(() => response.end(encryptionAnswer().body), 100);
            return undefined;
        });
        const store = storeAt(server, { limits: { attempts: 1, connections: 1, exchangeMilliseconds: 1_500 } });
        await Promise.all(Array.from({ length: 20 }, () => store.getRule("logs")));
        store.close();
    });

    it("end when the store is closed, and later requests are cancelled", async () => {
        server = await ScriptedServer.replying(encryptionAnswer());
        const store = storeAt(server);
        await store.getRule("logs");
        store.close();
        while ((await server.openConnections) > 0) await new Promise((resolve) => setTimeout(resolve, 5));
        const error = await failureOf(store.getRule("logs"));
        expect(error.kind).to.equal("request-cancelled");
        expect(server.requests).to.have.length(1);
    });

    it("end with the requests under way when the store is closed", async () => {
        let asked: () => void = () => {};
        const received = new Promise<void>((resolve) => {
            asked = resolve;
        });
        server = await ScriptedServer.start(() => {
            asked();
            return undefined;
        });
        const store = storeAt(server, once);
        const failure = failureOf(store.putRule("logs", { sseAlgorithm: "SM4" }));
        await received;
        store.close();
        expect((await failure).kind).to.equal("request-cancelled");
        expect(server.requests).to.have.length(1);
    });

    it("do not keep the process alive", async () => {
        server = await ScriptedServer.replying(encryptionAnswer());
        const program = `
            const { OssEncryptionStore } = require("./lib/stores/oss/oss-encryption-store");
            const { resolveOssTarget } = require("./lib/stores/oss/oss-target");
            const { staticCredentials } = require("./lib/accounts");
            const store = new OssEncryptionStore({
                target: resolveOssTarget({ region: "cn-hangzhou", endpoint: ${JSON.stringify(server.endpoint)} }),
                credentials: staticCredentials({ accessKeyId: "id", accessKeySecret: "secret" }),
            });
            store.getRule("logs").then((rule) => console.log(rule.sseAlgorithm));`;
        const run = promisify(execFile)(process.execPath, ["--require", "tsx/cjs", "--eval", program], {
            timeout: 20_000,
        });
        expect((await run).stdout.trim()).to.equal("AES256");
    });
});

describe("an answer over HTTP", () => {
    let server: ScriptedServer;
    afterEach(() => server.stop());

    it("is cut off at the limit if it has 100 MB", async () => {
        let taken = () => 0;
        server = await ScriptedServer.start((_request, response) => {
            taken = flood(response, 100);
            return undefined;
        });
        const store = storeAt(server, once);
        const error = await failureOf(store.getRule("logs"));
        expect(error).to.include({ kind: "invalid-answer", transport: "too-large" });
        expect(error.message).to.include(`longer than ${megabyte} bytes`);
        store.close();
        expect(taken()).to.be.lessThan(50);
    });

    it("is cut off for an error status too, and the request is not repeated", async () => {
        server = await ScriptedServer.start((_request, response) => {
            response.statusCode = 503;
            flood(response, 100);
            return undefined;
        });
        const store = storeAt(server);
        expect((await failureOf(store.getRule("logs"))).kind).to.equal("invalid-answer");
        expect(server.requests).to.have.length(1);
        store.close();
    });

    it("is read just within the limit", async () => {
        const answer = encryptionAnswer(`<SSEAlgorithm>AES256</SSEAlgorithm>${" ".repeat(megabyte - 300)}`);
        server = await ScriptedServer.replying(answer);
        const store = storeAt(server, once);
        expect(await store.getRule("logs")).to.deep.equal({ sseAlgorithm: "AES256" });
        store.close();
    });

    for (const [what, script] of [
        [
            "half a body, then a reset",
            (_request: ReceivedRequest, response: ServerResponse) => {
                response.writeHead(200, { "content-length": "500" });
                response.write("<ServerSideEncryptionRule>");
                setTimeout(() => response.socket?.resetAndDestroy(), 20);
                return undefined;
            },
        ],
        [
            "half a body, then the end of the connection",
            (_request: ReceivedRequest, response: ServerResponse) => {
                response.writeHead(200, { "content-length": "500" });
                response.write(encryptionAnswer().body);
                setTimeout(() => response.socket?.end(), 20);
                return undefined;
            },
        ],
        [
            "a reset before any answer",
            (_request: ReceivedRequest, response: ServerResponse) => {
                response.socket?.resetAndDestroy();
                return undefined;
            },
        ],
    ] as const) {
        it(`of ${what} is no answer`, async () => {
            server = await ScriptedServer.start(script);
            const store = storeAt(server, once);
            const error = await failureOf(store.getRule("logs"));
            expect(error).to.include({ kind: "unreachable", transport: "reset" });
            store.close();
        });
    }

    it("times out if it never ends", async () => {
        server = await ScriptedServer.start((_request, response) => {
            response.writeHead(200);
            response.write("<ServerSide");
            return undefined;
        });
        const store = storeAt(server, { limits: { attempts: 1, exchangeMilliseconds: 150 } });
        expect(await failureOf(store.getRule("logs"))).to.include({ kind: "unreachable", transport: "time-out" });
        store.close();
    });

    it("is rejected if it has more headers than HTTP parsers accept", async () => {
        server = await ScriptedServer.replying({ status: 200, headers: { "x-large": "x".repeat(20_000) } });
        const store = storeAt(server, once);
        expect(await failureOf(store.getRule("logs"))).to.include({ kind: "invalid-answer", transport: "not-http" });
        store.close();
    });
});
