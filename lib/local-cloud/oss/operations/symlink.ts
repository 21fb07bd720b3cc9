import { crc64 } from "../../cloud/crc64";
import type { HeaderLine } from "../../cloud/wire";
import { OssError } from "../errors";
import { isObjectName } from "../names";
import { etagOf } from "../object-content";
import { keptHeaders } from "../object-headers";
import { readObjectSettings } from "../object-settings";
import { requestedObject, storeObject, versionHeaders } from "../object-versions";
import type { ObjectCall, OperationResult, Route } from "../operation";
import { decodePercent } from "../oss-request";

const targetHeader = "x-oss-symlink-target";

export const symlinkRoutes: readonly Route[] = [
    {
        operation: "PutSymlink",
        method: "PUT",
        level: "object",
        access: "write",
        action: "oss:PutObject",
        selector: "symlink",
        handle: putSymlink,
    },
    {
        operation: "GetSymlink",
        method: "GET",
        level: "object",
        access: "read",
        action: "oss:GetObject",
        versionAction: "oss:GetObjectVersion",
        selector: "symlink",
        parameters: ["versionId"],
        handle: getSymlink,
    },
];

/** documented: PutSymlink: the target is named percent-encoded, and is not checked. */
function putSymlink(call: ObjectCall): OperationResult {
    const { request, bucket } = call;
    const linkTarget = decodePercent((request.header(targetHeader) ?? "").replaceAll("+", " ")) ?? "";
    if (linkTarget === "" || !isObjectName(linkTarget)) {
        throw new OssError("invalidArgument", [["ArgumentName", targetHeader]]);
    }
    const body = new Uint8Array();
    const object = storeObject(call, {
        ...readObjectSettings(call),
        body,
        etag: etagOf(Buffer.from(linkTarget, "utf8")),
        crc64: crc64(body),
        type: "Symlink",
        linkTarget,
        headers: keptHeaders(request.headers),
        encryption: undefined,
    });
    return { status: 200, headers: [["ETag", object.etag], ...versionHeaders(bucket, object)] };
}

/** documented: GetSymlink: the target in the header, percent-encoded; NotSymlink for another object. */
function getSymlink(call: ObjectCall): OperationResult {
    const object = requestedObject(call);
    if (object.linkTarget === undefined) {
        throw new OssError("notSymlink");
    }
    const headers: HeaderLine[] = [
        [targetHeader, encodeURIComponent(object.linkTarget)],
        ["ETag", object.etag],
        ["Last-Modified", new Date(object.lastModified).toUTCString()],
        ...object.headers.filter(([name]) => name.startsWith("x-oss-meta-")),
        ...versionHeaders(call.bucket, object),
    ];
    return { status: 200, headers };
}
