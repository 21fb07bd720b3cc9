import { OssError } from "../errors";
import type { OssRequest } from "../oss-request";
import { type CredentialScope, readCredential } from "./v4-credential";

/** Step 1: the credentials that the request presents in its header or its query, not yet verified. */
export type PresentedCredentials = { readonly kind: "none" } | PresentedV1 | PresentedV4;

interface Presented {
    readonly accessKeyId: string;
    readonly signature: string;
    readonly securityToken: string | undefined;
    /** Only in a signed URL: its expiry, in the scheme's form. */
    readonly expires: string | undefined;
}

export interface PresentedV1 extends Presented {
    readonly kind: "v1";
}

export interface PresentedV4 extends Presented {
    readonly kind: "v4";
    readonly scope: CredentialScope;
    /** Lower-case names of headers that are signed beside those that always are. */
    readonly additionalHeaders: readonly string[];
}

/** Query parameters that belong to a signature and not to an operation. */
export const signatureParameters: ReadonlySet<string> = new Set([
    "x-oss-signature-version",
    "x-oss-credential",
    "x-oss-date",
    "x-oss-expires",
    "x-oss-additional-headers",
    "x-oss-signature",
    "x-oss-security-token",
    "OSSAccessKeyId",
    "Expires",
    "Signature",
    "security-token",
]);

const v1TokenQuery = "security-token";

export function readPresentedCredentials(request: OssRequest): PresentedCredentials {
    const authorization = request.header("authorization");
    const { query } = request;
    if (authorization !== undefined) {
        return readAuthorizationHeader(authorization, request);
    }
    if (query.has("x-oss-signature") || query.has("x-oss-signature-version")) {
        return readV4Query(query);
    }
    if (query.has("Signature") || query.has("OSSAccessKeyId")) {
        return readV1Query(query);
    }
    return { kind: "none" };
}

function readAuthorizationHeader(authorization: string, request: OssRequest): PresentedCredentials {
    const v4 = /^OSS4-HMAC-SHA256\s+(.*)$/.exec(authorization);
    if (v4?.[1] !== undefined) {
        return readV4Header(v4[1], request.header("x-oss-security-token"));
    }
    const v1 = /^OSS\s+([^:\s]+):(\S+)$/.exec(authorization);
    if (v1?.[1] !== undefined && v1[2] !== undefined) {
        const token = request.header("x-oss-security-token") ?? request.query.get(v1TokenQuery);
        return {
            kind: "v1",
            accessKeyId: v1[1],
            signature: v1[2],
            securityToken: token,
            expires: undefined,
        };
    }
    // V2 ("OSS2") is refused too: it is documented as superseded.
    throw new OssError("malformedAuthorization");
}

/**
 * verified: oss2 writes blanks after the commas and AdditionalHeaders last, and the other SDKs do neither. So the order of
 * the parts does not matter.
 */
function readV4Header(text: string, securityToken: string | undefined): PresentedV4 {
    const parts = new Map<string, string>();
    for (const part of text.split(",")) {
        const equals = part.indexOf("=");
        const name = part.slice(0, equals).trim();
        if (equals < 0 || !["Credential", "Signature", "AdditionalHeaders"].includes(name) || parts.has(name)) {
            throw new OssError("malformedAuthorization");
        }
        parts.set(name, part.slice(equals + 1).trim());
    }
    const signature = parts.get("Signature");
    const credential = parts.get("Credential");
    if (!signature || !credential) {
        throw new OssError("malformedAuthorization");
    }
    if (parts.get("AdditionalHeaders") === "") {
        throw new OssError("emptyAdditionalHeaders");
    }
    return {
        kind: "v4",
        ...readCredential(credential),
        signature,
        securityToken,
        additionalHeaders: headerNames(parts.get("AdditionalHeaders")),
        expires: undefined,
    };
}

function readV4Query(query: ReadonlyMap<string, string>): PresentedV4 {
    const signature = query.get("x-oss-signature");
    const credential = query.get("x-oss-credential");
    const expires = query.get("x-oss-expires");
    if (query.get("x-oss-signature-version") !== "OSS4-HMAC-SHA256" || !signature || !credential || !expires) {
        throw new OssError("malformedAuthorization", [], "The query's signature parameters are not complete.");
    }
    return {
        kind: "v4",
        ...readCredential(credential),
        signature,
        securityToken: query.get("x-oss-security-token"),
        additionalHeaders: headerNames(query.get("x-oss-additional-headers")),
        expires,
    };
}

function readV1Query(query: ReadonlyMap<string, string>): PresentedV1 {
    const accessKeyId = query.get("OSSAccessKeyId");
    const signature = query.get("Signature");
    const expires = query.get("Expires");
    if (!accessKeyId || !signature || !expires) {
        throw new OssError(
            "malformedAuthorization",
            [],
            "Query-string authentication requires the Signature, Expires and OSSAccessKeyId parameters",
        );
    }
    return {
        kind: "v1",
        accessKeyId,
        signature,
        securityToken: query.get(v1TokenQuery),
        expires,
    };
}

function headerNames(list: string | undefined): string[] {
    return (list ?? "")
        .split(";")
        .map((name) => name.trim().toLowerCase())
        .filter((name) => name !== "");
}
