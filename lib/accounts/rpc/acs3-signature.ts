import { createHash, createHmac } from "node:crypto";
import { percentEncoded } from "../../values";

/** The signed parts of an RPC request. */
export interface Acs3Request {
    readonly method: string;
    readonly path: string;
    readonly query: Readonly<Record<string, string>>;
    /** Lower-case names; all of them are signed. */
    readonly headers: Readonly<Record<string, string>>;
    /** Hex SHA-256 of the body. */
    readonly bodyHash: string;
}

/**
 * The `Authorization` header of ACS3-HMAC-SHA256, with which all of Alibaba Cloud's RPC-style services are called.
 * Source: https://help.aliyun.com/en/sdk/product-overview/v3-request-structure-and-signature
 */
export function acs3Authorization(request: Acs3Request, accessKeyId: string, accessKeySecret: string): string {
    const names = Object.keys(request.headers).sort();
    const canonical = [
        request.method,
        request.path,
        canonicalQuery(request.query),
        ...names.map((name) => `${name}:${request.headers[name]?.trim()}`),
        "",
        names.join(";"),
        request.bodyHash,
    ].join("\n");
    const toSign = `ACS3-HMAC-SHA256\n${sha256(canonical)}`;
    const signature = createHmac("sha256", accessKeySecret).update(toSign).digest("hex");
    return `ACS3-HMAC-SHA256 Credential=${accessKeyId},SignedHeaders=${names.join(";")},Signature=${signature}`;
}

/** Sorted, and percent-encoded as RFC 3986 wants it. */
export function canonicalQuery(query: Readonly<Record<string, string>>): string {
    return Object.entries(query)
        .map(([name, value]) => `${percentEncoded(name)}=${percentEncoded(value)}`)
        .sort()
        .join("&");
}

export function sha256(text: string): string {
    return createHash("sha256").update(text).digest("hex");
}
