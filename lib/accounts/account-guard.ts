import { UserError } from "../errors";
import type { CredentialSource } from "./credential-source";
import type { CallerIdentity, SecurityTokenService } from "./sts";

/** Which accounts' credentials may be used. */
export interface AccountExpectation {
    /** The id that a declaration gives. */
    readonly id?: string | undefined;
    /** Ids of accounts that a stack may work in, from its configuration; any where there is no such list. */
    readonly allowed?: readonly string[] | undefined;
    /** Ids of accounts that a stack must never work in. */
    readonly forbidden?: readonly string[] | undefined;
}

/** Whether credentials belong to the expected account. `nothing-expected`: no account is expected. */
export type AccountVerdict =
    | { readonly verdict: "nothing-expected" }
    | { readonly verdict: "expected"; readonly account: string }
    | { readonly verdict: "wrong"; readonly account: string; readonly reason: string }
    /** The account could not be determined: STS cannot be reached, or refuses. */
    | { readonly verdict: "not-known"; readonly reason: string };

/** Finds the account of credentials, with one request for each source. */
export class AccountGuard {
    readonly #sts: SecurityTokenService;
    readonly #identities = new Map<CredentialSource, Promise<CallerIdentity>>();

    constructor(sts: SecurityTokenService) {
        this.#sts = sts;
    }

    async judge(source: CredentialSource, expectation: AccountExpectation): Promise<AccountVerdict> {
        const { id, allowed, forbidden = [] } = expectation;
        if (id === undefined && allowed === undefined && forbidden.length === 0) return { verdict: "nothing-expected" };
        const identity = await this.identityOf(source);
        if ("unknown" in identity) return { verdict: "not-known", reason: identity.unknown };
        const { account, arn } = identity;
        const wrong = (reason: string): AccountVerdict => ({ verdict: "wrong", account, reason });
        if (id !== undefined && id !== account) {
            return wrong(`the credentials belong to the account ${account} (${arn}), and account.id is ${id}`);
        }
        if (forbidden.includes(account)) {
            return wrong(
                `the credentials belong to the account ${account} (${arn}), which is one of bucket-encryption:forbiddenAccountIds`,
            );
        }
        if (allowed !== undefined && !allowed.includes(account)) {
            const listed = allowed.length === 0 ? "which are none" : allowed.join(", ");
            return wrong(
                `the credentials belong to the account ${account} (${arn}), which is none of bucket-encryption:allowedAccountIds (${listed})`,
            );
        }
        return { verdict: "expected", account };
    }

    /** The account of the credentials. Makes one request for each source. */
    async identityOf(source: CredentialSource): Promise<CallerIdentity> {
        let identity = this.#identities.get(source);
        if (identity === undefined) {
            identity = this.#sts.callerIdentity(source).catch((error: unknown): CallerIdentity => {
                if (error instanceof UserError) return { unknown: error.message.replace(/\.$/, "") };
                throw error;
            });
            this.#identities.set(source, identity);
        }
        return identity;
    }
}
