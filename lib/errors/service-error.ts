import type { ErrorKind } from "./error-catalogue";
import { type ErrorPlace, UserError, type UserErrorOptions } from "./user-error";

/** The answer of a storage service that refused a request. */
export interface ServiceAnswer {
    /** The service's own error code, for instance `AccessDenied`. */
    readonly code?: string | undefined;
    /** Alibaba Cloud's detailed error code, for instance `0003-00000201`. For people: it is documented as not stable. */
    readonly ec?: string | undefined;
    /** HTTP status. */
    readonly status?: number | undefined;
    readonly requestId?: string | undefined;
    /** A second id that some services need beside the first. */
    readonly extendedRequestId?: string | undefined;
    /** The service's own sentence. */
    readonly message?: string | undefined;
}

/** A service refused a request, or could not be asked. Carries what the service answered, so that support can be asked. */
export class ServiceError extends UserError implements ServiceAnswer {
    override readonly name: string = "ServiceError";
    readonly code: string | undefined;
    readonly ec: string | undefined;
    readonly status: number | undefined;
    readonly requestId: string | undefined;
    readonly extendedRequestId: string | undefined;
    /** For a write: whether the service may still have done it, since an attempt ended without its answer. */
    readonly mayHaveTakenEffect: boolean = false;

    constructor(
        kind: ErrorKind,
        what: string,
        where: ErrorPlace,
        answer: ServiceAnswer = {},
        options?: UserErrorOptions,
    ) {
        super(kind, `${what}${answerText(answer)}`, where, options);
        this.code = answer.code;
        this.ec = answer.ec;
        this.status = answer.status;
        this.requestId = answer.requestId;
        this.extendedRequestId = answer.extendedRequestId;
    }
}

type Absence = Extract<ErrorKind, "rule-not-found" | "bucket-not-found">;

/** The one place that distinguishes absences: those named become `undefined`, all other errors pass through. */
export async function unlessAbsent<T>(request: Promise<T>, ...absences: readonly Absence[]): Promise<T | undefined> {
    try {
        return await request;
    } catch (error) {
        if (error instanceof ServiceError && absences.some((kind) => kind === error.kind)) return undefined;
        throw error;
    }
}

function answerText({ code, ec, status, requestId, extendedRequestId, message }: ServiceAnswer): string {
    const facts = [
        status === undefined ? undefined : `HTTP ${status}`,
        ec === undefined ? undefined : `EC ${ec}`,
        requestId === undefined ? undefined : `request id ${requestId}`,
        extendedRequestId === undefined ? undefined : `extended request id ${extendedRequestId}`,
    ].filter((fact) => fact !== undefined);
    const said = [code, message?.replace(/\.$/, "")].filter((part) => part !== undefined && part !== "").join(": ");
    if (said === "" && facts.length === 0) return "";
    return `; the service answered ${said}${facts.length === 0 ? "" : `${said === "" ? "" : " "}[${facts.join(", ")}]`}`;
}
