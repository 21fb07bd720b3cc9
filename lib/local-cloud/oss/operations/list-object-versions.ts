import type { Bucket } from "../../cloud/bucket";
import type { ObjectVersion } from "../../cloud/stored-object";
import { writeXml, type XmlNode } from "../../xml/xml-writer";
import { apiTime, readCount, readEncoding, readName } from "../api-values";
import { ownerElement } from "../bucket-elements";
import { compareNames, isAfter, prefixUpTo } from "../listing";
import { restorationText } from "../object-headers";
import type { BucketCall, OperationResult, Route } from "../operation";

export const listObjectVersionsRoutes: readonly Route[] = [
    {
        operation: "ListObjectVersions",
        method: "GET",
        level: "bucket",
        selector: "versions",
        parameters: ["prefix", "delimiter", "key-marker", "version-id-marker", "max-keys", "encoding-type"],
        handle: listObjectVersions,
    },
];

/** A version, or (undefined) all versions whose keys are equal up to the delimiter. */
interface Entry {
    readonly name: string;
    readonly version: ObjectVersion | undefined;
    readonly isLatest: boolean;
}

/**
 * documented: GetBucketVersions (ListObjectVersions): by key, the newest version first. verified: a bucket without
 * versioning has one version for each object, `null`, which is the latest (clean-up of the live tests of every SDK).
 */
function listObjectVersions({ request, bucket, environment }: BucketCall): OperationResult {
    const text = (name: string) => readName(request, name);
    const maxKeys = readCount(request, "max-keys", 100);
    const encode = readEncoding(request);
    const keyMarker = text("key-marker");
    const givenId = text("version-id-marker");
    const idMarker = keyMarker === "" ? "" : givenId;
    const entries = entriesAfter(bucket, { prefix: text("prefix"), delimiter: text("delimiter") }, keyMarker, idMarker);
    const page = entries.slice(0, maxKeys);
    const isTruncated = page.length < entries.length;
    const last = page.at(-1);
    return {
        status: 200,
        xml: writeXml("ListVersionsResult", [
            ["Name", bucket.name],
            ["Prefix", encode(text("prefix"))],
            ["KeyMarker", encode(keyMarker)],
            ["VersionIdMarker", idMarker],
            ["MaxKeys", maxKeys],
            ["Delimiter", encode(text("delimiter"))],
            request.query.has("encoding-type") ? ["EncodingType", "url"] : undefined,
            ["IsTruncated", isTruncated],
            isTruncated ? ["NextKeyMarker", encode(last?.name ?? "")] : undefined,
            isTruncated ? ["NextVersionIdMarker", last?.version?.versionId ?? ""] : undefined,
            ...page.map((entry) => entryElement(entry, bucket, encode, environment.now())),
        ]),
    };
}

function entryElement(
    { name, version, isLatest }: Entry,
    bucket: Bucket,
    encode: (text: string) => string,
    now: number,
): XmlNode {
    if (version === undefined) {
        return ["CommonPrefixes", [["Prefix", encode(name)]]];
    }
    const common: XmlNode[] = [
        ["Key", encode(name)],
        ["VersionId", version.versionId],
        ["IsLatest", isLatest],
        ["LastModified", apiTime(version.lastModified)],
    ];
    const owner: XmlNode = ["Owner", ownerElement(bucket.accountId)];
    if (version.isDeleteMarker) {
        return ["DeleteMarker", [...common, owner]];
    }
    const restoration = restorationText(version, now);
    return [
        "Version",
        [
            ...common,
            ["ETag", version.etag],
            ["Type", version.type],
            ["Size", version.body.byteLength],
            ["StorageClass", version.storageClass],
            restoration === undefined ? undefined : ["RestoreInfo", restoration],
            owner,
        ],
    ];
}

/** @param idMarker versions of the marked key up to this one are left out; "" leaves out all of them */
function entriesAfter(
    { objects }: Bucket,
    { prefix, delimiter }: { prefix: string; delimiter: string },
    keyMarker: string,
    idMarker: string,
): Entry[] {
    const entries = new Map<string, Entry[]>();
    for (const [key, versions] of objects) {
        if (!key.startsWith(prefix)) {
            continue;
        }
        const common = prefixUpTo(key, prefix, delimiter);
        if (common !== undefined) {
            entries.set(common, [{ name: common, version: undefined, isLatest: false }]);
            continue;
        }
        entries.set(
            key,
            versions.map((version, index) => ({ name: key, version, isLatest: index === 0 })),
        );
    }
    return [...entries]
        .sort(([a], [b]) => compareNames(a, b))
        .flatMap(([name, ofName]) => {
            if (name === keyMarker && idMarker !== "") {
                const reached = ofName.findIndex(({ version }) => version?.versionId === idMarker);
                return reached < 0 ? [] : ofName.slice(reached + 1);
            }
            return isAfter(name, keyMarker) ? ofName : [];
        });
}
