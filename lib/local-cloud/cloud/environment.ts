import { randomBytes } from "node:crypto";

/** What the core takes from outside, so that the same requests always give the same responses in a test. */
export interface Environment {
    /** Milliseconds since the epoch. */
    now(): number;
    /** 24 upper-case hexadecimal digits, the shape of a request id in every sample of the documentation. */
    newId(): string;
    /** Whether PutBucketEncryption looks for the KMS key. The real service isn't known to; absent is no. */
    readonly checksKeyOnPut?: boolean | undefined;
}

export function systemEnvironment(given: {
    now?: (() => number) | undefined;
    checksKeyOnPut?: boolean | undefined;
}): Environment {
    const { now = Date.now, checksKeyOnPut } = given;
    return { now, newId: () => randomBytes(12).toString("hex").toUpperCase(), checksKeyOnPut };
}
