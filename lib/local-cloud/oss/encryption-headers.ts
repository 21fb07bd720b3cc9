import { type EncryptionRule, isSseAlgorithm } from "../cloud/encryption-rule";
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
