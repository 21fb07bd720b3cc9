import { isBucketTag, maxBucketTags } from "../../cloud/bucket-tags";
import { writeXml } from "../../xml/xml-writer";
import { OssError } from "../errors";
import type { BucketCall, OperationResult, Route } from "../operation";
import { readTags, tagSet } from "../tag-elements";

/** The tags of a bucket, by which an `EncryptionBaseline` selects buckets. */
export const bucketTaggingRoutes: readonly Route[] = [
    { operation: "PutBucketTagging", method: "PUT", level: "bucket", selector: "tagging", handle: putBucketTagging },
    { operation: "GetBucketTagging", method: "GET", level: "bucket", selector: "tagging", handle: getBucketTagging },
    {
        operation: "DeleteBucketTagging",
        method: "DELETE",
        level: "bucket",
        selector: { name: "tagging" },
        handle: deleteBucketTagging,
    },
];

/**
 * documented: PutBucketTagging: up to 20 tags, which replace the present ones; keys of 1 to 64 bytes that do not begin with
 * http://, https:// or Aliyun, values of up to 128 bytes.
 */
function putBucketTagging({ bucket, body, state }: BucketCall): OperationResult {
    const tags = readTags(body);
    const names = new Set(tags.map(([key]) => key));
    if (tags.length > maxBucketTags || names.size < tags.length || !tags.every(isBucketTag)) {
        throw new OssError("invalidTag");
    }
    state.bucketTable.update(bucket, { tags });
    return { status: 200 };
}

/** documented: GetBucketTagging. verified: an empty TagSet where there are no tags (live test of aliyun-oss-go-sdk). */
function getBucketTagging({ bucket }: BucketCall): OperationResult {
    return { status: 200, xml: writeXml("Tagging", [tagSet(bucket.tags)]) };
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
