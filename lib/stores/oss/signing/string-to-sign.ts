import { createHash } from "node:crypto";

/** The name of OSS signature version 4, as it opens the string to sign and the Authorization header. */
export const signatureAlgorithm = "OSS4-HMAC-SHA256";

/**
 * @param timestamp `yyyymmddThhmmssZ`, the value of `x-oss-date`
 * @param scope as {@link credentialScope} gives it
 * @param canonicalRequest as {@link canonicalRequest} gives it
 */
export function stringToSign(timestamp: string, scope: string, canonicalRequest: string): string {
    return [signatureAlgorithm, timestamp, scope, createHash("sha256").update(canonicalRequest).digest("hex")].join(
        "\n",
    );
}
