interface ErrorEntry {
    readonly status: number;
    readonly code: string;
    readonly message: string;
}

/** Every error of the RPC-style services. The comments mark each as in `../oss/errors.ts`. */
export const rpcErrors = {
    // Any service. documented: Common errors of RPC APIs; the statuses are those in common usage.
    missingParameter: { status: 400, code: "MissingParameter", message: "A mandatory parameter is missing." },
    missingAccessKeyId: {
        status: 400,
        code: "MissingAccessKeyId",
        message: "AccessKeyId is mandatory for this action.",
    },
    invalidParameter: { status: 400, code: "InvalidParameter", message: "The specified parameter is not valid." },
    invalidVersion: { status: 400, code: "InvalidVersion", message: "Specified parameter Version is not valid." },
    unsupportedHttpMethod: {
        status: 403,
        code: "UnsupportedHTTPMethod",
        message: "This http method is not supported.",
    },
    incompleteSignature: {
        status: 400,
        code: "IncompleteSignature",
        message: "The request signature does not conform to Aliyun standards.",
    },
    signatureDoesNotMatch: {
        status: 400,
        code: "SignatureDoesNotMatch",
        message: "Specified signature is not matched with our calculation. server string to sign is:",
    },
    nonceUsed: { status: 400, code: "SignatureNonceUsed", message: "Specified signature nonce was used already." },
    invalidTimestampFormat: {
        status: 400,
        code: "InvalidTimeStamp.Format",
        message: "Specified time stamp or date value is not well formatted.",
    },
    timestampExpired: {
        status: 400,
        code: "InvalidTimeStamp.Expired",
        message: "Specified time stamp or date value is expired.",
    },
    /** documented: doc 42775, doc 69008 (404). */
    accessKeyNotFound: {
        status: 404,
        code: "InvalidAccessKeyId.NotFound",
        message: "Specified access key is not found.",
    },
    /** documented: doc 42775. */
    missingSecurityToken: {
        status: 400,
        code: "MissingSecurityToken",
        message: "SecurityToken is mandatory for this action.",
    },
    securityTokenMalformed: {
        status: 400,
        code: "InvalidSecurityToken.Malformed",
        message: "Specified SecurityToken is malformed.",
    },
    securityTokenMismatch: {
        status: 400,
        code: "InvalidSecurityToken.MismatchWithAccessKey",
        message: "Specified SecurityToken mismatch with the AccessKey.",
    },
    securityTokenExpired: {
        status: 400,
        code: "InvalidSecurityToken.Expired",
        message: "Specified SecurityToken is expired.",
    },
    requestTooLarge: { status: 413, code: "RequestEntityTooLarge", message: "The request is too large." },
    notImplemented: { status: 501, code: "NotImplemented", message: "The local cloud has no such operation." },
    internalError: { status: 500, code: "InternalError", message: "The request processing has failed." },

    // STS. documented: AssumeRole (doc 371864, doc 42775).
    noPermission: {
        status: 403,
        code: "NoPermission",
        message: "You are not authorized to do this action. You should be authorized by RAM.",
    },
    roleNotFound: { status: 404, code: "EntityNotExist.Role", message: "The specified Role not exists." },
    invalidRoleArn: {
        status: 400,
        code: "InvalidParameter.RoleArn",
        message: "The parameter RoleArn is wrongly formed.",
    },
    invalidSessionName: {
        status: 400,
        code: "InvalidParameter.RoleSessionName",
        message: "The parameter RoleSessionName is wrongly formed.",
    },
    invalidPolicy: {
        status: 400,
        code: "InvalidParameter.PolicyGrammar",
        message: "The parameter Policy has not passed grammar check.",
    },
    invalidPolicySize: {
        status: 400,
        code: "InvalidParameter.PolicySize",
        message: "The size of Policy must be smaller than 2048 bytes.",
    },
    invalidDuration: {
        status: 400,
        code: "InvalidParameter.DurationSeconds",
        message: "The Min/Max value of DurationSeconds is 15min/1hr.",
    },

    // AssumeRoleWithOIDC. documented: doc 371866; the statuses are assumed.
    invalidOidcProviderArn: {
        status: 400,
        code: "InvalidParameter.OIDCProviderArn",
        message: "The parameter OIDCProviderArn is wrongly formed.",
    },
    oidcProviderNotFound: {
        status: 404,
        code: "EntityNotExist.OIDCProvider",
        message: "The specified OIDC provider does not exist.",
    },
    invalidOidcToken: {
        status: 400,
        code: "InvalidParameter.OIDCToken",
        message: "The parameter OIDCToken is wrongly formed.",
    },
    oidcTokenExpired: {
        status: 400,
        code: "AuthenticationFail.OIDCToken.Expired",
        message: "This OIDC token is expired.",
    },
    oidcSignatureInvalid: {
        status: 400,
        code: "AuthenticationFail.OIDCToken.SignatureInvalid",
        message: "The signature of this OIDC token is not valid.",
    },
    oidcIssuerMismatch: {
        status: 400,
        code: "AuthenticationFail.OIDCToken.IssuerMismatch",
        message: "The issuer of this OIDC token is not the issuer of the provider.",
    },
    oidcAudienceMismatch: {
        status: 400,
        code: "AuthenticationFail.OIDCToken.AudienceMismatch",
        message: "The audience of this OIDC token is not a client id of the provider.",
    },

    // KMS. documented: doc 69008, doc 44211.
    kmsForbidden: {
        status: 403,
        code: "Forbidden.NoPermission",
        message: "This operation is forbidden by permission system.",
    },
    /** assumed: the answer of a gateway to an operation that it does not have (Common errors). */
    notOnDedicatedGateway: {
        status: 404,
        code: "InvalidAction.NotFound",
        message:
            "Specified api is not found, please check your url and method. The dedicated gateway of a KMS instance does not manage keys.",
    },
    keyNotFound: { status: 404, code: "Forbidden.KeyNotFound", message: "The specified Key is not found." },
    aliasNotFound: { status: 404, code: "Forbidden.AliasNotFound", message: "The specified Alias is not found." },
    aliasAlreadyExists: { status: 400, code: "AliasAlreadyExists", message: "AliasName Already Exists." },
    unsupportedOperation: {
        status: 400,
        code: "UnsupportedOperation",
        message: "This action is not supported on this key.",
    },
    keyPendingDeletion: {
        status: 409,
        code: "Rejected.PendingDeletion",
        message: "The request was rejected because the key state is PendingDeletion.",
    },
    keyPendingImport: {
        status: 409,
        code: "Rejected.PendingImport",
        message: "The request was rejected because the key state is PendingImport.",
    },
    /** assumed: no page names the code for a change that the key's state does not allow. */
    stateModifiedFailed: {
        status: 409,
        code: "Rejected.StateModifiedFailed",
        message: "Keystate modified failed.",
    },
} as const satisfies Record<string, ErrorEntry>;

/** documented: the codes (doc 42775, doc 69008). assumed: their statuses, of which a fault chooses one. */
export const rpcThrottling = {
    503: {
        status: 503,
        code: "ServiceUnavailable",
        message: "The request has failed due to a temporary failure of the server.",
    },
    429: { status: 429, code: "Throttling.User", message: "Request was denied due to user flow control." },
} as const satisfies Record<number, ErrorEntry>;

/** Ends the handling of a request with one of the errors. */
export class RpcError extends Error {
    readonly entry: ErrorEntry;

    /** @param message replaces the usual text with a more precise one */
    constructor(name: keyof typeof rpcErrors, message?: string) {
        const entry: ErrorEntry = rpcErrors[name];
        super(message ?? entry.message);
        this.entry = entry;
    }
}
