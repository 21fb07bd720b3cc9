/** One error of the API. */
export interface ErrorEntry {
    readonly status: number;
    readonly code: string;
    /** The fine-grained code, only where a source gives one. Without it the response has none. */
    readonly ec?: string;
    readonly message: string;
}
