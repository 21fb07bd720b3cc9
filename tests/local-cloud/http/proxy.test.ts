import { request } from "node:http";
import { connect } from "node:net";
import { expect } from "chai";
import { LocalCloud } from "../../../lib/local-cloud";
import { signedRequest } from "../signed-request";

interface Received {
    readonly status: number | undefined;
    readonly text: string;
}

describe("LocalCloud as the HTTP proxy of a client", () => {
    let cloud: LocalCloud;

    beforeEach(async () => {
        cloud = await LocalCloud.start();
        cloud.createBucket({ name: "photos", encryption: { sseAlgorithm: "SM4" } });
    });

    afterEach(() => cloud.stop());

    /** Sends a signed request with its target in absolute form. @param hostHeader what the Host header says instead */
    function send(host: string, hostHeader = host): Promise<Received> {
        const spec = { bucket: "photos", query: { encryption: "" }, host, time: Date.now() };
        const head = signedRequest({ ...spec, additionalHeaders: ["host"] });
        const headers = { ...Object.fromEntries(head.headers), host: hostHeader };
        const { port } = new URL(cloud.url);
        return new Promise((resolve, reject) => {
            const sent = request(
                { host: "127.0.0.1", port, path: `http://${host}${head.target}`, headers },
                (response) => {
                    let text = "";
                    response.on("data", (chunk) => {
                        text += chunk;
                    });
                    response.on("end", () => resolve({ status: response.statusCode, text }));
                },
            );
            sent.on("error", reject).end();
        });
    }

    it("serves a target in absolute form as the host that it names", async () => {
        const { status, text } = await send("photos.oss-cn-hangzhou.aliyuncs.com");
        expect(status).to.equal(200);
        expect(text).to.contain("<SSEAlgorithm>SM4</SSEAlgorithm>");
    });

    it("gives the target precedence over the Host header", async () => {
        expect((await send("photos.oss-cn-hangzhou.aliyuncs.com", "127.0.0.1")).status).to.equal(200);
    });

    it("relays to no other host", async () => {
        const { status, text } = await send("photos.example.com");
        expect(status).to.equal(403);
        expect(text).to.contain("This host is not served here");
    });

    it("rejects a tunnel and says to use plain HTTP", async () => {
        const { port } = new URL(cloud.url);
        const text = await new Promise<string>((resolve, reject) => {
            let received = "";
            const socket = connect(Number(port), "127.0.0.1", () =>
                socket.write("CONNECT sts.aliyuncs.com:443 HTTP/1.1\r\nHost: sts.aliyuncs.com:443\r\n\r\n"),
            );
            socket.on("data", (chunk) => {
                received += chunk;
            });
            socket.on("end", () => resolve(received)).on("error", reject);
        });
        expect(text).to.match(/^HTTP\/1\.1 405 Method Not Allowed/);
        expect(text).to.contain("use http endpoints");
    });
});
