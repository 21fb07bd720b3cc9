import type { StoredObject } from "../cloud/stored-object";
import type { HeaderLine } from "../cloud/wire";
import { encryptionResponseHeaders } from "./encryption-headers";

/** Headers whose effect this server does not have. */
export const unsupportedWriteHeaders = ["x-oss-callback", "x-oss-server-side-encryption-context"];

export const crc64Header = "x-oss-hash-crc64ecma";

/** Headers that come back with the object as they were given, beside x-oss-meta-*. */
const keptHeaderNames = [
    "Content-Type",
    "Cache-Control",
    "Content-Disposition",
    "Content-Encoding",
    "Content-Language",
    "Expires",
];

/** verified: Content-MD5 comes with a body that was sent in one piece (live test of alibabacloud-oss-v2, test_object_basic.py). */
export function contentMd5({ etag }: { readonly etag: string }): HeaderLine[] {
    return [["Content-MD5", Buffer.from(etag.slice(1, -1), "hex").toString("base64")]];
}

/** The headers of a request that are stored with the object that it writes. */
export function keptHeaders(headers: readonly HeaderLine[], contentType = "application/octet-stream"): HeaderLine[] {
    const given = new Map(headers);
    const kept = keptHeaderNames.flatMap((name): HeaderLine[] => {
        const value = given.get(name.toLowerCase());
        return value === undefined ? [] : [[name, value]];
    });
    if (!given.has("content-type")) {
        kept.push(["Content-Type", contentType]);
    }
    return [...kept, ...headers.filter(([name]) => name.startsWith("x-oss-meta-"))];
}

/**
 * The headers that describe an object in the response to GET and HEAD.
 * @param content the same object, or the target of a symbolic link
 */
export function objectHeaders(object: StoredObject, content: StoredObject, now: number): HeaderLine[] {
    return [
        ...object.headers,
        ["ETag", content.etag],
        [crc64Header, content.crc64],
        ...(content.type === "Normal" ? contentMd5(content) : []),
        ["Last-Modified", new Date(Math.max(object.lastModified, content.lastModified)).toUTCString()],
        ["Accept-Ranges", "bytes"],
        ["x-oss-object-type", object.type],
        ["x-oss-storage-class", content.storageClass],
        ...(object.type === "Appendable"
            ? [["x-oss-next-append-position", String(object.body.byteLength)] as const]
            : []),
        ...(object.tags.length > 0 ? [["x-oss-tagging-count", String(object.tags.length)] as const] : []),
        ...restorationHeaders(object, now),
        ...encryptionResponseHeaders(content.encryption),
    ];
}

function restorationHeaders(object: StoredObject, now: number): HeaderLine[] {
    const value = restorationText(object, now);
    return value === undefined ? [] : [["x-oss-restore", value]];
}

/** documented: HeadObject, x-oss-restore; ListObjectsV2, RestoreInfo. Undefined when nothing is or was restored. */
export function restorationText({ restoration }: StoredObject, now: number): string | undefined {
    if (restoration === undefined || restoration.expiresAt <= now) {
        return undefined;
    }
    return restoration.readyAt > now
        ? 'ongoing-request="true"'
        : `ongoing-request="false", expiry-date="${new Date(restoration.expiresAt).toUTCString()}"`;
}
