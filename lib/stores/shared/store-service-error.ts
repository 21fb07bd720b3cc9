import { type ErrorKind, type ErrorPlace, type ServiceAnswer, ServiceError } from "../../errors";

/** What a `StoreServiceError` knows besides the service's answer. */
export interface StoreErrorDetails {
    /** Requests made for the operation, the last one included. */
    readonly attempts: number;
    /** Whether a write may still have been done, by one of these requests. */
    readonly mayHaveTakenEffect?: boolean;
}

/** A storage service refused a request, answered something unusable, or did not answer. Decide by `kind`, never by the text. */
export class StoreServiceError extends ServiceError {
    override readonly name: string = "StoreServiceError";
    readonly attempts: number;
    override readonly mayHaveTakenEffect: boolean;

    constructor(kind: ErrorKind, what: string, where: ErrorPlace, answer: ServiceAnswer, details: StoreErrorDetails) {
        super(kind, what, where, answer);
        this.attempts = details.attempts;
        this.mayHaveTakenEffect = details.mayHaveTakenEffect ?? false;
    }
}
