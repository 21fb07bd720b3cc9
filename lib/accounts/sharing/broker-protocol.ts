import type { Socket } from "node:net";

/** Where processes find the broker: its port on loopback, a colon, and the secret that it knows them by. */
export const brokerVariable = "BUCKET_ENCRYPTION_SESSION_BROKER";

/** A token with its policy is far smaller. */
const mostCharacters = 64 * 1024;

/** One object of JSON, as a line. */
export function lineOf(message: Readonly<Record<string, unknown>>): string {
    return `${JSON.stringify(message)}\n`;
}

/**
 * Reads a connection, which it closes when it is done.
 * @returns gives the object of the next line; `undefined` when the connection ends before, or something else arrives
 */
export function messagesOf(socket: Socket): () => Promise<Readonly<Record<string, unknown>> | undefined> {
    const lines = linesOf(socket);
    return async () => {
        try {
            const message: unknown = JSON.parse((await lines.next()).value ?? "");
            return typeof message === "object" && message !== null ? { ...message } : undefined;
        } catch {
            return undefined;
        }
    };
}

async function* linesOf(socket: Socket): AsyncGenerator<string, undefined> {
    let rest = "";
    for await (const chunk of socket.setEncoding("utf8")) {
        rest += chunk;
        if (rest.length > mostCharacters) return;
        const lines = rest.split("\n");
        rest = lines.pop() ?? "";
        yield* lines;
    }
}
