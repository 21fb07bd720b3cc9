import type { Credentials } from "./credential-source";

/** Temporary credentials, and when they end by the issuer's clock. */
export interface RoleSession {
    readonly credentials: Credentials;
    readonly expiresAt: Date;
    /** From then on another session is requested. */
    readonly renewAt: Date;
}

/**
 * A token is renewed when a tenth of its time is left, and five minutes at most. Requests that were signed with it by then are long
 * answered when it ends.
 */
const earliestRenewalSeconds = 300;

/** @param seconds how long the session was asked for */
export function renewalOf(expiresAt: Date, seconds: number): Date {
    return new Date(expiresAt.getTime() - Math.min(earliestRenewalSeconds, seconds / 10) * 1_000);
}
