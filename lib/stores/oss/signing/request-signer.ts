import type { Credentials } from "../../../accounts";
import { canonicalRequest, type SignableRequest, unsignedPayload } from "./canonical-request";
import { authorization, credentialScope, signingKey, stringToSign } from "./signature-v4";

/** Signs requests to one region with OSS signature version 4. It keeps one key: the next request is nearly always of the same day. */
export class RequestSigner {
    readonly #region: string;
    #last: { readonly accessKeySecret: string; readonly scope: string; readonly key: Buffer } | undefined;

    /** @param region the region id that the requests go to */
    constructor(region: string) {
        this.#region = region;
    }

    /**
     * @param date when the request is sent; the service accepts 15 minutes of difference
     * @returns the request's headers with those that the signature adds
     */
    sign(request: SignableRequest, credentials: Credentials, date: Date): Record<string, string> {
        const timestamp = date.toISOString().replaceAll(/[-:]|\.\d+/g, "");
        const headers: Record<string, string> = {
            ...request.headers,
            "x-oss-content-sha256": unsignedPayload,
            "x-oss-date": timestamp,
        };
        if (credentials.securityToken !== undefined) headers["x-oss-security-token"] = credentials.securityToken;
        const scope = credentialScope(timestamp, this.#region);
        const toSign = stringToSign(timestamp, scope, canonicalRequest({ ...request, headers }));
        const key = this.#keyFor(credentials.accessKeySecret, scope);
        headers.authorization = authorization(credentials.accessKeyId, scope, key, toSign);
        return headers;
    }

    #keyFor(accessKeySecret: string, scope: string): Buffer {
        if (this.#last?.accessKeySecret !== accessKeySecret || this.#last.scope !== scope) {
            this.#last = { accessKeySecret, scope, key: signingKey(accessKeySecret, scope) };
        }
        return this.#last.key;
    }
}
