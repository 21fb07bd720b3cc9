import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { Socket } from "node:net";

/** Where processes find the broker: its port on loopback, a colon, and the secret that both sides prove to know. */
export const brokerVariable = "BUCKET_ENCRYPTION_SESSION_BROKER";

/** A token with its policy is far smaller. */
const mostCharacters = 64 * 1024;

/** A random text that the other side must answer with a proof. */
export function newChallenge(): string {
    return randomBytes(16).toString("hex");
}

/** Shows knowledge of the secret without sending it. @param side whose proof it is, so that no answer can be sent back */
export function proofOf(secret: string, side: "broker" | "client", challenge: string): string {
    return createHmac("sha256", secret).update(`${side} ${challenge}`).digest("hex");
}

export function isProof(proof: unknown, ...expected: Parameters<typeof proofOf>): boolean {
    return typeof proof === "string" && timingSafeEqual(digestOf(proof), digestOf(proofOf(...expected)));
}

function digestOf(text: string): Buffer {
    return createHash("sha256").update(text).digest();
}

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
