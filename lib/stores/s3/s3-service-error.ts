import type { ErrorKind, ErrorPlace, ServiceAnswer } from "../../errors";
import { type StoreErrorDetails, StoreServiceError } from "../shared/store-service-error";

/** What an `S3ServiceError` knows besides the service's answer. */
export interface S3ErrorDetails extends StoreErrorDetails {
    /** The bucket's own region, where the answer named it. */
    readonly expectedRegion?: string | undefined;
}

/** S3 refused a request, answered something unusable, or did not answer. Decide by `kind`, never by the text. */
export class S3ServiceError extends StoreServiceError {
    override readonly name: string = "S3ServiceError";
    readonly expectedRegion: string | undefined;

    constructor(kind: ErrorKind, what: string, where: ErrorPlace, answer: ServiceAnswer, details: S3ErrorDetails) {
        super(kind, what, where, answer, details);
        this.expectedRegion = details.expectedRegion;
    }
}
