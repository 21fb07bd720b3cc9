import type { BucketTags } from "../../cloud/bucket";
import { writeXml, type XmlNode } from "../../xml/xml-writer";
import { OssError } from "../errors";
import type { BucketCall, OperationResult, Route } from "../operation";
import { readXmlList } from "../read-configuration";

const SELECTOR = { name: "tagging", value: "" };
const MAX_TAGS = 20;

/** The tags of a bucket, by which fleets select. */
export const BUCKET_TAGGING_ROUTES: readonly Route[] = [
    { operation: "PutBucketTagging", method: "PUT", level: "bucket", selector: SELECTOR, handle: putBucketTagging },
    { operation: "GetBucketTagging", method: "GET", level: "bucket", selector: SELECTOR, handle: getBucketTagging },
    {
        operation: "DeleteBucketTagging",
        method: "DELETE",
        level: "bucket",
        selector: { name: "tagging" },
        handle: deleteBucketTagging,
    },
];

/**
 * documented: PutBucketTagging: up to 20 tags, which replace all there are; keys of 1 to 64 bytes that don't begin with
 * http://, https:// or Aliyun, values of up to 128 bytes.
 */
function putBucketTagging({ bucket, body, state }: BucketCall): OperationResult {
    const tags = readXmlList(body, "Tagging/TagSet", "Tag", ["Key", "Value"]).map(
        (entry): readonly [string, string] => [entry.get("Key") ?? "", entry.get("Value") ?? ""],
    );
    const names = new Set(tags.map(([key]) => key));
    if (tags.length > MAX_TAGS || names.size < tags.length || !tags.every(isTag)) {
        throw new OssError("invalidTag");
    }
    state.bucketTable.update(bucket, { tags });
    return { status: 200 };
}

function isTag([key, value]: readonly [string, string]): boolean {
    const isKey = key !== "" && Buffer.byteLength(key) <= 64 && !/^(https?:\/\/|aliyun)/i.test(key);
    return isKey && Buffer.byteLength(value) <= 128;
}

/** documented: GetBucketTagging. verified: an empty TagSet where there are no tags (live test of aliyun-oss-go-sdk). */
function getBucketTagging({ bucket }: BucketCall): OperationResult {
    return { status: 200, xml: writeXml("Tagging", [["TagSet", bucket.tags.map(tagElement)]]) };
}

function tagElement([key, value]: BucketTags[number]): XmlNode {
    return [
        "Tag",
        [
            ["Key", key],
            ["Value", value],
        ],
    ];
}

/** documented: DeleteBucketTagging: all tags, or those whose keys are named: `?tagging=key1,key2`. */
function deleteBucketTagging({ request, bucket, state }: BucketCall): OperationResult {
    const names = request.query.get("tagging") ?? "";
    const removed = names === "" ? undefined : names.split(",");
    state.bucketTable.update(bucket, {
        tags: removed === undefined ? [] : bucket.tags.filter(([key]) => !removed.includes(key)),
    });
    return { status: 204 };
}
