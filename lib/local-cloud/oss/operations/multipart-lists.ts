import { writeXml, type XmlNode } from "../../xml/xml-writer";
import { apiTime, readCount, readEncoding, readName } from "../api-values";
import { prefixUpTo } from "../listing";
import type { BucketCall, ObjectCall, OperationResult, Route } from "../operation";
import { findUpload } from "./find-upload";

export const multipartListRoutes: readonly Route[] = [
    {
        operation: "ListParts",
        method: "GET",
        level: "object",
        access: "write",
        selector: { name: "uploadId" },
        parameters: ["max-parts", "part-number-marker", "encoding-type"],
        handle: listParts,
    },
    {
        operation: "ListMultipartUploads",
        method: "GET",
        level: "bucket",
        selector: "uploads",
        parameters: ["prefix", "delimiter", "key-marker", "upload-id-marker", "max-uploads", "encoding-type"],
        handle: listUploads,
    },
];

/** documented: ListParts (doc 31998); 1,000 parts at most, which is also the default. */
function listParts(call: ObjectCall): OperationResult {
    const { request, bucket, key } = call;
    const upload = findUpload(call);
    const maxParts = readCount(request, "max-parts", 1000);
    const marker = Number(request.query.get("part-number-marker") || 0);
    const encode = readEncoding(request);
    const parts = [...upload.parts].sort(([a], [b]) => a - b).filter(([number]) => !(number <= marker));
    const page = parts.slice(0, maxParts);
    const isTruncated = page.length < parts.length;
    return {
        status: 200,
        xml: writeXml("ListPartsResult", [
            request.query.has("encoding-type") ? ["EncodingType", "url"] : undefined,
            ["Bucket", bucket.name],
            ["Key", encode(key)],
            ["UploadId", upload.id],
            ["StorageClass", upload.storageClass],
            ["PartNumberMarker", Number.isNaN(marker) ? 0 : marker],
            // verified: oss2 needs it on the last page too.
            ["NextPartNumberMarker", page.at(-1)?.[0] ?? 0],
            ["MaxParts", maxParts],
            ["IsTruncated", isTruncated],
            ...page.map(
                ([number, part]): XmlNode => [
                    "Part",
                    [
                        ["PartNumber", number],
                        ["LastModified", apiTime(part.lastModified)],
                        ["ETag", part.etag],
                        ["HashCrc64ecma", part.crc64],
                        ["Size", part.body.byteLength],
                    ],
                ],
            ),
        ]),
    };
}

/**
 * documented: ListMultipartUploads (doc 31997), by key, then by id. Uploads whose keys are equal up to the delimiter
 * form one common prefix.
 * assumed: max-uploads counts uploads before they are grouped.
 */
function listUploads({ request, bucket }: BucketCall): OperationResult {
    const text = (name: string) => readName(request, name);
    const maxUploads = readCount(request, "max-uploads", 1000);
    const encode = readEncoding(request);
    const keyMarker = text("key-marker");
    const idMarker = keyMarker === "" ? "" : text("upload-id-marker");
    const uploads = [...bucket.uploads.values()]
        .filter(({ key }) => key.startsWith(text("prefix")))
        .filter(({ key, id }) => key > keyMarker || (key === keyMarker && idMarker !== "" && id > idMarker))
        .sort((a, b) => (a.key === b.key ? (a.id < b.id ? -1 : 1) : a.key < b.key ? -1 : 1));
    const page = uploads.slice(0, maxUploads);
    const isTruncated = page.length < uploads.length;
    const last = page.at(-1);
    const delimiter = text("delimiter");
    const prefixOf = (key: string) => prefixUpTo(key, text("prefix"), delimiter);
    const prefixes = new Set(page.map(({ key }) => prefixOf(key)).filter((prefix) => prefix !== undefined));
    return {
        status: 200,
        xml: writeXml("ListMultipartUploadsResult", [
            request.query.has("encoding-type") ? ["EncodingType", "url"] : undefined,
            ["Bucket", bucket.name],
            ["KeyMarker", encode(keyMarker)],
            ["UploadIdMarker", idMarker],
            // verified: the last page has them too (live test of alibabacloud-oss-v2).
            ["NextKeyMarker", encode(last?.key ?? "")],
            ["NextUploadIdMarker", last?.id ?? ""],
            ["Delimiter", encode(delimiter)],
            ["Prefix", encode(text("prefix"))],
            ["MaxUploads", maxUploads],
            ["IsTruncated", isTruncated],
            ...[...prefixes].map((prefix): XmlNode => ["CommonPrefixes", [["Prefix", encode(prefix)]]]),
            ...page
                .filter(({ key }) => prefixOf(key) === undefined)
                .map(
                    ({ key, id, initiated, storageClass }): XmlNode => [
                        "Upload",
                        [
                            ["Key", encode(key)],
                            ["UploadId", id],
                            ["StorageClass", storageClass],
                            ["Initiated", apiTime(initiated)],
                        ],
                    ],
                ),
        ]),
    };
}
