import type { StoredObject } from "../../cloud/bucket";
import { encryptionResponseHeaders, readEncryptionHeaders } from "../encryption-headers";
import { OssError } from "../errors";
import { encryptionForWriting, requireUsableKey } from "../kms-protection";
import { keptHeaders, UNSUPPORTED_WRITE_HEADERS } from "../object-headers";
import type { ObjectCall, OperationResult, Route } from "../operation";
import { etagOf, OBJECT_LIMIT } from "./objects";

export const APPEND_OBJECT_ROUTES: readonly Route[] = [
    {
        operation: "AppendObject",
        method: "POST",
        level: "object",
        access: "write",
        action: "oss:PutObject",
        selector: { name: "append", value: "" },
        parameters: ["position"],
        bodyLimit: OBJECT_LIMIT,
        encryptionHeaders: true,
        refusedHeaders: UNSUPPORTED_WRITE_HEADERS,
        handle: appendObject,
    },
];

/**
 * documented: AppendObject (doc 31981). The first call makes the object, with its metadata and its encryption; those of
 * later calls are passed over. The position has to be the object's length.
 */
function appendObject(call: ObjectCall): OperationResult {
    const { request, body, bucket, key, state, environment } = call;
    const position = request.query.get("position") ?? "";
    if (!/^\d{1,15}$/.test(position)) {
        throw new OssError("invalidArgument", [
            ["ArgumentName", "position"],
            ["ArgumentValue", position],
        ]);
    }
    const existing = bucket.objects.get(key);
    const length = existing?.body.byteLength ?? 0;
    if (existing !== undefined && existing.type !== "Appendable") {
        throw new OssError("objectNotAppendable");
    }
    if (Number(position) !== length) {
        throw new OssError("positionNotEqualToLength", [["NextAppendPosition", String(length)]]);
    }
    if (length + body.byteLength > OBJECT_LIMIT) {
        throw new OssError("entityTooLarge", [["MaxSizeAllowed", String(OBJECT_LIMIT)]]);
    }
    requireUsableKey(call, bucket, existing?.encryption, "kms:GenerateDataKey");
    const whole = existing === undefined ? body : Buffer.concat([existing.body, body]);
    const object: StoredObject = {
        body: whole,
        etag: etagOf(whole),
        type: "Appendable",
        lastModified: environment.now(),
        headers: existing?.headers ?? keptHeaders(request.headers),
        encryption:
            existing === undefined
                ? encryptionForWriting(call, bucket, readEncryptionHeaders(request) ?? bucket.encryption)
                : existing.encryption,
    };
    state.bucketTable.putObject(bucket, key, object);
    return {
        status: 200,
        headers: [
            ["ETag", object.etag],
            ["x-oss-next-append-position", String(whole.byteLength)],
            ...encryptionResponseHeaders(object.encryption),
        ],
    };
}
