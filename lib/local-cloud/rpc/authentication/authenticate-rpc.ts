import { createHash, timingSafeEqual } from "node:crypto";
import type { AccessKey, AccessKeyTable } from "../../cloud/access-key-table";
import { RpcError } from "../rpc-errors";
import type { RpcRequest } from "../rpc-request";
import { acs3Signature, acs3StringToSign, readAcs3Authorization } from "./acs3-signature";
import { rpcV1Signature, rpcV1StringToSign } from "./rpc-v1-signature";
import type { UsedNonces } from "./used-nonces";

const maxSkewMs = 15 * 60 * 1000;

/** The credentials that a request presents, not yet verified. */
interface Presented {
    readonly accessKeyId: string;
    readonly securityToken: string | undefined;
    readonly nonce: string;
    readonly timestamp: string;
    readonly signature: string;
    readonly stringToSign: string;
    sign(secret: string, text: string): string;
}

/**
 * Verifies a request's signature, V1 or ACS3: the key, the time, the match and the nonce.
 * @throws RpcError
 */
export function authenticateRpc(
    request: RpcRequest,
    accessKeys: AccessKeyTable,
    nonces: UsedNonces,
    now: number,
): AccessKey {
    // verified: the RPC clients of npm send x-acs-action with V1 too, so only Authorization distinguishes them.
    const presented = request.header("authorization") !== undefined ? readAcs3(request) : readV1(request);
    checkTime(presented.timestamp, now);
    const key = findKey(accessKeys, presented, now);
    const expected = presented.sign(key.secret, presented.stringToSign);
    if (!timingSafeEqual(digest(presented.signature), digest(expected))) {
        throw new RpcError(
            "signatureDoesNotMatch",
            `Specified signature is not matched with our calculation. server string to sign is:${presented.stringToSign.slice(0, 4000)}`,
        );
    }
    if (!nonces.use(presented.accessKeyId, presented.nonce, now, 2 * maxSkewMs)) {
        throw new RpcError("nonceUsed");
    }
    return key;
}

function readV1(request: RpcRequest): Presented {
    const need = (name: string) => {
        const value = request.parameter(name);
        if (!value) {
            throw new RpcError("missingParameter", `${name} is mandatory for this action.`);
        }
        return value;
    };
    const accessKeyId = request.parameter("AccessKeyId");
    if (!accessKeyId) {
        throw new RpcError("missingAccessKeyId");
    }
    if (need("SignatureMethod").toUpperCase() !== "HMAC-SHA1" || need("SignatureVersion") !== "1.0") {
        throw new RpcError("incompleteSignature");
    }
    return {
        accessKeyId,
        securityToken: request.parameter("SecurityToken"),
        nonce: need("SignatureNonce"),
        timestamp: need("Timestamp"),
        signature: need("Signature"),
        stringToSign: rpcV1StringToSign(request),
        sign: rpcV1Signature,
    };
}

function readAcs3(request: RpcRequest): Presented {
    const authorization = readAcs3Authorization(request.header("authorization") ?? "");
    if (authorization === undefined) {
        throw new RpcError("incompleteSignature");
    }
    const need = (name: string) => {
        const value = request.header(name);
        if (!value) {
            throw new RpcError("missingParameter", `The header ${name} is mandatory for this action.`);
        }
        return value;
    };
    const { signedHeaders } = authorization;
    // documented: every x-acs-* header that is sent has to be signed, and host.
    const unsigned = request.headers.find(
        ([name]) => (name.startsWith("x-acs-") || name === "host") && !signedHeaders.includes(name),
    );
    const payloadHash = createHash("sha256").update(request.body).digest("hex");
    if (unsigned !== undefined || need("x-acs-content-sha256") !== payloadHash) {
        throw new RpcError("incompleteSignature");
    }
    return {
        accessKeyId: authorization.accessKeyId,
        securityToken: request.header("x-acs-security-token"),
        nonce: need("x-acs-signature-nonce"),
        timestamp: need("x-acs-date"),
        signature: authorization.signature,
        stringToSign: acs3StringToSign(request, "/", signedHeaders, payloadHash),
        sign: acs3Signature,
    };
}

/** documented: ISO 8601 in UTC, no more than 15 minutes off. verified: ali-oss STS writes milliseconds too. */
function checkTime(text: string, now: number): void {
    const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/.test(text) ? Date.parse(text) : Number.NaN;
    if (Number.isNaN(time)) {
        throw new RpcError("invalidTimestampFormat");
    }
    if (Math.abs(now - time) > maxSkewMs) {
        throw new RpcError("timestampExpired");
    }
}

function findKey(accessKeys: AccessKeyTable, { accessKeyId, securityToken }: Presented, now: number): AccessKey {
    if (!securityToken) {
        const key = accessKeys.get(accessKeyId);
        if (key === undefined) {
            throw new RpcError("accessKeyNotFound");
        }
        if (key.session !== undefined) {
            throw new RpcError("missingSecurityToken");
        }
        return key;
    }
    const key = accessKeys.ofToken(securityToken);
    if (key?.session === undefined) {
        throw new RpcError("securityTokenMalformed");
    }
    if (key.id !== accessKeyId) {
        throw new RpcError("securityTokenMismatch");
    }
    if (key.session.expiresAt <= now) {
        throw new RpcError("securityTokenExpired");
    }
    return key;
}

function digest(text: string): Buffer {
    return createHash("sha256").update(text, "utf8").digest();
}
