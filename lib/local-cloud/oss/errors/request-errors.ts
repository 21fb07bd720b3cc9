import type { ErrorEntry } from "./error-entry";

/** Any request. */
export const requestErrors = {
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
