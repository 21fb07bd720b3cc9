import type { RoleEntry } from "../../configuration/accounts-document";
import { ramId } from "../../ram/principal";
import { PolicyGrammarError, readPolicy, type Statement } from "../../ram/statement";
import { RpcError } from "../rpc-errors";
import { requiredParameter, type UnsignedRpcCall } from "../rpc-operation";

const minSeconds = 900;
const defaultMaxSeconds = 3600;
const maxPolicyBytes = 2048;

/** The parameters that AssumeRole and AssumeRoleWithOIDC share. */
export interface SessionRequest {
    readonly arn: string;
    readonly accountId: string;
    readonly roleName: string;
    readonly session: string;
    readonly policy: Statement[] | undefined;
}

/** documented: AssumeRole (doc 371864, doc 42775). @throws RpcError InvalidParameter.* */
export function readSessionRequest(call: UnsignedRpcCall): SessionRequest {
    const arn = requiredParameter(call, "RoleArn");
    const session = requiredParameter(call, "RoleSessionName");
    const [, accountId, roleName] = /^acs:ram::(\d{16}):role\/([\w.-]{1,64})$/.exec(arn) ?? [];
    if (accountId === undefined || roleName === undefined) {
        throw new RpcError("invalidRoleArn");
    }
    if (!/^[\w.@-]{2,64}$/.test(session)) {
        throw new RpcError("invalidSessionName");
    }
    return { arn, accountId, roleName, session, policy: readSessionPolicy(call.parameters.get("Policy")) };
}

export function findRole({ state }: UnsignedRpcCall, { accountId, roleName, arn }: SessionRequest): RoleEntry {
    const role = state.role(accountId, roleName);
    if (role === undefined) {
        throw new RpcError("roleNotFound", `The role not exists: ${arn}.`);
    }
    return role;
}

/** documented: AssumeRole: a temporary key with its token, good for DurationSeconds. @throws RpcError */
export function openSession(
    { state, environment, parameters }: UnsignedRpcCall,
    { arn, accountId, roleName, session, policy }: SessionRequest,
    role: RoleEntry,
): Readonly<Record<string, unknown>> {
    const seconds = readDuration(parameters.get("DurationSeconds"), role);
    const expiresAt = Math.floor(environment.now() / 1000 + seconds) * 1000;
    const key = {
        id: `STS.${environment.newId()}`,
        secret: environment.newId() + environment.newId(),
    };
    const securityToken = `CAIS${environment.newId()}${environment.newId()}${environment.newId()}`;
    const identity = { type: "AssumedRoleUser", role: roleName, session } as const;
    state.accessKeys.addSession(
        key,
        { securityToken, expiresAt, ...(policy && { policy }) },
        { accountId, identity },
        environment.now(),
    );
    return {
        AssumedRoleUser: {
            Arn: `${arn}/${session}`,
            AssumedRoleId: `${ramId("role", accountId, roleName)}:${session}`,
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
