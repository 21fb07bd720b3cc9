import type { ErrorKind } from "../../errors";
import { counted, ownEntry } from "../../text";
import { commonReason, type Diagnosis, failureSentence, kindOfCode } from "../shared/diagnosis";
import { printableAnswer, printableText } from "../shared/printable-text";
import { type ErrorDocument, parseErrorDocument } from "./error-document";
import type { HttpAnswer } from "./http-exchange";
import { regionNamedBy } from "./oss-endpoint";
import type { OssLimits } from "./oss-limits";
import type { OssOperation } from "./oss-operations";
import { OssServiceError } from "./oss-service-error";
import type { OssTarget } from "./oss-target";
import { TransportFailure } from "./transport-failure";
import type { DocumentFault } from "./xml-document";

/** The request that failed. */
export interface FailedRequest {
    readonly operation: OssOperation;
    /** Left out for a request about the account. */
    readonly bucket: string | undefined;
    readonly target: OssTarget;
    /** Its URL, without anything that was signed. */
    readonly url: string;
    readonly attempts: number;
    readonly sentAt: Date;
    /** What must not be shown even if the service repeats it. */
    readonly secrets: readonly string[];
    /** Whether a write may still have been done, by this request or by an earlier one of the operation. */
    readonly mayHaveTakenEffect: boolean;
    /** The limits of the operation. */
    readonly limits: Pick<OssLimits, "attempts" | "totalMilliseconds">;
}

/** No complete answer, an error answer, or a success with an unexpected body. */
export type OssFailure = TransportFailure | { readonly answer: HttpAnswer; readonly fault?: DocumentFault };

/**
 * Turns every failure into the one error type of this adapter. The service's code decides; where it is unknown
 * the HTTP status gives the kind, but never an absence: only `NoSuchServerSideEncryptionRule` and `NoSuchBucket` say
 * that something is missing. EC is not used: it is documented as not stable.
 * Source: https://help.aliyun.com/en/oss/developer-reference/error-responses, and the pages of the statuses,
 * https://www.alibabacloud.com/help/en/oss/user-guide/http-403-error-code, http-status-code-404, -409, -503 and 429-error
 */
export function ossServiceError(failure: OssFailure, request: FailedRequest): OssServiceError {
    const { operation, bucket, target, attempts, mayHaveTakenEffect } = request;
    const where = { bucket, region: target.region, endpoint: target.endpoint };
    const details = { target: `${operation.method} ${request.url}`, mayHaveTakenEffect };
    const sentence = (diagnosis: Diagnosis) =>
        failureSentence({ aim: operation.aim, attempts, limits: request.limits }, diagnosis);

    if (failure instanceof TransportFailure) {
        const diagnosis = diagnoseTransport(failure);
        const all = { ...details, transport: failure.reason };
        return new OssServiceError(diagnosis.kind, sentence(diagnosis), where, {}, all);
    }
    const { answer, fault } = failure;
    const document = parseErrorDocument(answer);
    const { endpoint } = document;
    const diagnosis =
        fault === undefined
            ? diagnoseAnswer(answer, document, request)
            : ({ kind: "invalid-answer", reason: `the answer is not an answer of OSS: ${fault.message}` } as const);
    // An endpoint that names a region of Alibaba Cloud leads to the bucket and holds no secret.
    const isOwn = endpoint !== undefined && regionNamedBy(endpoint) !== undefined;
    const shown = (text: string) => (isOwn ? text : printableText(text, request.secrets));
    // Secrets are hidden after the diagnosis: one that is part of a code would make it another code.
    const all = { ...details, expectedEndpoint: endpoint && shown(endpoint) };
    const printable = { ...diagnosis, reason: shown(diagnosis.reason) };
    const texts = printableAnswer({ ...document, status: answer.status }, request.secrets);
    return new OssServiceError(diagnosis.kind, sentence(printable), where, texts, all);
}

function diagnoseTransport({ reason, message }: TransportFailure): Diagnosis {
    switch (reason) {
        case "cancelled":
            return { kind: "request-cancelled", reason: message };
        case "not-http":
        case "too-large":
            return { kind: "invalid-answer", reason: message };
        default:
            return { kind: "unreachable", reason: message };
    }
}

function diagnoseAnswer(answer: HttpAnswer, document: ErrorDocument, request: FailedRequest): Diagnosis {
    const { code, endpoint, message } = document;
    if (code === undefined) return diagnoseStatusAlone(answer);
    if (endpoint !== undefined && (code === "AccessDenied" || code.endsWith("Redirect"))) {
        return {
            kind: "wrong-endpoint",
            reason: `the bucket is reached through the endpoint ${printableText(endpoint, request.secrets)}`,
        };
    }
    // One code serves all faulty arguments, so here the text has to tell.
    if (code === "InvalidArgument" && /\bsigning (region|product)\b/i.test(message ?? "")) {
        const reason = `the endpoint does not belong to the region "${request.target.region}", which the request was signed for`;
        return { kind: "wrong-endpoint", reason };
    }
    if (code === "AccessDenied" && /\bforbidden by kms\b/i.test(message ?? "")) {
        return { kind: "key-unusable", reason: "KMS does not allow these credentials to use the key" };
    }
    const { status } = answer;
    const kind = kindOfCode(ownEntry(kindByCode, code), status) ?? kindByPattern(code) ?? kindByStatus(status);
    return { kind, reason: reasonByCode(code, answer, request) ?? reasonByKind(kind, request) };
}

/** Only a server-side failure or a plain "too many requests" is believed without an OSS error: proxies say these too. */
function diagnoseStatusAlone({ status, headers, body }: HttpAnswer): Diagnosis {
    if (status >= 500) return { kind: "service-unavailable", reason: commonReason("service-unavailable") };
    if (status === 429) return { kind: "throttled", reason: commonReason("throttled") };
    if (status >= 300 && status < 400 && headers.location !== undefined) {
        return {
            kind: "invalid-answer",
            reason: "the answer is a redirect, which is never followed with a signed request",
        };
    }
    const found = body.length === 0 ? "no body" : "a body that is no OSS error";
    return { kind: "invalid-answer", reason: `the answer is not an answer of OSS: HTTP ${status} with ${found}` };
}

const kindByCode: Readonly<Record<string, ErrorKind>> = {
    NoSuchServerSideEncryptionRule: "rule-not-found",
    NoSuchEncryptionRule: "rule-not-found",
    NoSuchBucket: "bucket-not-found",
    AccessDenied: "access-denied",
    BucketNotBelongTo: "access-denied",
    AbnormalBucketOwnerStatus: "account-suspended",
    BucketDisable: "account-suspended",
    InDebt: "account-suspended",
    InDebtOverdue: "account-suspended",
    UserDisable: "account-suspended",
    InvalidAccessKeyId: "credentials-rejected",
    SignatureDoesNotMatch: "credentials-rejected",
    InvalidSecurityToken: "credentials-rejected",
    SecurityTokenExpired: "credentials-rejected",
    AccessKeyIdAndSecurityTokenNotMatch: "credentials-rejected",
    RequestTimeTooSkewed: "clock-skew",
    NonStandardHostForbidden: "wrong-endpoint",
    PermanentRedirect: "wrong-endpoint",
    SecondLevelDomainForbidden: "wrong-endpoint",
    TemporaryRedirect: "wrong-endpoint",
    MetaOperationQpsLimitExceeded: "throttled",
    TotalQpsLimitExceeded: "throttled",
    QpsLimitExceeded: "throttled",
    ActiveRequestLimitExceeded: "throttled",
    CpuLimitExceeded: "throttled",
    UploadTrafficRateLimitExceeded: "throttled",
    DownloadTrafficRateLimitExceeded: "throttled",
    ServiceUnavailable: "service-unavailable",
    InternalError: "service-unavailable",
    InvalidArgument: "invalid-request",
    InvalidBucketName: "invalid-request",
    InvalidDigest: "invalid-request",
    InvalidEncryptionAlgorithmError: "invalid-request",
    MalformedXML: "invalid-request",
    KeyNotFound: "key-unusable",
    AliasNotFound: "key-unusable",
    KeyDisabled: "key-unusable",
    KeyPendingDeletion: "key-unusable",
    KmsServiceNotEnabled: "key-unusable",
    UbsmsInvalidBid: "key-unusable",
};

function kindByPattern(code: string): ErrorKind | undefined {
    if (code.startsWith("Throttling")) return "throttled";
    // KMS's own codes for a key that is there and cannot be used: Rejected.Disabled, Rejected.PendingDeletion and others.
    if (code.startsWith("Rejected.")) return "key-unusable";
    return undefined;
}

function kindByStatus(status: number): ErrorKind {
    if (status >= 500) return "service-unavailable";
    if (status === 429) return "throttled";
    if (status === 401 || status === 403) return "access-denied";
    return status >= 400 ? "invalid-request" : "invalid-answer";
}

function reasonByCode(code: string, answer: HttpAnswer, request: FailedRequest): string | undefined {
    switch (code) {
        case "InvalidAccessKeyId":
            return "the service does not know the access key, or the key is disabled";
        case "SignatureDoesNotMatch":
            return "the secret does not belong to the access key";
        case "SecurityTokenExpired":
            return "the security token has expired";
        case "InvalidSecurityToken":
            return "the security token is not valid";
        case "AccessKeyIdAndSecurityTokenNotMatch":
            return "the security token belongs to another access key";
        case "AbnormalBucketOwnerStatus":
            return "the account that owns the bucket is suspended or deleted";
        case "BucketDisable":
            return "the bucket is disabled";
        case "BucketNotBelongTo":
            return "the bucket belongs to another account";
        case "InDebt":
        case "InDebtOverdue":
            return "the account has an overdue payment";
        case "UserDisable":
            return "the account is disabled, for an overdue payment or for security reasons";
        case "KeyDisabled":
            return "the KMS key is disabled";
        case "KeyPendingDeletion":
            return "the KMS key is about to be deleted";
        case "KmsServiceNotEnabled":
        case "UbsmsInvalidBid":
            return "KMS is not activated for the account";
        case "RequestTimeTooSkewed":
            return clockDifference(answer, request.sentAt);
        default:
            return undefined;
    }
}

function reasonByKind(kind: ErrorKind, { operation, target }: FailedRequest): string {
    switch (kind) {
        case "access-denied":
            return `access is denied (it takes the action ${operation.action})`;
        case "wrong-endpoint":
            return `the service cannot be used through ${target.endpoint}`;
        default:
            return commonReason(kind);
    }
}

function clockDifference({ headers }: HttpAnswer, sentAt: Date): string {
    const serviceTime = Date.parse(headers.date ?? "");
    const minutes = Math.round((sentAt.getTime() - serviceTime) / 60_000);
    if (Number.isNaN(minutes) || minutes === 0) return "the clock of this machine differs from the service's";
    const apart = counted(Math.abs(minutes), "minute");
    return `the clock of this machine is ${apart} ${minutes > 0 ? "ahead of" : "behind"} the service's`;
}
