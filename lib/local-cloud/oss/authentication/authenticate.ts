import type { AccessKey, AccessKeyTable } from "../../cloud/access-key-table";
import type { Principal } from "../../ram/principal";
import type { Address } from "../addressing";
import { type ErrorDetails, OssError } from "../errors";
import type { OssRequest } from "../oss-request";
import { findAccessKey } from "./access-key-check";
import { type PresentedV1, type PresentedV4, readPresentedCredentials } from "./presented-credentials";
import { checkRequestTime } from "./request-time";
import { signaturesEqual } from "./signatures-equal";
import { v1Signature, v1StringToSign } from "./v1-signature";
import { canonicalRequest, isUnsignedPayload } from "./v4-canonical-request";
import { signingKey, stringToSign, v4Signature } from "./v4-signature";

/** The verified sender of a request. */
export interface Identity {
    /** Undefined when the request is anonymous. */
    readonly principal: Principal | undefined;
    /** The target of the request: of the possible targets, the one that was signed. */
    readonly address: Address;
    /** The region of a V4 signature's scope. */
    readonly signedRegion: string | undefined;
}

/**
 * Verifies a request's signature: the presented credentials, the key, the time, and the match with one of the possible
 * targets.
 * @throws OssError any authentication error
 */
export function authenticate(
    request: OssRequest,
    candidates: readonly [Address, ...Address[]],
    accessKeys: AccessKeyTable,
    now: number,
): Identity {
    const presented = readPresentedCredentials(request);
    if (presented.kind === "none") {
        return { principal: undefined, address: candidates[0], signedRegion: undefined };
    }
    const key = findAccessKey(accessKeys, presented, now);
    const time = checkRequestTime(request, presented, now);
    const address =
        presented.kind === "v4"
            ? verifyV4(request, candidates, presented, key, time)
            : verifyV1(request, candidates, presented, key, time);
    return {
        principal: key.principal,
        address,
        signedRegion: presented.kind === "v4" ? presented.scope.region : undefined,
    };
}

function verifyV4(
    request: OssRequest,
    candidates: readonly [Address, ...Address[]],
    presented: PresentedV4,
    key: AccessKey,
    time: string,
): Address {
    if (!isUnsignedPayload(request)) {
        throw new OssError("unsupportedPayloadHash");
    }
    for (const name of presented.additionalHeaders) {
        // verified: 400 for a signed URL that is used without a header that was signed (live test of alibabacloud-oss-go-sdk-v2).
        if (request.header(name) === undefined) {
            throw new OssError("additionalHeaderMissing", [["Header", name]]);
        }
    }
    const signWith = signingKey(key.secret, presented.scope);
    const documented = candidates.map((address) =>
        canonicalRequest(request, address, presented.additionalHeaders, "k"),
    );
    const matches = (canonical: string) =>
        signaturesEqual(presented.signature, v4Signature(signWith, stringToSign(time, presented.scope, canonical)));
    for (const [index, address] of candidates.entries()) {
        // verified: ali-oss 6.23 leaves `k=` in the canonical query for some parameters without a value.
        if (
            matches(documented[index] ?? "") ||
            matches(canonicalRequest(request, address, presented.additionalHeaders, "k="))
        ) {
            return address;
        }
    }
    const canonical = documented[0] ?? "";
    throw new OssError("signatureDoesNotMatchV4", [
        ...mismatch(presented, stringToSign(time, presented.scope, canonical)),
        ["CanonicalRequest", canonical],
    ]);
}

function verifyV1(
    request: OssRequest,
    candidates: readonly [Address, ...Address[]],
    presented: PresentedV1,
    key: AccessKey,
    time: string,
): Address {
    for (const address of candidates) {
        if (signaturesEqual(presented.signature, v1Signature(key.secret, v1StringToSign(request, address, time)))) {
            if (presented.expires !== undefined && address.key === undefined) {
                throw new OssError("signedUrlOfBucket");
            }
            return address;
        }
    }
    throw new OssError("signatureDoesNotMatchV1", mismatch(presented, v1StringToSign(request, candidates[0], time)));
}

/** documented: doc 108790, the elements with which a client's author can find the difference. */
function mismatch(presented: PresentedV1 | PresentedV4, text: string): ErrorDetails {
    return [
        ["OSSAccessKeyId", presented.accessKeyId],
        ["SignatureProvided", presented.signature],
        ["StringToSign", text],
        ["StringToSignBytes", Buffer.from(text, "utf8").toString("hex").replace(/../g, "$& ").toUpperCase().trim()],
    ];
}
