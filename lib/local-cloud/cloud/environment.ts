import { randomBytes } from "node:crypto";

/** What the core takes from outside, so that the same requests always give the same responses in a test. */
export interface Environment {
    /** Milliseconds since the epoch. */
    now(): number;
    /** 24 upper-case hexadecimal digits, the shape of a request id in every sample of the documentation. */
    newId(): string;
}

export function systemEnvironment(now: () => number = Date.now): Environment {
    return { now, newId: () => randomBytes(12).toString("hex").toUpperCase() };
}
