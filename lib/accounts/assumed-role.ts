import { UserError } from "../errors";
import type { CredentialSource, Credentials } from "./credential-source";
import type { RoleSession } from "./sts";

/**
 * A token is renewed when a tenth of its time is left, and five minutes at most. Whatever was signed with it by then is long
 * answered when it ends.
 */
const earliestRenewalMilliseconds = 300_000;
/** How long an old token is used on when a renewal failed, before the next is tried. */
const patienceMilliseconds = 30_000;

interface Held extends RoleSession {
    readonly renewAt: number;
}

/**
 * The credentials of a role that was assumed, kept until shortly before they end. However many ask at once, one request is
 * made. A renewal that fails is no harm while the old token lasts.
 */
export class AssumedRole implements CredentialSource {
    readonly #assume: () => Promise<RoleSession>;
    readonly #now: () => number;
    #held: Held | undefined;
    #coming: Promise<Held> | undefined;

    /**
     * @param assume asks for a session
     * @param now milliseconds since the epoch
     */
    constructor(assume: () => Promise<RoleSession>, now: () => number = Date.now) {
        this.#assume = assume;
        this.#now = now;
    }

    /** @throws UserError of kind `role-not-assumed`, or what the caller's own source throws */
    async getCredentials(): Promise<Credentials> {
        const held = this.#held;
        if (held !== undefined && this.#now() < held.renewAt) return held.credentials;
        this.#coming ??= this.#renew().finally(() => {
            this.#coming = undefined;
        });
        return (await this.#coming).credentials;
    }

    /** Forgets credentials that a service refused. @returns whether asking again gives others */
    renew(refused: Credentials): boolean {
        if (this.#held?.credentials.securityToken === refused.securityToken) this.#held = undefined;
        return true;
    }

    async #renew(): Promise<Held> {
        const old = this.#held;
        const begun = this.#now();
        try {
            const session = await this.#assume();
            const lifetime = session.expiresAt.getTime() - begun;
            const margin = Math.min(earliestRenewalMilliseconds, lifetime / 10);
            this.#held = { ...session, renewAt: session.expiresAt.getTime() - margin };
        } catch (error) {
            if (old === undefined || this.#now() >= old.expiresAt.getTime() || !(error instanceof UserError))
                throw error;
            this.#held = { ...old, renewAt: Math.min(this.#now() + patienceMilliseconds, old.expiresAt.getTime()) };
        }
        return this.#held;
    }
}
