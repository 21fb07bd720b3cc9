import { crc64 } from "../../cloud/crc64";
import { encryptionResponseHeaders, readEncryptionHeaders } from "../encryption-headers";
import { encryptionForWriting } from "../kms-protection";
import { etagOf, objectLimit } from "../object-content";
import { contentMd5, crc64Header, keptHeaders, unsupportedWriteHeaders } from "../object-headers";
import { readObjectSettings } from "../object-settings";
import { storeObject, versionHeaders } from "../object-versions";
import type { ObjectCall, OperationResult, Route } from "../operation";

export const putObjectRoutes: readonly Route[] = [
    {
        operation: "PutObject",
        method: "PUT",
        level: "object",
        access: "write",
        bodyLimit: objectLimit,
        encryptionHeaders: true,
        // verified: If-Modified-Since is refused (live test of aliyun-oss-go-sdk, bucket_test.go). The code is assumed.
        refusedHeaders: ["if-modified-since", ...unsupportedWriteHeaders],
        handle: putObject,
    },
];

/**
 * documented: PutObject (doc 31978). The encryption is the request's own or else the bucket's default at this
 * moment: a later rule does not change it (server-side-encryption).
 */
function putObject(call: ObjectCall): OperationResult {
    const { request, body, bucket } = call;
    const object = storeObject(call, {
        ...readObjectSettings(call),
        body,
        etag: etagOf(body),
        crc64: crc64(body),
        type: "Normal",
        headers: keptHeaders(request.headers),
        encryption: encryptionForWriting(call, bucket, readEncryptionHeaders(request) ?? bucket.encryption),
    });
    return {
        status: 200,
        headers: [
            ["ETag", object.etag],
            [crc64Header, object.crc64],
            ...contentMd5(object),
            ...versionHeaders(bucket, object),
            ...encryptionResponseHeaders(object.encryption),
        ],
    };
}
