/** One kind of error: what it means, for the documentation, and what to do, which ends every message of that kind. */
export interface ErrorDescription {
    readonly meaning: string;
    readonly cure: string;
}
