import { writeXml } from "../../xml/xml-writer";
import { OssError } from "../errors";
import type { BucketCall, OperationResult, Route } from "../operation";
import { readConfiguration } from "../read-configuration";

const root = "PublicAccessBlockConfiguration";

/** Whether a bucket refuses to be public. */
export const publicAccessBlockRoutes: readonly Route[] = [
    {
        operation: "PutBucketPublicAccessBlock",
        method: "PUT",
        level: "bucket",
        selector: "publicAccessBlock",
        handle: putBlock,
    },
    {
        operation: "GetBucketPublicAccessBlock",
        method: "GET",
        level: "bucket",
        selector: "publicAccessBlock",
        handle: getBlock,
    },
    {
        operation: "DeleteBucketPublicAccessBlock",
        method: "DELETE",
        level: "bucket",
        selector: "publicAccessBlock",
        handle: deleteBlock,
    },
];

/** documented: PutBucketPublicAccessBlock. */
function putBlock({ bucket, body, state }: BucketCall): OperationResult {
    const text = readConfiguration(body, root, ["BlockPublicAccess"]).get("BlockPublicAccess");
    // verified: oss2 writes True.
    if (!/^(true|false)$/i.test(text ?? "")) {
        throw new OssError("malformedXml");
    }
    state.bucketTable.update(bucket, { blocksPublicAccess: text?.toLowerCase() === "true" });
    return { status: 200 };
}

/** documented: GetBucketPublicAccessBlock; false where it was never set. */
function getBlock({ bucket }: BucketCall): OperationResult {
    return { status: 200, xml: writeXml(root, [["BlockPublicAccess", bucket.blocksPublicAccess]]) };
}

/** documented: DeleteBucketPublicAccessBlock, 204. */
function deleteBlock({ bucket, state }: BucketCall): OperationResult {
    state.bucketTable.update(bucket, { blocksPublicAccess: false });
    return { status: 204 };
}
