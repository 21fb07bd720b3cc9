import type { RoleEntry } from "../../configuration/accounts-document";
import { type Principal, principalArn, ramId, roleArn } from "../../ram/principal";
import { PolicyGrammarError, readPolicy, type Statement } from "../../ram/statement";
import { RpcError } from "../rpc-errors";
import { type RpcCall, type RpcResult, requiredParameter, requirePermission } from "../rpc-operation";

const minSeconds = 900;
const defaultMaxSeconds = 3600;
const maxPolicyBytes = 2048;

/**
 * documented: AssumeRole (doc 371864, doc 42775). The caller needs sts:AssumeRole, the role has to trust the caller, and
 * the external id has to match where the role has one.
 * assumed: an account's own key may assume a role, although the page says that the account itself may not: the accounts
 * file gives keys to accounts, and callers of tests have no others.
 */
export function assumeRole(call: RpcCall): RpcResult {
    const { state, environment, parameters, principal } = call;
    const arn = requiredParameter(call, "RoleArn");
    const session = requiredParameter(call, "RoleSessionName");
    const [, accountId, name] = /^acs:ram::(\d{16}):role\/([\w.-]{1,64})$/.exec(arn) ?? [];
    if (accountId === undefined || name === undefined) {
        throw new RpcError("invalidRoleArn");
    }
    if (!/^[\w.@-]{2,64}$/.test(session)) {
        throw new RpcError("invalidSessionName");
    }
    const policy = readSessionPolicy(parameters.get("Policy"));
    requirePermission(call, "sts:AssumeRole", arn, "noPermission");
    const role = state.role(accountId, name);
    if (role === undefined) {
        throw new RpcError("roleNotFound", `The role not exists: ${arn}.`);
    }
    const seconds = readDuration(parameters.get("DurationSeconds"), role);
    const isWanted = role.externalId === undefined || role.externalId === parameters.get("ExternalId");
    if (!trusts(role, principal) || !isWanted) {
        throw new RpcError("noPermission");
    }
    const expiresAt = Math.floor(environment.now() / 1000 + seconds) * 1000;
    const key = {
        id: `STS.${environment.newId()}`,
        secret: environment.newId() + environment.newId(),
    };
    const securityToken = `CAIS${environment.newId()}${environment.newId()}${environment.newId()}`;
    const identity = { type: "AssumedRoleUser", role: name, session } as const;
    state.accessKeys.addSession(
        key,
        { securityToken, expiresAt, ...(policy && { policy }) },
        { accountId, identity },
        environment.now(),
    );
    return {
        AssumedRoleUser: {
            Arn: `${arn}/${session}`,
            AssumedRoleId: `${ramId("role", accountId, name)}:${session}`,
        },
        Credentials: {
            AccessKeyId: key.id,
            AccessKeySecret: key.secret,
            SecurityToken: securityToken,
            Expiration: new Date(expiresAt).toISOString().replace(".000Z", "Z"),
        },
    };
}

function readSessionPolicy(text: string | undefined): Statement[] | undefined {
    if (text === undefined) {
        return undefined;
    }
    if (Buffer.byteLength(text) > maxPolicyBytes) {
        throw new RpcError("invalidPolicySize");
    }
    try {
        return readPolicy(text);
    } catch (error) {
        if (!(error instanceof PolicyGrammarError)) {
            throw error;
        }
        throw new RpcError("invalidPolicy", `The parameter Policy has not passed grammar check: ${error.message}.`);
    }
}

function readDuration(text: string | undefined, { maxSessionDuration = defaultMaxSeconds }: RoleEntry): number {
    const seconds = text === undefined ? defaultMaxSeconds : /^\d{1,9}$/.test(text) ? Number(text) : 0;
    if (seconds < minSeconds || seconds > maxSessionDuration) {
        throw new RpcError(
            "invalidDuration",
            `The Min/Max value of DurationSeconds is ${minSeconds / 60}min/${maxSessionDuration / 3600}hr.`,
        );
    }
    return seconds;
}

/** An account that is trusted stands for all of its users and roles, a role for all of its sessions. */
function trusts({ trusts: trusted = [] }: RoleEntry, principal: Principal): boolean {
    const { accountId, identity } = principal;
    const names = [accountId, `acs:ram::${accountId}:root`, principalArn(principal)];
    if (identity.type === "AssumedRoleUser") {
        names.push(roleArn(accountId, identity.role));
    }
    return names.some((name) => trusted.includes(name));
}
