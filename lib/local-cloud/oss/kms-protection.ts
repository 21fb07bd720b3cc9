import { createHash } from "node:crypto";
import type { Bucket } from "../cloud/bucket";
import type { EncryptionRule } from "../cloud/encryption-rule";
import { kmsKeyArn, newKmsKey, serviceKeyCreator } from "../cloud/kms-key";
import { isAllowed } from "../ram/decision";
import { OssError } from "./errors";
import type { OperationCall } from "./operation";

type Call = Pick<OperationCall, "state" | "environment" | "principal">;
type KmsAction = "kms:GenerateDataKey" | "kms:Decrypt";

/**
 * The encryption of a new object. With KMS and no given key it is the key that KMS manages for OSS.
 * verified: an object that is written so is read with that key's id in x-oss-server-side-encryption-key-id (oss2
 * tests/common.py takes its key id from there; test_server_side_encryotion.py).
 * @param rule undefined is no encryption
 * @throws OssError when the key cannot be used
 */
export function encryptionForWriting(
    call: Call,
    bucket: Bucket,
    rule: EncryptionRule | undefined,
): EncryptionRule | undefined {
    if (rule?.sseAlgorithm === "KMS" && rule.kmsMasterKeyId === undefined) {
        return { ...rule, kmsMasterKeyId: serviceKeyId(call, bucket) };
    }
    requireUsableKey(call, bucket, rule, "kms:GenerateDataKey");
    return rule;
}

/**
 * Checks that the key that an encryption names can be used.
 * documented: an upload fails with a key that KMS does not have, has disabled, or does not let the caller use (doc
 * 185804; EC pages 0005-00000208, 0214; http-status-code-403); users need kms:GenerateDataKey to write and kms:Decrypt
 * to read (server-side-encryption).
 * assumed: reading fails in the same ways; the key has to be in the bucket's region and account; the service's key
 * needs no rights.
 */
export function requireUsableKey(
    { state, environment, principal }: Call,
    bucket: Bucket,
    encryption: EncryptionRule | undefined,
    action: KmsAction,
): void {
    const name = encryption?.kmsMasterKeyId;
    if (name === undefined) {
        return;
    }
    const { accountId, region } = bucket;
    const key = state.kmsKeys.find(name, { accountId, region }, environment.now());
    if (key === undefined || key.region !== region) {
        throw new OssError(/(^|:)alias\//.test(name) ? "kmsAliasNotFound" : "kmsKeyNotFound");
    }
    const permission = { action, resources: [kmsKeyArn(key)] };
    const mayUse = principal === undefined || key.creator === serviceKeyCreator || isAllowed(principal, permission);
    if (key.accountId !== accountId || !mayUse) {
        throw new OssError("kmsForbidden", [["AuthAction", action]]);
    }
    switch (key.state) {
        case "Enabled":
            return;
        case "Disabled":
            throw new OssError("kmsKeyDisabled");
        case "PendingDeletion":
            throw new OssError("kmsKeyPendingDeletion");
        case "PendingImport":
            throw new OssError("kmsKeyPendingImport");
    }
}

/**
 * Creates the key at its first use.
 * documented: alias/acs/oss (Key aliases).
 * assumed: one key per account and region; its id has the documented shape of a UUID and is always the same.
 */
function serviceKeyId({ state, environment }: Call, { accountId, region }: Bucket): string {
    const hex = createHash("sha256").update(`acs/oss ${accountId} ${region}`).digest("hex");
    const id = hex.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
    const now = environment.now();
    if (state.kmsKeys.find(id, { accountId, region }, now) === undefined) {
        const aliases = ["alias/acs/oss"];
        const creator = serviceKeyCreator;
        state.kmsKeys.put(newKmsKey({ id, accountId, region, creationDate: now, creator, aliases }));
    }
    return id;
}
