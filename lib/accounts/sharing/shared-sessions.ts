import { connect } from "node:net";
import type { Credentials } from "../credential-source";
import type { RoleSession } from "../role-session";
import { brokerVariable, lineOf, messagesOf } from "./broker-protocol";
import { SessionSeal } from "./session-seal";

/** Longer than a broker lets anybody wait: a broker that doesn't answer at all has been halted. */
const patienceMilliseconds = 35_000;

/** The sessions that this process shares with others through a broker. A broker that gives no answer isn't asked again. */
export class SharedSessions {
    readonly #port: number;
    readonly #secret: string;
    readonly #patience: number;
    #answers = true;

    private constructor(port: number, secret: string, patience: number) {
        this.#port = port;
        this.#secret = secret;
        this.#patience = patience;
    }

    /**
     * @param patience how long the broker is waited for, in milliseconds
     * @returns `undefined` when the environment names no broker
     */
    static of(environment: NodeJS.ProcessEnv, patience = patienceMilliseconds): SharedSessions | undefined {
        const [, port, secret] = /^(\d{1,5}):([0-9a-f]{64})$/.exec(environment[brokerVariable] ?? "") ?? [];
        if (secret === undefined || Number(port) > 65_535) return undefined;
        return new SharedSessions(Number(port), secret, patience);
    }

    /**
     * Gives a session that another process has assumed or is about to, or else assumes it and hands it in.
     * @param request all that decides on the session, the caller's secret included: it seals what is handed in
     * @param unwanted credentials that have to be replaced
     * @throws what `assume` throws
     */
    async obtain(
        request: readonly unknown[],
        unwanted: Credentials | undefined,
        assume: () => Promise<RoleSession>,
    ): Promise<RoleSession> {
        if (!this.#answers) return assume();
        const seal = new SessionSeal(request);
        const socket = connect(this.#port, "127.0.0.1").on("error", () => undefined);
        try {
            const timer = setTimeout(() => socket.destroy(), this.#patience);
            socket.write(lineOf({ secret: this.#secret, name: seal.name, unwanted: unwanted && seal.idOf(unwanted) }));
            const answer = await messagesOf(socket)();
            clearTimeout(timer);
            this.#answers = answer !== undefined;
            // From here on nothing is waited for, and the connection alone shall keep no process alive.
            socket.unref();
            const shared = typeof answer?.sealed === "string" ? seal.open(answer.sealed) : undefined;
            if (shared !== undefined) return shared;
            const session = await assume();
            const { credentials, renewAt } = session;
            const handed = { id: seal.idOf(credentials), renewAt: renewAt.getTime(), sealed: seal.close(session) };
            socket.write(lineOf(handed));
            return session;
        } finally {
            socket.destroySoon();
        }
    }
}
