import { type KmsKey, type KmsKeyState, serviceKeyCreator } from "../../cloud/kms-key";
import { RpcError } from "../rpc-errors";
import { integerParameter, type RpcCall, type RpcResult, type RpcRoute, requiredParameter } from "../rpc-operation";
import { findKey, kmsVersion } from "./key-lookup";

const dayMs = 24 * 3_600_000;

/**
 * documented: Key states (doc 44211). Enabling and disabling need a key that is either; a deletion can be scheduled in
 * any other state than PendingDeletion, and cancelled in that state, which enables the key.
 */
export const kmsKeyStateRoutes: readonly RpcRoute[] = [
    {
        version: kmsVersion,
        operation: "EnableKey",
        handle: (call) => change(call, "EnableKey", ["Enabled", "Disabled"], { state: "Enabled" }),
    },
    {
        version: kmsVersion,
        operation: "DisableKey",
        handle: (call) => change(call, "DisableKey", ["Enabled", "Disabled"], { state: "Disabled" }),
    },
    { version: kmsVersion, operation: "ScheduleKeyDeletion", handle: scheduleKeyDeletion },
    {
        version: kmsVersion,
        operation: "CancelKeyDeletion",
        handle: (call) =>
            change(call, "CancelKeyDeletion", ["PendingDeletion"], { state: "Enabled", deleteDate: undefined }),
    },
];

/** documented: 7 to 366 days (30 on older pages). Then the key is deleted. */
function scheduleKeyDeletion(call: RpcCall): RpcResult {
    requiredParameter(call, "PendingWindowInDays");
    const days = integerParameter(call, "PendingWindowInDays", 0, 7, 366);
    const deleteDate = call.environment.now() + days * dayMs;
    const allowed: KmsKeyState[] = ["Enabled", "Disabled", "PendingImport"];
    return change(call, "ScheduleKeyDeletion", allowed, { state: "PendingDeletion", deleteDate });
}

function change(
    call: RpcCall,
    operation: string,
    allowedIn: readonly KmsKeyState[],
    changes: Pick<KmsKey, "state"> & Partial<KmsKey>,
): RpcResult {
    const name = requiredParameter(call, "KeyId");
    if (name.includes("alias/")) {
        throw new RpcError("invalidParameter", 'The specified parameter "KeyId" is not valid.');
    }
    const key = findKey(call, `kms:${operation}`);
    if (key.creator === serviceKeyCreator) {
        throw new RpcError("unsupportedOperation");
    }
    if (!allowedIn.includes(key.state)) {
        throw new RpcError(refusalIn(key.state));
    }
    call.state.kmsKeys.put({ ...key, ...changes });
    return {};
}

function refusalIn(state: KmsKeyState): "keyPendingDeletion" | "keyPendingImport" | "stateModifiedFailed" {
    switch (state) {
        case "PendingDeletion":
            return "keyPendingDeletion";
        case "PendingImport":
            return "keyPendingImport";
        default:
            return "stateModifiedFailed";
    }
}
