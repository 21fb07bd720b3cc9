import { writeXml } from "../../xml/xml-writer";
import { bucketSummary, ownerElement, readAcl } from "../bucket-elements";
import { OssError } from "../errors";
import { locationOf } from "../names";
import type { BucketCall, OperationResult, Route } from "../operation";

/** What a bucket tells about itself, and its ACL. */
export const BUCKET_PROPERTY_ROUTES: readonly Route[] = [
    { operation: "HeadBucket", method: "HEAD", level: "bucket", action: "oss:GetBucketInfo", handle: headBucket },
    {
        operation: "GetBucketInfo",
        method: "GET",
        level: "bucket",
        selector: { name: "bucketInfo", value: "" },
        handle: getBucketInfo,
    },
    {
        operation: "GetBucketLocation",
        method: "GET",
        level: "bucket",
        selector: { name: "location", value: "" },
        handle: getBucketLocation,
    },
    {
        operation: "GetBucketAcl",
        method: "GET",
        level: "bucket",
        selector: { name: "acl", value: "" },
        handle: getBucketAcl,
    },
    {
        operation: "PutBucketAcl",
        method: "PUT",
        level: "bucket",
        selector: { name: "acl", value: "" },
        handle: putBucketAcl,
    },
    {
        operation: "GetBucketStat",
        method: "GET",
        level: "bucket",
        selector: { name: "stat", value: "" },
        handle: getBucketStat,
    },
];

/** assumed: a HEAD of a bucket tells that it exists. The SDKs of the sheet ask GetBucketAcl or ListBuckets instead. */
function headBucket({ bucket }: BucketCall): OperationResult {
    return { status: 200, headers: [["x-oss-bucket-region", bucket.region]], contentLength: 0 };
}

/**
 * documented: GetBucketInfo (doc 31968). verified with oss2's parser: the rule stands right under
 * ServerSideEncryptionRule, and without a rule its SSEAlgorithm is `None`.
 */
function getBucketInfo({ bucket }: BucketCall): OperationResult {
    const rule = bucket.encryption;
    return {
        status: 200,
        xml: writeXml("BucketInfo", [
            [
                "Bucket",
                [
                    ["AccessMonitor", "Disabled"],
                    ...bucketSummary(bucket),
                    ["TransferAcceleration", "Disabled"],
                    ["CrossRegionReplication", "Disabled"],
                    ["DataRedundancyType", bucket.dataRedundancyType],
                    ["Owner", ownerElement(bucket.accountId)],
                    ["AccessControlList", [["Grant", bucket.acl]]],
                    [
                        "ServerSideEncryptionRule",
                        [
                            ["SSEAlgorithm", rule?.sseAlgorithm ?? "None"],
                            rule?.kmsMasterKeyId === undefined ? undefined : ["KMSMasterKeyID", rule.kmsMasterKeyId],
                            rule?.kmsDataEncryption === undefined
                                ? undefined
                                : ["KMSDataEncryption", rule.kmsDataEncryption],
                        ],
                    ],
                    [
                        "BucketPolicy",
                        [
                            ["LogBucket", ""],
                            ["LogPrefix", ""],
                        ],
                    ],
                ],
            ],
        ]),
    };
}

/** documented: GetBucketLocation (doc 31967); the location is the root's text. */
function getBucketLocation({ bucket }: BucketCall): OperationResult {
    return { status: 200, xml: writeXml("LocationConstraint", locationOf(bucket.region)) };
}

/** documented: GetBucketAcl (doc 31966). */
function getBucketAcl({ bucket }: BucketCall): OperationResult {
    return {
        status: 200,
        xml: writeXml("AccessControlPolicy", [
            ["Owner", ownerElement(bucket.accountId)],
            ["AccessControlList", [["Grant", bucket.acl]]],
        ]),
    };
}

/** documented: PutBucketAcl (doc 31960); the header is required. */
function putBucketAcl({ request, bucket, state }: BucketCall): OperationResult {
    const acl = readAcl(request);
    if (acl === undefined) {
        throw new OssError("invalidArgument", [["ArgumentName", "x-oss-acl"]], "The header x-oss-acl is missing.");
    }
    state.bucketTable.update(bucket, { acl });
    return { status: 200 };
}

/** documented: GetBucketStat (doc 426056). Sizes are those of right now, where the real service is hours behind. */
function getBucketStat({ bucket }: BucketCall): OperationResult {
    const objects = [...bucket.objects.values()];
    const storage = objects.reduce((sum, { body }) => sum + body.byteLength, 0);
    const lastModified = Math.max(bucket.creationDate, ...objects.map((object) => object.lastModified));
    const held = (storageClass: string) => bucket.storageClass === storageClass;
    return {
        status: 200,
        xml: writeXml("BucketStat", [
            ["Storage", storage],
            ["ObjectCount", objects.length],
            ["MultipartUploadCount", bucket.uploads.size],
            ["LiveChannelCount", 0],
            ["LastModifiedTime", Math.floor(lastModified / 1000)],
            ["StandardStorage", held("Standard") ? storage : 0],
            ["StandardObjectCount", held("Standard") ? objects.length : 0],
            ["InfrequentAccessStorage", held("IA") ? storage : 0],
            ["InfrequentAccessRealStorage", held("IA") ? storage : 0],
            ["InfrequentAccessObjectCount", held("IA") ? objects.length : 0],
            ["ArchiveStorage", held("Archive") ? storage : 0],
            ["ArchiveRealStorage", held("Archive") ? storage : 0],
            ["ArchiveObjectCount", held("Archive") ? objects.length : 0],
            ["ColdArchiveStorage", held("ColdArchive") ? storage : 0],
            ["ColdArchiveRealStorage", held("ColdArchive") ? storage : 0],
            ["ColdArchiveObjectCount", held("ColdArchive") ? objects.length : 0],
        ]),
    };
}
