import { ValueMap } from "../values";
import { type Account, type AssumableRole, rolesOf } from "./account";
import { AssumedRole } from "./assumed-role";
import type { CredentialSource } from "./credential-source";
import type { SecurityTokenService } from "./sts";

/** The dependencies of the accounts of one process. */
export interface AccountSessionsOptions {
    /** The base credentials: those of the named profile, if there is one. */
    readonly base: (profile: string | undefined) => CredentialSource;
    readonly sts: SecurityTokenService;
    /** Milliseconds since the epoch. */
    readonly now?: () => number;
}

/**
 * The credentials of every account that one process works on behalf of: one source for each account, and one for each role
 * that several accounts are reached through. No request is made before one is needed.
 */
export class AccountSessions {
    readonly #options: AccountSessionsOptions;
    /** By the profile, the token, and the roles that are assumed one after another. */
    readonly #sources = new ValueMap<readonly unknown[], CredentialSource>();

    constructor(options: AccountSessionsOptions) {
        this.#options = options;
    }

    /** @param account checked by `accountIssues` */
    sourceOf(account: Account): CredentialSource {
        const { profile, oidc } = account;
        const roles = rolesOf(account);
        const base = () => this.#sources.ensured([profile], () => this.#options.base(profile));
        let source = oidc === undefined ? base() : undefined;
        for (const [index, role] of roles.entries()) {
            const caller = source;
            const key = [profile, oidc, roles.slice(0, index + 1)];
            source = this.#sources.ensured(key, () => this.#assumed(role, caller, oidc));
        }
        return source ?? this.#options.base(profile);
    }

    #assumed(role: AssumableRole, caller: CredentialSource | undefined, oidc: Account["oidc"]): CredentialSource {
        const { sts, now } = this.#options;
        const from = (origin: string): string => `the role ${role.roleArn}, assumed with ${origin}`;
        if (caller !== undefined) {
            const origin = (): string => from(caller.origin?.() ?? "other credentials");
            return new AssumedRole((unwanted) => sts.assumeRole(role, caller, unwanted), now, origin);
        }
        if (oidc === undefined) throw new TypeError("a role needs a caller or a token");
        const origin = (): string => from(`the token in ${oidc.tokenFile}`);
        return new AssumedRole((unwanted) => sts.assumeRoleWithToken(role, oidc, unwanted), now, origin);
    }
}
