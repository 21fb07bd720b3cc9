import type { Credentials } from "../../../accounts";
import { authorization } from "./authorization";
import { canonicalRequest, type SignableRequest, unsignedPayload } from "./canonical-request";
import { credentialScope } from "./credential-scope";
import { signingKey } from "./signing-key";
import { stringToSign } from "./string-to-sign";

/**
 * Signs a request with OSS signature version 4.
 * @param region the region id that the request goes to
 * @param date when it is sent; the service accepts 15 minutes of difference
 * @returns the request's headers with those that the signature adds
 */
export function signRequest(
    request: SignableRequest,
    credentials: Credentials,
    region: string,
    date: Date,
): Record<string, string> {
    const timestamp = date.toISOString().replaceAll(/[-:]|\.\d+/g, "");
    const headers: Record<string, string> = {
        ...request.headers,
        "x-oss-content-sha256": unsignedPayload,
        "x-oss-date": timestamp,
    };
    if (credentials.securityToken !== undefined) headers["x-oss-security-token"] = credentials.securityToken;
    const scope = credentialScope(timestamp, region);
    const toSign = stringToSign(timestamp, scope, canonicalRequest({ ...request, headers }));
    headers.authorization = authorization(
        credentials.accessKeyId,
        scope,
        signingKey(credentials.accessKeySecret, scope),
        toSign,
    );
    return headers;
}
