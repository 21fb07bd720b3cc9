import { createHash, createHmac } from "node:crypto";

/** The name of OSS signature version 4, as it opens the string to sign and the Authorization header. */
const signatureAlgorithm = "OSS4-HMAC-SHA256";

/**
 * What a V4 signature is valid for: `<yyyymmdd>/<region>/oss/aliyun_v4_request`.
 * @param timestamp `yyyymmddThhmmssZ`
 * @param region region id, for instance `cn-hangzhou`
 */
export function credentialScope(timestamp: string, region: string): string {
    return `${timestamp.slice(0, 8)}/${region}/oss/aliyun_v4_request`;
}

/**
 * @param timestamp `yyyymmddThhmmssZ`, the value of `x-oss-date`
 * @param scope as {@link credentialScope} gives it
 * @param canonicalRequest as `canonicalRequest` gives it
 */
export function stringToSign(timestamp: string, scope: string, canonicalRequest: string): string {
    const digest = createHash("sha256").update(canonicalRequest).digest("hex");
    return [signatureAlgorithm, timestamp, scope, digest].join("\n");
}

/**
 * The key that signs: the secret narrowed down to a scope by one HMAC-SHA256 for each of its parts.
 * @param scope as {@link credentialScope} gives it
 */
export function signingKey(accessKeySecret: string, scope: string): Buffer {
    let key: Buffer = Buffer.from(`aliyun_v4${accessKeySecret}`);
    for (const part of scope.split("/")) key = createHmac("sha256", key).update(part).digest();
    return key;
}

/** The value of the Authorization header. */
export function authorization(accessKeyId: string, scope: string, signingKey: Buffer, stringToSign: string): string {
    const signature = createHmac("sha256", signingKey).update(stringToSign).digest("hex");
    return `${signatureAlgorithm} Credential=${accessKeyId}/${scope},Signature=${signature}`;
}
