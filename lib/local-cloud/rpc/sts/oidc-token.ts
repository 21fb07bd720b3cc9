import { createPublicKey, type JsonWebKey, type KeyObject, verify } from "node:crypto";
import type { OidcProviderEntry } from "../../configuration/accounts-document";
import { RpcError } from "../rpc-errors";

export interface OidcClaims {
    readonly subject: string;
    /** The `aud` of the token, joined by commas. */
    readonly clientIds: string;
}

/**
 * Verifies a token: a JSON Web Token that the provider signed with RS256 or ES256.
 * documented: AssumeRoleWithOIDC (doc 371866), its error codes.
 * @throws RpcError InvalidParameter.OIDCToken, AuthenticationFail.*
 */
export function readOidcToken(token: string, provider: OidcProviderEntry, now: number): OidcClaims {
    const [headerText = "", payloadText = "", signatureText = "", ...rest] = token.split(".");
    const header = readPart(headerText);
    const payload = readPart(payloadText);
    if (header === undefined || payload === undefined || signatureText === "" || rest.length > 0) {
        throw new RpcError("invalidOidcToken");
    }
    const signed = Buffer.from(`${headerText}.${payloadText}`, "utf8");
    const signature = Buffer.from(signatureText, "base64url");
    const isSigned = provider.jwks.keys.some((key) => isSignedBy(key, header, signed, signature));
    if (!isSigned) {
        throw new RpcError("oidcSignatureInvalid");
    }
    const audiences = Array.isArray(payload.aud) ? payload.aud : [payload.aud];
    if (payload.iss !== provider.issuer) {
        throw new RpcError("oidcIssuerMismatch");
    }
    if (!audiences.some((audience) => provider.clientIds.includes(audience))) {
        throw new RpcError("oidcAudienceMismatch");
    }
    if (typeof payload.exp !== "number" || payload.exp * 1000 <= now) {
        throw new RpcError("oidcTokenExpired");
    }
    return { subject: String(payload.sub ?? ""), clientIds: audiences.join(",") };
}

function isSignedBy(jwk: JsonWebKey, header: Record<string, unknown>, signed: Buffer, signature: Buffer): boolean {
    if (header.kid !== undefined && jwk.kid !== undefined && header.kid !== jwk.kid) {
        return false;
    }
    const key: KeyObject = createPublicKey({ key: jwk, format: "jwk" });
    if (header.alg === "RS256" && key.asymmetricKeyType === "rsa") {
        return verify("sha256", signed, key, signature);
    }
    return (
        header.alg === "ES256" &&
        key.asymmetricKeyType === "ec" &&
        verify("sha256", signed, { key, dsaEncoding: "ieee-p1363" }, signature)
    );
}

function readPart(text: string): Record<string, unknown> | undefined {
    try {
        const value: unknown = JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
        return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
    } catch {
        return undefined;
    }
}
