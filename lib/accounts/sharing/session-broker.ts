import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { brokerVariable, isProof, lineOf, messagesOf, newChallenge, proofOf } from "./broker-protocol";

/** How long a process may take to assume a role before the others stop waiting. By then, STS was asked five times. */
const turnMilliseconds = 30_000;
const mostConnections = 1_000;

/** A session that a process has given to the broker. Only processes that could assume the role themselves can read it. */
interface KeptSession {
    readonly id: string;
    readonly renewAt: number;
    readonly sealed: string;
}

/** The dependencies of a broker, for tests. */
export interface SessionBrokerOptions {
    /** Milliseconds since the epoch. */
    readonly now?: () => number;
    readonly turnMilliseconds?: number;
}

/**
 * Keeps the sessions of roles, in memory and sealed, for processes that run side by side or one after another, so that each role is
 * assumed once while its session lasts. It assumes none itself: the first process that asks for a session has its turn, and the
 * others wait for its session. A turn ends with the process's connection; then each waiting process assumes the role itself.
 */
export class SessionBroker {
    readonly #server: Server;
    readonly #secret = randomBytes(32).toString("hex");
    readonly #now: () => number;
    readonly #kept = new Map<string, KeptSession>();
    readonly #turns = new Map<string, Promise<KeptSession | undefined>>();
    readonly #sockets = new Set<Socket>();

    private constructor({ now = Date.now, turnMilliseconds: turn = turnMilliseconds }: SessionBrokerOptions) {
        this.#now = now;
        this.#server = createServer((socket) => {
            this.#sockets.add(socket);
            socket.on("close", () => this.#sockets.delete(socket)).on("error", () => undefined);
            socket.setTimeout(turn, () => socket.destroy());
            void this.#serve(socket);
        });
        this.#server.maxConnections = mostConnections;
    }

    /** @throws when this machine allows no listening on loopback */
    static async start(options: SessionBrokerOptions = {}): Promise<SessionBroker> {
        const broker = new SessionBroker(options);
        await once(broker.#server.listen(0, "127.0.0.1"), "listening");
        return broker;
    }

    /** For the processes that share sessions, and for no others. */
    get environment(): Readonly<Record<string, string>> {
        return { [brokerVariable]: `${(this.#server.address() as AddressInfo).port}:${this.#secret}` };
    }

    /** Ends it, and every connection. */
    async stop(): Promise<void> {
        const closed = once(this.#server.close(), "close");
        for (const socket of this.#sockets) socket.destroy();
        await closed;
    }

    async #serve(socket: Socket): Promise<void> {
        const next = messagesOf(socket);
        const { challenge } = (await next()) ?? {};
        if (typeof challenge !== "string") return void socket.destroy();
        const own = newChallenge();
        socket.write(lineOf({ proof: proofOf(this.#secret, "broker", challenge), challenge: own }));
        const { proof, name, unwanted } = (await next()) ?? {};
        // A stranger gets no further answer.
        if (!isProof(proof, this.#secret, "client", own) || typeof name !== "string") return void socket.destroy();
        const kept = this.#usable(name, unwanted) ?? (await this.#turns.get(name));
        if (kept !== undefined) return void socket.end(lineOf({ sealed: kept.sealed }), () => socket.destroy());
        socket.write(lineOf({}));
        const turn = this.#receivedSession(name, next);
        if (this.#turns.has(name)) return;
        this.#turns.set(
            name,
            turn.finally(() => this.#turns.delete(name)),
        );
    }

    async #receivedSession(name: string, next: ReturnType<typeof messagesOf>): Promise<KeptSession | undefined> {
        const { id, renewAt, sealed } = (await next()) ?? {};
        if (typeof id !== "string" || typeof renewAt !== "number" || typeof sealed !== "string") return undefined;
        for (const [other, session] of this.#kept) if (session.renewAt <= this.#now()) this.#kept.delete(other);
        const session = { id, renewAt, sealed };
        this.#kept.set(name, session);
        return session;
    }

    /** The session that is kept, unless it is about to end, or is the one that a service refused. */
    #usable(name: string, unwanted: unknown): KeptSession | undefined {
        const kept = this.#kept.get(name);
        if (kept !== undefined && kept.id !== unwanted && this.#now() < kept.renewAt) return kept;
        this.#kept.delete(name);
        return undefined;
    }
}
