import type { ErrorKind, ErrorPlace, ServiceAnswer } from "../../errors";
import { type StoreErrorDetails, StoreServiceError } from "../shared/store-service-error";
import type { TransportReason } from "./transport-failure";

/** What an `OssServiceError` knows besides the service's answer. */
export interface OssErrorDetails extends StoreErrorDetails {
    /** Method and URL of the request, for instance `GET https://bucket.oss-cn-hangzhou.aliyuncs.com/?encryption`. */
    readonly target: string;
    /** The endpoint that the service named as the bucket's own. */
    readonly expectedEndpoint?: string | undefined;
    /** Why no complete answer came, when none did. */
    readonly transport?: TransportReason | undefined;
}

/** OSS refused a request, answered something unusable, or did not answer. Decide by `kind`, never by `ec` or the text. */
export class OssServiceError extends StoreServiceError {
    override readonly name: string = "OssServiceError";
    readonly target: string;
    readonly expectedEndpoint: string | undefined;
    readonly transport: TransportReason | undefined;

    constructor(kind: ErrorKind, what: string, where: ErrorPlace, answer: ServiceAnswer, details: OssErrorDetails) {
        super(kind, what, where, answer, details);
        this.target = details.target;
        this.expectedEndpoint = details.expectedEndpoint;
        this.transport = details.transport;
    }
}
