import { percentEncoded } from "../../../values";

/** The parts of a request that a V4 signature covers. */
export interface SignableRequest {
    readonly method: string;
    /** `/<bucket>/<key>`, not encoded, with the bucket for both kinds of addressing. */
    readonly resource: string;
    /** Query parameters, not encoded. An empty value and none are the same. */
    readonly query: Readonly<Record<string, string>>;
    /** Every header that will be sent. Those that begin with `x-oss-`, `content-type` and `content-md5` are signed. */
    readonly headers: Readonly<Record<string, string>>;
}

/** Stands for the payload in the signature: what is sent is protected by TLS and Content-MD5. */
export const unsignedPayload = "UNSIGNED-PAYLOAD";

/**
 * Method, URI, query, headers, additional headers (none here) and payload, a line each; every header line ends in a
 * line feed of its own, so an empty line follows the headers.
 * Source: https://help.aliyun.com/en/oss/developer-reference/recommend-to-use-signature-version-4
 */
export function canonicalRequest({ method, resource, query, headers }: SignableRequest): string {
    const additionalHeaders = "";
    return [
        method,
        percentEncoded(resource).replaceAll("%2F", "/"),
        canonicalQuery(query),
        canonicalHeaders(headers),
        additionalHeaders,
        unsignedPayload,
    ].join("\n");
}

function canonicalQuery(query: Readonly<Record<string, string>>): string {
    return Object.entries(query)
        .map(([name, value]) => [percentEncoded(name), percentEncoded(value)] as const)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, value]) => (value === "" ? name : `${name}=${value}`))
        .join("&");
}

function canonicalHeaders(headers: Readonly<Record<string, string>>): string {
    return Object.entries(headers)
        .map(([name, value]) => [name.toLowerCase(), value.trim()] as const)
        .filter(([name]) => name.startsWith("x-oss-") || name === "content-type" || name === "content-md5")
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, value]) => `${name}:${value}\n`)
        .join("");
}
