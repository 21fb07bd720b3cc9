import type { EncryptionRule } from "../../cloud/encryption-rule";
import type { StoredObject, Tags } from "../../cloud/stored-object";
import type { HeaderLine } from "../../cloud/wire";
import { writeXml } from "../../xml/xml-writer";
import { apiTime } from "../api-values";
import { encryptionResponseHeaders, hasEncryptionHeader, readEncryptionHeaders } from "../encryption-headers";
import { OssError } from "../errors";
import { encryptionForWriting } from "../kms-protection";
import { crc64Header, keptHeaders, unsupportedWriteHeaders } from "../object-headers";
import { readObjectAcl, readStorageClass, readTaggingHeader } from "../object-settings";
import { storeObject, versionHeaders } from "../object-versions";
import type { ObjectCall, OperationResult, Route } from "../operation";
import { type CopySource, copySource, readCopySource } from "./copy-source";

export const copyObjectRoutes: readonly Route[] = [
    {
        operation: "CopyObject",
        method: "PUT",
        level: "object",
        access: "write",
        action: "oss:PutObject",
        selectingHeader: copySource,
        encryptionHeaders: true,
        refusedHeaders: unsupportedWriteHeaders,
        handle: copyObject,
    },
];

const realGigabyte = 1024 ** 3;

/**
 * documented: CopyObject (doc 31979). The encryption is the request's own or the target's default, never the source's;
 * the ACL is `default` and the class Standard unless the request says otherwise; the tags are the source's unless
 * x-oss-tagging-directive is Replace. Both buckets are in one region. A symbolic link is copied as a link.
 */
function copyObject(call: ObjectCall): OperationResult {
    const { request, bucket } = call;
    const source = readCopySource(call);
    if (source.isUnchanged) {
        return { status: 304 };
    }
    const { object } = source;
    requireCopyable(call, object);
    const encryption =
        object.type === "Symlink"
            ? undefined
            : encryptionForWriting(call, bucket, readEncryptionHeaders(request) ?? bucket.encryption);
    const storageClass = readStorageClass(request) ?? "Standard";
    const isConverted = storageClass !== object.storageClass || !isSameEncryption(encryption, object.encryption);
    requireSize(call, source, isConverted);
    const stored = storeObject(call, {
        body: object.body,
        etag: object.etag,
        crc64: object.crc64,
        type: object.type === "Symlink" ? "Symlink" : "Normal",
        linkTarget: object.linkTarget,
        headers: copiedHeaders(call, source),
        encryption,
        acl: readObjectAcl(request) ?? "default",
        tags: copiedTags(call, object),
        storageClass,
    });
    const sourceVersion: HeaderLine[] =
        source.bucket.versioning === undefined ? [] : [["x-oss-copy-source-version-id", object.versionId]];
    return {
        status: 200,
        headers: [
            [crc64Header, stored.crc64],
            ...sourceVersion,
            ...versionHeaders(bucket, stored),
            ...encryptionResponseHeaders(encryption),
        ],
        xml: writeXml("CopyObjectResult", [
            ["LastModified", apiTime(stored.lastModified)],
            ["ETag", stored.etag],
        ]),
    };
}

/**
 * documented: CopyObject: no encryption header for a symbolic link; no copy of an appendable object in a bucket with
 * versioning. The codes are assumed.
 */
function requireCopyable({ request, bucket }: ObjectCall, { type }: StoredObject): void {
    if (type === "Symlink" && hasEncryptionHeader(request)) {
        throw new OssError("encryptionHeaderNotApplicable");
    }
    if (type === "Appendable" && bucket.versioning !== undefined) {
        throw new OssError("operationNotSupported", [], "An appendable object cannot be copied in a versioned bucket.");
    }
}

/**
 * documented: CopyObject: 1 GB where the encryption or the class changes, 5 GB between buckets, else no limit. The code is
 * assumed.
 */
function requireSize({ bucket, environment }: ObjectCall, source: CopySource, isConverted: boolean): void {
    const { gigabyte = realGigabyte } = environment;
    const limit = isConverted ? gigabyte : source.bucket.name === bucket.name ? Number.POSITIVE_INFINITY : 5 * gigabyte;
    if (source.object.body.byteLength > limit) {
        throw new OssError("entityTooLarge", [["MaxSizeAllowed", String(limit)]]);
    }
}

/**
 * documented: CopyObject, x-oss-metadata-directive: COPY takes the source's metadata, REPLACE the request's. An object that
 * is copied onto itself without versioning always gets the request's.
 * verified: the words are accepted in upper and lower case (live test of alibabacloud-oss-v2, test_client.py). Unless the
 * request names them itself, the source's Content-Type stays (live test of oss2, tests/test_object_versioning.py), and so does
 * what a client needs to decrypt the object (live test of alibabacloud-oss-v2).
 */
function copiedHeaders({ request, bucket, key }: ObjectCall, source: CopySource): readonly HeaderLine[] {
    const directive = request.header("x-oss-metadata-directive")?.toUpperCase() || "COPY";
    if (directive !== "COPY" && directive !== "REPLACE") {
        throw new OssError("invalidArgument", [["ArgumentName", "x-oss-metadata-directive"]]);
    }
    const isOntoItself = source.bucket.name === bucket.name && source.key === key && bucket.versioning === undefined;
    if (directive === "COPY" && !isOntoItself) {
        return source.object.headers;
    }
    const kept = source.object.headers.filter(
        ([name]) => name.startsWith("x-oss-meta-client-side-encryption-") && request.header(name) === undefined,
    );
    const [, contentType] = source.object.headers.find(([name]) => name === "Content-Type") ?? [];
    return [...keptHeaders(request.headers, contentType), ...kept];
}

/** documented: CopyObject, x-oss-tagging-directive: Copy (default) or Replace. */
function copiedTags({ request }: ObjectCall, object: StoredObject): Tags {
    const directive = request.header("x-oss-tagging-directive")?.toLowerCase() ?? "copy";
    if (directive !== "copy" && directive !== "replace") {
        throw new OssError("invalidArgument", [["ArgumentName", "x-oss-tagging-directive"]]);
    }
    return directive === "copy" ? object.tags : readTaggingHeader(request);
}

function isSameEncryption(a: EncryptionRule | undefined, b: EncryptionRule | undefined): boolean {
    return (
        a?.sseAlgorithm === b?.sseAlgorithm &&
        a?.kmsMasterKeyId === b?.kmsMasterKeyId &&
        a?.kmsDataEncryption === b?.kmsDataEncryption
    );
}
