import { principalArn, ramId } from "../../ram/principal";
import type { RpcCall, RpcResult, RpcRoute } from "../rpc-operation";
import { assumeRole } from "./assume-role";
import { assumeRoleWithOidc } from "./assume-role-with-oidc";

const stsVersion = "2015-04-01";

export const stsRoutes: readonly RpcRoute[] = [
    { version: stsVersion, operation: "AssumeRole", handle: assumeRole },
    { version: stsVersion, operation: "AssumeRoleWithOIDC", isUnsigned: true, handle: assumeRoleWithOidc },
    { version: stsVersion, operation: "GetCallerIdentity", handle: getCallerIdentity },
];

/** documented: GetCallerIdentity (doc 43767). It needs no permission. */
function getCallerIdentity({ principal }: RpcCall): RpcResult {
    const { accountId, identity } = principal;
    const common = { IdentityType: identity.type, AccountId: accountId, Arn: principalArn(principal) };
    switch (identity.type) {
        case "Account":
            return { ...common, PrincipalId: accountId, UserId: accountId };
        case "RAMUser": {
            const id = ramId("user", accountId, identity.name);
            return { ...common, PrincipalId: id, UserId: id };
        }
        case "AssumedRoleUser": {
            const id = ramId("role", accountId, identity.role);
            return { ...common, PrincipalId: `${id}:${identity.session}`, RoleId: id };
        }
    }
}
