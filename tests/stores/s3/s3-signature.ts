import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

/** Keys that may sign. */
export interface S3Keys {
    readonly id: string;
    readonly secret: string;
    readonly account: string;
    /** Of a session. */
    readonly token?: string;
}

export interface SignedRequest {
    readonly method: string;
    /** Path and query. */
    readonly url: string;
    readonly headers: IncomingHttpHeaders;
    readonly body: Buffer;
}

const sha256 = (data: string | Buffer): string => createHash("sha256").update(data).digest("hex");
const hmac = (key: string | Buffer, data: string): Buffer => createHmac("sha256", key).update(data).digest();
/** How far a request's time may be from the service's. */
const skewMs = 15 * 60_000;

/**
 * Verifies a request's signature of version 4. @returns the keys that signed, or the code of the refusal
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function signerOf(
    { method, url, headers, body }: SignedRequest,
    keys: readonly S3Keys[],
    now: number,
): S3Keys | string {
    const authorization =
        /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8}\/[^/]+\/[^/]+\/aws4_request), SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
            headers.authorization ?? "",
        );
    if (authorization === null) return "AccessDenied";
    const [, id, scope = "", signedHeaders = "", signature = ""] = authorization;
    const found = keys.find((one) => one.id === id);
    if (found === undefined) return "InvalidAccessKeyId";
    if (headers["x-amz-security-token"] !== found.token) return "InvalidToken";
    const time = String(headers["x-amz-date"]);
    const instant = time.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, "$1-$2-$3T$4:$5:$6Z");
    if (!(Math.abs(Date.parse(instant) - now) <= skewMs)) return "RequestTimeTooSkewed";
    const { pathname, searchParams } = new URL(url, "http://s3");
    searchParams.sort();
    const digest = headers["x-amz-content-sha256"] ?? sha256(body);
    const canonical = [
        method,
        pathname,
        searchParams.toString(),
        ...signedHeaders.split(";").map((name) => `${name}:${String(headers[name]).trim()}`),
        "",
        signedHeaders,
        digest,
    ].join("\n");
    const text = ["AWS4-HMAC-SHA256", time, scope, sha256(canonical)].join("\n");
    const key = scope.split("/").reduce<string | Buffer>((so, part) => hmac(so, part), `AWS4${found.secret}`);
    if (!timingSafeEqual(hmac(key, text), Buffer.from(signature, "hex"))) return "SignatureDoesNotMatch";
    return digest === sha256(body) ? found : "XAmzContentSHA256Mismatch";
}
