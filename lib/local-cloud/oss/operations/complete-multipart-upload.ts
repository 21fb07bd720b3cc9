import { createHash } from "node:crypto";
import type { MultipartUpload, UploadedPart } from "../../cloud/bucket";
import { crc64 } from "../../cloud/crc64";
import { writeXml } from "../../xml/xml-writer";
import { encryptionResponseHeaders } from "../encryption-headers";
import { OssError } from "../errors";
import { etagOf, objectLimit } from "../object-content";
import { contentMd5, crc64Header } from "../object-headers";
import { readObjectAcl } from "../object-settings";
import { storeObject, versionHeaders } from "../object-versions";
import type { ObjectCall, OperationResult, Route } from "../operation";
import { readXmlList } from "../read-configuration";
import { findUpload, readPartNumber } from "./find-upload";

/** documented: each part but the last has at least 100 KB (CompleteMultipartUpload). */
const minPartBytes = 100 * 1024;

export const completeMultipartUploadRoutes: readonly Route[] = [
    {
        operation: "CompleteMultipartUpload",
        method: "POST",
        level: "object",
        access: "write",
        action: "oss:PutObject",
        selector: { name: "uploadId" },
        parameters: ["encoding-type"],
        bodyLimit: 2 * 1024 * 1024,
        refusedHeaders: ["x-oss-callback"],
        handle: complete,
    },
];

/**
 * documented: CompleteMultipartUpload (doc 31995): the parts by rising number, each with the ETag of its upload; or no
 * list and x-oss-complete-all: yes. verified: the ETag is the MD5 of the parts' ETags as texts, followed by their number
 * (live test of aliyun-oss-go-sdk, download_test.go).
 */
function complete(call: ObjectCall): OperationResult {
    const { request, bucket, key, state } = call;
    const upload = findUpload(call);
    const parts = choosePartsOf(upload, call);
    if (parts.slice(0, -1).some(({ body }) => body.byteLength < minPartBytes)) {
        throw new OssError("entityTooSmall", [["MinSizeAllowed", String(minPartBytes)]]);
    }
    const length = parts.reduce((sum, { body }) => sum + body.byteLength, 0);
    if (length > objectLimit) {
        throw new OssError("entityTooLarge", [["MaxSizeAllowed", String(objectLimit)]]);
    }
    const digests = parts.map(({ etag }) => etag.slice(1, -1)).join("");
    const body = Buffer.concat(parts.map((part) => part.body));
    const object = storeObject(call, {
        body,
        etag: `"${createHash("md5").update(digests).digest("hex").toUpperCase()}-${parts.length}"`,
        crc64: crc64(body),
        type: "Multipart",
        // verified: a sequential upload has a Content-MD5 (live tests of both Go SDKs).
        headers: [...upload.headers, ...(upload.isSequential === true ? contentMd5({ etag: etagOf(body) }) : [])],
        encryption: upload.encryption,
        acl: readObjectAcl(request) ?? upload.acl,
        tags: upload.tags,
        storageClass: upload.storageClass,
    });
    state.bucketTable.removeUpload(bucket, upload.id);
    const encoding = request.query.get("encoding-type");
    const shownKey = encoding === "url" ? encodeURIComponent(key) : key;
    return {
        status: 200,
        headers: [
            ["ETag", object.etag],
            [crc64Header, object.crc64],
            ...versionHeaders(bucket, object),
            ...encryptionResponseHeaders(object.encryption),
        ],
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
            throw new OssError("completeAllWithBody");
        }
        return [...upload.parts].sort(([a], [b]) => a - b).map(([, part]) => part);
    }
    // verified: a list without parts makes an empty object (live test of alibabacloud-oss-go-sdk-v2).
    const list = readXmlList(body, "CompleteMultipartUpload", "Part", ["PartNumber", "ETag"]);
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
