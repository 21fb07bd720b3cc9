import { createHash, createHmac } from "node:crypto";
import type { RpcRequest } from "../rpc-request";
import { percentEncode } from "./percent-encoding";

/** The parts of an ACS3 Authorization header. */
export interface Acs3Authorization {
    readonly accessKeyId: string;
    /** Lower-case names, in the order of the header. */
    readonly signedHeaders: readonly string[];
    readonly signature: string;
}

/** undefined for a header that is no ACS3 authorization or lacks a part. */
export function readAcs3Authorization(text: string): Acs3Authorization | undefined {
    const list = /^ACS3-HMAC-SHA256\s+(.*)$/.exec(text)?.[1];
    const parts = new Map(
        (list ?? "").split(",").map((part): [string, string] => {
            const equals = part.indexOf("=");
            return [part.slice(0, Math.max(equals, 0)).trim(), part.slice(equals + 1).trim()];
        }),
    );
    const accessKeyId = parts.get("Credential");
    const signature = parts.get("Signature");
    const signedHeaders = (parts.get("SignedHeaders") ?? "").toLowerCase().split(";");
    return accessKeyId && signature ? { accessKeyId, signature, signedHeaders } : undefined;
}

/**
 * documented: Request syntax and signature method V3. The named headers are signed.
 * verified: the vectors of aliyun/darabonba-openapi-util.
 */
export function acs3StringToSign(
    request: Pick<RpcRequest, "method" | "query" | "headers">,
    path: string,
    signedHeaders: readonly string[],
    payloadHash: string,
): string {
    const names = [...signedHeaders].sort();
    const headerLines = names.map((name) => {
        const values = request.headers.filter(([other]) => other === name).map(([, value]) => value.trim());
        return `${name}:${values.join(",")}\n`;
    });
    const query = [...request.query]
        .map(([name, value]): [string, string] => [percentEncode(name), percentEncode(value)])
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map((pair) => pair.join("="))
        .join("&");
    const canonical = [request.method, path, query, headerLines.join(""), names.join(";"), payloadHash].join("\n");
    return `ACS3-HMAC-SHA256\n${createHash("sha256").update(canonical, "utf8").digest("hex")}`;
}

export function acs3Signature(secret: string, text: string): string {
    return createHmac("sha256", secret).update(text, "utf8").digest("hex");
}
