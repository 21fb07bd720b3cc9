import { createHmac } from "node:crypto";

/** The last key, since the next request is nearly always of the same day, region and account. */
let last: { readonly accessKeySecret: string; readonly scope: string; readonly key: Buffer } | undefined;

/**
 * The key that signs: the secret narrowed down to a scope by one HMAC-SHA256 for each of its parts.
 * @param scope as {@link credentialScope} gives it
 */
export function signingKey(accessKeySecret: string, scope: string): Buffer {
    if (last?.accessKeySecret === accessKeySecret && last.scope === scope) return last.key;
    let key: Buffer = Buffer.from(`aliyun_v4${accessKeySecret}`);
    for (const part of scope.split("/")) key = createHmac("sha256", key).update(part).digest();
    last = { accessKeySecret, scope, key };
    return key;
}
