import type { Bucket, StoredObject } from "../cloud/bucket";
import type { HeaderLine } from "../cloud/wire";
import { encryptionResponseHeaders } from "./encryption-headers";

/** Headers that give an object what this server can't keep. */
export const UNSUPPORTED_WRITE_HEADERS = [
    "x-oss-object-acl",
    "x-oss-storage-class",
    "x-oss-tagging",
    "x-oss-tagging-directive",
    "x-oss-callback",
    "x-oss-server-side-encryption-context",
];

/** Headers that come back with the object as they were given, beside x-oss-meta-*. */
const KEPT_HEADERS = [
    "Content-Type",
    "Cache-Control",
    "Content-Disposition",
    "Content-Encoding",
    "Content-Language",
    "Expires",
];

/** What of a request's headers stays with the object that it writes. */
export function keptHeaders(headers: readonly HeaderLine[]): HeaderLine[] {
    const given = new Map(headers);
    const kept = KEPT_HEADERS.flatMap((name): HeaderLine[] => {
        const value = given.get(name.toLowerCase());
        return value === undefined ? [] : [[name, value]];
    });
    if (!given.has("content-type")) {
        kept.push(["Content-Type", "application/octet-stream"]);
    }
    return [...kept, ...headers.filter(([name]) => name.startsWith("x-oss-meta-"))];
}

/** What describes an object in the response to GET and HEAD. */
export function objectHeaders(object: StoredObject, bucket: Bucket): HeaderLine[] {
    return [
        ...object.headers,
        ["ETag", object.etag],
        ["Last-Modified", new Date(object.lastModified).toUTCString()],
        ["Accept-Ranges", "bytes"],
        ["x-oss-object-type", object.type],
        ["x-oss-storage-class", bucket.storageClass],
        ...(object.type === "Appendable"
            ? [["x-oss-next-append-position", String(object.body.byteLength)] as const]
            : []),
        ...encryptionResponseHeaders(object.encryption),
    ];
}
