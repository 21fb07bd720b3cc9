import { type StorageClass, storageClasses } from "../../cloud/storage-class";
import type { StoredObject } from "../../cloud/stored-object";
import { writeXml, type XmlNode } from "../../xml/xml-writer";
import { bucketSummary, ownerElement } from "../bucket-elements";
import { locationOf } from "../names";
import type { BucketCall, OperationResult, Route } from "../operation";

/** Operations that describe a bucket and change nothing. */
export const bucketPropertyRoutes: readonly Route[] = [
    { operation: "HeadBucket", method: "HEAD", level: "bucket", action: "oss:GetBucketInfo", handle: headBucket },
    { operation: "GetBucketInfo", method: "GET", level: "bucket", selector: "bucketInfo", handle: getBucketInfo },
    { operation: "GetBucketLocation", method: "GET", level: "bucket", selector: "location", handle: getBucketLocation },
    { operation: "GetBucketAcl", method: "GET", level: "bucket", selector: "acl", handle: getBucketAcl },
    { operation: "GetBucketStat", method: "GET", level: "bucket", selector: "stat", handle: getBucketStat },
];

/** assumed: a HEAD of a bucket succeeds if the bucket exists. The official SDKs call GetBucketAcl or ListBuckets instead. */
function headBucket({ bucket }: BucketCall): OperationResult {
    return { status: 200, headers: [["x-oss-bucket-region", bucket.region]], contentLength: 0 };
}

/**
 * documented: GetBucketInfo (doc 31968). verified with oss2's parser: the parts of the rule are direct
 * children of ServerSideEncryptionRule, and without a rule SSEAlgorithm is `None`.
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
                    ["BlockPublicAccess", bucket.blocksPublicAccess],
                    // verified: the answer has the element (live test of alibabacloud-oss-go-sdk-v2). assumed: the default group's id.
                    ["ResourceGroupId", "rg-default"],
                    // verified: the answer has the element, without a text (live test of oss2, tests/test_bucket.py).
                    ["Comment", ""],
                    bucket.versioning === undefined ? undefined : ["Versioning", bucket.versioning],
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

/**
 * documented: GetBucketStat (doc 426056). Sizes are current, while those of the real service are hours old. verified: an
 * empty bucket's LastModifiedTime is 0 (live test of alibabacloud-oss-go-sdk-v2).
 */
function getBucketStat({ bucket }: BucketCall): OperationResult {
    const versions = [...bucket.objects.values()].flat();
    const objects = versions.filter((version): version is StoredObject => version.isDeleteMarker !== true);
    const lastModified = Math.max(0, ...versions.map((version) => version.lastModified));
    return {
        status: 200,
        xml: writeXml("BucketStat", [
            ["Storage", sizeOf(objects)],
            ["ObjectCount", objects.length],
            ["MultipartUploadCount", bucket.uploads.size],
            ["LiveChannelCount", 0],
            ["LastModifiedTime", Math.floor(lastModified / 1000)],
            ...storageClasses.flatMap((storageClass) => classElements(storageClass, objects)),
            ["DeleteMarkerCount", versions.length - objects.length],
        ]),
    };
}

function classElements(storageClass: StorageClass, objects: readonly StoredObject[]): XmlNode[] {
    const held = objects.filter((object) => object.storageClass === storageClass);
    const name = storageClass === "IA" ? "InfrequentAccess" : storageClass;
    return [
        [`${name}Storage`, sizeOf(held)],
        storageClass === "Standard" ? undefined : [`${name}RealStorage`, sizeOf(held)],
        [`${name}ObjectCount`, held.length],
    ];
}

function sizeOf(objects: readonly StoredObject[]): number {
    return objects.reduce((sum, { body }) => sum + body.byteLength, 0);
}
