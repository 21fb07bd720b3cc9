import { createRequire } from "node:module";
import type { HeaderLine, RequestHead } from "../../lib/local-cloud/cloud/wire";

/** The signing code of the official SDK for Node, so that the verifier is not held against itself. */
interface AliOssSignUtils {
    authorizationV4(
        accessKeyId: string,
        accessKeySecret: string,
        region: string,
        method: string,
        request: { headers: Record<string, string>; queries: Record<string, string | null> },
        bucket?: string,
        key?: string,
        additionalHeaders?: string[],
    ): string;
    buildCanonicalString(
        method: string,
        resource: string,
        request: { headers: Record<string, string>; parameters: Record<string, string> },
        expires?: string,
    ): string;
    getCanonicalRequest(
        method: string,
        request: { headers: Record<string, string>; queries: Record<string, string | null> },
        bucket?: string,
        key?: string,
    ): string;
    getSignatureV4(accessKeySecret: string, day: string, region: string, stringToSign: string): string;
    computeSignature(accessKeySecret: string, canonical: string): string;
    authorization(accessKeyId: string, accessKeySecret: string, canonical: string): string;
}

export const aliOssSignUtils: AliOssSignUtils = createRequire(__filename)("ali-oss/lib/common/signUtils");

export interface RequestSpec {
    readonly method?: string;
    readonly bucket?: string;
    readonly key?: string;
    /** "" is a parameter without a value. */
    readonly query?: Readonly<Record<string, string>>;
    readonly headers?: Readonly<Record<string, string>>;
    /** Default: a loopback address, and so path style. A name must begin with the bucket. */
    readonly host?: string;
    readonly scheme?: "v4" | "v1" | "anonymous";
    readonly region?: string;
    readonly accessKeyId?: string;
    readonly secret?: string;
    readonly additionalHeaders?: string[];
    /** When it is signed. */
    readonly time: number;
}

/** A request as an SDK would sign and send it. */
export function signedRequest(spec: RequestSpec): RequestHead {
    const { method = "GET", bucket, key, query = {}, host = "127.0.0.1:9000", scheme = "v4" } = spec;
    const headers: Record<string, string> = { ...lowerCase(spec.headers ?? {}), host };
    if (scheme === "v4") {
        headers["x-oss-date"] ??= new Date(spec.time).toISOString().replace(/[-:]|\.\d+/g, "");
        headers["x-oss-content-sha256"] ??= "UNSIGNED-PAYLOAD";
    } else if (scheme === "v1") {
        headers["x-oss-date"] ??= new Date(spec.time).toUTCString();
    }
    const { accessKeyId = "local-key-id", secret = "local-key-secret" } = spec;
    if (scheme === "v4") {
        const queries = Object.fromEntries(Object.entries(query).map(([name, value]) => [name, value || null]));
        headers.authorization = aliOssSignUtils.authorizationV4(
            accessKeyId,
            secret,
            spec.region ?? "cn-hangzhou",
            method,
            { headers, queries },
            bucket,
            key,
            spec.additionalHeaders,
        );
    } else if (scheme === "v1") {
        const resource = bucket === undefined ? "/" : `/${bucket}/${key ?? ""}`;
        const canonical = aliOssSignUtils.buildCanonicalString(method, resource, { headers, parameters: { ...query } });
        headers.authorization = aliOssSignUtils.authorization(accessKeyId, secret, canonical);
    }
    const path =
        /^[\d[]/.test(host) && bucket !== undefined ? `/${encodeKey(bucket)}/${encodeKey(key)}` : `/${encodeKey(key)}`;
    return { method, target: path + queryText(query), headers: Object.entries(headers) as HeaderLine[] };
}

/** The same request with one header replaced, added or (undefined) taken away, after it was signed. */
export function withHeader(head: RequestHead, name: string, value: string | undefined): RequestHead {
    const headers = head.headers.filter(([other]) => other !== name);
    return { ...head, headers: value === undefined ? headers : [...headers, [name, value]] };
}

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
    return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function encodeKey(key: string | undefined): string {
    return encodeURIComponent(key ?? "").replaceAll("%2F", "/");
}

function queryText(query: Readonly<Record<string, string>>): string {
    const pairs = Object.entries(query).map(([name, value]) =>
        value === "" ? encodeURIComponent(name) : `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
    );
    return pairs.length === 0 ? "" : `?${pairs.join("&")}`;
}
