interface ErrorEntry {
    readonly status: number;
    readonly code: string;
    /** The fine-grained code, where a source gives one. None is invented: where it is missing, the response has none. */
    readonly ec?: string;
    readonly message: string;
}

/**
 * Every error that this server answers with. The comments tell how far each is known:
 * documented (page), verified (who saw the real service answer so), assumed.
 */
export const OSS_ERRORS = {
    // Authentication.
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
    /** assumed: code and text in common usage; the ECs of the sheet are not confirmed. */
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
        message: "Bucket operations can't be called with a V1 signed URL.",
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
    /** assumed: the name in common usage. */
    securityTokenExpired: {
        status: 403,
        code: "SecurityTokenExpired",
        message: "The security token you provided has expired.",
    },

    // Access.
    /** verified: alibabacloud-oss-go-sdk-v2#73 (text and EC). */
    notBucketOwner: {
        status: 403,
        code: "AccessDenied",
        ec: "0003-00000001",
        message: "The bucket you access does not belong to you.",
    },
    /** documented: doc 32005 (EC of its sample); text verified: zfile#62 and many more. */
    noRightToObject: {
        status: 403,
        code: "AccessDenied",
        ec: "0003-00000001",
        message: "You have no right to access this object because of bucket acl.",
    },
    /** documented: http-status-code-403. */
    anonymousBucketAccess: {
        status: 403,
        code: "AccessDenied",
        ec: "0003-00000001",
        message: "Anonymous user has no right to access this bucket.",
    },
    /** verified: aliyun/ossfs#81 (text). */
    anonymousForbidden: {
        status: 403,
        code: "AccessDenied",
        ec: "0003-00000001",
        message: "Anonymous access is forbidden for this operation.",
    },
    /** documented: EC page 0003-00000201, a Deny in a policy. */
    deniedByPolicy: {
        status: 403,
        code: "AccessDenied",
        ec: "0003-00000201",
        message: "You have no right to access this object because of an explicit deny in a policy.",
    },
    /** documented: http-status-code-403 (RAM users need a policy that allows the action); the text is in common usage. */
    noPermission: {
        status: 403,
        code: "AccessDenied",
        ec: "0003-00000001",
        message: "You have no right to access this object because of bucket acl.",
    },
    /** documented: http-status-code-403; elements Bucket and Endpoint verified: CQHui/oss_upload#2. */
    wrongEndpoint: {
        status: 403,
        code: "AccessDenied",
        message:
            "The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.",
    },
    /** verified: live tests of oss2 (tests/test_bucket.py) and aliyun-oss-go-sdk; vesoft-inc/nebula-br#62. */
    secondLevelDomainForbidden: {
        status: 403,
        code: "SecondLevelDomainForbidden",
        message: "The bucket you are attempting to access must be addressed using OSS third level domain.",
    },
    /** assumed: a guard of this server against DNS rebinding; the real service can't be reached under such a name. */
    hostForbidden: {
        status: 403,
        code: "AccessDenied",
        message: "This host is not served here: use a loopback address, *.localhost or *.aliyuncs.com.",
    },

    // Buckets.
    /** documented: EC 0015-00000101 in the fixtures of the official SDKs. */
    noSuchBucket: {
        status: 404,
        code: "NoSuchBucket",
        ec: "0015-00000101",
        message: "The specified bucket does not exist.",
    },
    /** documented: PutBucket (doc 31959), another owner's name. */
    bucketAlreadyExists: {
        status: 409,
        code: "BucketAlreadyExists",
        ec: "0015-00000104",
        message:
            "The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.",
    },
    /** documented: DeleteBucket; EC in the fixtures of the official SDKs. */
    bucketNotEmpty: {
        status: 409,
        code: "BucketNotEmpty",
        ec: "0015-00000301",
        message: "The bucket has objects. Please delete them first.",
    },
    /** documented: doc 185228. */
    invalidBucketName: { status: 400, code: "InvalidBucketName", message: "The specified bucket is not valid." },

    /** documented: PutBucketTagging, its limits; the code is assumed from oss2 exceptions.py and PutObjectTagging. */
    invalidTag: { status: 400, code: "InvalidTag", message: "The tags you provided are not valid." },

    // What no bucket here has. documented: the codes and messages of HTTP 404 (doc 185804); no source gives an EC.
    noSuchCorsConfiguration: {
        status: 404,
        code: "NoSuchCORSConfiguration",
        message: "The CORS Configuration does not exist.",
    },
    noSuchLifecycle: { status: 404, code: "NoSuchLifecycle", message: "No Row found in Lifecycle Table." },
    noSuchBucketPolicy: {
        status: 404,
        code: "NoSuchBucketPolicy",
        message: "The specified bucket policy does not exist.",
    },
    noSuchTransferAcceleration: {
        status: 404,
        code: "NoSuchTransferAccelerationConfiguration",
        message: "The bucket you specified does not have transfer acceleration configuration.",
    },
    noSuchWebsiteConfiguration: {
        status: 404,
        code: "NoSuchWebsiteConfiguration",
        message: "The specified bucket does not have a website configuration.",
    },

    // Encryption.
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
    /** documented for KMS (doc 44211, 409); assumed to come through OSS as it is. */
    kmsKeyPendingImport: {
        status: 409,
        code: "Rejected.PendingImport",
        message: "The request was rejected because the key state is PendingImport.",
    },
    /** documented: http-status-code-403, "forbidden by kms". */
    kmsForbidden: { status: 403, code: "AccessDenied", message: "This operation is forbidden by kms." },

    // Objects.
    /** documented: doc 185804 and oss2 exceptions.py (ObjectNotAppendable, PositionNotEqualToLength). */
    objectNotAppendable: { status: 409, code: "ObjectNotAppendable", message: "The object is not appendable." },
    positionNotEqualToLength: {
        status: 409,
        code: "PositionNotEqualToLength",
        message: "Position is not equal to file length.",
    },
    /** documented: PutObject, x-oss-forbid-overwrite. */
    fileAlreadyExists: {
        status: 409,
        code: "FileAlreadyExists",
        message: "The object you specified already exists and can not be overwritten.",
    },
    /** documented: GetObject, If-Match and If-Unmodified-Since. */
    preconditionFailed: {
        status: 412,
        code: "PreconditionFailed",
        message: "At least one of the pre-conditions you specified did not hold.",
    },
    /** documented: GetObject, x-oss-range-behavior: standard. */
    invalidRange: { status: 416, code: "InvalidRange", message: "The requested range cannot be satisfied." },
    /** documented: UploadPart, CompleteMultipartUpload and oss2 exceptions.py. */
    noSuchUpload: {
        status: 404,
        code: "NoSuchUpload",
        message:
            "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
    },
    invalidPart: {
        status: 400,
        code: "InvalidPart",
        message:
            "One or more of the specified parts could not be found or the specified entity tag might not have matched the part's entity tag.",
    },
    invalidPartOrder: {
        status: 400,
        code: "InvalidPartOrder",
        message: "The list of parts was not in ascending order. Parts list must be specified in order by part number.",
    },
    entityTooSmall: {
        status: 400,
        code: "EntityTooSmall",
        message: "Your proposed upload is smaller than the minimum allowed object size.",
    },
    /** verified: live test of oss2 (tests/test_exception_ec.py). */
    noSuchKey: { status: 404, code: "NoSuchKey", ec: "0026-00000001", message: "The specified key does not exist." },
    /** verified: live test of oss2 (tests/test_object.py). */
    invalidObjectName: { status: 400, code: "InvalidObjectName", message: "The specified object name is not valid." },

    // Any request.
    /** documented: EC 0016-00000608 in the fixtures of the official SDKs. */
    malformedXml: {
        status: 400,
        code: "MalformedXML",
        ec: "0016-00000608",
        message: "The XML you provided was not well-formed or did not validate against our published schema.",
    },
    /** documented: the code, doc 32005 and oss2 exceptions.py. */
    invalidDigest: {
        status: 400,
        code: "InvalidDigest",
        message: "The Content-MD5 you specified was invalid.",
    },
    /** documented: the code and the status, list of error codes (developer.aliyun.com/ask/213834). */
    entityTooLarge: {
        status: 400,
        code: "EntityTooLarge",
        message: "Your proposed upload exceeds the maximum allowed size.",
    },
    /** documented: the code, doc 32005. */
    invalidArgument: { status: 400, code: "InvalidArgument", message: "Invalid argument." },
    /** documented: http-status-code-405. */
    methodNotAllowed: {
        status: 405,
        code: "MethodNotAllowed",
        message: "The specified method is not allowed against this resource.",
    },
    /** documented: the code, list of error codes and oss2 exceptions.py. */
    notImplemented: {
        status: 501,
        code: "NotImplemented",
        message: "A header or parameter you provided implies functionality that is not implemented.",
    },
    /** documented: the code, doc 32005. A defect of this server. */
    internalError: {
        status: 500,
        code: "InternalError",
        message: "We encountered an internal error. Please try again.",
    },
} as const satisfies Record<string, ErrorEntry>;

/** documented: http-status-code-503 (bucket management), 429-error. This server answers so only when it is asked to. */
export const THROTTLING = {
    503: {
        status: 503,
        code: "MetaOperationQpsLimitExceeded",
        message: "The number of meta operations per second exceeds the limit of the account.",
    },
    429: { status: 429, code: "QpsLimitExceeded", message: "Please reduce your request rate." },
} as const satisfies Record<number, ErrorEntry>;

export type OssErrorName = keyof typeof OSS_ERRORS;

/** Elements of the error document beside the common ones, in order. */
export type ErrorDetails = readonly (readonly [element: string, text: string])[];

/** Ends the handling of a request: its response is this error's document. */
export class OssError extends Error {
    readonly entry: ErrorEntry;

    /** @param message replaces the usual text where it can tell more */
    constructor(
        name: OssErrorName,
        readonly details: ErrorDetails = [],
        message?: string,
    ) {
        const entry: ErrorEntry = OSS_ERRORS[name];
        super(message ?? entry.message);
        this.entry = entry;
    }
}
