import type { ErrorEntry } from "./error-entry";

/** Credentials and signatures. */
export const authenticationErrors = {
    /** documented: EC page 0002-00000040, doc 108790. */
    signatureDoesNotMatchV1: {
        status: 403,
        code: "SignatureDoesNotMatch",
        ec: "0002-00000040",
        message:
            "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
    },
    /** documented: EC page 0002-00000201. */
    signatureDoesNotMatchV4: {
        status: 403,
        code: "SignatureDoesNotMatch",
        ec: "0002-00000201",
        message:
            "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
    },
    /** verified: fixtures of alibabacloud-oss-v2, tests/unit/operations. */
    invalidAccessKeyId: {
        status: 403,
        code: "InvalidAccessKeyId",
        ec: "0002-00000902",
        message: "The OSS Access Key Id you provided does not exist in our records.",
    },
    /** verified: live test of oss2, tests/test_exception_ec.py; alibabacloud-oss-go-sdk-v2#29. */
    invalidSigningRegion: {
        status: 400,
        code: "InvalidArgument",
        ec: "0002-00000226",
        message: "Invalid signing region in Authorization header.",
    },
    /** verified: alibabacloud-oss-python-sdk-v2#74. */
    invalidSigningProduct: {
        status: 400,
        code: "InvalidArgument",
        ec: "0002-00000227",
        message: "Invalid signing product in Authorization header.",
    },
    /** documented: EC page 0002-00000212; status and code assumed from its neighbours. */
    invalidSigningDate: {
        status: 400,
        code: "InvalidArgument",
        ec: "0002-00000212",
        message: "Invalid signing date in Authorization header.",
    },
    /** documented: EC page 0002-00000213; status and code assumed from its neighbours. */
    invalidSigningTerminator: {
        status: 400,
        code: "InvalidArgument",
        ec: "0002-00000213",
        message: "Invalid credential terminator in Authorization header; it must be aliyun_v4_request.",
    },
    /** documented: EC page 0002-00000209; status and code assumed from its neighbours. */
    emptyAdditionalHeaders: {
        status: 400,
        code: "InvalidArgument",
        ec: "0002-00000209",
        message: "AdditionalHeaders in Authorization header is empty.",
    },
    /** verified: the status (live test of alibabacloud-oss-go-sdk-v2); code and text are assumed. */
    additionalHeaderMissing: {
        status: 400,
        code: "InvalidArgument",
        message: "A header that AdditionalHeaders names is missing from the request.",
    },
    /** verified: developer.aliyun.com/ask/2590. */
    malformedAuthorization: {
        status: 400,
        code: "InvalidArgument",
        message: "Authorization header is invalid.",
    },
    /** documented: V4 takes UNSIGNED-PAYLOAD only (recommend-to-use-signature-version-4); the error itself is assumed. */
    unsupportedPayloadHash: {
        status: 400,
        code: "InvalidArgument",
        message: "x-oss-content-sha256 must be UNSIGNED-PAYLOAD.",
    },
    /** documented: EC page 0002-00000503; verified: developer.aliyun.com/ask/2590. */
    noValidDate: {
        status: 403,
        code: "AccessDenied",
        ec: "0002-00000503",
        message: "OSS authentication requires a valid Date.",
    },
    /** documented: EC page 0002-00000504, more than 15 minutes. */
    requestTimeTooSkewed: {
        status: 403,
        code: "RequestTimeTooSkewed",
        ec: "0002-00000504",
        message: "The difference between the request time and the current time is too large.",
    },
    /** assumed: code and text are in common usage. No source gives an EC. */
    requestExpired: { status: 403, code: "AccessDenied", message: "Request has expired." },
    /** documented: 604,800 seconds at most (alibabacloud-oss-go-sdk-v2 client_presign.go); the error itself is assumed. */
    invalidExpires: {
        status: 400,
        code: "InvalidArgument",
        message: "x-oss-expires must be a number of seconds from 1 to 604800.",
    },
    /** documented: EC page 0002-00000079. */
    signedUrlOfBucket: {
        status: 403,
        code: "AccessDenied",
        ec: "0002-00000079",
        message: "Bucket operations cannot be called with a V1 signed URL.",
    },
    /** documented: EC page 0002-00000006, list of 403 errors. */
    invalidSecurityToken: {
        status: 403,
        code: "InvalidSecurityToken",
        ec: "0002-00000006",
        message: "The security token you provided is invalid.",
    },
    /** documented: list of 403 errors. */
    securityTokenNotMatch: {
        status: 403,
        code: "AccessKeyIdAndSecurityTokenNotMatch",
        message: "The access key id and the security token you provided do not match.",
    },
    /** assumed: the code is in common usage. */
    securityTokenExpired: {
        status: 403,
        code: "SecurityTokenExpired",
        message: "The security token you provided has expired.",
    },
} as const satisfies Record<string, ErrorEntry>;
