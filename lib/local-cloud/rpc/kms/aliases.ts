import { defaultRegion } from "../../cloud/bucket";
import { type KmsKey, kmsKeyArn } from "../../cloud/kms-key";
import { RpcError } from "../rpc-errors";
import { type RpcCall, type RpcResult, type RpcRoute, requiredParameter, requirePermission } from "../rpc-operation";
import { findKey, kmsVersion } from "./key-lookup";
import { paginate } from "./keys";

export const kmsAliasRoutes: readonly RpcRoute[] = [
    { version: kmsVersion, operation: "CreateAlias", handle: createAlias },
    { version: kmsVersion, operation: "UpdateAlias", handle: updateAlias },
    { version: kmsVersion, operation: "DeleteAlias", handle: deleteAlias },
    { version: kmsVersion, operation: "ListAliases", handle: listAliases },
    { version: kmsVersion, operation: "ListAliasesByKeyId", handle: listAliasesByKeyId },
];

/** documented: CreateAlias: unique in the account and region. */
function createAlias(call: RpcCall): RpcResult {
    const alias = readAlias(call);
    const key = findKey(call, "kms:CreateAlias");
    requireAliasPermission(call, "kms:CreateAlias", alias, key.region);
    if (ownerOf(call, alias, key.region) !== undefined) {
        throw new RpcError("aliasAlreadyExists");
    }
    call.state.kmsKeys.put({ ...key, aliases: [...key.aliases, alias] });
    return {};
}

/** documented: UpdateAlias: moves an existing alias to another key. */
function updateAlias(call: RpcCall): RpcResult {
    const alias = readAlias(call);
    const key = findKey(call, "kms:UpdateAlias");
    requireAliasPermission(call, "kms:UpdateAlias", alias, key.region);
    const owner = ownerOf(call, alias, key.region);
    if (owner === undefined) {
        throw new RpcError("aliasNotFound");
    }
    if (owner.id !== key.id) {
        call.state.kmsKeys.put(without(owner, alias));
        call.state.kmsKeys.put({ ...key, aliases: [...key.aliases, alias] });
    }
    return {};
}

/** documented: DeleteAlias; the key stays. */
function deleteAlias(call: RpcCall): RpcResult {
    const alias = readAlias(call);
    const owner = ownerOf(call, alias, call.region);
    requireAliasPermission(call, "kms:DeleteAlias", alias, owner?.region ?? call.region ?? defaultRegion);
    if (owner === undefined) {
        throw new RpcError("aliasNotFound");
    }
    call.state.kmsKeys.put(without(owner, alias));
    return {};
}

function listAliases(call: RpcCall): RpcResult {
    const { state, environment, principal, region } = call;
    const { accountId } = principal;
    requirePermission(call, "kms:ListAliases", `acs:kms:${region ?? "*"}:${accountId}:alias`, "kmsForbidden");
    return aliasPage(call, state.kmsKeys.list({ accountId, region }, environment.now()));
}

function listAliasesByKeyId(call: RpcCall): RpcResult {
    return aliasPage(call, [findKey(call, "kms:ListAliasesByKeyId")]);
}

function aliasPage(call: RpcCall, keys: readonly KmsKey[]): RpcResult {
    const all = keys
        .flatMap((key) => key.aliases.map((alias) => ({ alias, key })))
        .sort((a, b) => (a.alias < b.alias ? -1 : 1));
    const { page, ...paging } = paginate(call, all);
    const Alias = page.map(({ alias, key }) => ({
        KeyId: key.id,
        AliasName: alias,
        AliasArn: kmsKeyArn(key).replace(/key\/.*$/, alias),
    }));
    return { ...paging, Aliases: { Alias } };
}

/** documented: Key aliases; `alias/acs/…` is reserved for the services' own keys. */
function readAlias(call: RpcCall): string {
    const alias = requiredParameter(call, "AliasName");
    if (!/^alias\/[\w/-]{1,255}$/.test(alias) || alias.startsWith("alias/acs/")) {
        throw new RpcError("invalidParameter", 'The specified parameter "AliasName" is not valid.');
    }
    return alias;
}

function ownerOf({ state, environment, principal }: RpcCall, alias: string, region: string | undefined) {
    return state.kmsKeys.find(alias, { accountId: principal.accountId, region }, environment.now());
}

function requireAliasPermission(call: RpcCall, action: string, alias: string, region: string): void {
    requirePermission(call, action, `acs:kms:${region}:${call.principal.accountId}:${alias}`, "kmsForbidden");
}

function without(key: KmsKey, alias: string): KmsKey {
    return { ...key, aliases: key.aliases.filter((other) => other !== alias) };
}
