/** A header as it stands in the message: name in lower case for requests, value decoded as UTF-8. */
export type HeaderLine = readonly [name: string, value: string];

/** The head of an HTTP request as it came off the wire: nothing decoded, nothing merged, so that tricks stay visible. */
export interface RequestHead {
    readonly method: string;
    /** The request target with its query, still percent-encoded. */
    readonly target: string;
    /** Every header line in order, repeated ones included. */
    readonly headers: readonly HeaderLine[];
}

export interface WireResponse {
    readonly status: number;
    readonly headers: readonly HeaderLine[];
    readonly body: Uint8Array;
}

/** The body, or the fact that it was longer than the call's `bodyLimit`. */
export type RequestBody = Uint8Array | "too large";

/**
 * A request that has been understood as far as its head allows: who asks for what. Faults and the journal look at it
 * before the work is done; `run` does the work and never throws for anything that a request can contain.
 */
export interface PreparedCall {
    readonly method: string;
    readonly bucket: string | undefined;
    /** The API's name of the operation (`GetBucketEncryption`), undefined when there is none for the request. */
    readonly operation: string | undefined;
    /** The account whose key signed, undefined when the request is anonymous or its signature doesn't hold. */
    readonly account: string | undefined;
    /** Bytes of body that the operation takes; a longer body is an error and is not kept. */
    readonly bodyLimit: number;
    run(body: RequestBody): WireResponse;
    /** The same call with its body, where only that shows what is asked for; it is this one's successor. */
    withBody?(body: RequestBody): PreparedCall;
    /** The service's own answer to too many requests. */
    throttled(status: 503 | 429): WireResponse;
    /** The error document of the service that was called, for an error which the service itself didn't come to. */
    fail(error: { status: number; code: string; message: string; ec?: string | undefined }): WireResponse;
}

export function firstHeader(headers: readonly HeaderLine[], name: string): string | undefined {
    return headers.find((line) => line[0] === name)?.[1];
}
