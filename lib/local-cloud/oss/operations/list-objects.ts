import type { Bucket } from "../../cloud/bucket";
import { currentObject, type StoredObject } from "../../cloud/stored-object";
import { writeXml, type XmlNode } from "../../xml/xml-writer";
import { apiTime, readCount, readEncoding, readName } from "../api-values";
import { ownerElement } from "../bucket-elements";
import { OssError } from "../errors";
import { compareNames, isAfter, prefixUpTo } from "../listing";
import { restorationText } from "../object-headers";
import type { BucketCall, OperationResult, Route } from "../operation";

export const listObjectsRoutes: readonly Route[] = [
    {
        operation: "ListObjectsV2",
        method: "GET",
        level: "bucket",
        action: "oss:ListObjects",
        selector: { name: "list-type", value: "2" },
        parameters: [
            "prefix",
            "delimiter",
            "continuation-token",
            "start-after",
            "max-keys",
            "fetch-owner",
            "encoding-type",
        ],
        handle: listObjectsV2,
    },
    {
        operation: "ListObjects",
        method: "GET",
        level: "bucket",
        parameters: ["prefix", "delimiter", "marker", "max-keys", "encoding-type"],
        handle: listObjects,
    },
];

/** An object, or (undefined) all objects whose keys are equal up to the delimiter. */
interface Entry {
    readonly name: string;
    readonly object: StoredObject | undefined;
}

/**
 * documented: ListObjectsV2 (doc 187544). Keys in byte order; objects and common prefixes count alike towards max-keys.
 * verified: without encoding-type a key that XML cannot hold makes a document that is not well-formed (live test of oss2,
 * tests/test_list_objects_v2.py); an unknown token is an InvalidArgument (same test).
 */
function listObjectsV2({ request, bucket, environment }: BucketCall): OperationResult {
    const text = (name: string) => readName(request, name);
    const maxKeys = readCount(request, "max-keys", 100);
    const encode = readEncoding(request);
    const prefix = text("prefix");
    const delimiter = text("delimiter");
    const token = text("continuation-token");
    const startAfter = token === "" ? text("start-after") : "";
    // After a page that ended with a common prefix the list continues behind its keys, so the token refers to entries.
    const reached = token === "" ? "" : readToken(token);
    const entries = group(bucket, prefix, delimiter, startAfter).filter(({ name }) => isAfter(name, reached));
    const page = entries.slice(0, maxKeys);
    const isTruncated = page.length < entries.length;
    const ownerId = text("fetch-owner") === "true" ? bucket.accountId : undefined;
    return {
        status: 200,
        xml: writeXml("ListBucketResult", [
            ["Name", bucket.name],
            ["Prefix", encode(prefix)],
            text("start-after") === "" ? undefined : ["StartAfter", encode(text("start-after"))],
            ["MaxKeys", maxKeys],
            ["Delimiter", encode(delimiter)],
            request.query.has("encoding-type") ? ["EncodingType", "url"] : undefined,
            ["IsTruncated", isTruncated],
            token === "" ? undefined : ["ContinuationToken", token],
            isTruncated ? ["NextContinuationToken", writeToken(page.at(-1)?.name ?? "")] : undefined,
            ["KeyCount", page.length],
            ...page.map((entry) => entryElement(entry, encode, ownerId, environment.now())),
        ]),
    };
}

/** documented: ListObjects, the first version (doc 31965): a marker that is a name, and the owner of each object. */
function listObjects({ request, bucket, environment }: BucketCall): OperationResult {
    const text = (name: string) => readName(request, name);
    const maxKeys = readCount(request, "max-keys", 100);
    const encode = readEncoding(request);
    const marker = text("marker");
    const entries = group(bucket, text("prefix"), text("delimiter"), marker).filter(({ name }) =>
        isAfter(name, marker),
    );
    const page = entries.slice(0, maxKeys);
    const isTruncated = page.length < entries.length;
    return {
        status: 200,
        xml: writeXml("ListBucketResult", [
            ["Name", bucket.name],
            ["Prefix", encode(text("prefix"))],
            ["Marker", encode(marker)],
            ["MaxKeys", maxKeys],
            ["Delimiter", encode(text("delimiter"))],
            request.query.has("encoding-type") ? ["EncodingType", "url"] : undefined,
            ["IsTruncated", isTruncated],
            isTruncated ? ["NextMarker", encode(page.at(-1)?.name ?? "")] : undefined,
            ...page.map((entry) => entryElement(entry, encode, bucket.accountId, environment.now())),
        ]),
    };
}

function entryElement(
    { name, object }: Entry,
    encode: (text: string) => string,
    ownerId: string | undefined,
    now: number,
): XmlNode {
    if (object === undefined) {
        return ["CommonPrefixes", [["Prefix", encode(name)]]];
    }
    const restoration = restorationText(object, now);
    return [
        "Contents",
        [
            ["Key", encode(name)],
            ["LastModified", apiTime(object.lastModified)],
            ["ETag", object.etag],
            ["Type", object.type],
            ["Size", object.body.byteLength],
            ["StorageClass", object.storageClass],
            restoration === undefined ? undefined : ["RestoreInfo", restoration],
            ownerId === undefined ? undefined : ["Owner", ownerElement(ownerId)],
        ],
    ];
}

/** @param after keys up to this one are left out */
function group({ objects }: Bucket, prefix: string, delimiter: string, after: string): Entry[] {
    const entries = new Map<string, Entry>();
    for (const [key, versions] of objects) {
        const object = currentObject(versions);
        if (object === undefined || !key.startsWith(prefix) || !isAfter(key, after)) {
            continue;
        }
        const common = prefixUpTo(key, prefix, delimiter);
        const entry = common === undefined ? { name: key, object } : { name: common, object: undefined };
        entries.set(entry.name, entry);
    }
    return [...entries.values()].sort((a, b) => compareNames(a.name, b.name));
}

/** Opaque to clients: base64url of the last name of the page. */
function writeToken(name: string): string {
    return Buffer.from(`after:${name}`, "utf8").toString("base64url");
}

function readToken(token: string): string {
    const text = Buffer.from(token, "base64url").toString("utf8");
    if (!text.startsWith("after:") || writeToken(text.slice("after:".length)) !== token) {
        throw new OssError("invalidArgument", [
            ["ArgumentName", "continuation-token"],
            ["ArgumentValue", token],
        ]);
    }
    return text.slice("after:".length);
}
