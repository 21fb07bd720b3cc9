/** One error of the API. */
export interface ErrorEntry {
    readonly status: number;
    readonly code: string;
    /** The fine-grained code, where a source gives one. None is invented: where it is missing, the response has none. */
    readonly ec?: string;
    readonly message: string;
}
