import { createHash, createHmac } from "node:crypto";
import { type CredentialScope, scopeText, v4Product, v4Terminator } from "./v4-credential";

/** Step 5 of V4. @param time the request's time as the client wrote it */
export function stringToSign(time: string, scope: CredentialScope, canonicalRequest: string): string {
    const hash = createHash("sha256").update(canonicalRequest, "utf8").digest("hex");
    return `OSS4-HMAC-SHA256\n${time}\n${scopeText(scope)}\n${hash}`;
}

/** Step 6 of V4: the key for one day, region and product. */
export function signingKey(secret: string, scope: CredentialScope): Buffer {
    const day = hmac(`aliyun_v4${secret}`, scope.date);
    const region = hmac(day, scope.region);
    const product = hmac(region, v4Product);
    return hmac(product, v4Terminator);
}

/** Step 7 of V4. */
export function v4Signature(key: Buffer, text: string): string {
    return hmac(key, text).toString("hex");
}

function hmac(key: string | Buffer, text: string): Buffer {
    return createHmac("sha256", key).update(text, "utf8").digest();
}
