import { type ErrorKind, type ErrorPlace, type ServiceAnswer, ServiceError } from "../../errors";

/** What a `StoreServiceError` knows besides the service's answer. */
export interface StoreErrorDetails {
    /** Whether a write may still have been done, by one of the operation's requests. */
    readonly mayHaveTakenEffect?: boolean;
}

/** A storage service refused a request, answered something unusable, or did not answer. Decide by `kind`, never by the text. */
export class StoreServiceError extends ServiceError {
    override readonly name: string = "StoreServiceError";
    override readonly mayHaveTakenEffect: boolean;

    constructor(kind: ErrorKind, what: string, where: ErrorPlace, answer: ServiceAnswer, details: StoreErrorDetails) {
        super(kind, what, where, answer);
        this.mayHaveTakenEffect = details.mayHaveTakenEffect ?? false;
    }
}
