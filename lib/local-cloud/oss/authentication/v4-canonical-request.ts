import type { Address } from "../addressing";
import type { OssRequest } from "../oss-request";

const unsignedPayload = "UNSIGNED-PAYLOAD";

/**
 * Step 4 of V4: the canonical request.
 * documented: recommend-to-use-signature-version-4;
 * verified with every official SDK.
 * @param emptyValue how a parameter without a value is written: `k`, as documented, or `k=`, as ali-oss signs some of
 * them
 */
export function canonicalRequest(
    request: OssRequest,
    address: Address,
    additionalHeaders: readonly string[],
    emptyValue: "k" | "k=",
): string {
    const signed = new Set(additionalHeaders.filter((name) => !isAlwaysSigned(name)));
    const headerLines = request.headers
        .filter(([name]) => isAlwaysSigned(name) || signed.has(name))
        .toSorted(([a], [b]) => byCodeUnits(a, b))
        .map(([name, value]) => `${name}:${value.trim()}\n`);
    return [
        request.method,
        canonicalUri(address),
        canonicalQuery(request.query, emptyValue),
        headerLines.join(""),
        [...signed].sort(byCodeUnits).join(";"),
        request.header("x-oss-content-sha256") ?? unsignedPayload,
    ].join("\n");
}

export function isUnsignedPayload(request: OssRequest): boolean {
    return (request.header("x-oss-content-sha256") ?? unsignedPayload) === unsignedPayload;
}

/** Always with the bucket, even if the Host names it. */
function canonicalUri(address: Address): string {
    const bucket = address.bucket === undefined ? "" : `${address.bucket}/`;
    return encode(`/${bucket}${address.key ?? ""}`).replaceAll("%2F", "/");
}

function canonicalQuery(query: ReadonlyMap<string, string>, emptyValue: "k" | "k="): string {
    const pairs = [...query]
        .filter(([name]) => name !== "x-oss-signature")
        .map(([name, value]): [string, string] => [encode(name), encode(value)]);
    pairs.sort(([a], [b]) => byCodeUnits(a, b));
    return pairs.map(([name, value]) => (value === "" && emptyValue === "k" ? name : `${name}=${value}`)).join("&");
}

function isAlwaysSigned(name: string): boolean {
    return name.startsWith("x-oss-") || name === "content-type" || name === "content-md5";
}

/** RFC 3986: everything but the unreserved characters. */
function encode(text: string): string {
    return encodeURIComponent(text).replace(
        /[!'()*]/g,
        (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
    );
}

function byCodeUnits(a: string, b: string): number {
    return a < b ? -1 : a > b ? 1 : 0;
}
