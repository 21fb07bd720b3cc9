import { createHash } from "node:crypto";
import type { StoredObject } from "../../cloud/state";
import type { HeaderLine } from "../../cloud/wire";
import { encryptionResponseHeaders, readEncryptionHeaders, resolveObjectEncryption } from "../encryption-headers";
import { OssError } from "../errors";
import type { ObjectCall, OperationResult, Route } from "../operation";

/** The real limit of PutObject is 5 GB; objects here live in memory. */
const OBJECT_LIMIT = 64 * 1024 * 1024;

const CONDITIONS = ["range", "if-match", "if-none-match", "if-modified-since", "if-unmodified-since"];

export const OBJECT_ROUTES: readonly Route[] = [
    {
        operation: "PutObject",
        method: "PUT",
        level: "object",
        access: "write",
        bodyLimit: OBJECT_LIMIT,
        encryptionHeaders: true,
        // A PUT with x-oss-copy-source is CopyObject.
        refusedHeaders: [
            "x-oss-copy-source",
            "x-oss-object-acl",
            "x-oss-storage-class",
            "x-oss-tagging",
            "x-oss-callback",
            "x-oss-forbid-overwrite",
            "x-oss-server-side-encryption-context",
        ],
        handle: putObject,
    },
    {
        operation: "GetObject",
        method: "GET",
        level: "object",
        access: "read",
        refusedHeaders: CONDITIONS,
        handle: getObject,
    },
    {
        operation: "HeadObject",
        method: "HEAD",
        level: "object",
        access: "read",
        refusedHeaders: CONDITIONS,
        handle: headObject,
    },
    { operation: "DeleteObject", method: "DELETE", level: "object", access: "write", handle: deleteObject },
];

/** Headers that come back with the object as they were given, beside x-oss-meta-*. */
const KEPT_HEADERS = ["Content-Type", "Cache-Control", "Content-Disposition", "Content-Encoding", "Expires"];

/**
 * documented: PutObject (doc 31978). The encryption is the request's own or else the bucket's default, fixed at this
 * moment (server-side-encryption).
 */
function putObject({ request, body, bucket, key, environment }: ObjectCall): OperationResult {
    const rule = readEncryptionHeaders(request) ?? bucket.encryption;
    const object: StoredObject = {
        body,
        etag: `"${createHash("md5").update(body).digest("hex").toUpperCase()}"`,
        lastModified: environment.now(),
        headers: keptHeaders(request.headers),
        encryption: rule === undefined ? undefined : resolveObjectEncryption(rule, bucket),
    };
    bucket.objects.set(key, object);
    return { status: 200, headers: [["ETag", object.etag], ...encryptionResponseHeaders(object.encryption)] };
}

/** documented: GetObject (doc 31980). */
function getObject(call: ObjectCall): OperationResult {
    const object = stored(call);
    return { status: 200, headers: objectHeaders(object), bytes: object.body };
}

/** documented: HeadObject (doc 31984). */
function headObject(call: ObjectCall): OperationResult {
    const object = stored(call);
    return { status: 200, headers: objectHeaders(object), contentLength: object.body.byteLength };
}

/** documented: DeleteObject (doc 31982), 204 also when there was no such object. */
function deleteObject({ bucket, key }: ObjectCall): OperationResult {
    bucket.objects.delete(key);
    return { status: 204 };
}

function stored({ bucket, key }: ObjectCall): StoredObject {
    const object = bucket.objects.get(key);
    if (object === undefined) {
        throw new OssError("noSuchKey", [["Key", key]]);
    }
    return object;
}

function objectHeaders(object: StoredObject): HeaderLine[] {
    return [
        ...object.headers,
        ["ETag", object.etag],
        ["Last-Modified", new Date(object.lastModified).toUTCString()],
        ["x-oss-object-type", "Normal"],
        ["x-oss-storage-class", "Standard"],
        ...encryptionResponseHeaders(object.encryption),
    ];
}

function keptHeaders(headers: readonly HeaderLine[]): HeaderLine[] {
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
