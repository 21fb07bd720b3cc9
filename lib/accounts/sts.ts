import { readFile } from "node:fs/promises";
import { UserError } from "../errors";
import { type Account, type AssumableRole, accountOfRole } from "./account";
import { completeCredentials } from "./complete-credentials";
import type { CredentialSource, Credentials } from "./credential-source";
import { type RoleSession, renewalOf } from "./role-session";
import { callRpc, callRpcUnsigned, type RpcCall, type RpcOutcome } from "./rpc/rpc-call";
import { isSafeEndpoint } from "./rpc/rpc-endpoint";
import type { SharedSessions } from "./sharing/shared-sessions";

/** The account that credentials belong to, or why it could not be determined. */
export type CallerIdentity = { readonly account: string; readonly arn: string } | { readonly unknown: string };

const version = "2015-04-01";
const defaultSessionName = "pulumi-bucket-encryption";
const defaultSeconds = 3_600;

/** Attempts of a call that is throttled or not answered. */
const attempts = { numOfAttempts: 5, startingDelay: 200, maxDelay: 5_000 };

/** The dependencies of calls to STS besides the endpoint. */
export interface SecurityTokenServiceOptions {
    /** Once it is aborted, no call is made again. */
    readonly cancelled?: AbortSignal | undefined;
    /** Sessions of roles that other processes may have assumed, or wait for. */
    readonly shared?: SharedSessions | undefined;
}

/**
 * Alibaba Cloud's Security Token Service at one endpoint.
 * Source: https://help.aliyun.com/en/ram/developer-reference/api-sts-2015-04-01-overview
 */
export class SecurityTokenService {
    readonly #endpoint: string;
    readonly #cancelled: AbortSignal | undefined;
    readonly #shared: SharedSessions | undefined;

    /** @param endpoint plain HTTP is for loopback alone */
    constructor(endpoint: string, { cancelled, shared }: SecurityTokenServiceOptions = {}) {
        this.#endpoint = endpoint;
        this.#cancelled = cancelled;
        this.#shared = shared;
    }

    /**
     * @param unwanted credentials of the role that have to be replaced
     * @throws UserError of kind `role-not-assumed`, or what the credentials' source throws
     */
    async assumeRole(role: AssumableRole, caller: CredentialSource, unwanted?: Credentials): Promise<RoleSession> {
        const call = { ...this.#call("AssumeRole"), parameters: parametersOf(role) };
        let credentials: Credentials | undefined;
        const request = async () => {
            credentials = await caller.getCredentials();
            return callRpc(call, credentials);
        };
        const assume = () =>
            this.#session(role, async () => {
                const outcome = await request();
                const isEnded = "refused" in outcome && outcome.refused.startsWith("InvalidSecurityToken");
                return isEnded && credentials && caller.renew?.(credentials) ? request() : outcome;
            });
        if (this.#shared === undefined) return assume();
        return this.#shared.obtain([call, await caller.getCredentials()], unwanted, assume);
    }

    /**
     * Assumes a role with an identity provider's token, which proves the caller: nothing is signed.
     * @param unwanted credentials of the role that have to be replaced
     * @throws UserError of kind `role-not-assumed`
     */
    async assumeRoleWithToken(
        role: AssumableRole,
        oidc: NonNullable<Account["oidc"]>,
        unwanted?: Credentials,
    ): Promise<RoleSession> {
        const OIDCToken = await readToken(role, oidc.tokenFile);
        const parameters = { ...parametersOf(role), OIDCProviderArn: oidc.providerArn, OIDCToken };
        const call = { ...this.#call("AssumeRoleWithOIDC"), parameters };
        const assume = () => this.#session(role, () => callRpcUnsigned(call));
        return this.#shared === undefined ? assume() : this.#shared.obtain([call], unwanted, assume);
    }

    /** @throws what the credentials' source throws */
    async callerIdentity(caller: CredentialSource): Promise<CallerIdentity> {
        if (!isSafeEndpoint(this.#endpoint)) return { unknown: "the endpoint of STS is not an HTTPS URL" };
        const call = { ...this.#call("GetCallerIdentity"), parameters: {} };
        const ask = async () => callRpc(call, await caller.getCredentials());
        const outcome = await withRetries(ask, this.#cancelled);
        if ("refused" in outcome) return { unknown: outcome.refused };
        if ("failed" in outcome) return { unknown: outcome.failed };
        const { AccountId: account, Arn: arn } = (outcome.answer ?? {}) as { AccountId?: unknown; Arn?: unknown };
        const isIdentity = typeof account === "string" && /^\d+$/.test(account) && typeof arn === "string";
        return isIdentity ? { account, arn } : { unknown: "the answer is not an answer of STS" };
    }

    #call(action: string): Omit<RpcCall, "parameters"> {
        return { endpoint: this.#endpoint, version, action };
    }

    async #session(role: AssumableRole, call: () => Promise<RpcOutcome>): Promise<RoleSession> {
        if (!isSafeEndpoint(this.#endpoint)) throw notAssumed(role, "the endpoint of STS is not an HTTPS URL");
        const outcome = await withRetries(call, this.#cancelled);
        if ("refused" in outcome) throw notAssumed(role, `STS refuses: ${outcome.refused}`, cureOf(outcome.refused));
        if ("failed" in outcome) throw notAssumed(role, `STS gave no answer: ${outcome.failed}`);
        return sessionOf(role, outcome.answer);
    }
}

function parametersOf(role: AssumableRole): Record<string, string> {
    const { roleArn, externalId, policy, sessionName = defaultSessionName, durationSeconds = defaultSeconds } = role;
    return {
        RoleArn: roleArn,
        RoleSessionName: sessionName,
        DurationSeconds: String(durationSeconds),
        ...(externalId && { ExternalId: externalId }),
        ...(policy && { Policy: policy }),
    };
}

async function readToken(role: AssumableRole, tokenFile: string): Promise<string> {
    try {
        return (await readFile(tokenFile, "utf8")).trim();
    } catch (error) {
        const code = (error as NodeJS.ErrnoException).code ?? "unreadable";
        throw notAssumed(role, `the file with the identity provider's token cannot be read (${code})`);
    }
}

function sessionOf(role: AssumableRole, answer: unknown): RoleSession {
    const issued = (answer as { Credentials?: Record<string, unknown> } | null)?.Credentials ?? {};
    const text = (name: string) => (typeof issued[name] === "string" ? (issued[name] as string) : undefined);
    const expiresAt = new Date(text("Expiration") ?? "");
    if (Number.isNaN(expiresAt.getTime()) || text("SecurityToken") === undefined) {
        throw notAssumed(role, "the answer is not an answer of STS");
    }
    const parts = {
        accessKeyId: text("AccessKeyId"),
        accessKeySecret: text("AccessKeySecret"),
        securityToken: text("SecurityToken"),
    };
    const credentials = completeCredentials(parts, `the credentials of the role ${role.roleArn}`);
    return { credentials, expiresAt, renewAt: renewalOf(expiresAt, role.durationSeconds ?? defaultSeconds) };
}

/** Repeats a call while it is throttled or gets no answer, with growing random waits. */
function withRetries(call: () => Promise<RpcOutcome>, cancelled: AbortSignal | undefined): Promise<RpcOutcome> {
    const { backOff }: typeof import("exponential-backoff") = require("exponential-backoff");
    let last: RpcOutcome = { failed: "nothing was asked" };
    const attempt = async () => {
        last = await call();
        if (isTransient(last)) throw new TransientFailure();
        return last;
    };
    const retry = (error: unknown) => error instanceof TransientFailure && cancelled?.aborted !== true;
    return backOff(attempt, { ...attempts, jitter: "full", retry }).catch((error: unknown) => {
        if (error instanceof TransientFailure) return last;
        throw error;
    });
}

class TransientFailure extends Error {}

function isTransient(outcome: RpcOutcome): boolean {
    if ("failed" in outcome) return !/ENOTFOUND|ECONNREFUSED|CERT|EPROTO/.test(outcome.failed);
    return "refused" in outcome && /^(Throttling|ServiceUnavailable|InternalError)/.test(outcome.refused);
}

/** What to do about refusals that are not about the role. */
const cures: readonly (readonly [RegExp, string])[] = [
    [/^InvalidTimeStamp\b/, "Set the clock of this machine right."],
    [
        /^(InvalidAccessKeyId|SignatureDoesNotMatch|IncompleteSignature|InvalidSecurityToken|MissingSecurityToken)\b/,
        "Replace the credentials that assume the role: with an enabled access key and its own secret, or with a fresh security token.",
    ],
    [
        /^(AuthenticationFail|InvalidParameter)\.OIDCToken\b/,
        "Put a fresh token into the file that `oidc.tokenFile` names. Its issuer and audience must be those of the identity provider.",
    ],
];

function cureOf(refused: string): string | undefined {
    return cures.find(([code]) => code.test(refused))?.[1];
}

function notAssumed(role: AssumableRole, why: string, cure?: string): UserError {
    const account = accountOfRole(role.roleArn);
    const what = `Cannot assume the role ${role.roleArn}: ${why}`;
    return new UserError("role-not-assumed", what, { account }, cure === undefined ? {} : { cure });
}
