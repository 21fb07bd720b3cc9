import { createHash } from "node:crypto";
import { type EncryptionRule, isSseAlgorithm } from "../cloud/encryption-rule";
import type { Bucket } from "../cloud/state";
import type { HeaderLine } from "../cloud/wire";
import { OssError } from "./errors";
import { KMS_KEY_ID } from "./names";
import type { OssRequest } from "./oss-request";

const ALGORITHM = "x-oss-server-side-encryption";
const KEY_ID = "x-oss-server-side-encryption-key-id";
const DATA_ENCRYPTION = "x-oss-server-side-data-encryption";

export function hasEncryptionHeader(request: OssRequest): boolean {
    return request.header(ALGORITHM) !== undefined;
}

/**
 * The encryption that a request asks for by its own headers, undefined when it asks for none.
 * verified: x-oss-server-side-data-encryption without KMS is taken and has no effect (live test of oss2,
 * test_server_side_encryotion.py).
 * assumed: a key id without KMS is refused as PutBucketEncryption documents it.
 */
export function readEncryptionHeaders(request: OssRequest): EncryptionRule | undefined {
    const sseAlgorithm = request.header(ALGORITHM);
    const keyId = request.header(KEY_ID);
    const dataEncryption = request.header(DATA_ENCRYPTION);
    if (keyId === "") {
        throw new OssError("emptyKeyIdHeader");
    }
    if (sseAlgorithm === undefined) {
        if (keyId !== undefined) {
            throw new OssError("keyIdWithoutKms", [], `${KEY_ID} is only applicable with ${ALGORITHM}: KMS.`);
        }
        return undefined;
    }
    if (!isSseAlgorithm(sseAlgorithm)) {
        throw new OssError("invalidEncryptionAlgorithm");
    }
    if (sseAlgorithm !== "KMS") {
        if (keyId !== undefined) {
            throw new OssError("keyIdWithoutKms", [], `${KEY_ID} is only applicable with ${ALGORITHM}: KMS.`);
        }
        return { sseAlgorithm };
    }
    if (keyId !== undefined && !KMS_KEY_ID.test(keyId)) {
        throw new OssError("invalidArgument", [["ArgumentName", KEY_ID]]);
    }
    if (dataEncryption !== undefined && dataEncryption !== "SM4") {
        throw new OssError("invalidDataEncryption");
    }
    return {
        sseAlgorithm,
        ...(keyId !== undefined && { kmsMasterKeyId: keyId }),
        ...(dataEncryption !== undefined && { kmsDataEncryption: dataEncryption }),
    };
}

/**
 * An object's encryption for good: with KMS and no given key, the key that KMS manages for OSS.
 * verified: an object written so comes back with that key's id in x-oss-server-side-encryption-key-id (oss2
 * tests/common.py takes its key id from there; test_server_side_encryotion.py).
 */
export function resolveObjectEncryption(rule: EncryptionRule, bucket: Bucket): EncryptionRule {
    return rule.sseAlgorithm === "KMS" && rule.kmsMasterKeyId === undefined
        ? { ...rule, kmsMasterKeyId: serviceKeyId(bucket.accountId, bucket.region) }
        : rule;
}

export function encryptionResponseHeaders(encryption: EncryptionRule | undefined): HeaderLine[] {
    if (encryption === undefined) {
        return [];
    }
    const headers: HeaderLine[] = [[ALGORITHM, encryption.sseAlgorithm]];
    if (encryption.kmsDataEncryption !== undefined) {
        headers.push([DATA_ENCRYPTION, encryption.kmsDataEncryption]);
    }
    if (encryption.kmsMasterKeyId !== undefined) {
        headers.push([KEY_ID, encryption.kmsMasterKeyId]);
    }
    return headers;
}

/** assumed: one key per account and region; its id has the documented shape of a UUID and is always the same. */
function serviceKeyId(accountId: string, region: string): string {
    const hex = createHash("sha256").update(`acs/oss ${accountId} ${region}`).digest("hex");
    return hex.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
