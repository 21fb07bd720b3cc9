import type { Principal } from "../ram/principal";
import type { Statement } from "../ram/statement";
import type { Change, RecordChange } from "./change";

export interface AccessKey {
    readonly id: string;
    readonly secret: string;
    readonly principal: Principal;
    /** Present on temporary keys. */
    readonly session?: Session;
}

export interface Session {
    readonly securityToken: string;
    readonly expiresAt: number;
    /** Narrows what the role may do. */
    readonly policy?: readonly Statement[] | undefined;
}

/** The saved form of a temporary key. It lacks the role's policy, which comes from the accounts file. */
interface SavedSession extends Session {
    readonly secret: string;
    readonly accountId: string;
    readonly identity: Principal["identity"];
}

/** An expired token is kept for a while, so that its use is answered as expired and not as unknown. */
const forgetAfterMs = 24 * 3_600_000;
const sessionsBetweenSweeps = 1000;

/** Keys that sign requests: those of the accounts file, and the temporary ones. */
export class AccessKeyTable {
    readonly #keys = new Map<string, AccessKey>();
    readonly #byToken = new Map<string, AccessKey>();

    readonly #record: RecordChange;
    readonly #statementsOf: (accountId: string, role: string) => Principal["statements"];

    /** @param statementsOf what an account's role may do; an empty list when there is no such role */
    constructor(record: RecordChange, statementsOf: (accountId: string, role: string) => Principal["statements"]) {
        this.#record = record;
        this.#statementsOf = statementsOf;
    }

    get(id: string): AccessKey | undefined {
        return this.#keys.get(id);
    }

    ofToken(securityToken: string): AccessKey | undefined {
        return this.#byToken.get(securityToken);
    }

    add(key: AccessKey): void {
        this.#keys.set(key.id, key);
        if (key.session !== undefined) {
            this.#byToken.set(key.session.securityToken, key);
        }
    }

    addSession(
        key: { readonly id: string; readonly secret: string },
        session: Session,
        { accountId, identity }: Pick<Principal, "accountId" | "identity">,
        now: number,
    ): void {
        if (this.#byToken.size % sessionsBetweenSweeps === sessionsBetweenSweeps - 1) {
            this.#forgetOld(now);
        }
        const saved: SavedSession = { ...session, secret: key.secret, accountId, identity };
        this.#addSaved(key.id, saved);
        this.#record({ table: "session", key: key.id, value: saved });
    }

    restore({ key, value }: Change): void {
        this.#addSaved(key, value as SavedSession);
    }

    *changes(): Generator<Change> {
        for (const { id, secret, session, principal } of this.#byToken.values()) {
            const { accountId, identity } = principal;
            yield { table: "session", key: id, value: { ...session, secret, accountId, identity } };
        }
    }

    #addSaved(id: string, { secret, accountId, identity, ...session }: SavedSession): void {
        // A role that is missing from the accounts file may do nothing.
        const statements =
            identity.type === "AssumedRoleUser" ? this.#statementsOf(accountId, identity.role) : undefined;
        this.add({
            id,
            secret,
            principal: { accountId, identity, statements, sessionPolicy: session.policy },
            session,
        });
    }

    #forgetOld(now: number): void {
        for (const { id, session } of this.#byToken.values()) {
            if (session !== undefined && session.expiresAt + forgetAfterMs < now) {
                this.#keys.delete(id);
                this.#byToken.delete(session.securityToken);
                this.#record({ table: "session", key: id, value: undefined });
            }
        }
    }
}
