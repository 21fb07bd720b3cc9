import { createHash } from "node:crypto";
import type { StoredObject } from "../../cloud/bucket";
import type { HeaderLine } from "../../cloud/wire";
import { encryptionResponseHeaders, readEncryptionHeaders } from "../encryption-headers";
import { OssError } from "../errors";
import { encryptionForWriting, requireUsableKey } from "../kms-protection";
import { keptHeaders, objectHeaders, UNSUPPORTED_WRITE_HEADERS } from "../object-headers";
import type { ObjectCall, OperationResult, Route } from "../operation";
import { checkConditions, readRange } from "../read-conditions";

/** The real limit of PutObject is 5 GB; objects here live in memory. */
export const OBJECT_LIMIT = 64 * 1024 * 1024;

const RESPONSE_HEADERS: Readonly<Record<string, string>> = {
    "response-content-type": "Content-Type",
    "response-content-language": "Content-Language",
    "response-expires": "Expires",
    "response-cache-control": "Cache-Control",
    "response-content-disposition": "Content-Disposition",
    "response-content-encoding": "Content-Encoding",
};

export const OBJECT_ROUTES: readonly Route[] = [
    {
        operation: "PutObject",
        method: "PUT",
        level: "object",
        access: "write",
        bodyLimit: OBJECT_LIMIT,
        encryptionHeaders: true,
        refusedHeaders: UNSUPPORTED_WRITE_HEADERS,
        handle: putObject,
    },
    {
        operation: "GetObject",
        method: "GET",
        level: "object",
        access: "read",
        parameters: Object.keys(RESPONSE_HEADERS),
        handle: getObject,
    },
    {
        operation: "GetObjectMeta",
        method: "HEAD",
        level: "object",
        access: "read",
        action: "oss:GetObject",
        selector: { name: "objectMeta", value: "" },
        handle: getObjectMeta,
    },
    {
        operation: "HeadObject",
        method: "HEAD",
        level: "object",
        access: "read",
        action: "oss:GetObject",
        handle: headObject,
    },
    { operation: "DeleteObject", method: "DELETE", level: "object", access: "write", handle: deleteObject },
];

/**
 * documented: PutObject (doc 31978). The encryption is the request's own or else the bucket's default, fixed at this
 * moment (server-side-encryption).
 */
function putObject(call: ObjectCall): OperationResult {
    const { request, body, bucket, key, state, environment } = call;
    const encryption = encryptionForWriting(call, bucket, readEncryptionHeaders(request) ?? bucket.encryption);
    refuseOverwrite(call);
    const object: StoredObject = {
        body,
        etag: etagOf(body),
        type: "Normal",
        lastModified: environment.now(),
        headers: keptHeaders(request.headers),
        encryption,
    };
    state.bucketTable.putObject(bucket, key, object);
    return { status: 200, headers: [["ETag", object.etag], ...encryptionResponseHeaders(object.encryption)] };
}

/** documented: x-oss-forbid-overwrite (PutObject, CopyObject, InitiateMultipartUpload). */
export function refuseOverwrite({ request, bucket, key }: ObjectCall): void {
    const given = request.header("x-oss-forbid-overwrite");
    if (given !== undefined && given !== "true" && given !== "false") {
        throw new OssError("invalidArgument", [["ArgumentName", "x-oss-forbid-overwrite"]]);
    }
    if (given === "true" && bucket.objects.has(key)) {
        throw new OssError("fileAlreadyExists");
    }
}

/** documented: GetObject (doc 31980). The response-* parameters hold for signed requests only. */
function getObject(call: ObjectCall): OperationResult {
    const { request, bucket, principal } = call;
    const object = storedObject(call);
    requireUsableKey(call, bucket, object.encryption, "kms:Decrypt");
    if (checkConditions(request, object) === "not modified") {
        return notModified(object);
    }
    const replaced = [...request.query].flatMap(([name, value]): HeaderLine[] => {
        const header = RESPONSE_HEADERS[name];
        return header === undefined ? [] : [[header, value]];
    });
    if (replaced.length > 0 && principal === undefined) {
        throw new OssError("invalidArgument", [], "The response-* parameters are for signed requests only.");
    }
    const headers = [
        ...objectHeaders(object, bucket).filter(([name]) => !replaced.some(([other]) => other === name)),
        ...replaced,
    ];
    const range = readRange(request, object.body.byteLength);
    if (range === undefined) {
        return { status: 200, headers, bytes: object.body };
    }
    return {
        status: 206,
        headers: [...headers, ["Content-Range", `bytes ${range.first}-${range.last}/${object.body.byteLength}`]],
        bytes: object.body.subarray(range.first, range.last + 1),
    };
}

/** documented: HeadObject (doc 31984). */
function headObject(call: ObjectCall): OperationResult {
    const object = storedObject(call);
    return checkConditions(call.request, object) === "not modified"
        ? notModified(object)
        : { status: 200, headers: objectHeaders(object, call.bucket), contentLength: object.body.byteLength };
}

/** documented: GetObjectMeta (doc 31985): ETag, size and time of the last change, nothing else. */
function getObjectMeta(call: ObjectCall): OperationResult {
    const object = storedObject(call);
    const headers: HeaderLine[] = [
        ["ETag", object.etag],
        ["Last-Modified", new Date(object.lastModified).toUTCString()],
    ];
    return { status: 200, headers, contentLength: object.body.byteLength };
}

/** documented: DeleteObject (doc 31982), 204 also when there was no such object. */
function deleteObject({ state, bucket, key }: ObjectCall): OperationResult {
    state.bucketTable.removeObject(bucket, key);
    return { status: 204 };
}

export function storedObject({ bucket, key }: Pick<ObjectCall, "bucket" | "key">): StoredObject {
    const object = bucket.objects.get(key);
    if (object === undefined) {
        throw new OssError("noSuchKey", [["Key", key]]);
    }
    return object;
}

export function etagOf(body: Uint8Array): string {
    return `"${createHash("md5").update(body).digest("hex").toUpperCase()}"`;
}

function notModified(object: StoredObject): OperationResult {
    const lastModified = new Date(object.lastModified).toUTCString();
    return {
        status: 304,
        headers: [
            ["ETag", object.etag],
            ["Last-Modified", lastModified],
        ],
    };
}
