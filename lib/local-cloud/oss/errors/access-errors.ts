import type { ErrorEntry } from "./error-entry";

/** Rights of the caller. */
export const accessErrors = {
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
    /** documented: http-status-code-403; the text is in common usage. */
    noRightByObjectAcl: {
        status: 403,
        code: "AccessDenied",
        ec: "0003-00000001",
        message: "You have no right to access this object.",
    },
    /** verified: the status and the code (live test of oss2); the text is assumed. */
    paymentRequired: {
        status: 403,
        code: "AccessDenied",
        message: "The bucket's requester has to pay: send the header x-oss-request-payer: requester.",
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
    /** documented: EC page 0003-00000201 with its message, a Deny in a RAM policy. */
    deniedByRamPolicy: {
        status: 403,
        code: "AccessDenied",
        ec: "0003-00000201",
        message: "Access denied by bucket policy.",
    },
    /** documented: EC page 0003-00000202, no Allow in a RAM policy (its sample is PutBucket); the text is assumed. */
    notAllowedByRamPolicy: {
        status: 403,
        code: "AccessDenied",
        ec: "0003-00000202",
        message: "You have no right to perform this operation.",
    },
    /** documented: EC page 0003-00000203, a Deny in the bucket policy and in a RAM policy; the text is assumed. */
    deniedByBothPolicies: {
        status: 403,
        code: "AccessDenied",
        ec: "0003-00000203",
        message: "Access denied by bucket policy.",
    },
    /** documented: EC page 0003-00000101, a Deny in the bucket policy; the text is assumed. */
    deniedByBucketPolicy: {
        status: 403,
        code: "AccessDenied",
        ec: "0003-00000101",
        message: "Access denied by bucket policy.",
    },
    /** documented: EC page 0003-00000301, the policy of a security token; verified: live test of ali-oss (test/node/sts.test.js). */
    deniedBySessionPolicy: {
        status: 403,
        code: "AccessDenied",
        ec: "0003-00000301",
        message: "Access denied by authorizer's policy.",
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
    /** assumed: a guard of this server against DNS rebinding; the real service cannot be reached under such a name. */
    hostForbidden: {
        status: 403,
        code: "AccessDenied",
        message: "This host is not served here: use a loopback address, *.localhost or *.aliyuncs.com.",
    },
} as const satisfies Record<string, ErrorEntry>;
