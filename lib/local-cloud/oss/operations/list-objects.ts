import type { StoredObject } from "../../cloud/state";
import { writeXml, type XmlNode } from "../../xml/xml-writer";
import { apiTime, readCount } from "../api-values";
import { OssError } from "../errors";
import type { BucketCall, OperationResult, Route } from "../operation";
import type { OssRequest } from "../oss-request";

export const LIST_OBJECTS_ROUTES: readonly Route[] = [
    {
        operation: "ListObjectsV2",
        method: "GET",
        level: "bucket",
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
        handle: listObjects,
    },
];

/** An object, or (undefined) all objects whose keys are alike up to the delimiter. */
interface Entry {
    readonly name: string;
    readonly object: StoredObject | undefined;
}

/**
 * documented: ListObjectsV2 (doc 187544). Keys in byte order; objects and common prefixes count alike towards max-keys.
 * verified: without encoding-type a key that XML can't hold makes a document that isn't well-formed (live test of oss2,
 * tests/test_list_objects_v2.py); a token that wasn't handed out is an InvalidArgument (same test).
 */
function listObjects({ request, bucket }: BucketCall): OperationResult {
    const text = (name: string) => request.query.get(name) ?? "";
    const maxKeys = readCount(request, "max-keys", 100, 1000);
    const encode = readEncoding(request);
    const prefix = text("prefix");
    const delimiter = text("delimiter");
    const token = text("continuation-token");
    const startAfter = token === "" ? text("start-after") : "";
    const keys = [...bucket.objects.keys()].filter((key) => key.startsWith(prefix) && isAfter(key, startAfter));
    // A page that ended with a common prefix goes on behind everything under it, so the token holds for entries.
    const reached = token === "" ? "" : readToken(token);
    const entries = group(bucket.objects, keys, prefix, delimiter).filter(({ name }) => isAfter(name, reached));
    const page = entries.slice(0, maxKeys);
    const isTruncated = page.length < entries.length;
    const withOwner = text("fetch-owner") === "true";
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
            ...page.map(
                ({ name, object }): XmlNode =>
                    object === undefined
                        ? ["CommonPrefixes", [["Prefix", encode(name)]]]
                        : ["Contents", contents(encode(name), object, withOwner ? bucket.accountId : undefined)],
            ),
        ]),
    };
}

function contents(name: string, object: StoredObject, ownerId: string | undefined): XmlNode[] {
    return [
        ["Key", name],
        ["LastModified", apiTime(object.lastModified)],
        ["ETag", object.etag],
        ["Type", "Normal"],
        ["Size", object.body.byteLength],
        ["StorageClass", "Standard"],
        ownerId === undefined
            ? undefined
            : [
                  "Owner",
                  [
                      ["ID", ownerId],
                      ["DisplayName", ownerId],
                  ],
              ],
    ];
}

function group(
    objects: ReadonlyMap<string, StoredObject>,
    keys: readonly string[],
    prefix: string,
    delimiter: string,
): Entry[] {
    const entries = new Map<string, Entry>();
    for (const key of keys) {
        const object = objects.get(key);
        const end = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
        const entry =
            end < 0 ? { name: key, object } : { name: key.slice(0, end + delimiter.length), object: undefined };
        entries.set(entry.name, entry);
    }
    return [...entries.values()].sort((a, b) => compareBytes(a.name, b.name));
}

function readEncoding(request: OssRequest): (text: string) => string {
    const type = request.query.get("encoding-type");
    if (type === undefined) {
        return (text) => text;
    }
    if (type !== "url") {
        throw new OssError("invalidArgument", [
            ["ArgumentName", "encoding-type"],
            ["ArgumentValue", type],
        ]);
    }
    return encodeURIComponent;
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

/** Everything is after "". */
function isAfter(name: string, after: string): boolean {
    return compareBytes(name, after) > 0;
}

function compareBytes(a: string, b: string): number {
    return Buffer.compare(Buffer.from(a, "utf8"), Buffer.from(b, "utf8"));
}
