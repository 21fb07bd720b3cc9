import type { StoredObject } from "../../cloud/bucket";
import { writeXml } from "../../xml/xml-writer";
import { permissionOn, requireAccess } from "../access";
import { apiTime } from "../api-values";
import { encryptionResponseHeaders, readEncryptionHeaders } from "../encryption-headers";
import { OssError } from "../errors";
import { encryptionForWriting, requireUsableKey } from "../kms-protection";
import { BUCKET_NAME } from "../names";
import { keptHeaders, UNSUPPORTED_WRITE_HEADERS } from "../object-headers";
import type { ObjectCall, OperationResult, Route } from "../operation";
import { decodePercent } from "../oss-request";
import { type ConditionHeaders, checkConditions } from "../read-conditions";
import { refuseOverwrite, storedObject } from "./objects";

export const COPY_SOURCE = "x-oss-copy-source";

export const COPY_OBJECT_ROUTES: readonly Route[] = [
    {
        operation: "CopyObject",
        method: "PUT",
        level: "object",
        access: "write",
        action: "oss:PutObject",
        selectingHeader: COPY_SOURCE,
        encryptionHeaders: true,
        refusedHeaders: UNSUPPORTED_WRITE_HEADERS,
        handle: copyObject,
    },
];

const CONDITIONS: ConditionHeaders = {
    ifMatch: "x-oss-copy-source-if-match",
    ifNoneMatch: "x-oss-copy-source-if-none-match",
    ifModifiedSince: "x-oss-copy-source-if-modified-since",
    ifUnmodifiedSince: "x-oss-copy-source-if-unmodified-since",
};

/**
 * documented: CopyObject (doc 31979). The new object's encryption is the request's own or its bucket's default, never
 * the source's; its metadata are the source's unless x-oss-metadata-directive says REPLACE. Both buckets are in one
 * region.
 */
function copyObject(call: ObjectCall): OperationResult {
    const { request, bucket, key, state, environment } = call;
    const source = readCopySource(call);
    if (checkConditions(request, source, CONDITIONS) === "not modified") {
        return { status: 304 };
    }
    const directive = request.header("x-oss-metadata-directive") ?? "COPY";
    if (directive !== "COPY" && directive !== "REPLACE") {
        throw new OssError("invalidArgument", [["ArgumentName", "x-oss-metadata-directive"]]);
    }
    const encryption = encryptionForWriting(call, bucket, readEncryptionHeaders(request) ?? bucket.encryption);
    refuseOverwrite(call);
    const object: StoredObject = {
        body: source.body,
        etag: source.etag,
        type: "Normal",
        lastModified: environment.now(),
        headers: directive === "COPY" ? source.headers : keptHeaders(request.headers),
        encryption,
    };
    state.bucketTable.putObject(bucket, key, object);
    return {
        status: 200,
        headers: encryptionResponseHeaders(encryption),
        xml: writeXml("CopyObjectResult", [
            ["LastModified", apiTime(object.lastModified)],
            ["ETag", object.etag],
        ]),
    };
}

/**
 * The object that x-oss-copy-source names, when the caller may read it.
 * verified with the SDKs of the sheet: `/bucket/key`, percent-encoded in part or in whole; aliyun-oss-go-sdk writes a
 * blank as `+`, and every SDK writes a plus as `%2B`.
 */
export function readCopySource(call: ObjectCall): StoredObject {
    const { request, state, principal } = call;
    const text = request.header(COPY_SOURCE) ?? "";
    const [, name = "", key = ""] = /^\/?([^/]+)\/(.+)$/s.exec(decodePercent(text.replaceAll("+", " ")) ?? "") ?? [];
    if (text.includes("?versionId=")) {
        throw new OssError("notImplemented");
    }
    if (!BUCKET_NAME.test(name) || key === "") {
        throw new OssError("invalidArgument", [
            ["ArgumentName", COPY_SOURCE],
            ["ArgumentValue", text],
        ]);
    }
    const bucket = state.buckets.get(name);
    if (bucket === undefined) {
        throw new OssError("noSuchBucket", [["BucketName", name]]);
    }
    requireAccess(bucket, principal, "read", permissionOn(bucket, key, "oss:GetObject"));
    if (bucket.region !== call.bucket.region) {
        throw new OssError("invalidArgument", [], "The source and the target have to be in the same region.");
    }
    const object = storedObject({ bucket, key });
    requireUsableKey(call, bucket, object.encryption, "kms:Decrypt");
    return object;
}
