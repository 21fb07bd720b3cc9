import type { ErrorKind, ServiceAnswer } from "../../errors";
import { ownEntry } from "../../text";
import { commonReason, type Diagnosis, failureSentence, kindOfCode, leavesOpen } from "../shared/diagnosis";
import { printableAnswer, printableText } from "../shared/printable-text";
import type { RequestLimits } from "../shared/request-limits";
import { connectionFault } from "./connection-fault";
import { S3ServiceError } from "./s3-service-error";

/** The requests about rules, proof objects and buckets: the name in messages, and the action that a policy grants. */
const s3Operations = {
    get: { aim: "read the default encryption rule", action: "s3:GetEncryptionConfiguration" },
    put: { aim: "write the default encryption rule", action: "s3:PutEncryptionConfiguration" },
    delete: { aim: "remove the default encryption rule", action: "s3:PutEncryptionConfiguration" },
    putProof: { aim: "write the object that proves the rule", action: "s3:PutObject" },
    getProof: { aim: "read the object that proves the rule", action: "s3:GetObject" },
    deleteProof: { aim: "delete the object that proves the rule", action: "s3:DeleteObject" },
    putObject: { aim: "write an object of the rollout's shared place", action: "s3:PutObject" },
    getObject: { aim: "read an object of the rollout's shared place", action: "s3:GetObject" },
    list: { aim: "list the buckets of the account", action: "s3:ListAllMyBuckets" },
    locate: { aim: "find out the bucket's region", action: "s3:ListBucket" },
    tags: { aim: "read the bucket's tags", action: "s3:GetBucketTagging" },
} as const;

const readings: ReadonlySet<S3Operation> = new Set(["get", "getProof", "getObject", "list", "locate", "tags"]);

export type S3Operation = keyof typeof s3Operations;

/** What is to be done, and with what. */
export interface S3Request {
    readonly operation: S3Operation;
    /** What is sent, where that differs from what it is sent for: a reading before a write. */
    readonly sent?: S3Operation;
    /** Left out for a request about the account. */
    readonly bucket?: string;
    readonly object?: string;
}

/** The request that failed. */
export interface FailedS3Request extends S3Request {
    readonly region: string;
    readonly endpoint: string | undefined;
    /** The account that has to own the bucket, where that was said. */
    readonly expectedBucketOwner: string | undefined;
    /** What must not be shown even if the service repeats it. */
    readonly secrets: readonly string[];
    /** The limits of the operation. */
    readonly limits: Pick<RequestLimits, "attempts" | "totalMilliseconds">;
}

/** What the SDK throws, as far as it is looked at; everything in it may be missing. */
interface SdkError {
    readonly name?: unknown;
    readonly Code?: unknown;
    readonly message?: unknown;
    readonly Region?: unknown;
    readonly RequestId?: unknown;
    readonly HostId?: unknown;
    readonly $metadata?: {
        readonly httpStatusCode?: number;
        readonly requestId?: string;
        readonly extendedRequestId?: string;
        readonly attempts?: number;
    };
    readonly $response?: { readonly headers?: Readonly<Record<string, string>>; readonly statusCode?: number };
}

/** What ended a request before it was sent: the services that the SDK asks for credentials answer with errors of the same form. */
export class NoCredentials extends Error {
    constructor(override readonly cause: unknown) {
        super();
    }
}

/**
 * Turns what the SDK threw into the one error type of this adapter. The service's code decides; where it is unknown the HTTP
 * status gives the kind, but never an absence: only `ServerSideEncryptionConfigurationNotFoundError` and `NoSuchBucket` say that
 * something is missing.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
export function s3ServiceError(thrown: unknown, request: FailedS3Request): S3ServiceError {
    const from = thrown instanceof NoCredentials ? thrown.cause : thrown;
    const error = (typeof from === "object" && from !== null ? from : {}) as SdkError;
    if (thrown instanceof NoCredentials || isOfProvider(error)) return credentialError(error, request);
    const { operation, sent = operation, bucket, region, endpoint, limits } = request;
    const answer = answerOf(error);
    const expectedRegion = regionNamedBy(error, region);
    const diagnosis = diagnose(error, answer, expectedRegion, request);
    const attempts = error.$metadata?.attempts ?? 1;
    const what = failureSentence({ aim: aimOf(request), attempts, limits }, diagnosis);
    // The SDK does not tell how the attempts before the last one ended.
    const mayHaveTakenEffect = !readings.has(sent) && (attempts > 1 || mayBeDone(error, answer.status));
    const place = { bucket, region, endpoint };
    // Secrets are hidden after the diagnosis: one that is part of a code would make it another code.
    const shown = printableAnswer(answer, request.secrets);
    return new S3ServiceError(diagnosis.kind, what, place, shown, { expectedRegion, mayHaveTakenEffect });
}

function credentialError(error: SdkError, request: FailedS3Request): S3ServiceError {
    const { bucket, region, endpoint } = request;
    const answer = answerOf(error);
    const { kind, reason } = diagnoseCredentials(error, answer, request);
    const what = `Cannot ${aimOf(request)}: ${reason}`;
    const shown = printableAnswer(answer, request.secrets);
    return new S3ServiceError(kind, what, { bucket, region, endpoint }, shown, { mayHaveTakenEffect: false });
}

function diagnoseCredentials(
    error: SdkError,
    { code, status }: ServiceAnswer,
    { limits, secrets }: FailedS3Request,
): Diagnosis {
    if (isOfProvider(error)) {
        // Other texts quote files and commands.
        const isSignIn = typeof error.message === "string" && error.message.includes("'aws sso login'");
        const reason = isSignIn
            ? "the sign-in of the profile has ended: run `aws sso login`"
            : "no credentials for AWS were found";
        return { kind: "no-credentials", reason };
    }
    const source = "no credentials for AWS were given";
    if (status === undefined) {
        const { kind, reason } = connectionFault(error, limits);
        return { kind, reason: `${source}: ${printableText(reason, secrets)}` };
    }
    const said = ownEntry(kindByCode, code ?? "") ?? kindByStatus(status);
    const kind = said === "throttled" || said === "service-unavailable" ? said : "credentials-rejected";
    return {
        kind,
        reason: `${source}: ${kind === "credentials-rejected" ? "the request for them was refused" : commonReason(kind)}`,
    };
}

function isOfProvider({ name }: SdkError): boolean {
    return name === "CredentialsProviderError" || name === "TokenProviderError";
}

/** An answer without an error that is not what was asked for: from a server that does not know the request, or a list without an end. */
export function unusableAnswer(
    { kind, reason }: Diagnosis,
    request: FailedS3Request,
    metadata: SdkError["$metadata"],
): S3ServiceError {
    const { operation, sent = operation, bucket, region, endpoint } = request;
    const answer = { status: metadata?.httpStatusCode, requestId: metadata?.requestId };
    const what = `Cannot ${aimOf(request)}: ${reason}`;
    const mayHaveTakenEffect = !readings.has(sent);
    return new S3ServiceError(kind, what, { bucket, region, endpoint }, answer, { mayHaveTakenEffect });
}

function aimOf({ operation, object }: FailedS3Request): string {
    return `${s3Operations[operation].aim}${object === undefined ? "" : ` (${object})`}`;
}

/**
 * What is read of the answer, as the service wrote it. Everything else, such as the echoed StringToSign, is never read. A text that is
 * shown must pass `printableAnswer` first: the service may repeat a secret.
 */
function answerOf(error: SdkError): ServiceAnswer {
    const shaped = (said: unknown, shape: RegExp): string | undefined =>
        typeof said === "string" && shape.test(said) ? said : undefined;
    // Some servers send an id twice, which reaches us as one list.
    const id = (said: unknown): string | undefined =>
        typeof said === "string" ? said.split(",")[0]?.trim() : undefined;
    const metadata = error.$metadata ?? {};
    const status = metadata.httpStatusCode ?? error.$response?.statusCode;
    const headers = error.$response?.headers ?? {};
    const said = [error.Code, error.name].map((name) => shaped(name, /^[A-Za-z][\w.:-]{0,99}$/));
    const code = status === undefined ? undefined : said.find((name) => name !== undefined && !sdkNames.has(name));
    // A message may quote what was signed.
    const isName = (text: unknown) => text === code || sdkNames.has(text);
    const isQuoting = code === undefined || code === "SignatureDoesNotMatch";
    return {
        code,
        message: isQuoting || isName(error.message) ? undefined : shaped(error.message, /\S/),
        status,
        requestId: shaped(
            id(metadata.requestId ?? error.RequestId ?? headers["x-amz-request-id"]),
            /^[\w+/=.:-]{1,128}$/,
        ),
        extendedRequestId: shaped(
            id(metadata.extendedRequestId ?? error.HostId ?? headers["x-amz-id-2"]),
            /^[\w+/=.:-]{1,256}$/,
        ),
    };
}

/** What the SDK calls an error for which the service gave no code. */
const sdkNames: ReadonlySet<unknown> = new Set([
    "Error",
    "UnknownError",
    "Unknown",
    "SyntaxError",
    "RangeError",
    "ReferenceError",
    "URIError",
    "TypeError",
    "TimeoutError",
    "AbortError",
    "S3ServiceException",
]);

/** The bucket's region, where a refusal names it. Only a text with the shape of an AWS region counts. */
export function regionInAnswer(thrown: unknown): string | undefined {
    const { Region, $response } = thrown as SdkError;
    return [Region, $response?.headers?.["x-amz-bucket-region"]].find(
        (name): name is string => typeof name === "string" && /^[a-z]{2,4}(-[a-z]+)+-\d+$/.test(name),
    );
}

/** The bucket's region, where the answer names another than the one asked. */
function regionNamedBy(error: SdkError, asked: string): string | undefined {
    const named = regionInAnswer(error);
    return named === asked ? undefined : named;
}

function diagnose(
    error: SdkError,
    answer: ServiceAnswer,
    expectedRegion: string | undefined,
    request: FailedS3Request,
): Diagnosis {
    if (answer.status === undefined) {
        const { kind, reason } = connectionFault(error, request.limits);
        return { kind, reason: printableText(reason, request.secrets) };
    }
    const { code, status } = answer;
    if (expectedRegion !== undefined && isOfAnotherRegion(code, status)) {
        return { kind: "wrong-endpoint", reason: `the bucket is in the region ${expectedRegion}` };
    }
    if (status < 300) return { kind: "invalid-answer", reason: "the answer is not an answer of S3" };
    const said = code === undefined ? undefined : kindOfCode(ownEntry(kindByCode, code), status);
    const kind = said ?? (code === undefined ? undefined : kindByPattern(code)) ?? kindByStatus(status);
    return { kind, reason: reasonByCode(code) ?? reasonByKind(kind, request) };
}

function isOfAnotherRegion(code: string | undefined, status: number): boolean {
    return (
        (status >= 300 && status < 400) ||
        code === "AuthorizationHeaderMalformed" ||
        code === "IllegalLocationConstraintException"
    );
}

const kindByCode: Readonly<Record<string, ErrorKind>> = {
    ServerSideEncryptionConfigurationNotFoundError: "rule-not-found",
    NoSuchBucket: "bucket-not-found",
    AccessDenied: "access-denied",
    AllAccessDisabled: "account-suspended",
    AccountProblem: "account-suspended",
    InvalidAccessKeyId: "credentials-rejected",
    SignatureDoesNotMatch: "credentials-rejected",
    InvalidToken: "credentials-rejected",
    ExpiredToken: "credentials-rejected",
    TokenRefreshRequired: "credentials-rejected",
    InvalidSecurity: "credentials-rejected",
    NotSignedUp: "credentials-rejected",
    AuthorizationHeaderMalformed: "credentials-rejected",
    RequestTimeTooSkewed: "clock-skew",
    PermanentRedirect: "wrong-endpoint",
    TemporaryRedirect: "wrong-endpoint",
    Redirect: "wrong-endpoint",
    IllegalLocationConstraintException: "wrong-endpoint",
    SlowDown: "throttled",
    Throttling: "throttled",
    ThrottlingException: "throttled",
    RequestThrottled: "throttled",
    RequestLimitExceeded: "throttled",
    BandwidthLimitExceeded: "throttled",
    TooManyRequests: "throttled",
    InternalError: "service-unavailable",
    ServiceUnavailable: "service-unavailable",
    RequestTimeout: "service-unavailable",
    OperationAborted: "service-unavailable",
    NotImplemented: "not-supported",
    XNotImplemented: "not-supported",
    MethodNotAllowed: "not-supported",
    UnsupportedOperation: "not-supported",
    OperationNotSupported: "not-supported",
    InvalidArgument: "invalid-request",
    InvalidRequest: "invalid-request",
    InvalidBucketName: "invalid-request",
    InvalidDigest: "invalid-request",
    MalformedXML: "invalid-request",
};

/** KMS's own codes come through with their prefix: `KMS.DisabledException`, `KMS.NotFoundException` and others. */
function kindByPattern(code: string): ErrorKind | undefined {
    return /^kms[.:]/i.test(code) || code === "KMSInvalidKeyArn" ? "key-unusable" : undefined;
}

/** A 404 that does not say what is missing comes from a service that does not know the request. */
function kindByStatus(status: number): ErrorKind {
    if (status === 501 || status === 405 || status === 404) return "not-supported";
    if (status >= 500) return "service-unavailable";
    if (status === 429) return "throttled";
    if (status === 401 || status === 403) return "access-denied";
    return status >= 400 ? "invalid-request" : "wrong-endpoint";
}

function reasonByCode(code: string | undefined): string | undefined {
    switch (code) {
        case "InvalidAccessKeyId":
            return "the service does not know the access key, or the key is disabled";
        case "SignatureDoesNotMatch":
            return "the secret does not belong to the access key";
        case "ExpiredToken":
        case "TokenRefreshRequired":
            return "the session token has expired";
        case "OperationAborted":
            return "another change of the bucket is under way";
        default:
            return undefined;
    }
}

function reasonByKind(kind: ErrorKind, request: FailedS3Request): string {
    const { operation, sent = operation, bucket, expectedBucketOwner, endpoint } = request;
    switch (kind) {
        case "access-denied": {
            const owner =
                expectedBucketOwner === undefined || bucket === undefined
                    ? ""
                    : `, or the bucket does not belong to the account ${expectedBucketOwner}`;
            return `access is denied (it takes the action ${s3Operations[sent].action})${owner}`;
        }
        case "wrong-endpoint":
            return `the bucket is not reached through ${endpoint ?? "the region's endpoint"}`;
        case "account-suspended":
            return "the account or the bucket is disabled";
        case "clock-skew":
            return "the clock of this machine differs from the service's";
        case "not-supported":
            return "the service does not support this";
        default:
            return commonReason(kind);
    }
}

/** Whether a write that ended so may still have been done. */
function mayBeDone(error: SdkError, status: number | undefined): boolean {
    if (status === undefined) return !connectionFault(error).isBeforeSending;
    return leavesOpen(status);
}
