import type { MultipartUpload, UploadedPart } from "../../cloud/bucket";
import { crc64 } from "../../cloud/crc64";
import { writeXml } from "../../xml/xml-writer";
import { apiTime } from "../api-values";
import { encryptionResponseHeaders, readEncryptionHeaders } from "../encryption-headers";
import { OssError } from "../errors";
import { encryptionForWriting, requireUsableKey } from "../kms-protection";
import { etagOf, objectLimit } from "../object-content";
import { contentMd5, crc64Header, keptHeaders, unsupportedWriteHeaders } from "../object-headers";
import { readObjectSettings } from "../object-settings";
import { requireWritable } from "../object-versions";
import type { ObjectCall, OperationResult, Route } from "../operation";
import { readRange } from "../read-conditions";
import { copySource, readCopySource } from "./copy-source";
import { findUpload, readPartNumber } from "./find-upload";

const asWrite = { level: "object", access: "write", action: "oss:PutObject" } as const;

export const multipartRoutes: readonly Route[] = [
    {
        ...asWrite,
        operation: "InitiateMultipartUpload",
        method: "POST",
        selector: "uploads",
        parameters: ["encoding-type", "sequential"],
        encryptionHeaders: true,
        refusedHeaders: unsupportedWriteHeaders,
        handle: initiate,
    },
    {
        ...asWrite,
        operation: "UploadPartCopy",
        method: "PUT",
        selector: { name: "uploadId" },
        selectingHeader: copySource,
        parameters: ["partNumber"],
        handle: uploadPartCopy,
    },
    {
        ...asWrite,
        operation: "UploadPart",
        method: "PUT",
        selector: { name: "uploadId" },
        parameters: ["partNumber"],
        bodyLimit: objectLimit,
        handle: uploadPart,
    },
    {
        operation: "AbortMultipartUpload",
        method: "DELETE",
        level: "object",
        access: "write",
        selector: { name: "uploadId" },
        handle: abort,
    },
];

/** documented: InitiateMultipartUpload (doc 31992). This call fixes the encryption of the object that the upload completes. */
function initiate(call: ObjectCall): OperationResult {
    const { request, bucket, key, state, environment } = call;
    const encryption = encryptionForWriting(call, bucket, readEncryptionHeaders(request) ?? bucket.encryption);
    requireWritable(call);
    const upload: MultipartUpload = {
        id: environment.newId() + environment.newId().slice(0, 8),
        key,
        initiated: environment.now(),
        headers: keptHeaders(request.headers),
        encryption,
        ...readObjectSettings(call),
        isSequential: request.query.has("sequential"),
        parts: new Map(),
    };
    state.bucketTable.addUpload(bucket, upload);
    const encoding = request.query.get("encoding-type");
    return {
        status: 200,
        headers: encryptionResponseHeaders(encryption),
        xml: writeXml("InitiateMultipartUploadResult", [
            encoding === undefined ? undefined : ["EncodingType", encoding],
            ["Bucket", bucket.name],
            ["Key", encoding === "url" ? encodeURIComponent(key) : key],
            ["UploadId", upload.id],
        ]),
    };
}

/** documented: UploadPart (doc 31993). */
function uploadPart(call: ObjectCall): OperationResult {
    const part = putPart(call, call.body);
    return {
        status: 200,
        headers: [
            ["ETag", part.etag],
            [crc64Header, part.crc64],
            ...contentMd5(part),
            ...encryptionResponseHeaders(findUpload(call).encryption),
        ],
    };
}

/**
 * documented: UploadPartCopy (doc 31994), with its conditions and the version of the source.
 * verified: ali-oss needs the ETag as a header (lib/common/multipart-copy.js).
 */
function uploadPartCopy(call: ObjectCall): OperationResult {
    const source = readCopySource(call);
    if (source.isUnchanged) {
        return { status: 304 };
    }
    const { body, versionId } = source.object;
    const range = readRange(
        { ...call.request, header: (name) => call.request.header(name === "range" ? "x-oss-copy-source-range" : name) },
        body.byteLength,
    );
    const part = putPart(call, range === undefined ? body : body.subarray(range.first, range.last + 1));
    const hasVersions = source.bucket.versioning !== undefined;
    return {
        status: 200,
        headers: [
            ["ETag", part.etag],
            [crc64Header, part.crc64],
            ...(hasVersions ? [["x-oss-copy-source-version-id", versionId] as const] : []),
            ...encryptionResponseHeaders(findUpload(call).encryption),
        ],
        xml: writeXml("CopyPartResult", [
            ["LastModified", apiTime(part.lastModified)],
            ["ETag", part.etag],
        ]),
    };
}

function putPart(call: ObjectCall, body: Uint8Array): UploadedPart {
    const { request, bucket, state, environment } = call;
    const upload = findUpload(call);
    const number = readPartNumber(request.query.get("partNumber") ?? "");
    // documented: a sequential upload takes its parts in order; code in oss2 exceptions.py.
    if (upload.isSequential === true && number !== upload.parts.size + 1 && !upload.parts.has(number)) {
        throw new OssError("partNotSequential", [["PartNumber", String(number)]]);
    }
    requireUsableKey(call, bucket, upload.encryption, "kms:GenerateDataKey");
    const part: UploadedPart = { body, etag: etagOf(body), crc64: crc64(body), lastModified: environment.now() };
    state.bucketTable.putPart(bucket, upload, number, part);
    return part;
}

/** documented: AbortMultipartUpload (doc 31996). */
function abort(call: ObjectCall): OperationResult {
    call.state.bucketTable.removeUpload(call.bucket, findUpload(call).id);
    return { status: 204 };
}
