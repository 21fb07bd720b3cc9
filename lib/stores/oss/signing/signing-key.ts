import { createHmac } from "node:crypto";

/**
 * The key that signs: the secret narrowed down to a scope by one HMAC-SHA256 for each of its parts.
 * @param scope as {@link credentialScope} gives it
 */
export function signingKey(accessKeySecret: string, scope: string): Buffer {
    let key: Buffer = Buffer.from(`aliyun_v4${accessKeySecret}`);
    for (const part of scope.split("/")) key = createHmac("sha256", key).update(part).digest();
    return key;
}
