import { defaultRegion } from "../../cloud/bucket";
import { type KmsKey, kmsKeyArn, newKmsKey } from "../../cloud/kms-key";
import { RpcError } from "../rpc-errors";
import { integerParameter, type RpcCall, type RpcResult, type RpcRoute, requirePermission } from "../rpc-operation";
import { findKey, kmsVersion } from "./key-lookup";

export const kmsKeyRoutes: readonly RpcRoute[] = [
    { version: kmsVersion, operation: "CreateKey", handle: createKey },
    { version: kmsVersion, operation: "DescribeKey", handle: describeKey },
    { version: kmsVersion, operation: "ListKeys", handle: listKeys },
];

/** documented: CreateKey, key specs and their usages. */
const keySpecs: Readonly<Record<string, readonly string[]>> = {
    Aliyun_AES_256: ["ENCRYPT/DECRYPT"],
    Aliyun_AES_128: ["ENCRYPT/DECRYPT"],
    Aliyun_AES_192: ["ENCRYPT/DECRYPT"],
    Aliyun_SM4: ["ENCRYPT/DECRYPT"],
    RSA_2048: ["ENCRYPT/DECRYPT", "SIGN/VERIFY"],
    RSA_3072: ["ENCRYPT/DECRYPT", "SIGN/VERIFY"],
    EC_P256: ["SIGN/VERIFY"],
    EC_P256K: ["SIGN/VERIFY"],
    EC_SM2: ["ENCRYPT/DECRYPT", "SIGN/VERIFY"],
};
const keyOrigins: readonly string[] = ["Aliyun_KMS", "EXTERNAL"];
const protectionLevels: readonly string[] = ["SOFTWARE", "HSM"];

/** documented: CreateKey. A key with external material waits for its import. */
function createKey(call: RpcCall): RpcResult {
    const { parameters, state, environment, principal } = call;
    const { region = defaultRegion } = call;
    const { accountId } = principal;
    requirePermission(call, "kms:CreateKey", `acs:kms:${region}:${accountId}:key`, "kmsForbidden");
    const keySpec = parameters.get("KeySpec") ?? "Aliyun_AES_256";
    const usages = Object.hasOwn(keySpecs, keySpec) ? (keySpecs[keySpec] ?? []) : [];
    const keyUsage = parameters.get("KeyUsage") ?? usages[0] ?? "";
    const origin = parameters.get("Origin") ?? "Aliyun_KMS";
    const protectionLevel = parameters.get("ProtectionLevel") ?? "SOFTWARE";
    const description = parameters.get("Description") ?? "";
    const invalid = [
        ["KeySpec", usages.length > 0],
        ["KeyUsage", usages.includes(keyUsage)],
        ["Origin", keyOrigins.includes(origin)],
        ["ProtectionLevel", protectionLevels.includes(protectionLevel)],
        ["Description", description.length <= 8192],
    ].find(([, isValid]) => !isValid);
    if (invalid !== undefined) {
        throw new RpcError("invalidParameter", `The specified parameter "${invalid[0]}" is not valid.`);
    }
    const hex = (environment.newId() + environment.newId()).toLowerCase();
    const key = newKmsKey({
        id: hex.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5"),
        accountId,
        region,
        creationDate: environment.now(),
        state: origin === "EXTERNAL" ? "PendingImport" : "Enabled",
        description,
        keySpec,
        keyUsage,
        origin,
        protectionLevel,
    });
    state.kmsKeys.put(key);
    return { KeyMetadata: metadata(key) };
}

/** documented: DescribeKey. It succeeds in every state of the key (doc 44211). */
function describeKey(call: RpcCall): RpcResult {
    return { KeyMetadata: metadata(findKey(call, "kms:DescribeKey")) };
}

function metadata(key: KmsKey): RpcResult {
    return {
        KeyId: key.id,
        Arn: kmsKeyArn(key),
        KeyState: key.state,
        KeySpec: key.keySpec,
        KeyUsage: key.keyUsage,
        Origin: key.origin,
        ProtectionLevel: key.protectionLevel,
        Creator: key.creator,
        CreationDate: apiTime(key.creationDate),
        Description: key.description,
        DeleteDate: key.deleteDate === undefined ? "" : apiTime(key.deleteDate),
        MaterialExpireTime: "",
        AutomaticRotation: "Disabled",
        DeletionProtection: "Disabled",
        // Keys do not rotate here, so a key has one version.
        PrimaryKeyVersion: key.id,
    };
}

/** documented: ListKeys, 10 to a page by default, 100 at most. */
function listKeys(call: RpcCall): RpcResult {
    const { state, environment, principal, region } = call;
    const { accountId } = principal;
    requirePermission(call, "kms:ListKeys", `acs:kms:${region ?? "*"}:${accountId}:key`, "kmsForbidden");
    if (call.parameters.get("Filters") !== undefined) {
        throw new RpcError("notImplemented", "The local cloud lists keys without Filters only.");
    }
    const { page, ...paging } = paginate(call, state.kmsKeys.list({ accountId, region }, environment.now()));
    return { ...paging, Keys: { Key: page.map((key) => ({ KeyId: key.id, KeyArn: kmsKeyArn(key) })) } };
}

/** documented: PageNumber from 1, PageSize 1 to 100 and 10 by default (ListKeys, ListAliases). */
export function paginate<T>(
    call: RpcCall,
    all: readonly T[],
): { page: readonly T[]; TotalCount: number; PageNumber: number; PageSize: number } {
    const PageNumber = integerParameter(call, "PageNumber", 1, 1, 999_999_999);
    const PageSize = integerParameter(call, "PageSize", 10, 1, 100);
    const page = all.slice((PageNumber - 1) * PageSize, PageNumber * PageSize);
    return { page, TotalCount: all.length, PageNumber, PageSize };
}

/** documented: seconds, in UTC. */
function apiTime(milliseconds: number): string {
    return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}
