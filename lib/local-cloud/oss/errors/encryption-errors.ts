import type { ErrorEntry } from "./error-entry";

/** Encryption and its keys. */
export const encryptionErrors = {
    /** documented: EC page 0005-00000004, doc 185804. */
    noSuchEncryptionRule: {
        status: 404,
        code: "NoSuchServerSideEncryptionRule",
        ec: "0005-00000004",
        message: "The server side encryption configuration was not found.",
    },
    /** documented: EC page 0005-00000003; code verified: live test of oss2 (tests/test_bucket.py). */
    invalidEncryptionAlgorithm: {
        status: 400,
        code: "InvalidEncryptionAlgorithmError",
        ec: "0005-00000003",
        message: "The encryption algorithm specified is not valid. Valid values: AES256, SM4, KMS.",
    },
    /** documented: EC page 0005-00000204; code verified: live test of oss2 (tests/test_bucket.py). */
    keyIdWithoutKms: {
        status: 400,
        code: "InvalidArgument",
        ec: "0005-00000204",
        message: "KMSMasterKeyID is not applicable if the default sse algorithm is not KMS.",
    },
    /** documented: EC page 0005-00000203; the code is assumed. */
    invalidDataEncryption: {
        status: 400,
        code: "InvalidArgument",
        ec: "0005-00000203",
        message: "KMSDataEncryption is not valid. Valid value: SM4.",
    },
    /** documented: EC page 0005-00000205; the code is assumed. */
    emptyKeyIdHeader: {
        status: 400,
        code: "InvalidArgument",
        ec: "0005-00000205",
        message: "The header x-oss-server-side-encryption-key-id is empty.",
    },
    /** documented: EC page 0005-00000002; code verified: live test of oss2 on UploadPart (test_server_side_encryotion.py). */
    encryptionHeaderNotApplicable: {
        status: 400,
        code: "InvalidArgument",
        ec: "0005-00000002",
        message: "The header x-oss-server-side-encryption is not applicable to this operation.",
    },

    /** documented: doc 185804 (404, KeyNotFound); EC page 0005-00000208. */
    kmsKeyNotFound: { status: 404, code: "KeyNotFound", ec: "0005-00000208", message: "The keyId is not found." },
    /** documented: doc 185804 (404, AliasNotFound). */
    kmsAliasNotFound: { status: 404, code: "AliasNotFound", message: "The alias is not found." },
    /** documented: http-status-code-409 (KeyDisabled, with this message); EC page 0005-00000214. */
    kmsKeyDisabled: {
        status: 409,
        code: "KeyDisabled",
        ec: "0005-00000214",
        message: "The request was rejected because the key state is Disabled.",
    },
    /** documented: http-status-code-409 (KeyPendingDeletion); EC page 0005-00000215. */
    kmsKeyPendingDeletion: {
        status: 409,
        code: "KeyPendingDeletion",
        ec: "0005-00000215",
        message: "The request was rejected because the key state is PendingDeletion.",
    },
    /** documented for KMS (doc 44211, 409); assumed: OSS passes it on unchanged. */
    kmsKeyPendingImport: {
        status: 409,
        code: "Rejected.PendingImport",
        message: "The request was rejected because the key state is PendingImport.",
    },
    /** documented: http-status-code-403, "forbidden by kms". */
    kmsForbidden: { status: 403, code: "AccessDenied", message: "This operation is forbidden by kms." },
} as const satisfies Record<string, ErrorEntry>;
