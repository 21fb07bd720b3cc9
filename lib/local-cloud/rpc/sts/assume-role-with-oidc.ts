import { RpcError } from "../rpc-errors";
import { type RpcResult, requiredParameter, type UnsignedRpcCall } from "../rpc-operation";
import { readOidcToken } from "./oidc-token";
import { findRole, openSession, readSessionRequest } from "./role-session";

/**
 * documented: AssumeRoleWithOIDC (doc 371866): an unsigned request with a token of an OIDC provider, which the role has to
 * trust. The token's issuer, audience, time and signature have to hold.
 */
export function assumeRoleWithOidc(call: UnsignedRpcCall): RpcResult {
    const { state, environment } = call;
    const providerArn = requiredParameter(call, "OIDCProviderArn");
    const token = requiredParameter(call, "OIDCToken");
    const request = readSessionRequest(call);
    const [, accountId = "", name = ""] = /^acs:ram::(\d{16}):oidc-provider\/([\w.-]{1,64})$/.exec(providerArn) ?? [];
    if (accountId === "") {
        throw new RpcError("invalidOidcProviderArn");
    }
    const provider = state.oidcProvider(accountId, name);
    if (provider === undefined) {
        throw new RpcError("oidcProviderNotFound", `The OIDC provider does not exist: ${providerArn}.`);
    }
    const claims = readOidcToken(token, provider, environment.now());
    const role = findRole(call, request);
    if (role.trusts?.includes(providerArn) !== true) {
        throw new RpcError("noPermission");
    }
    return {
        ...openSession(call, request, role),
        OIDCTokenInfo: { Subject: claims.subject, Issuer: provider.issuer, ClientIds: claims.clientIds },
    };
}
