import { createHmac } from "node:crypto";
import { signatureAlgorithm } from "./string-to-sign";

/** The value of the Authorization header. */
export function authorization(accessKeyId: string, scope: string, signingKey: Buffer, stringToSign: string): string {
    const signature = createHmac("sha256", signingKey).update(stringToSign).digest("hex");
    return `${signatureAlgorithm} Credential=${accessKeyId}/${scope},Signature=${signature}`;
}
