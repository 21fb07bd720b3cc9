import { type ErrorKind, type ErrorPlace, type ServiceAnswer, ServiceError } from "../../errors";
import type { TransportReason } from "./transport-failure";

/** What an `OssServiceError` knows beside the service's answer. */
export interface OssErrorDetails {
    /** Method and URL of the request, for instance `GET https://bucket.oss-cn-hangzhou.aliyuncs.com/?encryption`. */
    readonly target: string;
    /** Requests made for the operation, this one included. */
    readonly attempts: number;
    /** The endpoint that the service named as the bucket's own. */
    readonly expectedEndpoint?: string | undefined;
    /** Why no complete answer came, when none did. */
    readonly transport?: TransportReason | undefined;
    /** Whether a write may have been done all the same, by this request or by an earlier one of the operation. */
    readonly mayHaveTakenEffect?: boolean;
}

/** OSS refused a request, answered something unusable, or couldn't be asked. Decide by `kind`, never by `ec` or the text. */
export class OssServiceError extends ServiceError implements OssErrorDetails {
    override readonly name: string = "OssServiceError";
    readonly target: string;
    readonly attempts: number;
    readonly expectedEndpoint: string | undefined;
    readonly transport: TransportReason | undefined;
    override readonly mayHaveTakenEffect: boolean;

    constructor(kind: ErrorKind, what: string, where: ErrorPlace, answer: ServiceAnswer, details: OssErrorDetails) {
        super(kind, what, where, answer);
        this.target = details.target;
        this.attempts = details.attempts;
        this.expectedEndpoint = details.expectedEndpoint;
        this.transport = details.transport;
        this.mayHaveTakenEffect = details.mayHaveTakenEffect ?? false;
    }
}
