import { createHash } from "node:crypto";

/**
 * A place that every worker and every command of a rollout can reach. It holds what Temporal's histories only refer to: plans, the ends of
 * turns, and the rollout's log. Nothing in it is a secret, and nothing is ever changed.
 */
export interface SharedPlace {
    /** For messages. */
    readonly name: string;
    /** @throws UserError `shared-place-failed`, or ServiceError */
    write(key: string, text: string): Promise<void>;
    /** @returns undefined when there is no such text @throws UserError `shared-place-failed`, or ServiceError */
    read(key: string): Promise<string | undefined>;
}

/** Writes a text under its digest. @returns the SHA-256, in hexadecimal */
export async function writeByDigest(place: SharedPlace, folder: string, text: string): Promise<string> {
    const digest = createHash("sha256").update(text).digest("hex");
    await place.write(`${folder}/${digest}`, text);
    return digest;
}

/** @returns undefined when there is no such text, or another one in its place */
export async function readByDigest(place: SharedPlace, folder: string, digest: string): Promise<string | undefined> {
    const text = await place.read(`${folder}/${digest}`);
    if (text === undefined) return undefined;
    return createHash("sha256").update(text).digest("hex") === digest ? text : undefined;
}
