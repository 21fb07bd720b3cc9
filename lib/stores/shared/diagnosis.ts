import type { ErrorKind } from "../../errors";
import type { RequestLimits } from "./request-limits";

/** What a failed request means. */
export interface Diagnosis {
    readonly kind: ErrorKind;
    /** For people, without a full stop. */
    readonly reason: string;
}

/** The details of a failed operation, for its error. */
export interface FailedOperation {
    /** For instance `read the default encryption rule`. */
    readonly aim: string;
    /** Requests that were made for it. */
    readonly attempts: number;
    readonly limits: Pick<RequestLimits, "attempts" | "totalMilliseconds">;
}

/** For instance `Cannot read …: the service failed to answer (attempt 5 of at most 5 within 60 s)`. */
export function failureSentence({ aim, attempts, limits }: FailedOperation, { kind, reason }: Diagnosis): string {
    const isRetried = attempts > 1 || isWorthRetrying(kind);
    const times = `attempt ${attempts} of at most ${limits.attempts} within ${limits.totalMilliseconds / 1_000} s`;
    return `Cannot ${aim}: ${reason}${isRetried ? ` (${times})` : ""}`;
}

/** Kinds that may pass. All requests are idempotent, so each of them can be sent again. */
export function isWorthRetrying(kind: ErrorKind): boolean {
    return kind === "throttled" || kind === "service-unavailable" || kind === "unreachable";
}

/** The reasons of kinds that mean the same in every family. */
export function commonReason(kind: ErrorKind): string {
    switch (kind) {
        case "rule-not-found":
            return "the bucket has none";
        case "bucket-not-found":
            return "there is no such bucket";
        case "throttled":
            return "the service limits the rate of requests";
        case "service-unavailable":
            return "the service failed to answer";
        case "key-unusable":
            return "the KMS key cannot be used";
        default:
            return "the service refuses the request";
    }
}

/**
 * The kind that a service's code stands for. Only an answer that refuses the request (4xx) states an absence: with a redirect, or with a
 * failure of the service's own, such a code contradicts its status.
 */
export function kindOfCode(kind: ErrorKind | undefined, status: number): ErrorKind | undefined {
    const isAbsence = kind === "rule-not-found" || kind === "bucket-not-found";
    return isAbsence && (status < 400 || status >= 500) ? undefined : kind;
}

/** Whether a write that was answered with this status may still have taken effect. */
export function leavesOpen(status: number): boolean {
    return status < 400 || status >= 500;
}
