import type { StoredObject } from "../../cloud/stored-object";
import type { HeaderLine } from "../../cloud/wire";
import { OssError } from "../errors";
import { requireUsableKey } from "../kms-protection";
import { crc64Header, objectHeaders } from "../object-headers";
import { contentOf, requestedObject, requireReadable, versionHeaders } from "../object-versions";
import type { ObjectCall, OperationResult, Route } from "../operation";
import { checkConditions, readRange } from "../read-conditions";

const responseHeaders: Readonly<Record<string, string>> = {
    "response-content-type": "Content-Type",
    "response-content-language": "Content-Language",
    "response-expires": "Expires",
    "response-cache-control": "Cache-Control",
    "response-content-disposition": "Content-Disposition",
    "response-content-encoding": "Content-Encoding",
};

const readRoute = {
    level: "object",
    access: "read",
    action: "oss:GetObject",
    versionAction: "oss:GetObjectVersion",
} as const;

export const readObjectRoutes: readonly Route[] = [
    {
        ...readRoute,
        operation: "GetObject",
        method: "GET",
        parameters: ["versionId", "x-oss-traffic-limit", ...Object.keys(responseHeaders)],
        handle: getObject,
    },
    {
        ...readRoute,
        operation: "GetObjectMeta",
        method: "HEAD",
        selector: "objectMeta",
        parameters: ["versionId"],
        handle: getObjectMeta,
    },
    { ...readRoute, operation: "HeadObject", method: "HEAD", parameters: ["versionId"], handle: headObject },
];

/** documented: GetObject (doc 31980). The response-* parameters hold for signed requests only. */
function getObject(call: ObjectCall): OperationResult {
    const { request, bucket, principal, environment } = call;
    const object = requestedObject(call);
    const content = contentOf(call, object);
    requireReadable(content, environment.now());
    requireUsableKey(call, bucket, content.encryption, "kms:Decrypt");
    if (checkConditions(request, content) === "not modified") {
        return notModified(content);
    }
    const replaced = [...request.query].flatMap(([name, value]): HeaderLine[] => {
        const header = Object.hasOwn(responseHeaders, name) ? responseHeaders[name] : undefined;
        return header === undefined ? [] : [[header, value]];
    });
    if (replaced.length > 0 && principal === undefined) {
        throw new OssError("invalidArgument", [], "The response-* parameters are for signed requests only.");
    }
    const headers = [
        ...describe(call, object, content).filter(([name]) => !replaced.some(([other]) => other === name)),
        ...replaced,
    ];
    const range = readRange(request, content.body.byteLength);
    if (range === undefined) {
        return { status: 200, headers, bytes: content.body };
    }
    return {
        status: 206,
        headers: [...headers, ["Content-Range", `bytes ${range.first}-${range.last}/${content.body.byteLength}`]],
        bytes: content.body.subarray(range.first, range.last + 1),
    };
}

/** documented: HeadObject (doc 31984). */
function headObject(call: ObjectCall): OperationResult {
    const object = requestedObject(call);
    const content = contentOf(call, object);
    return checkConditions(call.request, content) === "not modified"
        ? notModified(content)
        : { status: 200, headers: describe(call, object, content), contentLength: content.body.byteLength };
}

function describe({ bucket, environment }: ObjectCall, object: StoredObject, content: StoredObject): HeaderLine[] {
    return [...objectHeaders(object, content, environment.now()), ...versionHeaders(bucket, object)];
}

/** documented: GetObjectMeta (doc 31985): ETag, checksum, size and time of the last change, nothing else. */
function getObjectMeta(call: ObjectCall): OperationResult {
    const object = requestedObject(call);
    const headers: HeaderLine[] = [
        ["ETag", object.etag],
        [crc64Header, object.crc64],
        ["Last-Modified", new Date(object.lastModified).toUTCString()],
        ...versionHeaders(call.bucket, object),
    ];
    return { status: 200, headers, contentLength: object.body.byteLength };
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
