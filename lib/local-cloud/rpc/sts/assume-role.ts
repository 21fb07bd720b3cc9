import type { RoleEntry } from "../../configuration/accounts-document";
import { type Principal, principalArn, roleArn } from "../../ram/principal";
import { RpcError } from "../rpc-errors";
import { type RpcCall, type RpcResult, requirePermission } from "../rpc-operation";
import { findRole, openSession, readSessionRequest } from "./role-session";

/**
 * documented: AssumeRole (doc 371864, doc 42775). The caller needs sts:AssumeRole, the role has to trust the caller,
 * and the external id has to match where the role has one.
 * assumed: an account's own key may assume a role, although the page says that the account itself may not: the accounts
 * file gives keys to accounts, and tests often have no others.
 */
export function assumeRole(call: RpcCall): RpcResult {
    const request = readSessionRequest(call);
    requireChaining(call.principal);
    requirePermission(call, "sts:AssumeRole", request.arn, "noPermission");
    const role = findRole(call, request);
    const isWanted = role.externalId === undefined || role.externalId === call.parameters.get("ExternalId");
    if (!trusts(role, call.principal) || !isWanted) {
        throw new RpcError("noPermission");
    }
    return openSession(call, request, role);
}

/** documented: a role's session assumes another role only where the role's own policy allows sts:AssumeRole (role chaining). */
function requireChaining({ identity, statements }: Principal): void {
    if (identity.type === "AssumedRoleUser" && statements === undefined) {
        throw new RpcError("noPermission");
    }
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
