/** A header of a message: name in lower case for requests, value decoded as UTF-8. */
export type HeaderLine = readonly [name: string, value: string];

/** The head of an HTTP request as it was received: nothing decoded and nothing merged, so that malformed and repeated parts stay visible. */
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

/** The body, or `too large` if it was longer than the call's `bodyLimit`. */
export type RequestBody = Uint8Array | "too large";

/**
 * A request whose head was read: its caller and its operation. Faults and the journal use it before the work is done.
 * `run` does the work, and throws nothing because of what a request contains.
 */
export interface PreparedCall {
    readonly method: string;
    readonly bucket: string | undefined;
    /** The API's name of the operation (`GetBucketEncryption`), undefined when the request has none. */
    readonly operation: string | undefined;
    /** The account of the key that signed; undefined when the request is anonymous or its signature is wrong. */
    readonly account: string | undefined;
    /** Bytes of body that the operation takes; a longer body is an error and is not kept. */
    readonly bodyLimit: number;
    run(body: RequestBody): WireResponse;
    /** The call to use once the body is known, for services whose operation is in the body. */
    withBody?(body: RequestBody): PreparedCall;
    /** The service's own answer to too many requests. */
    throttled(status: 503 | 429): WireResponse;
    /** The called service's document for an error that a fault asks for. */
    fail(error: { status: number; code: string; message: string; ec?: string | undefined }): WireResponse;
}

export function firstHeader(headers: readonly HeaderLine[], name: string): string | undefined {
    return headers.find((line) => line[0] === name)?.[1];
}
