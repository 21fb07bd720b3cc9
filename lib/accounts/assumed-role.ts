import { UserError } from "../errors";
import type { CredentialSource, Credentials } from "./credential-source";
import type { RoleSession } from "./role-session";

/** How long an old token stays in use after a failed renewal, before the next attempt. */
const patienceMilliseconds = 30_000;

/**
 * The credentials of a role that was assumed, kept until shortly before they end. Concurrent callers share one request. After a
 * failed renewal the old token stays in use while it lasts.
 */
export class AssumedRole implements CredentialSource {
    readonly #assume: (unwanted?: Credentials) => Promise<RoleSession>;
    readonly #now: () => number;
    readonly #origin: (() => string) | undefined;
    #held: RoleSession | undefined;
    #latest: Credentials | undefined;
    #coming: Promise<RoleSession> | undefined;

    /**
     * @param assume asks for a session, other than the one before
     * @param now milliseconds since the epoch
     * @param origin the role and its caller, in words
     */
    constructor(
        assume: (unwanted?: Credentials) => Promise<RoleSession>,
        now: () => number = Date.now,
        origin?: () => string,
    ) {
        this.#assume = assume;
        this.#now = now;
        this.#origin = origin;
    }

    origin(): string | undefined {
        return this.#origin?.();
    }

    /** @throws UserError of kind `role-not-assumed`, or what the caller's own source throws */
    async getCredentials(): Promise<Credentials> {
        const held = this.#held;
        if (held !== undefined && this.#now() < held.renewAt.getTime()) return held.credentials;
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

    async #renew(): Promise<RoleSession> {
        const old = this.#held;
        try {
            this.#held = await this.#assume(this.#latest);
            this.#latest = this.#held.credentials;
        } catch (error) {
            const end = old?.expiresAt.getTime() ?? 0;
            if (old === undefined || this.#now() >= end || !(error instanceof UserError)) throw error;
            this.#held = { ...old, renewAt: new Date(Math.min(this.#now() + patienceMilliseconds, end)) };
        }
        return this.#held;
    }
}
