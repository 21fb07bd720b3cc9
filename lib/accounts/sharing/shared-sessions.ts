import { connect, type Socket } from "node:net";
import type { Credentials } from "../credential-source";
import type { RoleSession } from "../role-session";
import { brokerVariable, isProof, lineOf, messagesOf, newChallenge, proofOf } from "./broker-protocol";
import { SessionSeal } from "./session-seal";

export interface SharedSessionsOptions {
    /** How long another process's turn is waited for. Longer than a broker lets a turn last. Default: 35,000. */
    readonly turnMilliseconds?: number;
    /** How long the broker may take to prove that it is the broker. Default: 2,000. */
    readonly proofMilliseconds?: number;
    /** Milliseconds since the epoch. */
    readonly now?: () => number;
}

/** The sessions that this process shares with others through a broker. A broker that gives no answer is not asked again. */
export class SharedSessions {
    readonly #port: number;
    readonly #secret: string;
    readonly #options: Required<SharedSessionsOptions>;
    #answers = true;

    private constructor(port: number, secret: string, options: SharedSessionsOptions) {
        this.#port = port;
        this.#secret = secret;
        this.#options = { turnMilliseconds: 35_000, proofMilliseconds: 2_000, now: Date.now, ...options };
    }

    /** @returns `undefined` when the environment names no broker */
    static of(environment: NodeJS.ProcessEnv, options: SharedSessionsOptions = {}): SharedSessions | undefined {
        const [, port, secret] = /^(\d{1,5}):([0-9a-f]{64})$/.exec(environment[brokerVariable] ?? "") ?? [];
        if (secret === undefined || Number(port) > 65_535) return undefined;
        return new SharedSessions(Number(port), secret, options);
    }

    /**
     * Returns a session that another process has assumed or is about to assume, or assumes it and gives it to the broker.
     * @param request everything that decides on the session, the caller's secret included: it seals the session
     * @param unwanted credentials that must be replaced
     * @throws what `assume` throws
     */
    async obtain(
        request: readonly unknown[],
        unwanted: Credentials | undefined,
        assume: () => Promise<RoleSession>,
    ): Promise<RoleSession> {
        if (!this.#answers) return assume();
        const seal = new SessionSeal(request);
        const refused = unwanted && seal.idOf(unwanted);
        const socket = connect(this.#port, "127.0.0.1").on("error", () => undefined);
        try {
            const answer = await this.#ask(socket, { name: seal.name, unwanted: refused });
            this.#answers = answer !== undefined;
            // Nothing more is waited for, and the connection must not keep the process alive.
            socket.unref();
            const shared = typeof answer?.sealed === "string" ? seal.open(answer.sealed) : undefined;
            if (shared !== undefined && this.#isUsable(shared, seal, refused)) return shared;
            const session = await assume();
            const { credentials, renewAt } = session;
            const handed = { id: seal.idOf(credentials), renewAt: renewAt.getTime(), sealed: seal.close(session) };
            socket.write(lineOf(handed));
            return session;
        } finally {
            socket.destroySoon();
        }
    }

    /** @returns `undefined` when the process at the broker's address does not prove to be the broker, or does not answer in time */
    async #ask(socket: Socket, question: Readonly<Record<string, unknown>>) {
        const next = messagesOf(socket);
        const { turnMilliseconds, proofMilliseconds } = this.#options;
        const challenge = newChallenge();
        socket.write(lineOf({ challenge }));
        // Another process may have the port of a broker that has ended: it must learn nothing and cost little.
        const greeting = await withinTime(socket, next(), proofMilliseconds);
        if (typeof greeting?.challenge !== "string" || !isProof(greeting.proof, this.#secret, "broker", challenge)) {
            socket.destroy();
            return undefined;
        }
        socket.write(lineOf({ ...question, proof: proofOf(this.#secret, "client", greeting.challenge) }));
        return withinTime(socket, next(), turnMilliseconds);
    }

    /** Whether a session lasts, and is not the one that a service refused. The broker's clock may differ. */
    #isUsable({ credentials, expiresAt }: RoleSession, seal: SessionSeal, refused: string | undefined): boolean {
        return this.#options.now() < expiresAt.getTime() && seal.idOf(credentials) !== refused;
    }
}

/** Ends the connection, and with it the wait, when no answer comes in time. */
async function withinTime<T>(socket: Socket, answer: Promise<T>, milliseconds: number): Promise<T> {
    const timer = setTimeout(() => socket.destroy(), milliseconds);
    try {
        return await answer;
    } finally {
        clearTimeout(timer);
    }
}
