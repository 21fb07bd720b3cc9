import { crc64 } from "../../cloud/crc64";
import { currentObject, type StoredObject } from "../../cloud/stored-object";
import { encryptionResponseHeaders, readEncryptionHeaders } from "../encryption-headers";
import { OssError } from "../errors";
import { encryptionForWriting, requireUsableKey } from "../kms-protection";
import { etagOf, objectLimit } from "../object-content";
import { crc64Header, keptHeaders, unsupportedWriteHeaders } from "../object-headers";
import { readObjectAcl, readObjectSettings } from "../object-settings";
import { requireMutable, storeObject, versionHeaders } from "../object-versions";
import type { ObjectCall, OperationResult, Route } from "../operation";

export const appendObjectRoutes: readonly Route[] = [
    {
        operation: "AppendObject",
        method: "POST",
        level: "object",
        access: "write",
        action: "oss:PutObject",
        selector: "append",
        parameters: ["position"],
        bodyLimit: objectLimit,
        encryptionHeaders: true,
        refusedHeaders: unsupportedWriteHeaders,
        handle: appendObject,
    },
];

const positionHeader = "x-oss-next-append-position";

/**
 * documented: AppendObject (doc 31981). The first call makes the object, with its metadata and its encryption; those of
 * later calls are ignored, except the ACL (verified: live test of aliyun-oss-go-sdk). The position must be the
 * object's length. A later call adds no version.
 */
function appendObject(call: ObjectCall): OperationResult {
    const { request, body, bucket, key } = call;
    const position = request.query.get("position") ?? "";
    if (!/^\d{1,15}$/.test(position)) {
        throw new OssError("invalidArgument", [
            ["ArgumentName", "position"],
            ["ArgumentValue", position],
        ]);
    }
    const existing = currentObject(bucket.objects.get(key));
    const length = existing?.body.byteLength ?? 0;
    if (existing !== undefined && existing.type !== "Appendable") {
        throw new OssError("objectNotAppendable");
    }
    if (Number(position) !== length) {
        // verified: the live tests of oss2 and aliyun-oss-go-sdk read the header.
        const headers = [
            [positionHeader, String(length)],
            ...(existing === undefined ? [] : [[crc64Header, existing.crc64] as const]),
        ] as const;
        throw new OssError("positionNotEqualToLength", [["NextAppendPosition", String(length)]], undefined, headers);
    }
    if (length + body.byteLength > objectLimit) {
        throw new OssError("entityTooLarge", [["MaxSizeAllowed", String(objectLimit)]]);
    }
    const object = existing === undefined ? firstPart(call) : longer(call, existing);
    return {
        status: 200,
        headers: [
            ["ETag", object.etag],
            [positionHeader, String(object.body.byteLength)],
            [crc64Header, object.crc64],
            ...versionHeaders(bucket, object),
            ...encryptionResponseHeaders(object.encryption),
        ],
    };
}

function firstPart(call: ObjectCall): StoredObject {
    const { request, body, bucket } = call;
    return storeObject(call, {
        ...readObjectSettings(call),
        body,
        etag: etagOf(body),
        crc64: crc64(body),
        type: "Appendable",
        headers: keptHeaders(request.headers),
        encryption: encryptionForWriting(call, bucket, readEncryptionHeaders(request) ?? bucket.encryption),
    });
}

function longer(call: ObjectCall, existing: StoredObject): StoredObject {
    const { request, body, bucket, key, state, environment } = call;
    requireMutable(call, existing);
    requireUsableKey(call, bucket, existing.encryption, "kms:GenerateDataKey");
    const whole = Buffer.concat([existing.body, body]);
    const object: StoredObject = {
        ...existing,
        acl: readObjectAcl(request) ?? existing.acl,
        body: whole,
        etag: etagOf(whole),
        crc64: crc64(whole),
        lastModified: environment.now(),
    };
    state.bucketTable.updateVersion(bucket, key, object);
    return object;
}
