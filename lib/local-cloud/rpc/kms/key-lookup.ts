import { type KmsKey, kmsKeyArn } from "../../cloud/kms-key";
import { RpcError } from "../rpc-errors";
import { type RpcCall, requiredParameter, requirePermission } from "../rpc-operation";

export const kmsVersion = "2016-01-20";

/**
 * The key that KeyId names, if the caller has the permission.
 * documented: an id, and on some pages an alias or an ARN; the caller of an alias needs rights on the key (Key
 * aliases).
 * @throws RpcError
 */
export function findKey(call: RpcCall, action: string): KmsKey {
    const { state, environment, principal, region } = call;
    const name = requiredParameter(call, "KeyId");
    const key = state.kmsKeys.find(name, { accountId: principal.accountId, region }, environment.now());
    if (key === undefined) {
        throw new RpcError(/(^|:)alias\//.test(name) ? "aliasNotFound" : "keyNotFound");
    }
    if (key.accountId !== principal.accountId) {
        throw new RpcError("kmsForbidden");
    }
    requirePermission(call, action, kmsKeyArn(key), "kmsForbidden");
    return key;
}
