import { expect } from "chai";
import { type ReceivedRequest, ScriptedServer } from "../stores/oss/scripted-server";
import { MisbehavingProxy, type ProxyFault, type ProxyFaultKind } from "./misbehaving-proxy";

describe("the misbehaving proxy", () => {
    let server: ScriptedServer;
    let proxy: MisbehavingProxy;
    let answers: number;
    beforeEach(async () => {
        answers = 0;
        server = await ScriptedServer.start(() => {
            answers += 1;
            return { status: 200, body: `answer ${answers} of the service` };
        });
        proxy = await MisbehavingProxy.start(() => server.endpoint);
    });
    afterEach(async () => {
        await proxy.stop();
        await server.stop();
    });

    const add = (kind: ProxyFaultKind, more: Partial<ProxyFault> = {}): void =>
        proxy.add({ kind, skip: 0, count: 1, where: 0.5, ...more });
    async function ask(method = "GET", body?: string): Promise<string> {
        try {
            const response = await fetch(`${proxy.url}/logs/?encryption`, {
                method,
                redirect: "manual",
                ...(body && { body }),
            });
            const text = await response.text();
            return response.status === 200 ? text : `HTTP ${response.status} ${response.headers.get("location")}`;
        } catch {
            return "no answer";
        }
    }

    it("passes everything on unless a fault says otherwise", async () => {
        expect(await ask("PUT", "a body")).to.equal("answer 1 of the service");
        const [request] = server.requests as [ReceivedRequest];
        expect([request.method, request.url, request.body]).to.deep.equal(["PUT", "/logs/?encryption", "a body"]);
    });

    const outcomes: readonly [ProxyFaultKind, string | RegExp, number][] = [
        ["drop", "no answer", 0],
        ["delay", "answer 1 of the service", 1],
        ["truncate", "no answer", 1],
        ["cut", "answer 1 of", 1],
        ["reset-after", "no answer", 1],
        ["duplicate", "answer 2 of the service", 2],
        ["corrupt", /^(?!answer 1 of the service).{23}$/, 1],
        ["redirect", /^HTTP 307 http:\/\/127\.0\.0\.1:\d+\/logs\/\?encryption$/, 0],
    ];
    for (const [kind, answer, reached] of outcomes) {
        it(`can ${kind}`, async () => {
            add(kind);
            expect(await ask()).to.match(typeof answer === "string" ? new RegExp(`^${answer}$`) : answer);
            expect(server.requests).to.have.lengthOf(reached);
            expect(proxy.met).to.deep.equal({ [kind]: 1 });
            expect(await ask(), "the next request").to.equal(`answer ${reached + 1} of the service`);
        });
    }

    it("can corrupt a request", async () => {
        add("corrupt-request");
        await ask("PUT", "a body");
        expect(server.requests[0]?.body).to.match(/^(?!a body).{6}$/);
    });

    it("can answer a reading with an earlier answer, and tells for which bucket", async () => {
        await ask();
        add("stale");
        expect(await ask()).to.equal("answer 1 of the service");
        expect([...proxy.misled]).to.deep.equal(["logs"]);
    });

    it("meets the requests that a fault names, after those that it lets pass", async () => {
        add("drop", { method: "PUT", skip: 1 });
        expect(await ask("PUT", "1")).to.include("answer");
        expect(await ask()).to.include("answer");
        expect(await ask("PUT", "2")).to.equal("no answer");
    });

    it("lets something happen at a request, before or after the service has done its work", async () => {
        const happened: number[] = [];
        const happens = (): void => void happened.push(server.requests.length);
        for (const when of ["before", "after"] as const) {
            proxy.arm({ request: 1, when, happens });
            expect(await ask()).to.equal("no answer");
        }
        expect(happened).to.deep.equal([0, 1]);
    });
});
