import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { networkInterfaces } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import {
    type Account,
    AccountSessions,
    type Credentials,
    type RoleSession,
    SecurityTokenService,
    SharedSessions,
    staticCredentials,
} from "../../lib/accounts";
import { brokerVariable, lineOf, messagesOf, proofOf } from "../../lib/accounts/sharing/broker-protocol";
import { SessionBroker, type SessionBrokerOptions } from "../../lib/accounts/sharing/session-broker";
import { SessionSeal } from "../../lib/accounts/sharing/session-seal";
import type { SharedSessionsOptions } from "../../lib/accounts/sharing/shared-sessions";
import { LocalCloud } from "../../lib/local-cloud";
import { management, managementKeys, production, roleArn, threeAccounts } from "./three-accounts";

const admin: Account = { id: production, roleArn: roleArn(production), externalId: "ticket-4711" };

// Asks for a session as a provider's process would, is given its turn, and then does nothing.
const holder = `
const [port, secret, name] = process.argv.slice(1);
const { createHmac } = require("node:crypto");
const socket = require("node:net").connect(Number(port), "127.0.0.1");
const send = (message) => socket.write(JSON.stringify(message) + "\\n");
send({ challenge: "any" });
socket.once("data", (greeting) => {
    const { challenge } = JSON.parse(String(greeting));
    send({ proof: createHmac("sha256", secret).update("client " + challenge).digest("hex"), name });
    socket.once("data", () => console.log("has its turn"));
});
`;

describe("the sessions of roles that processes share", () => {
    let cloud: LocalCloud;
    let broker: SessionBroker;
    let time: number;
    let holders: ChildProcess[];
    beforeEach(async () => {
        cloud = await LocalCloud.start({ accounts: threeAccounts() });
        time = Date.now();
        holders = [];
        await start();
    });
    afterEach(async () => {
        for (const child of holders) child.kill("SIGKILL");
        await broker.stop();
        await cloud.stop();
    });

    const now = () => time;
    const start = async (options: SessionBrokerOptions = {}) => {
        broker = await SessionBroker.start({ now, ...options });
    };
    const restart = async (options: SessionBrokerOptions) => {
        await broker.stop();
        await start(options);
    };
    const minutesPass = (minutes: number) => {
        time += minutes * 60_000;
    };
    /** What one process has; each call is another process, as far as the broker can tell. */
    const sessionsOf = (environment: NodeJS.ProcessEnv = broker.environment, keys: Credentials = managementKeys) =>
        new AccountSessions({
            base: () => staticCredentials(keys),
            sts: new SecurityTokenService(cloud.url, { shared: SharedSessions.of(environment, { now }) }),
            now,
        });
    const credentialsOf = (account: Account, ...of: Parameters<typeof sessionsOf>) =>
        sessionsOf(...of)
            .sourceOf(account)
            .getCredentials();
    const assumed = () => cloud.journal.count({ operation: "AssumeRole" });
    const place = () => (broker.environment[brokerVariable] as string).split(":") as [string, string];
    /** The name that `admin` is kept by. */
    const nameOfAdmin = async (): Promise<string> => {
        let question: Readonly<Record<string, unknown>> = {};
        const spy = createServer(async (socket) => {
            const next = messagesOf(socket.on("error", () => undefined));
            const { challenge } = (await next()) ?? {};
            const proof = proofOf(place()[1], "broker", String(challenge));
            socket.write(lineOf({ proof, challenge: "any" }));
            question = (await next()) ?? {};
            socket.end();
        });
        await once(spy.listen(0, "127.0.0.1"), "listening");
        await credentialsOf(admin, { [brokerVariable]: `${portOf(spy)}:${place()[1]}` });
        spy.close();
        return String(question.name);
    };
    /** Another process that has its turn to assume `admin` and does not use it. */
    const holderOfTurn = async (): Promise<ChildProcess> => {
        const child = spawn(process.execPath, ["-e", holder, "--", ...place(), await nameOfAdmin()]);
        holders.push(child);
        await once(child.stdout, "data");
        return child;
    };

    it("are assumed once, one process after another and side by side", async () => {
        const first = await credentialsOf(admin);
        const others = await Promise.all(Array.from({ length: 20 }, () => credentialsOf({ ...admin })));
        for (const other of others) expect(other).to.deep.equal(first);
        expect(assumed()).to.equal(1);
        await restart({});
        await Promise.all(Array.from({ length: 20 }, () => credentialsOf(admin)));
        expect(assumed()).to.equal(2);
    });

    it("are assumed once for each role of a chain, and separately for each account", async () => {
        const chain: Account = {
            roleArn: roleArn(production, "for-the-hub"),
            through: [{ roleArn: roleArn(management, "hub") }],
        };
        await credentialsOf(chain);
        await credentialsOf(chain);
        expect(assumed()).to.equal(2);
        expect(await credentialsOf({ ...chain, sessionName: "other" })).not.to.deep.equal(await credentialsOf(chain));
        await credentialsOf(admin);
        expect(assumed()).to.equal(4);
    });

    it("are renewed once, shortly before they end, by the first caller", async () => {
        const short = { ...admin, durationSeconds: 900 };
        const processes = [sessionsOf(), sessionsOf(), sessionsOf()].map((sessions) => sessions.sourceOf(short));
        const all = () => Promise.all(processes.map((source) => source.getCredentials()));
        const [before] = await all();
        minutesPass(13);
        await all();
        expect(await credentialsOf(short)).to.deep.equal(before);
        expect(assumed()).to.equal(1);
        minutesPass(1);
        const [after] = await all();
        expect(after).not.to.deep.equal(before);
        expect(assumed()).to.equal(2);
    });

    it("are replaced once for all processes when a service refuses them early", async () => {
        const processes = [sessionsOf(), sessionsOf()].map((sessions) => sessions.sourceOf(admin));
        const [refused] = (await Promise.all(processes.map((source) => source.getCredentials()))) as [Credentials];
        for (const source of processes) source.renew?.(refused);
        const [one, other] = await Promise.all(processes.map((source) => source.getCredentials()));
        expect(one).not.to.deep.equal(refused);
        expect(other).to.deep.equal(one);
        expect(await credentialsOf(admin)).to.deep.equal(one);
        expect(assumed()).to.equal(2);
    });

    it("are given only to a process that could assume the role in the same way", async () => {
        const session = await credentialsOf(admin);
        const others: [Account, Credentials][] = [
            [{ ...admin, durationSeconds: 900 }, managementKeys],
            [{ ...admin, sessionName: "other" }, managementKeys],
            [{ ...admin, policy: '{"Version":"1","Statement":[]}' }, managementKeys],
        ];
        for (const [account, keys] of others)
            expect(await credentialsOf(account, broker.environment, keys)).not.to.deep.equal(session);
        const strangers: [Account, Credentials][] = [
            [{ ...admin, externalId: "ticket-1" }, managementKeys],
            [admin, { accessKeyId: "test-key", accessKeySecret: "test-secret" }],
            [admin, { ...managementKeys, accessKeySecret: "a-guess" }],
        ];
        for (const [account, keys] of strangers) {
            const error = await credentialsOf(account, broker.environment, keys).catch((reason: unknown) => reason);
            expect(error).to.have.property("kind", "role-not-assumed");
        }
    });

    it("are sealed in transit and in the broker", async () => {
        const seen: string[] = [];
        const [port] = place();
        const tap = createServer((socket) => {
            const onwards = connect(Number(port), "127.0.0.1");
            socket.on("data", (bytes) => seen.push(String(bytes))).pipe(onwards);
            onwards.on("data", (bytes) => seen.push(String(bytes))).pipe(socket);
        });
        await once(tap.listen(0, "127.0.0.1"), "listening");
        const tapped = { [brokerVariable]: `${portOf(tap)}:${place()[1]}` };
        const { accessKeyId, accessKeySecret, securityToken } = await credentialsOf(admin, tapped);
        expect(await credentialsOf(admin, tapped)).to.include({ securityToken });
        expect(assumed()).to.equal(1);
        expect(seen.join("")).to.include("sealed");
        for (const secret of [accessKeyId, accessKeySecret, securityToken, ...Object.values(managementKeys)])
            expect(seen.join("")).not.to.include(secret);
        tap.close();
    });

    it("are assumed by another process if the one that assumes them is killed", async () => {
        const child = await holderOfTurn();
        const before = assumed();
        const waiting = [credentialsOf(admin), credentialsOf(admin)];
        await delay(200);
        expect(assumed()).to.equal(before);
        child.kill("SIGKILL");
        await Promise.all(waiting);
        // Processes that waited assume the role themselves, and so do later ones.
        const after = assumed();
        expect(after - before).to.equal(2);
        await credentialsOf(admin);
        expect(assumed()).to.equal(after);
    });

    it("are assumed by another process if the one that should assume them does nothing", async () => {
        await restart({ turnMilliseconds: 100 });
        await holderOfTurn();
        const before = assumed();
        await credentialsOf(admin);
        expect(assumed() - before).to.equal(1);
    });

    it("are assumed by another process if the one that should assume them is refused", async () => {
        const nobodys: Account = { roleArn: roleArn(production, "for-nobody") };
        const errors = await Promise.all([1, 2, 3].map(() => credentialsOf(nobodys).catch((error: unknown) => error)));
        for (const error of errors) expect(error).to.have.property("kind", "role-not-assumed");
    });

    describe("with a broker that fails", () => {
        const secret = "0".repeat(64);
        /** Two roles, so that the second shows what became of the first's failure. */
        const expectAsWithout = async (environment: NodeJS.ProcessEnv, options?: SharedSessionsOptions) => {
            const sts = new SecurityTokenService(cloud.url, { shared: SharedSessions.of(environment, options) });
            const sessions = new AccountSessions({ base: () => staticCredentials(managementKeys), sts });
            for (const account of [admin, { ...admin, sessionName: "other" }])
                expect(await sts.callerIdentity(sessions.sourceOf(account))).to.include({ account: production });
            expect(assumed()).to.equal(2);
        };

        it("are assumed by the process itself when it has ended", async () => {
            const { environment } = broker;
            await broker.stop();
            await expectAsWithout(environment);
            await start();
        });

        const nonsense: Record<string, string> = {
            "with nothing": "",
            "with text": "HTTP/1.1 400 Bad Request\r\n\r\n",
            "with another type": '"sealed"\n',
            "with what was sealed by nobody": '{"sealed":"AAAA"}\n',
            "with what another request has sealed": `${JSON.stringify({ sealed: sealedByAnother() })}\n`,
            "with no end": "x".repeat(200_000),
        };
        for (const [what, text] of Object.entries(nonsense)) {
            it(`are assumed by the process itself when it answers ${what}`, async () => {
                const server = createServer((socket) => {
                    socket.on("error", () => undefined).once("data", () => socket.end(text));
                });
                await once(server.listen(0, "127.0.0.1"), "listening");
                await expectAsWithout({ [brokerVariable]: `${portOf(server)}:${secret}` });
                server.close();
            });
        }

        it("are assumed by the process itself when it does not answer", async () => {
            const sockets: Socket[] = [];
            const server = createServer((socket) => sockets.push(socket.on("error", () => undefined)));
            await once(server.listen(0, "127.0.0.1"), "listening");
            await expectAsWithout({ [brokerVariable]: `${portOf(server)}:${secret}` }, { proofMilliseconds: 50 });
            expect(sockets).to.have.length(1);
            for (const socket of sockets) socket.destroy();
            server.close();
        });

        /** What a process that knows the secret answers, as an old broker might. */
        const answering = async (answer: (name: string) => string): Promise<Server> => {
            const server = createServer(async (socket) => {
                const next = messagesOf(socket.on("error", () => undefined));
                const { challenge } = (await next()) ?? {};
                socket.write(lineOf({ proof: proofOf(secret, "broker", String(challenge)), challenge: "any" }));
                const { name } = (await next()) ?? {};
                socket.end(lineOf({ sealed: answer(String(name)) }));
            });
            await once(server.listen(0, "127.0.0.1"), "listening");
            return server;
        };
        /** A session that STS really gave, in the form in which `admin` would be handed in. */
        const sealedSession = async (endsInMinutes: number): Promise<{ sealed: string; token: string | undefined }> => {
            let made: RoleSession | undefined;
            const spy = {
                obtain: async (request: readonly unknown[], _: unknown, assume: () => Promise<RoleSession>) => {
                    made = await assume();
                    sealing = new SessionSeal(request);
                    return made;
                },
            } as unknown as SharedSessions;
            let sealing: SessionSeal | undefined;
            const sts = new SecurityTokenService(cloud.url, { shared: spy });
            await new AccountSessions({ base: () => staticCredentials(managementKeys), sts })
                .sourceOf(admin)
                .getCredentials();
            const session = { ...(made as unknown as RoleSession), expiresAt: new Date(time + endsInMinutes * 60_000) };
            return {
                sealed: (sealing as unknown as SessionSeal).close(session),
                token: session.credentials.securityToken,
            };
        };

        it("are used while they last, and assumed again when it returns an expired one", async () => {
            for (const [minutes, isTaken] of [
                [30, true],
                [-1, false],
            ] as const) {
                const { sealed, token } = await sealedSession(minutes);
                const server = await answering(() => sealed);
                const before = assumed();
                const { securityToken } = await credentialsOf(admin, {
                    [brokerVariable]: `${portOf(server)}:${secret}`,
                });
                expect(securityToken === token).to.equal(isTaken);
                expect(assumed() - before).to.equal(isTaken ? 0 : 1);
                server.close();
            }
        });

        it("are assumed again when it returns one that a service refused", async () => {
            const { sealed, token } = await sealedSession(30);
            const server = await answering(() => sealed);
            const source = sessionsOf({ [brokerVariable]: `${portOf(server)}:${secret}` }).sourceOf(admin);
            const first = await source.getCredentials();
            expect(first.securityToken).to.equal(token);
            source.renew?.(first);
            expect((await source.getCredentials()).securityToken).not.to.equal(token);
            server.close();
        });

        it("are never requested from a process that does not prove to be the broker, and it learns no secret", async () => {
            const heard: string[] = [];
            const server = createServer((socket) => {
                socket
                    .setEncoding("utf8")
                    .on("error", () => undefined)
                    .on("data", (text) => {
                        heard.push(String(text));
                        socket.write(lineOf({ proof: "0".repeat(64), challenge: "any" }));
                    });
            });
            await once(server.listen(0, "127.0.0.1"), "listening");
            await expectAsWithout({ [brokerVariable]: `${portOf(server)}:${secret}` });
            expect(heard.join("")).not.to.include(secret);
            expect(
                heard
                    .join("")
                    .split("\n")
                    .filter((line) => line !== ""),
            ).to.have.length(1);
            server.close();
        });

        it("are assumed by the process itself when its address is not valid", async () => {
            for (const text of ["", "1", ":", `0x1:${secret}`, `70000:${secret}`, `127.0.0.1:1:${secret}`, "1:secret"])
                expect(SharedSessions.of({ [brokerVariable]: text }), text).to.equal(undefined);
            await expectAsWithout({});
        });
    });

    describe("at the endpoint of the broker", () => {
        /** The broker's answer to a line. */
        const answerTo = async (text: string, host = "127.0.0.1"): Promise<string> => {
            const socket = connect(Number(place()[0]), host).setEncoding("utf8");
            let answer = "";
            socket.on("data", (part) => {
                answer += part;
                socket.end();
            });
            socket.on("error", () => undefined).write(text);
            await new Promise((resolve) => socket.once("close", resolve));
            return answer;
        };
        /** The broker's answer to a question with a proof. */
        const answerToProof = async (prove: (challenge: string) => unknown, further: object = { name: "any" }) => {
            const socket = connect(Number(place()[0]), "127.0.0.1").on("error", () => undefined);
            const next = messagesOf(socket);
            socket.write(lineOf({ challenge: "any" }));
            const { challenge } = (await next()) ?? {};
            socket.write(lineOf({ proof: prove(String(challenge)), ...further }));
            return { socket, answer: await next(), next };
        };
        const rightProof = (challenge: string) => proofOf(place()[1], "client", challenge);

        it("are given to a process that proves that it knows the secret", async () => {
            expect((await answerToProof(rightProof)).answer).to.deep.equal({});
        });

        const proofs: Record<string, (challenge: string) => unknown> = {
            "no proof": () => undefined,
            "a proof of another type": () => [],
            "a proof of another secret": (challenge) => proofOf("0".repeat(64), "client", challenge),
            "a proof of another challenge": () => rightProof("another"),
            "the broker's own proof": (challenge) => proofOf(place()[1], "broker", challenge),
        };
        for (const [what, prove] of Object.entries(proofs)) {
            it(`rejects a process with ${what}, without an answer`, async () => {
                expect((await answerToProof(prove)).answer).to.equal(undefined);
            });
        }

        const strangers: Record<string, string> = {
            "that sends no challenge": lineOf({ name: "any" }),
            "that sends a challenge of another type": lineOf({ challenge: 1 }),
            "that speaks HTTP": "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "that sends no JSON": "{\n",
            "that sends nothing but null": "null\n",
            "that never ends its line": "x".repeat(200_000),
        };
        for (const [who, text] of Object.entries(strangers)) {
            it(`rejects a process ${who}, without an answer`, async () => {
                expect(await answerTo(text)).to.equal("");
            });
        }

        it("rejects an incomplete session", async () => {
            const { socket, next } = await answerToProof(rightProof);
            socket.end('{"sealed":"AAAA"}\n');
            expect(await next()).to.equal(undefined);
            expect((await answerToProof(rightProof)).answer).to.deep.equal({});
        });

        it("can be reached on loopback only", async () => {
            const addresses = Object.values(networkInterfaces()).flat();
            const { address } = addresses.find((one) => one?.family === "IPv4" && !one.internal) ?? {};
            const hello = lineOf({ challenge: "any" });
            expect(await answerTo(hello, "127.0.0.1")).to.include("proof");
            if (address !== undefined) expect(await answerTo(hello, address)).to.equal("");
        });
    });
});

function portOf(server: Server): number {
    return (server.address() as AddressInfo).port;
}

function sealedByAnother(): string {
    const ends = new Date(Date.now() + 3_600_000);
    const credentials = { accessKeyId: "STS.stolen", accessKeySecret: "secret", securityToken: "CAIS" };
    return new SessionSeal(["another request"]).close({ credentials, expiresAt: ends, renewAt: ends });
}
