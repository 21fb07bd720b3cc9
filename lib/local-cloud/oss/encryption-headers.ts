import { type EncryptionRule, isSseAlgorithm } from "../cloud/encryption-rule";
import type { HeaderLine } from "../cloud/wire";
import { OssError } from "./errors";
import { kmsKeyIdPattern } from "./names";
import type { OssRequest } from "./oss-request";

const algorithmHeader = "x-oss-server-side-encryption";
const keyIdHeader = "x-oss-server-side-encryption-key-id";
const dataEncryptionHeader = "x-oss-server-side-data-encryption";

export function hasEncryptionHeader(request: OssRequest): boolean {
    return request.header(algorithmHeader) !== undefined;
}

/**
 * The encryption in a request's headers; undefined when there is none.
 * verified: x-oss-server-side-data-encryption without KMS is accepted and has no effect (live test of oss2,
 * test_server_side_encryotion.py).
 * verified: a key id beside another algorithm has no effect (live test of ossutil, set_meta_test.go). assumed: a key id
 * alone is refused.
 */
export function readEncryptionHeaders(request: OssRequest): EncryptionRule | undefined {
    const sseAlgorithm = request.header(algorithmHeader);
    const keyId = request.header(keyIdHeader);
    const dataEncryption = request.header(dataEncryptionHeader);
    if (keyId === "") {
        throw new OssError("emptyKeyIdHeader");
    }
    if (sseAlgorithm === undefined) {
        if (keyId !== undefined) {
            throw new OssError(
                "keyIdWithoutKms",
                [],
                `${keyIdHeader} is only applicable with ${algorithmHeader}: KMS.`,
            );
        }
        return undefined;
    }
    if (!isSseAlgorithm(sseAlgorithm)) {
        throw new OssError("invalidEncryptionAlgorithm");
    }
    if (sseAlgorithm !== "KMS") {
        return { sseAlgorithm };
    }
    if (keyId !== undefined && !kmsKeyIdPattern.test(keyId)) {
        throw new OssError("invalidArgument", [["ArgumentName", keyIdHeader]]);
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
    const headers: HeaderLine[] = [[algorithmHeader, encryption.sseAlgorithm]];
    if (encryption.kmsDataEncryption !== undefined) {
        headers.push([dataEncryptionHeader, encryption.kmsDataEncryption]);
    }
    if (encryption.kmsMasterKeyId !== undefined) {
        headers.push([keyIdHeader, encryption.kmsMasterKeyId]);
    }
    return headers;
}
