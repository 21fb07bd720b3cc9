import { type ErrorKind, type ErrorPlace, type ServiceAnswer, ServiceError } from "../../errors";

/** What an `S3ServiceError` knows beside the service's answer. */
export interface S3ErrorDetails {
    /** Requests made for the operation. */
    readonly attempts: number;
    /** The bucket's own region, where the answer named it. */
    readonly expectedRegion?: string | undefined;
    /** Whether a write may have been done all the same, by one of those requests. */
    readonly mayHaveTakenEffect?: boolean;
}

/** S3 refused a request, answered something unusable, or couldn't be asked. Decide by `kind`, never by the text. */
export class S3ServiceError extends ServiceError implements S3ErrorDetails {
    override readonly name: string = "S3ServiceError";
    readonly attempts: number;
    readonly expectedRegion: string | undefined;
    override readonly mayHaveTakenEffect: boolean;

    constructor(kind: ErrorKind, what: string, where: ErrorPlace, answer: ServiceAnswer, details: S3ErrorDetails) {
        super(kind, what, where, answer);
        this.attempts = details.attempts;
        this.expectedRegion = details.expectedRegion;
        this.mayHaveTakenEffect = details.mayHaveTakenEffect ?? false;
    }
}
