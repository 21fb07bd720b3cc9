import { createHash } from "node:crypto";
import type { MultipartUpload, StoredObject, UploadedPart } from "../../cloud/bucket";
import { writeXml } from "../../xml/xml-writer";
import { apiTime } from "../api-values";
import { encryptionResponseHeaders, readEncryptionHeaders } from "../encryption-headers";
import { OssError } from "../errors";
import { encryptionForWriting, requireUsableKey } from "../kms-protection";
import { keptHeaders, UNSUPPORTED_WRITE_HEADERS } from "../object-headers";
import type { ObjectCall, OperationResult, Route } from "../operation";
import { readRange } from "../read-conditions";
import { readXmlList } from "../read-configuration";
import { COPY_SOURCE, readCopySource } from "./copy-object";
import { etagOf, OBJECT_LIMIT, refuseOverwrite } from "./objects";

const AS_WRITE = { level: "object", access: "write", action: "oss:PutObject" } as const;
const MAX_PART_NUMBER = 10_000;
/** documented: each part but the last has at least 100 KB (CompleteMultipartUpload). */
const MIN_PART_BYTES = 100 * 1024;

export const MULTIPART_ROUTES: readonly Route[] = [
    {
        ...AS_WRITE,
        operation: "InitiateMultipartUpload",
        method: "POST",
        selector: { name: "uploads", value: "" },
        parameters: ["encoding-type", "sequential"],
        encryptionHeaders: true,
        refusedHeaders: UNSUPPORTED_WRITE_HEADERS,
        handle: initiate,
    },
    {
        ...AS_WRITE,
        operation: "UploadPartCopy",
        method: "PUT",
        selector: { name: "uploadId" },
        selectingHeader: COPY_SOURCE,
        parameters: ["partNumber"],
        handle: uploadPartCopy,
    },
    {
        ...AS_WRITE,
        operation: "UploadPart",
        method: "PUT",
        selector: { name: "uploadId" },
        parameters: ["partNumber"],
        bodyLimit: OBJECT_LIMIT,
        handle: uploadPart,
    },
    {
        ...AS_WRITE,
        operation: "CompleteMultipartUpload",
        method: "POST",
        selector: { name: "uploadId" },
        parameters: ["encoding-type"],
        bodyLimit: 2 * 1024 * 1024,
        refusedHeaders: ["x-oss-callback", "x-oss-object-acl"],
        handle: complete,
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

/** documented: InitiateMultipartUpload (doc 31992). The encryption of the object to be is fixed here. */
function initiate(call: ObjectCall): OperationResult {
    const { request, bucket, key, state, environment } = call;
    const encryption = encryptionForWriting(call, bucket, readEncryptionHeaders(request) ?? bucket.encryption);
    refuseOverwrite(call);
    const upload: MultipartUpload = {
        id: environment.newId() + environment.newId().slice(0, 8),
        key,
        initiated: environment.now(),
        headers: keptHeaders(request.headers),
        encryption,
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
    return { status: 200, headers: [["ETag", part.etag], ...encryptionResponseHeaders(findUpload(call).encryption)] };
}

/** documented: UploadPartCopy (doc 31994). */
function uploadPartCopy(call: ObjectCall): OperationResult {
    const source = readCopySource(call);
    const range = readRange(
        { ...call.request, header: (name) => call.request.header(name === "range" ? "x-oss-copy-source-range" : name) },
        source.body.byteLength,
    );
    const part = putPart(call, range === undefined ? source.body : source.body.subarray(range.first, range.last + 1));
    return {
        status: 200,
        headers: encryptionResponseHeaders(findUpload(call).encryption),
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
    requireUsableKey(call, bucket, upload.encryption, "kms:GenerateDataKey");
    const part: UploadedPart = { body, etag: etagOf(body), lastModified: environment.now() };
    state.bucketTable.putPart(bucket, upload, number, part);
    return part;
}

/**
 * documented: CompleteMultipartUpload (doc 31995): the parts by rising number, each with the ETag of its upload; or no
 * list and x-oss-complete-all: yes.
 */
function complete(call: ObjectCall): OperationResult {
    const { request, bucket, key, state, environment } = call;
    const upload = findUpload(call);
    const parts = choosePartsOf(upload, call);
    if (parts.slice(0, -1).some(({ body }) => body.byteLength < MIN_PART_BYTES)) {
        throw new OssError("entityTooSmall", [["MinSizeAllowed", String(MIN_PART_BYTES)]]);
    }
    const length = parts.reduce((sum, { body }) => sum + body.byteLength, 0);
    if (length > OBJECT_LIMIT) {
        throw new OssError("entityTooLarge", [["MaxSizeAllowed", String(OBJECT_LIMIT)]]);
    }
    refuseOverwrite(call);
    const digests = Buffer.concat(parts.map(({ etag }) => Buffer.from(etag.slice(1, -1), "hex")));
    const object: StoredObject = {
        body: Buffer.concat(parts.map(({ body }) => body)),
        etag: `"${createHash("md5").update(digests).digest("hex").toUpperCase()}-${parts.length}"`,
        type: "Multipart",
        lastModified: environment.now(),
        headers: upload.headers,
        encryption: upload.encryption,
    };
    state.bucketTable.putObject(bucket, key, object);
    state.bucketTable.removeUpload(bucket, upload.id);
    const encoding = request.query.get("encoding-type");
    const shownKey = encoding === "url" ? encodeURIComponent(key) : key;
    return {
        status: 200,
        headers: [["ETag", object.etag], ...encryptionResponseHeaders(object.encryption)],
        xml: writeXml("CompleteMultipartUploadResult", [
            encoding === undefined ? undefined : ["EncodingType", encoding],
            ["Location", `http://${bucket.name}.oss-${bucket.region}.aliyuncs.com/${encodeURIComponent(key)}`],
            ["Bucket", bucket.name],
            ["Key", shownKey],
            ["ETag", object.etag],
        ]),
    };
}

function choosePartsOf(upload: MultipartUpload, { request, body }: ObjectCall): UploadedPart[] {
    if (request.header("x-oss-complete-all") === "yes") {
        if (body.byteLength > 0) {
            throw new OssError("invalidArgument", [], "With x-oss-complete-all the body has to be empty.");
        }
        return [...upload.parts].sort(([a], [b]) => a - b).map(([, part]) => part);
    }
    const list = readXmlList(body, "CompleteMultipartUpload", "Part", ["PartNumber", "ETag"]);
    if (list.length === 0) {
        throw new OssError("malformedXml");
    }
    let previous = 0;
    return list.map((entry) => {
        const number = readPartNumber(entry.get("PartNumber") ?? "");
        if (number <= previous) {
            throw new OssError("invalidPartOrder", [["UploadId", upload.id]]);
        }
        previous = number;
        const part = upload.parts.get(number);
        const etag = entry.get("ETag")?.replaceAll('"', "").toUpperCase();
        if (part === undefined || etag !== part.etag.replaceAll('"', "")) {
            throw new OssError("invalidPart", [
                ["UploadId", upload.id],
                ["PartNumber", String(number)],
            ]);
        }
        return part;
    });
}

/** documented: AbortMultipartUpload (doc 31996). */
function abort(call: ObjectCall): OperationResult {
    call.state.bucketTable.removeUpload(call.bucket, findUpload(call).id);
    return { status: 204 };
}

export function findUpload({ request, bucket, key }: ObjectCall): MultipartUpload {
    const id = request.query.get("uploadId") ?? "";
    const upload = bucket.uploads.get(id);
    if (upload === undefined || upload.key !== key) {
        throw new OssError("noSuchUpload", [["UploadId", id]]);
    }
    return upload;
}

/** documented: 1 to 10,000; else InvalidArgument (UploadPart). */
function readPartNumber(text: string): number {
    const number = /^\d{1,5}$/.test(text) ? Number(text) : 0;
    if (number < 1 || number > MAX_PART_NUMBER) {
        throw new OssError(
            "invalidArgument",
            [
                ["ArgumentName", "partNumber"],
                ["ArgumentValue", text],
            ],
            `Part number must be an integer between 1 and ${MAX_PART_NUMBER}.`,
        );
    }
    return number;
}
