import type { Account } from "./account";
import { AccountGuard, type AccountVerdict } from "./account-guard";
import { AccountSessions } from "./account-sessions";
import { type CredentialConfiguration, configuredCredentials } from "./configured-credentials";
import type { CredentialSource } from "./credential-source";
import { KmsKeys } from "./kms-keys";
import { SharedSessions } from "./sharing/shared-sessions";
import { type CallerIdentity, SecurityTokenService } from "./sts";
import { stsEndpoint } from "./sts-endpoint";

export interface CallerAccountsOptions {
    /** The credentials in the stack's configuration. */
    readonly credentials?: CredentialConfiguration;
    /** The STS settings in the stack's configuration. */
    readonly stsEndpoint?: string | undefined;
    readonly environment: NodeJS.ProcessEnv;
    /** Ids of the only allowed accounts, where there is such a list. */
    readonly allowed?: readonly string[] | undefined;
    /** Ids of forbidden accounts. */
    readonly forbidden?: readonly string[] | undefined;
    /** Aborted, with the reason, when no further request may begin. */
    readonly cancelled?: AbortSignal | undefined;
}

/** Credentials without their secrets. */
export interface CallerDescription {
    /** Where they come from, in words. */
    readonly origin: string;
    readonly keyId: string;
    readonly isTemporary: boolean;
    /** `notAsked`, with the reason, where the service has no such request. */
    readonly identity:
        | CallerIdentity
        | { readonly account: string; readonly arn?: undefined }
        | { readonly notAsked: string };
}

/** The accounts of Alibaba Cloud that one process acts for: their credentials, their owners, their keys. */
export class CallerAccounts {
    readonly #options: CallerAccountsOptions;
    readonly #sessions: AccountSessions;
    readonly #guard: AccountGuard;
    readonly #keys = new Map<CredentialSource, KmsKeys>();

    constructor(options: CallerAccountsOptions) {
        const { credentials = {}, environment, cancelled } = options;
        this.#options = options;
        const shared = SharedSessions.of(environment);
        const sts = new SecurityTokenService(stsEndpoint(options.stsEndpoint, environment), { cancelled, shared });
        // The profile of an account takes precedence over every credential in the configuration.
        const base = (profile: string | undefined) =>
            configuredCredentials(
                profile ? { profile, ...(credentials.keys && { keys: credentials.keys }) } : credentials,
            );
        this.#sessions = new AccountSessions({ base, sts });
        this.#guard = new AccountGuard(sts);
    }

    /** One source for each account. @param account checked by `accountIssues` */
    sourceOf(account: Account): CredentialSource {
        return this.#sessions.sourceOf(account);
    }

    /** Whether the credentials may be used, and are those of the account with this id where one is given. */
    judge(source: CredentialSource, id: string | undefined): Promise<AccountVerdict> {
        const { allowed, forbidden } = this.#options;
        return this.#guard.judge(source, { id, allowed, forbidden });
    }

    /** Which credentials these are, where they come from, and whose. @throws UserError of kind `no-credentials` */
    async describe(source: CredentialSource): Promise<CallerDescription> {
        const { accessKeyId, securityToken } = await source.getCredentials();
        return {
            origin: source.origin?.() ?? "an unnamed place",
            keyId: accessKeyId,
            isTemporary: securityToken !== undefined,
            identity: await this.#guard.identityOf(source),
        };
    }

    /** The keys that these credentials can look up. */
    keysOf(source: CredentialSource): KmsKeys {
        const keys = this.#keys.get(source) ?? new KmsKeys(source);
        this.#keys.set(source, keys);
        return keys;
    }
}
