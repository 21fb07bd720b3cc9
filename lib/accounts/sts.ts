import { readFile } from "node:fs/promises";
import { UserError } from "../errors";
import { type Account, type AssumableRole, accountOfRole } from "./account";
import { completeCredentials } from "./complete-credentials";
import type { CredentialSource, Credentials } from "./credential-source";
import { callRpc, callRpcUnsigned, type RpcCall, type RpcOutcome } from "./rpc/rpc-call";
import { isSafeEndpoint } from "./rpc/rpc-endpoint";

/** Temporary credentials, and when they end by the clock of whoever issued them. */
export interface RoleSession {
    readonly credentials: Credentials;
    readonly expiresAt: Date;
}

/** Whom credentials belong to, or why that can't be told. */
export type CallerIdentity = { readonly account: string; readonly arn: string } | { readonly unknown: string };

const version = "2015-04-01";
const defaultSessionName = "pulumi-bucket-encryption";
const defaultSeconds = 3_600;

/** How often a call is made that may pass: throttled, or not answered. */
const attempts = { numOfAttempts: 5, startingDelay: 200, maxDelay: 5_000 };

/**
 * Alibaba Cloud's Security Token Service at one endpoint.
 * Source: https://help.aliyun.com/en/ram/developer-reference/api-sts-2015-04-01-overview
 */
export class SecurityTokenService {
    readonly #endpoint: string;
    readonly #cancelled: AbortSignal | undefined;

    /**
     * @param endpoint plain HTTP is for loopback alone
     * @param cancelled once it is aborted, no call is made again
     */
    constructor(endpoint: string, cancelled?: AbortSignal) {
        this.#endpoint = endpoint;
        this.#cancelled = cancelled;
    }

    /** @throws UserError of kind `role-not-assumed`, or what the credentials' source throws */
    async assumeRole(role: AssumableRole, caller: CredentialSource): Promise<RoleSession> {
        const call = { ...this.#call("AssumeRole"), parameters: parametersOf(role) };
        let credentials: Credentials | undefined;
        const request = async () => {
            credentials = await caller.getCredentials();
            return callRpc(call, credentials);
        };
        return this.#session(role, async () => {
            const outcome = await request();
            const isEnded = "refused" in outcome && outcome.refused.startsWith("InvalidSecurityToken");
            return isEnded && credentials && caller.renew?.(credentials) ? request() : outcome;
        });
    }

    /** Assumes a role with an identity provider's token, which proves the caller: nothing is signed. */
    async assumeRoleWithToken(role: AssumableRole, oidc: NonNullable<Account["oidc"]>): Promise<RoleSession> {
        return this.#session(role, async () => {
            const parameters = {
                ...parametersOf(role),
                OIDCProviderArn: oidc.providerArn,
                OIDCToken: await readToken(role, oidc.tokenFile),
            };
            return callRpcUnsigned({ ...this.#call("AssumeRoleWithOIDC"), parameters });
        });
    }

    /** @throws what the credentials' source throws */
    async callerIdentity(caller: CredentialSource): Promise<CallerIdentity> {
        if (!isSafeEndpoint(this.#endpoint)) return { unknown: "the endpoint of STS is not an HTTPS URL" };
        const call = { ...this.#call("GetCallerIdentity"), parameters: {} };
        const ask = async () => callRpc(call, await caller.getCredentials());
        const outcome = await patiently(ask, this.#cancelled);
        if ("refused" in outcome) return { unknown: outcome.refused };
        if ("failed" in outcome) return { unknown: outcome.failed };
        const { AccountId: account, Arn: arn } = (outcome.answer ?? {}) as { AccountId?: unknown; Arn?: unknown };
        const isIdentity = typeof account === "string" && /^\d+$/.test(account) && typeof arn === "string";
        return isIdentity ? { account, arn } : { unknown: "the answer isn't one of STS" };
    }

    #call(action: string): Omit<RpcCall, "parameters"> {
        return { endpoint: this.#endpoint, version, action };
    }

    async #session(role: AssumableRole, call: () => Promise<RpcOutcome>): Promise<RoleSession> {
        if (!isSafeEndpoint(this.#endpoint)) throw notAssumed(role, "the endpoint of STS is not an HTTPS URL");
        const outcome = await patiently(call, this.#cancelled);
        if ("refused" in outcome) throw notAssumed(role, `STS refuses: ${outcome.refused}`);
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
        throw notAssumed(role, `the file with the identity provider's token can't be read (${code})`);
    }
}

function sessionOf(role: AssumableRole, answer: unknown): RoleSession {
    const issued = (answer as { Credentials?: Record<string, unknown> } | null)?.Credentials ?? {};
    const text = (name: string) => (typeof issued[name] === "string" ? (issued[name] as string) : undefined);
    const expiresAt = new Date(text("Expiration") ?? "");
    if (Number.isNaN(expiresAt.getTime()) || text("SecurityToken") === undefined) {
        throw notAssumed(role, "the answer isn't one of STS");
    }
    const parts = {
        accessKeyId: text("AccessKeyId"),
        accessKeySecret: text("AccessKeySecret"),
        securityToken: text("SecurityToken"),
    };
    return { credentials: completeCredentials(parts, `the credentials of the role ${role.roleArn}`), expiresAt };
}

/** Repeats a call while it is throttled or gets no answer, with growing random waits. */
function patiently(call: () => Promise<RpcOutcome>, cancelled: AbortSignal | undefined): Promise<RpcOutcome> {
    const { backOff }: typeof import("exponential-backoff") = require("exponential-backoff");
    let last: RpcOutcome = { failed: "nothing was asked" };
    const attempt = async () => {
        last = await call();
        if (mayPass(last)) throw new Passing();
        return last;
    };
    const retry = (error: unknown) => error instanceof Passing && cancelled?.aborted !== true;
    return backOff(attempt, { ...attempts, jitter: "full", retry }).catch((error: unknown) => {
        if (error instanceof Passing) return last;
        throw error;
    });
}

class Passing extends Error {}

function mayPass(outcome: RpcOutcome): boolean {
    if ("failed" in outcome) return !/ENOTFOUND|ECONNREFUSED|CERT|EPROTO/.test(outcome.failed);
    return "refused" in outcome && /^(Throttling|ServiceUnavailable|InternalError)/.test(outcome.refused);
}

function notAssumed(role: AssumableRole, why: string): UserError {
    const account = accountOfRole(role.roleArn);
    return new UserError("role-not-assumed", `Can't assume the role ${role.roleArn}: ${why}`, { account });
}
